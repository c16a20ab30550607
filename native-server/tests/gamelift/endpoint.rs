//! The must-haves of §0 on the wire.

use std::time::{Duration, Instant};

use serde_json::json;
use tungstenite::Message;

use crate::support::{Server, upgrade};
use crate::world::{FLEET, Sdk, create_session, events, process, status, tell, until};

const QUERY: &str = "pID=p1&ComputeId=host-1&FleetId=fleet-local-1";

#[test]
fn must_have_2_and_3_answers_have_an_envelope_and_pushes_have_none() {
    let server = Server::start(&[]);
    let mut sdk = Sdk::ready(&server, "p1");
    let answer = sdk.ask(json!({"Action": "HeartbeatServerProcess", "HealthStatus": true}));
    assert_eq!(answer, json!({"Action": "HeartbeatServerProcess", "RequestId": "request-2", "StatusCode": 200}));
    let id = create_session(server.address);
    let push = sdk.next();
    assert_eq!((&push["Action"], &push["GameSessionId"]), (&json!("CreateGameSession"), &json!(id)));
    assert!(push.get("RequestId").is_none() && push.get("StatusCode").is_none());
    assert!(push["GameProperties"].is_object());
    let answer = sdk.ask(json!({"Action": "Fly"}));
    assert_eq!((&answer["Action"], &answer["StatusCode"]), (&json!("Fly"), &json!(400)));
}

#[test]
fn must_have_4_answers_come_in_time() {
    let server = Server::start(&[]);
    let mut sdk = Sdk::connect(&server, "/gamelift", "p1");
    let begin = Instant::now();
    sdk.ask(json!({"Action": "ActivateServerProcess", "Port": 7777}));
    assert!(begin.elapsed() < Duration::from_secs(1));
}

#[test]
fn must_have_5_nothing_is_pushed_before_the_process_is_ready() {
    let server = Server::start(&[]);
    let mut sdk = Sdk::connect(&server, "/gamelift", "p1");
    let placement = json!({"PlacementId": "pl", "GameSessionQueueName": "q", "MaximumPlayerSessionCount": 1});
    crate::world::aws(server.address, "StartGameSessionPlacement", &placement).unwrap();
    assert_eq!(sdk.ask(json!({"Action": "ActivateServerProcess", "Port": 7777}))["StatusCode"], 200);
    assert_eq!(sdk.next()["Action"], "CreateGameSession");
}

#[test]
fn must_have_6_pushes_go_to_the_newest_connection() {
    let server = Server::start(&[]);
    let mut old = Sdk::ready(&server, "p1");
    let mut new = Sdk::connect(&server, "/gamelift", "p1");
    create_session(server.address);
    assert_eq!(new.next()["Action"], "CreateGameSession");
    // The old one is answered while it lasts, and nothing else comes there.
    assert_eq!(old.ask(json!({"Action": "HeartbeatServerProcess", "HealthStatus": true}))["StatusCode"], 200);
    drop(old);
    until(server.address, "the old one is gone", |status| process(status, "p1")["IsConnected"] == true);
}

#[test]
fn must_have_7_pings_are_answered_and_no_close_frame_is_needed() {
    let server = Server::start(&[]);
    let mut sdk = Sdk::ready(&server, "p1");
    sdk.socket.send(Message::Ping("are you there".into())).unwrap();
    assert_eq!(sdk.socket.read().unwrap(), Message::Pong("are you there".into()));
    // Go closes the TCP socket, and that is all.
    drop(sdk);
    until(server.address, "the loss is seen", |status| process(status, "p1")["IsConnected"] == false);
    assert_eq!(process(&status(server.address), "p1")["Status"], "ACTIVE");
}

#[test]
fn must_have_8_any_path_and_any_order() {
    let server = Server::start(&[]);
    for (number, path) in ["/gamelift", "/gamelift/", "/gamelift/prod", "/gamelift/prod/"].iter().enumerate() {
        let id = format!("path-{number}");
        Sdk::connect(&server, path, &id);
        assert_eq!(process(&status(server.address), &id)["SdkVersion"], "5.6.0", "{path}");
    }
    let target = format!("/gamelift?sdkLanguage=Cpp&Extra=%2F&{QUERY}&sdkVersion=5.4.0");
    let head = server.connect().send(upgrade(&target)).head();
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    // Nothing is chosen that no SDK offers.
    assert!(!head.to_ascii_lowercase().contains("sec-websocket-protocol") && !head.contains("Extensions"), "{head}");
    let mut sdk = Sdk::connect(&server, "/gamelift", "p2");
    sdk.send(r#"{"Future":{"x":[1]},"LogPaths":null,"Port":7777,"RequestId":"r","Action":"ActivateServerProcess"}"#);
    assert_eq!(sdk.next()["StatusCode"], 200);
}

#[test]
fn row_1_4_whoever_is_refused_gets_a_403_that_says_why() {
    let server = Server::start(&[]);
    let refused = |target: &str| {
        let response = server.connect().send(upgrade(target)).response();
        (response.status, response.text().to_owned())
    };
    let (status, text) = refused("/gamelift");
    assert_eq!((status, text.contains("no pID")), (403, true), "{text}");
    tell(
        server.address,
        "/faults",
        &json!({"ProcessId": "p1", "FleetId": FLEET, "ComputeName": "host-1", "Refuse": true}),
    );
    assert_eq!(refused(&format!("/gamelift?{QUERY}")).0, 403);
    tell(server.address, "/faults", &json!({"ProcessId": "p1", "FleetId": FLEET, "ComputeName": "host-1"}));
    let mut sdk = Sdk::ready(&server, "p1");
    sdk.ask(json!({"Action": "TerminateServerProcess"}));
    let (status, text) = refused(&format!("/gamelift?{QUERY}"));
    assert_eq!((status, text.contains("has ended")), (403, true), "{text}");
}

#[test]
fn no_page_passes_for_a_game_server() {
    let server = Server::start(&[]);
    let request = upgrade(&format!("/gamelift?{QUERY}"));
    let request = request.trim_end().to_owned() + "\r\nOrigin: http://localhost\r\n\r\n";
    assert_eq!(server.connect().send(request).response().status, 403);
}

#[test]
fn a_silent_game_server_is_not_pinged() {
    let server = Server::start(&["--ping-interval", "0.1", "--pong-timeout", "0.1"]);
    let sdk = Sdk::ready(&server, "p1");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(process(&status(server.address), "p1")["IsConnected"], true);
    drop(sdk);
}

/// §1.7: C++ would take a Close of 1000 or 1001 for a reason not to come back.
#[cfg(unix)]
#[test]
fn the_end_of_the_server_is_no_close_frame() {
    let mut server = Server::start(&[]);
    let mut sdk = Sdk::ready(&server, "p1");
    server.terminate();
    match sdk.socket.read() {
        Err(tungstenite::Error::Protocol(_) | tungstenite::Error::Io(_) | tungstenite::Error::ConnectionClosed) => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
}

#[test]
fn answers_are_delayed_withheld_and_given_again() {
    let server = Server::start(&[]);
    let mut sdk = Sdk::ready(&server, "p1");
    let heartbeat = || json!({"Action": "HeartbeatServerProcess", "HealthStatus": true});
    tell(server.address, "/faults", &json!({"ProcessId": "p1", "Delay": 300}));
    let begin = Instant::now();
    sdk.ask(heartbeat());
    assert!(begin.elapsed() >= Duration::from_millis(300), "the timer rings: {:?}", begin.elapsed());
    tell(server.address, "/faults", &json!({"ProcessId": "p1", "Mute": true}));
    sdk.send(r#"{"Action":"HeartbeatServerProcess","RequestId":"unheard","HealthStatus":true}"#);
    until(server.address, "mute", |status| process(status, "p1")["Mute"] == true);
    std::thread::sleep(Duration::from_millis(100));
    tell(server.address, "/faults", &json!({"ProcessId": "p1"}));
    sdk.ask(heartbeat());
}

#[test]
fn a_connection_is_cut_with_or_without_a_close_frame() {
    let server = Server::start(&[]);
    let mut sdk = Sdk::ready(&server, "p1");
    tell(server.address, "/drop", &json!({"ProcessId": "p1", "CloseCode": 1011}));
    match sdk.socket.read().unwrap() {
        Message::Close(Some(close)) => assert_eq!(u16::from(close.code), 1011),
        other => panic!("{other:?}"),
    }
    let mut sdk = Sdk::connect(&server, "/gamelift", "p1");
    tell(server.address, "/drop", &json!({"ProcessId": "p1"}));
    assert!(sdk.socket.read().is_err());
    Sdk::connect(&server, "/gamelift", "p1");
    let events = events(&status(server.address), "p1");
    assert_eq!(events.iter().filter(|code| *code == "PROCESS_RECONNECTED").count(), 2);
    assert_eq!(events.iter().filter(|code| *code == "PROCESS_READY").count(), 1);
}

//! `/api/gamelift` and `ws101 gamelift`.

use serde_json::{Value, json};

use crate::support::{Server, upgrade, ws101};
use crate::world::{Sdk, control, create_session, process, status, tell};

/// Runs `ws101 gamelift`: what it prints, or says that is wrong.
fn command(server: &Server, arguments: &[&str]) -> Result<String, String> {
    let address = format!("http://{}", server.address);
    let output = ws101().arg("gamelift").args(arguments).args(["--server", &address]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[test]
fn env_prints_what_points_a_game_server_here() {
    let server = Server::start(&[]);
    let text = command(&server, &["env", "--compute", "pc"]).unwrap();
    let lines: Vec<(&str, &str)> = text.lines().map(|line| line.split_once('=').unwrap()).collect();
    let value = |name: &str| lines.iter().find(|(of, _)| *of == name).unwrap().1;
    assert_eq!(lines.len(), 5);
    assert_eq!(value("GAMELIFT_SDK_WEBSOCKET_URL"), format!("ws://{}/gamelift", server.address));
    assert_eq!(value("GAMELIFT_SDK_FLEET_ID"), "fleet-local-1");
    assert_eq!(value("GAMELIFT_SDK_HOST_ID"), "pc");
    assert_eq!(value("GAMELIFT_SDK_PROCESS_ID"), "ManagedResource");
    assert!(value("GAMELIFT_SDK_AUTH_TOKEN").len() > 32);
    assert_eq!(command(&server, &["env", "--compute", "pc"]).unwrap(), text, "the same token, as long as it lasts");
}

#[test]
fn every_push_has_a_command() {
    let server = Server::start(&[]);
    let mut sdk = Sdk::ready(&server, "p1");
    let id = create_session(server.address);
    assert_eq!(sdk.next()["Action"], "CreateGameSession");
    command(&server, &["update-game-session", &id, "--reason", "BACKFILL_FAILED", "--ticket", "t"]).unwrap();
    let push = sdk.next();
    assert_eq!((&push["UpdateReason"], &push["BackfillTicketId"]), (&json!("BACKFILL_FAILED"), &json!("t")));
    command(&server, &["refresh", "p1"]).unwrap();
    let push = sdk.next();
    assert_eq!(push["RefreshConnectionEndpoint"], format!("ws://{}/gamelift", server.address));
    command(&server, &["terminate", "p1"]).unwrap();
    let push = sdk.next();
    assert!(push["TerminationTime"].as_i64().unwrap() > 1_700_000_000_000, "milliseconds since 1970: {push}");
    assert_eq!(process(&status(server.address), "p1")["Status"], "TERMINATING");
}

#[test]
fn what_cannot_be_done_is_told_in_a_sentence() {
    let server = Server::start(&[]);
    let wrong = command(&server, &["drop", "nobody"]).unwrap_err();
    assert!(
        wrong.starts_with("ws101: there is no server process nobody; `ws101 gamelift status` lists them."),
        "{wrong}"
    );
    let nowhere = ws101().args(["gamelift", "status", "--server", "http://127.0.0.1:1"]).output().unwrap();
    let text = String::from_utf8(nowhere.stderr).unwrap();
    assert!(text.contains("start it with `ws101 serve`"), "{text}");
    let (status, output) = control(server.address, "POST", "/drop", &json!({"Process": 1}));
    assert_eq!((status, output["Message"].as_str().unwrap().contains("unknown field")), (400, true));
}

#[test]
fn time_is_scaled_where_processes_follow() {
    let server = Server::start(&[]);
    let mut sdk = Sdk::ready(&server, "p1");
    let refused = command(&server, &["time", "10"]).unwrap_err();
    assert!(refused.contains("HEALTHCHECK_INTERVAL"), "{refused}");
    for _ in 0..2 {
        sdk.ask(json!({"Action": "HeartbeatServerProcess", "HealthStatus": true}));
    }
    command(&server, &["time", "10"]).unwrap();
    assert_eq!(status(server.address)["TimeFactor"], 10);
    let text = command(&server, &["env"]).unwrap();
    assert!(text.contains("HEALTHCHECK_INTERVAL=6000ms\n"), "{text}");
    tell(server.address, "/time", &json!({"Factor": 1}));
}

#[test]
fn the_status_tells_of_everything() {
    let server = Server::start(&[]);
    let _sdk = Sdk::ready(&server, "p1");
    let id = create_session(server.address);
    let told: Value = serde_json::from_str(&command(&server, &["status"]).unwrap()).unwrap();
    assert_eq!(told["GameSessions"][0]["GameSessionId"], id);
    assert_eq!(process(&told, "p1")["GameSessionId"], id);
    assert_eq!(told["Fleets"], json!(["fleet-local-1"]));
}

#[test]
fn scaled_time_is_told_to_go_and_refuses_cpp() {
    let server = Server::start(&["--gamelift-time", "10"]);
    let text = command(&server, &["env"]).unwrap();
    assert!(text.contains("HEALTHCHECK_INTERVAL=6000ms\nHEALTHCHECK_MAX_JITTER=1000ms\n"), "{text}");
    let query = "pID=p1&ComputeId=host-2&FleetId=fleet-local-1&sdkVersion=5.4.0&sdkLanguage=Cpp";
    let response = server.connect().send(upgrade(&format!("/gamelift?{query}"))).response();
    assert_eq!((response.status, response.text().contains("keeps its 60 s")), (403, true), "{}", response.text());
}

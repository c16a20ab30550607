//! AWS JSON 1.1, and who may use it.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use serde_json::{Value, json};
use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{Raw, Server, request, websocket};
use crate::world::{FLEET, Sdk, aws, status};

#[test]
fn operations_are_answered_and_errors_have_their_names() {
    let server = Server::start(&[]);
    assert_eq!(aws(server.address, "ListFleets", &json!({})), Ok(json!({"FleetIds": [FLEET]})));
    let session = json!({"FleetId": FLEET, "MaximumPlayerSessionCount": 1});
    let error = aws(server.address, "CreateGameSession", &session).unwrap_err();
    assert_eq!(error["__type"], "FleetCapacityExceededException");
    assert!(error["Message"].as_str().unwrap().contains("idle"));
    let error = aws(server.address, "CreateBuild", &json!({})).unwrap_err();
    assert_eq!(error["Message"], "CreateBuild is not in this simulator");
    let _sdk = Sdk::ready(&server, "p1");
    assert_eq!(aws(server.address, "CreateGameSession", &session).unwrap()["GameSession"]["Status"], "ACTIVATING");
}

#[test]
fn the_endpoint_that_is_handed_out_is_this_server() {
    let server = Server::start(&[]);
    let input =
        json!({"FleetId": FLEET, "ComputeName": "pc", "Location": "custom-location-1", "IpAddress": "127.0.0.1"});
    let output = aws(server.address, "RegisterCompute", &input).unwrap();
    let expected = format!("ws://{}/gamelift", server.address);
    assert_eq!(output["Compute"]["GameLiftServiceSdkEndpoint"], expected);
}

#[test]
fn a_body_that_cannot_be_read_is_an_invalid_request() {
    let server = Server::start(&[]);
    let fields = "X-Amz-Target: GameLift.ListFleets\r\nContent-Length: 1\r\n";
    let response = server.connect().send(request("POST /", fields) + "{").response();
    assert_eq!((response.status, response.field("x-amzn-ErrorType")), (400, Some("InvalidRequestException")));
    assert_eq!(response.field("content-type"), Some("application/x-amz-json-1.1"));
}

#[test]
fn the_page_is_where_it_was_and_other_pages_may_not_ask() {
    let server = Server::start(&[]);
    assert_eq!(server.connect().send(request("GET /", "")).response().status, 200);
    assert_eq!(server.connect().send(request("POST /", "Content-Length: 0\r\n")).response().status, 405);
    for fields in ["X-Amz-Target: GameLift.ListFleets\r\n", ""] {
        let line = if fields.is_empty() { "GET /api/gamelift" } else { "POST /" };
        let fields = format!("{fields}Origin: http://evil.example\r\nContent-Length: 0\r\n");
        assert_eq!(server.connect().send(request(line, &fields)).response().status, 403);
    }
}

/// An address of this machine at which it is somebody else's.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_loopback())
}

#[test]
fn from_another_machine_only_the_teacher_may() {
    const TOKEN: &str = "teacher-0123456789";
    let Some(ip) = own_address() else {
        eprintln!("SKIPPED: this machine is in no network");
        return;
    };
    let server = Server::start(&["--lan", "--teacher-token", TOKEN]);
    let there = SocketAddr::new(ip, server.address.port());
    assert_eq!(aws(there, "ListFleets", &json!({})).unwrap_err()["__type"], "UnauthorizedException");
    for (key, status) in [("AKIDEXAMPLE", 400), (TOKEN, 200)] {
        let fields = format!(
            "X-Amz-Target: GameLift.ListFleets\r\nContent-Length: 2\r\nAuthorization: AWS4-HMAC-SHA256 \
             Credential={key}/20261123/us-west-2/gamelift/aws4_request, SignedHeaders=host, Signature=00\r\n"
        );
        assert_eq!(Raw::connect(there).send(request("POST /", &fields) + "{}").response().status, status, "{key}");
    }
    for (query, status) in [("", 403), ("?teacher=wrong", 403), (&*format!("?teacher={TOKEN}"), 200)] {
        let line = format!("GET /api/gamelift{query}");
        assert_eq!(Raw::connect(there).send(request(&line, "")).response().status, status, "{query}");
    }
    // A supervisor is told secrets.
    let agent = "/api/gamelift/agent?fleet=fleet-local-1&compute=there&processes=1&ip=10.0.0.1";
    match websocket(there, agent).read().unwrap() {
        Message::Close(Some(close)) => assert_eq!(close.code, CloseCode::Policy),
        other => panic!("{other:?}"),
    }
    let mut agent = websocket(there, &format!("{agent}&teacher={TOKEN}"));
    agent.send(Message::text(r#"{"Running":[]}"#)).unwrap();
    let order = agent.read().unwrap().to_text().unwrap().to_owned();
    assert!(order.starts_with(r#"{"Start":{"process_id":"process-"#), "{order}");
    // From this machine anybody may, and what is handed out can be reached from the others.
    let endpoint: Value = status(server.address)["Endpoint"].clone();
    assert!(endpoint.as_str().unwrap().contains(&there.to_string()), "{endpoint}");
}

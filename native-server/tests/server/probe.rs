//! `/api/probe`: the server's own client.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::{Raw, Response, Server, frame, request, upgrade};

fn ask(server: &Server, fields: &str, bytes: &[u8]) -> Response {
    let head = request("POST /api/probe", &format!("{fields}Content-Length: {}\r\n", bytes.len()));
    server.connect().send(head).send(bytes).response()
}

/// What the server answered, and the rest of the report.
fn probe(server: &Server, bytes: &[u8]) -> (Vec<u8>, Value) {
    let report: Value = serde_json::from_str(ask(server, "", bytes).text()).unwrap();
    assert_eq!(report["sent"], bytes.len());
    (STANDARD.decode(report["received"].as_str().unwrap()).unwrap(), report)
}

#[test]
fn broken_upgrade_requests_have_the_answer_that_any_client_has() {
    let server = Server::start(&[]);
    let good = upgrade("/ws/echo");
    for broken in [
        good.replace("Version: 13", "Version: 12"),
        good.replace("Upgrade: websocket", "Upgrade : websocket"),
        good.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"),
        good.replace("Host: localhost\r\n", ""),
    ] {
        let (received, report) = probe(&server, broken.as_bytes());
        assert_eq!(String::from_utf8(received), String::from_utf8(server.connect().send(&broken).rest()), "{broken}");
        assert_eq!(report["closed"], true);
    }
}

#[test]
fn frames_go_behind_a_good_request() {
    let server = Server::start(&[]);
    let mut bytes = upgrade("/ws/echo").into_bytes();
    let (answer, report) = probe(&server, &bytes);
    assert!(answer.starts_with(b"HTTP/1.1 101 ") && report["closed"] == false);
    bytes.extend(frame(0x81, b"whole"));
    let (answer, report) = probe(&server, &bytes);
    assert!(answer.ends_with(b"\x81\x05whole") && report["closed"] == false);
    // Not masked.
    bytes.extend([0x81, 1, b'x']);
    let (answer, report) = probe(&server, &bytes);
    let close = answer.windows(4).any(|four| four[0] == 0x88 && four[2..] == 1002_u16.to_be_bytes());
    assert!(close && report["closed"] == true, "{answer:?}");
}

#[test]
fn it_is_for_own_pages_in_measure() {
    let server = Server::start(&["--allow-origin", "http://127.0.0.1:8080"]);
    let get = request("GET /lab/message", "Connection: close\r\n");
    assert_eq!(ask(&server, "Origin: http://evil.example\r\n", get.as_bytes()).status, 403);
    let allowed = ask(&server, "Origin: http://127.0.0.1:8080\r\n", get.as_bytes());
    assert_eq!(allowed.field("access-control-allow-origin"), Some("http://127.0.0.1:8080"));
    assert_eq!(ask(&server, "", &[b'x'; 16 << 10]).status, 200);
    assert_eq!(ask(&server, "", &[b'x'; (16 << 10) + 1]).status, 413);
    let refused = (0..100).map(|_| ask(&server, "", get.as_bytes())).find(|response| response.status != 200).unwrap();
    assert_eq!((refused.status, refused.field("retry-after")), (429, Some("1")));
}

#[test]
fn a_probe_of_itself_ends() {
    let server = Server::start(&[]);
    let mut bytes = request("GET /lab/message", "Connection: close\r\n");
    for _ in 0..5 {
        bytes =
            request("POST /api/probe", &format!("Connection: close\r\nContent-Length: {}\r\n", bytes.len())) + &bytes;
    }
    let response = Raw::connect(server.address).send(&bytes).response();
    assert_eq!(response.status, 200);
    let report: Value = serde_json::from_str(response.text()).unwrap();
    assert_eq!(report["closed"], true);
}

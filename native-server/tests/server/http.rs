//! HTTP, byte by byte.

use std::time::{Duration, Instant};

use crate::support::{Server, frame, request, upgrade};

#[test]
fn the_page_comes_with_its_policy_and_is_validated() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    let page = raw.send(request("GET /", "Accept-Encoding: br\r\n")).response();
    assert_eq!(page.status, 200);
    assert_eq!(page.field("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.field("cache-control"), Some("no-cache"));
    assert_eq!(page.field("x-content-type-options"), Some("nosniff"));
    let policy = page.field("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'self'; script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    assert!(page.text().contains("WebSocket 101"));

    let tag = format!("If-None-Match: {}\r\n", page.field("etag").unwrap());
    let again = raw.send(request("GET /index.html", &format!("Accept-Encoding: br\r\n{tag}"))).response();
    assert_eq!((again.status, again.field("content-length")), (304, None));
}

#[test]
fn head_is_get_without_a_body() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    for target in ["/", "/lab/message?size=7", "/api/nothing"] {
        let get = raw.send(request(&format!("GET {target}"), "")).response();
        let head = raw.send(request(&format!("HEAD {target}"), "")).response_to("HEAD");
        assert_eq!((get.status, get.field("content-length")), (head.status, head.field("content-length")), "{target}");
    }
}

#[test]
fn the_laboratory_answers_with_a_minimal_head() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    raw.send(request("POST /lab/echo", "Content-Length: 20\r\n")).send("exactly twenty bytes");
    assert_eq!(
        String::from_utf8(raw.take(65 + 20)).unwrap(),
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\nexactly twenty bytes"
    );
    assert_eq!(raw.send(request("GET /lab/message", "")).response().body.len(), 20);
    assert_eq!(raw.send(request("GET /lab/message?size=300", "")).response().body.len(), 300);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    let mut bytes = String::new();
    for i in 0..200 {
        bytes += &request("POST /lab/echo", &format!("Content-Length: {}\r\n", 4 + i % 7));
        bytes += &format!("{i:04}{}", &"abcdefg"[..i % 7]);
    }
    raw.send(bytes);
    for i in 0..200 {
        assert_eq!(raw.response().text(), format!("{i:04}{}", &"abcdefg"[..i % 7]));
    }
}

#[test]
fn a_later_request_may_upgrade() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    assert_eq!(raw.send(request("GET /", "")).response().status, 200);
    assert_eq!(raw.send(request("POST /lab/echo", "Content-Length: 2\r\n") + "hi").response().text(), "hi");
    raw.send(upgrade("/ws/echo"));
    assert!(raw.head().contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    raw.send(frame(0x81, b"third"));
    assert_eq!(raw.take(7), b"\x81\x05third");
    // All in one write is the same.
    let mut raw = server.connect();
    let mut bytes = request("GET /lab/message?size=3", "") + &upgrade("/ws/echo");
    bytes += std::str::from_utf8(&frame(0x89, b"")).unwrap_or_default();
    raw.send(bytes);
    assert_eq!(raw.response().text(), "mes");
    assert!(raw.head().starts_with("HTTP/1.1 101 "));
}

#[test]
fn requests_may_come_byte_by_byte() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    for byte in (request("POST /lab/echo", "Content-Length: 3\r\n") + "abc").bytes() {
        raw.send([byte]);
    }
    assert_eq!(raw.response().text(), "abc");
}

#[test]
fn half_a_request_is_given_up_and_an_idle_connection_is_ended() {
    let server = Server::start(&["--head-timeout", "0.3", "--keep-alive", "0.6"]);
    let mut raw = server.connect();
    let begin = Instant::now();
    let response = raw.send("GET / HTTP/1.1\r\nHost: loc").response();
    assert_eq!((response.status, response.field("connection")), (408, Some("close")));
    assert!(begin.elapsed() >= Duration::from_millis(290));
    assert_eq!(raw.rest(), b"");

    let mut raw = server.connect();
    raw.send(request("GET /lab/message", "")).response();
    let begin = Instant::now();
    assert_eq!(raw.rest(), b"");
    assert!(begin.elapsed() >= Duration::from_millis(500));
    // One byte now and then does not prolong it.
    let mut raw = server.connect();
    let begin = Instant::now();
    for byte in b"GET / HTTP/1.1" {
        raw.send([*byte]);
        std::thread::sleep(Duration::from_millis(40));
        if begin.elapsed() > Duration::from_millis(400) {
            break;
        }
    }
    assert_eq!(raw.response().status, 408);
}

#[test]
fn connections_end_when_they_should() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    let response = raw.send(request("GET /lab/message", "Connection: close\r\n")).response();
    assert_eq!(response.field("connection"), Some("close"));
    assert_eq!(raw.rest(), b"");
    let mut raw = server.connect();
    assert_eq!(raw.send("GET /lab/message HTTP/1.0\r\n\r\n").response().status, 200);
    assert_eq!(raw.rest(), b"");
}

#[test]
fn what_is_not_there_and_what_is_not_allowed() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    let response = raw.send(request("GET /../Cargo.toml", "")).response();
    assert_eq!((response.status, response.text().lines().count()), (404, 1));
    for (line, allow) in [
        ("DELETE /", "GET, HEAD"),
        ("GET /lab/echo", "POST, OPTIONS"),
        ("POST /lab/message", "GET, HEAD, OPTIONS"),
        ("get /api/status", "GET, HEAD, OPTIONS"),
    ] {
        let response = raw.send(request(line, "Content-Length: 1\r\n") + "x").response();
        assert_eq!((response.status, response.field("allow")), (405, Some(allow)), "{line}");
    }
}

#[test]
fn bodies_have_limits_and_are_announced() {
    let server = Server::start(&["--max-message", "1"]);
    let mut raw = server.connect();
    raw.send(request("POST /lab/echo", "Content-Length: 1048576\r\n")).send(vec![b'x'; 1 << 20]);
    assert_eq!(raw.response().body.len(), 1 << 20);
    assert_eq!(raw.send(request("POST /lab/echo", "Content-Length: 1048577\r\n")).response().status, 413);
    let mut raw = server.connect();
    assert_eq!(
        raw.send(request("POST /lab/echo", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n").response().status,
        411
    );
    let mut raw = server.connect();
    raw.send(request("POST /lab/echo", "Content-Length: 2\r\nExpect: 100-continue\r\n"));
    assert_eq!(raw.head(), "HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(raw.send("ok").response().text(), "ok");
}

#[test]
fn heads_have_limits_and_are_judged() {
    let server = Server::start(&[]);
    let long = "x".repeat(70_000);
    for (bytes, status) in [
        (request(&format!("GET /{long}"), ""), 414),
        (request("GET /", &format!("X: {long}\r\n")), 431),
        (request("GET /", &"X: y\r\n".repeat(1000)), 431),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        (request("GET /", "A : b\r\n"), 400),
        (request("GET /lab/message?watch=short", ""), 400),
        ("\u{16}\u{3}\u{1}".to_owned(), 400),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n".to_owned(), 505),
    ] {
        let mut raw = server.connect();
        raw.send(&bytes);
        assert_eq!(raw.response().status, status, "{bytes:.60}");
        assert_eq!(raw.rest(), b"");
    }
}

#[test]
fn only_allowed_origins_may_read_what_another_page_asks() {
    let server = Server::start(&["--allow-origin", "http://127.0.0.1:8080"]);
    let mut raw = server.connect();
    for (origin, allowed) in [("http://127.0.0.1:8080", true), ("http://127.0.0.1:8081", false)] {
        let fields = format!("Origin: {origin}\r\nContent-Length: 1\r\n");
        let response = raw.send(request("POST /lab/echo", &fields) + "x").response();
        assert_eq!(response.field("access-control-allow-origin"), allowed.then_some(origin));
        let fields = format!("Origin: {origin}\r\nAccess-Control-Request-Method: POST\r\n");
        let response = raw.send(request("OPTIONS /lab/echo", &fields)).response();
        assert_eq!(response.field("access-control-allow-methods").is_some(), allowed);
        let mut wire = server.connect();
        let target = "/ws/wire?watch=0123456789abcdef";
        wire.send(upgrade(target).replace("Upgrade: w", &format!("Origin: {origin}\r\nUpgrade: w")));
        assert_eq!(wire.response().status, if allowed { 101 } else { 403 });
    }
}

#[test]
fn a_name_that_is_not_ours_is_refused_where_it_could_do_harm() {
    let server = Server::start(&["--allow-host", "classroom.example"]);
    let with_host = |request: String, host: &str| request.replace("Host: localhost", &format!("Host: {host}"));
    for (host, status) in
        [("evil.example", 421), ("127.0.0.1:1", 200), ("localhost:5", 200), ("classroom.example", 200), ("[::1]", 200)]
    {
        for line in ["GET /", "GET /api/status", "GET /lab/message"] {
            let response = server.connect().send(with_host(request(line, ""), host)).response();
            assert_eq!(response.status, status, "{host} {line}");
        }
    }
    let wire = with_host(upgrade("/ws/wire?watch=0123456789abcdef"), "evil.example");
    assert_eq!(server.connect().send(wire).response().status, 421);
    // What any page may use needs no name.
    assert_eq!(server.connect().send(with_host(upgrade("/ws/echo"), "evil.example")).response().status, 101);
}

#[test]
fn one_address_does_not_take_all_places() {
    let server = Server::start(&["--max-per-address", "2"]);
    let mut first = server.connect();
    first.send(request("GET /lab/message", "")).response();
    let mut second = server.connect();
    second.send(request("GET /lab/message", "")).response();
    let response = server.connect().response();
    assert_eq!((response.status, response.text().contains("from your address")), (503, true));
}

#[test]
fn bodies_share_a_bounded_memory() {
    let server = Server::start(&["--memory", "3"]);
    let half = |size: usize| {
        let mut raw = server.connect();
        raw.send(request("POST /lab/echo", &format!("Content-Length: {size}\r\n"))).send(vec![b'x'; size / 2]);
        raw
    };
    let held = half(4 << 20);
    crate::support::eventually("it is held", || {
        let status: serde_json::Value =
            serde_json::from_str(server.connect().send(request("GET /api/status", "")).response().text()).unwrap();
        status["memory"]["held"].as_u64().unwrap() > 2 << 20
    });
    assert_eq!(half(4 << 20).response().status, 503);
    // Small things go on.
    assert_eq!(
        server.connect().send(request("POST /lab/echo", "Content-Length: 2\r\n") + "ok").response().text(),
        "ok"
    );
    drop(held.stream.shutdown(std::net::Shutdown::Both));
}

#[test]
fn the_status_is_json() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    let status: serde_json::Value =
        serde_json::from_str(raw.send(request("GET /api/status", "")).response().text()).unwrap();
    assert_eq!(status["connections"]["open"], 1);
    assert_eq!(status["tap"]["memory"], 32 << 20);
    assert_eq!(status["limits"]["connections_per_address"], 1000);
    assert_eq!(status["limits"]["head_ms"], 10_000);
}

#[test]
fn a_full_server_says_so() {
    let server = Server::start(&["--max-connections", "2"]);
    let mut first = server.connect();
    let mut second = server.connect();
    first.send(request("GET /lab/message", "")).response();
    second.send(request("GET /lab/message", "")).response();
    assert_eq!(server.connect().response().status, 503);
    drop(first);
    crate::support::eventually("there is a place again", || {
        let mut third = server.connect();
        // A refused connection may be reset before the request is read.
        std::io::Write::write_all(&mut third.stream, request("GET /lab/message", "").as_bytes()).is_ok()
            && std::io::Read::read(&mut third.stream, &mut [0; 15]).is_ok_and(|len| len == 15)
            && second.send(request("GET /api/status", "")).response().text().contains("\"open\":2")
    });
}

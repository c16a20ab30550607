//! `/ws/…`, as an independent client sees them.

use std::time::{Duration, Instant};

use tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tungstenite::protocol::frame::{CloseFrame, Frame};
use tungstenite::{Error, Message};

use crate::support::{Raw, Server, data, eventually, frame, request, upgrade};

#[test]
fn messages_come_back_as_they_were() {
    let server = Server::start(&[]);
    for target in ["/ws/echo", "/ws/reference"] {
        let mut socket = server.websocket(target);
        for len in [0, 1, 125, 126, 65_535, 65_536, 200_000] {
            let text = "가나다abc😀".chars().cycle().take(len).collect::<String>();
            for message in [Message::text(text), Message::binary(vec![0xA5; len])] {
                socket.send(message.clone()).unwrap();
                assert_eq!(data(&mut socket), message, "{target} {len}");
            }
        }
    }
}

#[test]
fn sixteen_mebibytes_come_back_and_one_byte_more_is_too_big() {
    let server = Server::start(&[]);
    let mut socket = server.websocket("/ws/echo");
    let message = Message::binary((0..16 << 20).map(|i: u32| (i % 251) as u8).collect::<Vec<_>>());
    socket.send(message.clone()).unwrap();
    assert!(data(&mut socket) == message);
    let mut raw = server.connect();
    raw.send(upgrade("/ws/echo")).head();
    raw.send([0x82, 0xFF, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2, 3, 4]);
    assert_eq!(raw.take(4)[2..], 1009_u16.to_be_bytes());
}

#[test]
fn fragments_are_joined_with_a_ping_between_them() {
    let server = Server::start(&[]);
    let mut socket = server.websocket("/ws/echo");
    let fragment = |text: &'static str, opcode, last| Message::Frame(Frame::message(text, OpCode::Data(opcode), last));
    socket.send(fragment("frag", Data::Text, false)).unwrap();
    socket.send(Message::Ping("between".into())).unwrap();
    socket.send(fragment("men", Data::Continue, false)).unwrap();
    socket.send(fragment("ted", Data::Continue, true)).unwrap();
    assert_eq!(socket.read().unwrap(), Message::Pong("between".into()));
    assert_eq!(socket.read().unwrap(), Message::text("fragmented"));
}

#[test]
fn the_closing_handshake_repeats_the_code() {
    let server = Server::start(&[]);
    for code in [1000, 1001, 1013, 3000, 4999].map(CloseCode::from) {
        let mut socket = server.websocket("/ws/echo");
        socket.close(Some(CloseFrame { code, reason: "enough".into() })).unwrap();
        match socket.read().unwrap() {
            Message::Close(Some(close)) => assert_eq!(close.code, code),
            other => panic!("{other:?}"),
        }
        // The server ends the connection, and does so without a reset.
        assert!(matches!(socket.read(), Err(Error::ConnectionClosed)));
    }
    eventually("all are gone", || status(&server).contains("\"websocket\":0"));
}

#[test]
fn what_breaks_the_protocol_is_told_why() {
    let server = Server::start(&[]);
    for (bytes, code) in [
        (vec![0x81, 0x01, b'x'], 1002_u16),
        (vec![0x83, 0x80, 0, 0, 0, 0], 1002),
        (frame(0x81, &[0xFF]), 1007),
        (frame(0x80, b"continues nothing"), 1002),
        (b"GET /ws/echo HTTP/1.1\r\n\r\n".to_vec(), 1002),
    ] {
        let mut raw = server.connect();
        raw.send(upgrade("/ws/echo")).head();
        raw.send(&bytes);
        let answer = raw.rest();
        assert_eq!((answer[0], &answer[2..4]), (0x88, &code.to_be_bytes()[..]), "{bytes:x?}");
    }
}

#[test]
fn what_comes_with_the_request_is_read_and_answered_behind_the_101() {
    let server = Server::start(&[]);
    for target in ["/ws/echo", "/ws/reference"] {
        let mut raw = server.connect();
        let mut bytes = upgrade(target).into_bytes();
        bytes.extend(frame(0x89, b"early"));
        bytes.extend(frame(0x81, b"bird"));
        raw.send(&bytes);
        assert!(raw.head().starts_with("HTTP/1.1 101 "));
        assert_eq!(raw.take(7), b"\x8a\x05early", "{target}");
        assert_eq!(raw.take(6), b"\x81\x04bird", "{target}");
    }
}

#[test]
fn bytes_may_come_one_by_one() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    let mut bytes = upgrade("/ws/echo").into_bytes();
    bytes.extend(frame(0x81, "조각".as_bytes()));
    bytes.extend(frame(0x88, &[3, 0xE8]));
    for byte in bytes {
        raw.send([byte]);
    }
    raw.head();
    assert_eq!(raw.rest(), b"\x81\x06\xec\xa1\xb0\xea\xb0\x81\x88\x02\x03\xe8");
}

#[test]
fn many_messages_of_one_write_come_back_in_order() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    raw.send(upgrade("/ws/echo")).head();
    let burst: Vec<u8> = (0..5_000_u32).flat_map(|i| frame(0x82, &i.to_be_bytes())).collect();
    raw.send(&burst);
    for i in 0..5_000_u32 {
        let [a, b, c, d] = i.to_be_bytes();
        assert_eq!(raw.take(6), [0x82, 4, a, b, c, d]);
    }
}

#[test]
fn a_peer_that_does_not_read_is_not_read_from_either() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    raw.send(upgrade("/ws/echo")).head();
    raw.stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let block = frame(0x82, &[7; 125]).repeat(500);
    let mut sent = 0_usize;
    // Far more than the sockets' buffers and the outbox hold.
    while sent < 200 << 20 {
        match std::io::Write::write(&mut raw.stream, &block[sent % block.len()..]) {
            Ok(len) => sent += len,
            Err(_) => break,
        }
    }
    assert!(sent < 100 << 20, "the server took {sent} bytes from a peer that read none");
    // It is alive for others, and goes on with this one as soon as it reads.
    let mut other = server.websocket("/ws/echo");
    other.send(Message::text("alive")).unwrap();
    assert_eq!(data(&mut other), Message::text("alive"));
    let frames = sent / 131;
    for _ in 0..frames {
        assert_eq!(raw.take(127)[..2], [0x82, 125]);
    }
}

#[test]
fn messages_share_a_bounded_memory() {
    // A buffer may be twice as large as what is in it: 3 MiB of a message take less than 6, and 4 MiB more are too much in any case.
    let server = Server::start(&["--memory", "6"]);
    let begun = |bytes: usize| {
        let mut raw = server.connect();
        raw.send(upgrade("/ws/echo")).head();
        raw.send([0x82, 0xFF, 0, 0, 0, 0, 0, 0xF0, 0, 0, 1, 2, 3, 4]).send(vec![0; bytes]);
        raw
    };
    let mut first = begun(3 << 20);
    eventually("it is held", || {
        let status: serde_json::Value = serde_json::from_str(&status(&server)).unwrap();
        status["memory"]["held"].as_u64().unwrap() >= 3 << 20
    });
    let mut second = begun(4 << 20);
    let answer = second.take(4);
    assert_eq!((answer[0], &answer[2..]), (0x88, &1013_u16.to_be_bytes()[..]));
    // The first one goes on undisturbed, and so do small ones.
    let mut other = server.websocket("/ws/echo");
    other.send(Message::text("alive")).unwrap();
    assert_eq!(data(&mut other), Message::text("alive"));
    first.send(vec![0; 100]);
    first.stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    assert!(std::io::Read::read(&mut first.stream, &mut [0]).is_err());
}

#[test]
fn push_speaks_at_its_pace() {
    let server = Server::start(&[]);
    let begin = Instant::now();
    let mut socket = server.websocket("/ws/push?every=50&size=30");
    for number in 1..=5 {
        let message = data(&mut socket);
        let text = message.to_text().unwrap();
        assert_eq!(text.len(), 30);
        assert!(text.starts_with(&format!("push {number} ")), "{text}");
    }
    let took = begin.elapsed();
    assert!(took >= Duration::from_millis(190), "{took:?}");
    socket.close(None).unwrap();
    while socket.read().is_ok() {}
    eventually("the connection is gone", || status(&server).contains("\"open\":1,"));
}

#[test]
fn any_origin_may_echo() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    raw.send(upgrade("/ws/echo").replace("Upgrade: w", "Origin: http://elsewhere.example\r\nUpgrade: w"));
    assert!(raw.head().starts_with("HTTP/1.1 101 "));
}

#[test]
fn requests_that_are_no_upgrades_are_told_so() {
    let server = Server::start(&[]);
    for target in ["/ws/echo", "/ws/push", "/ws/reference", "/ws/wire"] {
        let response = server.connect().send(request(&format!("GET {target}"), "")).response();
        assert_eq!((response.status, response.field("upgrade")), (426, Some("websocket")), "{target}");
        let response = server.connect().send(request(&format!("POST {target}"), "")).response();
        assert_eq!((response.status, response.field("allow")), (405, Some("GET")), "{target}");
    }
}

fn status(server: &Server) -> String {
    Raw::connect(server.address).send(request("GET /api/status", "")).response().text().to_owned()
}

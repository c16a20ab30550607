//! The cases of `handshake-cases.json` against the running server, each judged by the answer that a careful server prefers: what core
//! cannot be asked for alone, such as half a request that is cut in time, and a Ping that waits right behind the request.

use std::io::{self, Read, Write};

use rustls::version::{TLS12, TLS13};
use serde_json::Value;
use tungstenite::handshake::derive_accept_key;

use crate::secure::{Folder, secure};
use crate::support::{Server, frame, stream};

const CASES: &str = include_str!("../../../core/tests/handshake-cases.json");

/// Runs all cases, each over a connection of its own, and tells which got another answer.
fn wrong<S: Read + Write>(server: &Server, path: &str, connect: impl Fn() -> S) -> Vec<String> {
    let file: Value = serde_json::from_str(CASES).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 69);
    let judge = |case: &Value| {
        let key = case["key"].as_str().or(file["key"].as_str()).unwrap();
        let mut exchange = Exchange { stream: connect(), held: Vec::new() };
        exchange.send(&request(case, &server.address.to_string(), path));
        let answer = exchange.answer(key, case);
        let is_preferred =
            case["prefer"].as_array().unwrap().iter().any(|wanted| is(&answer, wanted.as_str().unwrap()));
        (!is_preferred).then(|| format!("{} {}: {answer}, not {}", case["id"], case["name"], case["prefer"]))
    };
    cases.iter().filter_map(judge).collect()
}

/// The request, its segments joined.
fn request(case: &Value, host: &str, path: &str) -> Vec<u8> {
    let latin_1 = |text: &str| -> Vec<u8> {
        let text = text.replace("${HOST}", host).replace("${PATH}", path);
        text.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect()
    };
    let segments = case["request"].as_array().unwrap().iter();
    let bytes = segments.flat_map(|segment| match segment.as_str() {
        Some(text) => latin_1(text),
        None => latin_1(segment["repeat"].as_str().unwrap()).repeat(segment["count"].as_u64().unwrap() as usize),
    });
    bytes.collect()
}

/// Whether an answer is the wanted one, in the words of the file: `400`, `4xx`, `426+v13`.
fn is(answer: &str, wanted: &str) -> bool {
    let (status, version) = answer.split_once('+').unwrap_or((answer, ""));
    let (wanted_status, wanted_version) = wanted.split_once('+').unwrap_or((wanted, ""));
    let same_class = wanted_status.ends_with("xx") && status.len() == 3 && status[..1] == wanted_status[..1];
    (status == wanted_status || same_class) && (wanted_version.is_empty() || version == wanted_version)
}

struct Exchange<S> {
    stream: S,
    held: Vec<u8>,
}

impl<S: Read + Write> Exchange<S> {
    /// A server that refuses the beginning need not take the end.
    fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).and_then(|()| self.stream.flush());
    }

    /// Reads on; `false` at the end, be it a reset. Silence is neither.
    fn more(&mut self) -> bool {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer) {
            Ok(len) => {
                self.held.extend(&buffer[..len]);
                len > 0
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => panic!("no answer, and no end"),
            Err(_) => false,
        }
    }

    fn answer(&mut self, key: &str, case: &Value) -> String {
        let head_len = loop {
            match self.held.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(at) => break at + 4,
                None if self.more() => {}
                None if self.held.is_empty() => return "close".into(),
                None => return "garbage".into(),
            }
        };
        let head = String::from_utf8(self.held.drain(..head_len).collect()).unwrap();
        let has = |line: &str| head.contains(&format!("\r\n{line}\r\n"));
        match head.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)) {
            Some("101") => {
                assert!(has("Upgrade: websocket") && has("Connection: Upgrade"), "{head}");
                assert!(has(&format!("Sec-WebSocket-Accept: {}", derive_accept_key(key.as_bytes()))), "{head}");
                // Neither is configured.
                assert!(
                    ["Extensions", "Protocol"].iter().all(|name| !head.contains(&format!("Sec-WebSocket-{name}"))),
                    "{head}"
                );
                self.ping(case["pipelined_pong"].as_str())
            }
            Some(status) if has("Sec-WebSocket-Version: 13") => format!("{status}+v13"),
            Some(status) => status.into(),
            None => "garbage".into(),
        }
    }

    /// What is upgraded answers a ping, after those that came with the request.
    fn ping(&mut self, first: Option<&str>) -> String {
        self.send(&frame(0x89, b"probe"));
        let mut pongs: Vec<Vec<u8>> = Vec::new();
        while pongs.last().is_none_or(|pong| pong != b"probe") {
            while self.held.len() < 2 || self.held.len() < 2 + usize::from(self.held[1]) {
                if !self.more() {
                    return "101-fail".into();
                }
            }
            let len = usize::from(self.held[1]);
            let frame: Vec<u8> = self.held.drain(..2 + len).collect();
            match frame[0] {
                0x8A => pongs.push(frame[2..].to_vec()),
                0x88 => return "101-fail".into(),
                // A push, which asks for nothing.
                first => assert!(first == 0x81 && len < 126, "{frame:?}"),
            }
        }
        assert_eq!(pongs.len(), 1 + usize::from(first.is_some()));
        first.into_iter().for_each(|first| assert_eq!(pongs[0], first.as_bytes()));
        "101".into()
    }
}

#[test]
fn every_case_gets_the_preferred_answer() {
    let server = Server::start(&["--head-timeout", "1"]);
    for path in ["/ws/echo", "/ws/push"] {
        let wrong = wrong(&server, path, || stream(server.address));
        assert!(wrong.is_empty(), "{path}: {}", wrong.join("\n"));
    }
}

#[test]
fn a_port_that_speaks_tls_too_gives_the_same_answers() {
    let folder = Folder::new("handshake");
    let server = folder.server(&["--tls", "--head-timeout", "1"]);
    for path in ["/ws/echo", "/ws/push"] {
        let wrong_plain = wrong(&server, path, || stream(server.address));
        // What looks like a ClientHello is answered in TLS.
        assert_eq!(wrong_plain.len(), 1, "{}", wrong_plain.join("\n"));
        assert!(wrong_plain[0].starts_with("\"R09\" ") && wrong_plain[0].contains(": garbage"), "{wrong_plain:?}");
        for version in [&TLS12, &TLS13] {
            let wrong = wrong(&server, path, || secure(&server, version));
            assert!(wrong.is_empty(), "{path}: {}", wrong.join("\n"));
        }
    }
}

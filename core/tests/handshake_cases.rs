//! The cases of `handshake-cases.json` on bytes, each judged by the answer that a careful server prefers.
//!
//! The cases also hold what only a server can do: it closes on half a request, it lets no byte behind the request be read as HTTP.
//! Here the verdict on the head counts; what came right behind it goes to a connection.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use serde_json::Value;
use support::{Seen, server};
use ws101_core::connection::Config;
use ws101_core::handshake::server::{Policy, judge};
use ws101_core::head::{Limits, RequestHead};

const CASES: &str = include_str!("handshake-cases.json");

/// The case's request: its segments joined; `None` in place of pauses and other things of time.
fn request(case: &Value) -> Vec<u8> {
    let fill = |text: &str| -> Vec<u8> {
        let text = text.replace("${HOST}", "127.0.0.1:8101").replace("${PATH}", "/ws/echo");
        text.chars().map(|char| u8::try_from(u32::from(char)).expect("cases are latin-1")).collect()
    };
    let mut bytes = Vec::new();
    for segment in case["request"].as_array().expect("a list of segments") {
        if let Some(text) = segment.as_str().or(segment["bytewise"].as_str()) {
            bytes.extend(fill(text));
        } else if let Some(unit) = segment["repeat"].as_str() {
            let count = segment["count"].as_u64().expect("a count");
            for _ in 0..count {
                bytes.extend(fill(unit));
            }
        }
    }
    bytes
}

/// The outcome in the words of the file.
fn answer(bytes: &[u8]) -> String {
    let head = match RequestHead::read(bytes, &Limits::default()) {
        Ok(Some(head)) => head,
        Ok(None) => return "408".into(), // the server's clock decides
        Err(too_large) => return too_large.status().to_string(),
    };
    match judge(&head, &Policy::default()) {
        Ok(_) => {
            let mut server = server(Config::default());
            server.feed(&bytes[head.bytes().len()..]);
            let failed = matches!(server.seen.last(), Some(Seen::Failed(_)));
            if failed { "101-fail".into() } else { "101".into() }
        }
        Err(rejection) => {
            let response = String::from_utf8(rejection.response()).expect("a response is ASCII");
            assert!(response.starts_with(&format!("HTTP/1.1 {} ", rejection.status())));
            let version = if response.contains("\r\nSec-WebSocket-Version: 13\r\n") { "+v13" } else { "" };
            format!("{}{version}", rejection.status())
        }
    }
}

fn is_one_of(answer: &str, wanted: &Value) -> bool {
    let (code, version) = answer.split_once('+').unwrap_or((answer, ""));
    wanted.as_array().expect("a list of outcomes").iter().filter_map(Value::as_str).any(|pattern| {
        let (wanted_code, wanted_version) = pattern.split_once('+').unwrap_or((pattern, ""));
        let same_class = wanted_code.ends_with("xx") && code.len() == 3 && code[..1] == wanted_code[..1];
        (wanted_code == code || same_class) && (wanted_version.is_empty() || wanted_version == version)
    })
}

#[test]
fn every_case_gets_the_preferred_answer() {
    let cases: Value = serde_json::from_str(CASES).expect("the file is JSON");
    let cases = cases["cases"].as_array().expect("a list of cases");
    let mut failed = Vec::new();
    for case in cases {
        let answer = answer(&request(case));
        if !is_one_of(&answer, &case["prefer"]) {
            failed.push(format!("{} {}: {answer}, not {}", case["id"], case["name"], case["prefer"]));
        }
    }
    println!("handshake cases: {} passed, {} failed", cases.len() - failed.len(), failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

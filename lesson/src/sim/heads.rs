//! The heads that the simulated ends send. The handshake's are made and judged by `core`; the other fields are those of a browser.

use ws101_core::MessageKind;
use ws101_core::handshake::accept::key_from_nonce;
use ws101_core::handshake::client::{Offer, Request, check};
use ws101_core::handshake::server::{Policy, judge};
use ws101_core::head::{Limits, RequestHead, ResponseHead};
use ws101_core::rules::Strict;

use super::Random;
use crate::engine::{ENCODINGS, HOST, LANGUAGES, ORIGIN, USER_AGENT};

/// The upgrade request, and the server's answer to it.
pub(super) fn handshake(random: &mut Random) -> (Vec<u8>, Vec<u8>) {
    let key = key_from_nonce(random.nonce());
    let fields = [
        ("Pragma", "no-cache"),
        ("Cache-Control", "no-cache"),
        ("User-Agent", USER_AGENT),
        ("Origin", ORIGIN),
        ("Accept-Encoding", ENCODINGS),
        ("Accept-Language", LANGUAGES),
    ];
    let request =
        Request { host: HOST, target: "/ws/echo", key: &key, protocols: &[], compression: true, fields: &fields }
            .to_bytes();
    let response = answer_to(&request);
    debug_assert!(is_accepted(&response, &key));
    (request, response)
}

fn answer_to(request: &[u8]) -> Vec<u8> {
    match RequestHead::read(request, &Limits::default()) {
        Ok(Some(head)) => match judge(&head, &Policy::default()) {
            Ok(acceptance) => acceptance.response(),
            Err(rejection) => rejection.response(),
        },
        // Not with the request above.
        _ => Vec::new(),
    }
}

fn is_accepted(response: &[u8], key: &str) -> bool {
    let Ok(Some(head)) = ResponseHead::read(response, &Limits::default()) else { return false };
    check(&head, &Offer { key, protocols: &[], compression: true }, &mut Strict).is_ok()
}

/// A request that carries `body`, as a page's `fetch` makes it.
pub(super) fn post(kind: MessageKind, body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    let mut fields = vec![
        ("Host", HOST),
        ("Connection", "keep-alive"),
        ("Content-Length", &length),
        ("sec-ch-ua-platform", "\"Linux\""),
        ("User-Agent", USER_AGENT),
        ("sec-ch-ua", "\"Chromium\";v=\"142\", \"Not_A Brand\";v=\"99\""),
        ("sec-ch-ua-mobile", "?0"),
        ("Accept", "*/*"),
        ("Origin", ORIGIN),
        ("Sec-Fetch-Site", "same-origin"),
        ("Sec-Fetch-Mode", "cors"),
        ("Sec-Fetch-Dest", "empty"),
        ("Accept-Encoding", ENCODINGS),
        ("Accept-Language", LANGUAGES),
    ];
    if kind == MessageKind::Text {
        fields.insert(5, ("Content-Type", "text/plain;charset=UTF-8"));
    }
    message("POST /lab/echo HTTP/1.1", &fields, body)
}

/// The server's answer: as few fields as are right.
pub(super) fn answer(body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    message("HTTP/1.1 200 OK", &[("Content-Type", "text/plain"), ("Content-Length", &length)], body)
}

fn message(first_line: &str, fields: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = [first_line, "\r\n"].concat();
    for (name, value) in fields {
        for part in [name, ": ", value, "\r\n"] {
            head.push_str(part);
        }
    }
    head.push_str("\r\n");
    let mut message = head.into_bytes();
    message.extend_from_slice(body);
    message
}

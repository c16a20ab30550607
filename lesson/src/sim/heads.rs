//! The messages of a simulated HTTP exchange. Its fields are those of a browser.

use ws101_core::MessageKind;

use crate::engine::{ENCODINGS, HOST, LANGUAGES, ORIGIN, USER_AGENT};

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

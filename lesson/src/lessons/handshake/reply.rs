//! The 101 on the bench, and the client's verdict on it.

use ws101_core::handshake::client::{Offer, check};
use ws101_core::head::{Limits, ResponseHead};
use ws101_core::rules::Finding;

use super::request::Request;
use crate::lessons::{Place, Toggle};
use crate::text::Language;
use crate::text::handshake::Word::{self, *};

/// What can be wrong with a 101: its letter in addresses, its name, and what stands there instead of what.
static FAULTS: [(&str, Word, &str, &str); 10] = [
    ("a", FaultAcceptWrong, "Accept: s3", "Accept: S3"),
    ("b", FaultAcceptMissing, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", ""),
    ("c", FaultAcceptTwice, "\r\n\r\n", "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"),
    ("d", FaultUpgrade, "Upgrade: websocket\r\n", ""),
    ("e", FaultConnection, "Connection: Upgrade\r\n", ""),
    ("f", FaultStatus, "101 Switching Protocols", "200 OK"),
    ("g", FaultStatusLine, "HTTP/1.1 ", "HTTP/1.1"),
    ("h", FaultProtocol, "\r\n\r\n", "\r\nSec-WebSocket-Protocol: chess\r\n\r\n"),
    ("i", FaultExtension, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: x-unheard-of\r\n\r\n"),
    (
        "j",
        FaultDeflate,
        "\r\n\r\n",
        "\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99\r\n\r\n",
    ),
];

/// The letters of the faults that are on. At first it is the one that is asked about.
pub(super) fn faults(place: &Place) -> &str {
    place.input("reply").unwrap_or("a")
}

/// Letters that stand for faults; a dot alone for none.
pub(super) fn takes(value: &str) -> bool {
    value == "." || value.chars().all(|letter| ('a'..='j').contains(&letter)) && value.len() <= FAULTS.len()
}

/// The request that these are replies to: a browser's offers compression.
pub(super) fn request() -> Request {
    let mut request = Request::default();
    request.0[8].on = true;
    request
}

/// The reply with faults, and what the client finds wrong with it, in the order of its checks.
pub(super) fn reply(faults: &str) -> (Vec<u8>, Vec<Finding>) {
    let good = request().answer().unwrap_or_default();
    let mut text = String::from_utf8_lossy(&good).into_owned();
    for (_, _, from, to) in FAULTS.iter().filter(|(letter, ..)| faults.contains(letter)) {
        text = text.replacen(from, to, 1);
    }
    let mut findings = Vec::new();
    if let Ok(Some(head)) = ResponseHead::read(text.as_bytes(), &Limits::default()) {
        let offer = Offer { key: "dGhlIHNhbXBsZSBub25jZQ==", protocols: &[], compression: true };
        let Ok(_) = check(&head, &offer, &mut findings);
    }
    (text.into_bytes(), findings)
}

/// The faults as switches.
pub(super) fn toggles(on: &str, language: Language) -> Vec<Toggle> {
    let toggle = |&(letter, word, ..): &(&str, Word, &str, &str)| {
        let is_on = on.contains(letter);
        let mut value: String = match is_on {
            true => on.replace(letter, ""),
            false => [on.trim_start_matches('.'), letter].concat(),
        };
        if value.is_empty() {
            value.push('.');
        }
        Toggle { name: "reply", value, label: word.text(language), on: is_on }
    };
    FAULTS.iter().map(toggle).collect()
}

#[cfg(test)]
pub(super) fn letters() -> impl Iterator<Item = &'static str> {
    FAULTS.iter().map(|(letter, ..)| *letter)
}

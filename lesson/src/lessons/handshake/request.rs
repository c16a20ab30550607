//! The request on the bench: lines that can be switched off and rewritten, and what core says of them.

use ws101_core::Span;
use ws101_core::handshake::server::{Policy, Rejection, examine, judge};
use ws101_core::head::{Limits, RequestHead};
use ws101_core::rules::Finding;

use super::presets;
use crate::lessons::{Line, Place};

/// A line, and whether it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) on: bool,
    pub(super) text: String,
}

/// The lines of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request(pub(super) Vec<Written>);

impl Default for Request {
    fn default() -> Self {
        Self(LINES.iter().map(|&(on, text)| Written { on, text: text.into() }).collect())
    }
}

impl Request {
    /// The good one, or the one that is to be broken, with the lines that were changed there.
    pub(super) fn at(place: &Place) -> Self {
        let (prefix, mut request) = match place.step_id() {
            BREAK => (LINE, presets::of(place).request()),
            _ => (OWN, Self::default()),
        };
        for (index, line) in request.0.iter_mut().enumerate() {
            if let Some((on, text)) = place.input(&name(prefix, index)).and_then(|value| value.split_at_checked(1)) {
                *line = Written { on: on == "1", text: text.into() };
            }
        }
        request
    }

    /// The same without a line.
    pub(super) fn without(&self, index: usize) -> Self {
        let mut request = self.clone();
        request.0[index].on = false;
        request
    }

    /// The bytes, and which of them are which line's.
    pub(super) fn to_bytes(&self) -> (Vec<u8>, Vec<Span>) {
        let mut bytes = Vec::new();
        let mut spans = Vec::new();
        for line in &self.0 {
            let start = bytes.len();
            if line.on && !line.text.is_empty() {
                bytes.extend(unpictured(&line.text).bytes());
                if bytes.last() != Some(&b'\n') {
                    bytes.extend(b"\r\n");
                }
            }
            spans.push(Span::new(start, bytes.len()));
        }
        bytes.extend(b"\r\n");
        (bytes, spans)
    }

    /// What the server answers, by core's strict verdict; `None` while it waits for more.
    pub(super) fn answer(&self) -> Option<Vec<u8>> {
        let (bytes, _) = self.to_bytes();
        Some(match read(&bytes)? {
            Ok(head) => match judge(&head, &Policy::default()) {
                Ok(acceptance) => acceptance.response(),
                Err(rejection) => rejection.response(),
            },
            Err(status) => ["HTTP/1.1 ", &status.to_string(), " \r\n\r\n"].concat().into_bytes(),
        })
    }

    /// The first line of the answer.
    pub(super) fn status_line(&self) -> Option<String> {
        self.answer().map(|answer| first_line(&answer))
    }

    /// The answer's status code, in digits.
    pub(super) fn status(&self) -> Option<String> {
        Some(self.status_line()?.get(9..12)?.to_owned())
    }

    /// All that a lenient reading finds wrong, in the order of the checks.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let (bytes, _) = self.to_bytes();
        let mut findings = Vec::new();
        if let Some(Ok(head)) = read(&bytes) {
            let Ok(_) = examine(&head, &Policy::default(), &mut findings);
        }
        findings
    }

    /// The one for which the server refuses.
    pub(super) fn fatal(&self) -> Option<Finding> {
        let (bytes, _) = self.to_bytes();
        let head = read(&bytes)?.ok()?;
        judge(&head, &Policy::default()).err().map(|Rejection { finding, .. }| finding)
    }

    /// As it is shown, with inputs of this prefix.
    pub(super) fn lines(&self, prefix: &str, findings: &[Finding]) -> Vec<Line> {
        let (_, spans) = self.to_bytes();
        let lines = self.0.iter().zip(spans).enumerate();
        let line = |(index, (line, span)): (usize, (&Written, Span))| Line {
            name: name(prefix, index),
            on: line.on,
            text: line.text.clone(),
            broken: findings.iter().any(|finding| finding.span.start < span.end && span.start < finding.span.end),
            why: None,
            without: None,
            because: None,
        };
        lines.map(line).collect()
    }
}

/// The name of a line's input.
pub(super) fn name(prefix: &str, index: usize) -> String {
    [prefix, &index.to_string()].concat()
}

/// The first line of a head.
pub(super) fn first_line(head: &[u8]) -> String {
    let line = head.split(|&byte| byte == b'\r').next().unwrap_or_default();
    String::from_utf8_lossy(line).into_owned()
}

fn read(bytes: &[u8]) -> Option<Result<RequestHead<'_>, u16>> {
    RequestHead::read(bytes, &Limits::default()).map_err(|too_large| too_large.status()).transpose()
}

/// Control characters are written as their pictures: ␊ for a line feed.
fn unpictured(text: &str) -> String {
    let plain = |c: char| match u32::from(c) {
        code @ 0x2400..0x2420 => char::from_u32(code - 0x2400).unwrap_or(c),
        _ => c,
    };
    text.chars().map(plain).collect()
}

/// The step with the request that is to be broken, and the prefix of its lines' inputs.
pub(super) const BREAK: &str = "break";
pub(super) const LINE: &str = "line";
/// The prefix of the inputs of the request that one builds.
pub(super) const OWN: &str = "own";
/// The number of a header's line.
pub(super) const UPGRADE: usize = 2;

static LINES: [(bool, &str); 10] = [
    (true, "GET /ws/echo HTTP/1.1"),
    (true, "Host: localhost:8101"),
    (true, "Upgrade: websocket"),
    (true, "Connection: Upgrade"),
    (true, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
    (true, "Sec-WebSocket-Version: 13"),
    (true, "Origin: http://localhost:8101"),
    (false, "Sec-WebSocket-Protocol: chat"),
    (false, "Sec-WebSocket-Extensions: permessage-deflate"),
    (true, ""),
];

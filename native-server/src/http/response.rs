//! Responses.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::date;
use super::outgoing::Outgoing;

/// A response with a known length.
#[derive(Debug)]
pub(super) struct Response {
    status: u16,
    fields: String,
    body: Cow<'static, [u8]>,
    dated: bool,
}

impl Response {
    /// A response of the page's kind.
    pub(super) fn new(status: u16, media_type: &str, body: impl Into<Cow<'static, [u8]>>) -> Self {
        let mut response = Self { status, fields: String::new(), body: body.into(), dated: true };
        if !matches!(status, 204 | 304) {
            response.add("Content-Type", media_type);
            response.add("X-Content-Type-Options", "nosniff");
        }
        response
    }

    /// A sentence for a person.
    pub(super) fn sentence(status: u16, sentence: &str) -> Self {
        let mut response = Self::new(status, "text/plain; charset=utf-8", format!("{sentence}\n").into_bytes());
        response.add("Cache-Control", "no-store");
        response
    }

    /// The laboratory's: as few bytes of head as are right. The type has to be there, because a browser that guesses would
    /// take text that came from a request for a page; the date does not, and is left out for the comparison's sake.
    pub(super) fn minimal(body: Vec<u8>) -> Self {
        Self { status: 200, fields: "Content-Type: text/plain\r\n".to_owned(), body: body.into(), dated: false }
    }

    /// The laboratory's when there is nothing.
    pub(super) fn nothing() -> Self {
        Self { status: 204, fields: String::new(), body: Cow::Borrowed(b""), dated: false }
    }

    /// Adds a field. Neither part may come from a request without having been checked.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        debug_assert!(!value.contains(['\r', '\n']));
        // Writing into a String cannot fail.
        let _ = write!(self.fields, "{name}: {value}\r\n");
    }

    /// The same with another field.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.add(name, value);
        self
    }

    /// Appends it to what is to be written; without its body if it answers a HEAD request. `close` tells that it is the last.
    pub(super) fn write(self, head_only: bool, close: bool, out: &mut Outgoing) {
        let mut head = format!("HTTP/1.1 {} {}\r\n{}", self.status, reason(self.status), self.fields);
        if self.dated {
            let _ = write!(head, "Date: {}\r\n", date::now());
        }
        if !matches!(self.status, 204 | 304) {
            let _ = write!(head, "Content-Length: {}\r\n", self.body.len());
        }
        if close {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        out.push(head.into_bytes().into());
        if !head_only && !matches!(self.status, 204 | 304) {
            out.push(self.body);
        }
    }
}

/// The phrase that goes with a status code of this server.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        411 => "Length Required",
        413 => "Content Too Large",
        414 => "URI Too Long",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        // The phrase is optional (RFC 9112 §4).
        _ => "",
    }
}

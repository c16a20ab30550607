//! The client's side: the request, and the checks of the response (RFC 6455 §4.1).

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use super::accept::AcceptSteps;
use super::{VERSION, extension_offers};
use crate::Span;
use crate::head::{ResponseHead, trim};
use crate::rules::{Finding, Judge, Violation};

/// What a client asks for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `host` or `host:port`, as in the URL.
    pub host: &'a str,
    /// Path and query, beginning with `/`.
    pub target: &'a str,
    /// The `Sec-WebSocket-Key`: see [`key_from_nonce`](super::accept::key_from_nonce).
    pub key: &'a str,
    /// The subprotocols on offer, the preferred one first.
    pub protocols: &'a [&'a str],
    /// Further fields, e.g. `Origin`. The caller keeps line ends out of them.
    pub fields: &'a [(&'a str, &'a str)],
}

impl Request<'_> {
    /// The bytes of the request.
    pub fn to_bytes(&self) -> Vec<u8> {
        let protocols = self.protocols.join(", ");
        let mut request = ["GET ", self.target, " HTTP/1.1\r\n"].concat();
        let own = [
            ("Host", self.host),
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", self.key),
            ("Sec-WebSocket-Version", VERSION),
        ];
        let offer = (!protocols.is_empty()).then_some(("Sec-WebSocket-Protocol", protocols.as_str()));
        for (name, value) in own.iter().chain(&offer).chain(self.fields) {
            for part in [name, ": ", value, "\r\n"] {
                request.push_str(part);
            }
        }
        request.push_str("\r\n");
        request.into_bytes()
    }
}

/// What was agreed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Established {
    /// The subprotocol that the server selected.
    pub protocol: Option<String>,
}

/// All that a client checks in the response to a request with this `key` and these `protocols`, in the RFC's order. No extension was
/// offered.
pub fn check<J: Judge>(
    head: &ResponseHead<'_>,
    key: &str,
    protocols: &[&str],
    judge: &mut J,
) -> Result<Established, J::Stop> {
    for &finding in &head.findings {
        judge.broken(finding)?;
    }
    let missing = head.end_span();
    let line = |name| head.fields.named(name).next().map_or(missing, |field| field.line);
    let mut broken = |violation, span: Span| judge.broken(Finding { violation, span });
    if head.status_code != 101 && head.status_code != 0 {
        broken(Violation::StatusNotSwitching, head.status)?;
    }
    if !head.fields.has_token("upgrade", "websocket") {
        broken(Violation::ResponseUpgradeInvalid, line("upgrade"))?;
    }
    if !head.fields.has_token("connection", "upgrade") {
        broken(Violation::ResponseConnectionInvalid, line("connection"))?;
    }
    let mut accepts = head.fields.named("sec-websocket-accept");
    match (accepts.next(), accepts.next()) {
        (None, _) => broken(Violation::AcceptMissing, missing)?,
        (Some(_), Some(second)) => broken(Violation::AcceptRepeated, second.line)?,
        (Some(accept), None) if accept.value.of(head.bytes()) != AcceptSteps::new(key).accept.as_bytes() => {
            broken(Violation::AcceptWrong, accept.value)?;
        }
        _ => {}
    }
    let extensions = "sec-websocket-extensions";
    if extension_offers(head.fields.values(extensions)).map_or(true, |accepted| !accepted.is_empty()) {
        broken(Violation::ExtensionNotOffered, line(extensions))?;
    }
    let mut protocol = None;
    for field in head.fields.named("sec-websocket-protocol") {
        let value = trim(field.value.of(head.bytes()));
        let offered = protocols.iter().find(|ours| ours.as_bytes() == value);
        match (offered, &protocol) {
            (Some(&offered), None) => protocol = Some(offered.to_owned()),
            _ => broken(Violation::ProtocolNotOffered, field.line)?,
        }
    }
    Ok(Established { protocol })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handshake::server;
    use crate::head::{Limits, RequestHead};
    use crate::rules::Strict;
    use std::string::ToString as _;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
    const EXAMPLE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n";

    fn verdict(response: &str) -> Result<Established, Violation> {
        let head = ResponseHead::read(response.as_bytes(), &Limits::default()).unwrap().unwrap();
        check(&head, KEY, &["chat", "superchat"], &mut Strict).map_err(|finding| finding.violation)
    }

    #[test]
    fn the_rfcs_example() {
        assert_eq!(verdict(EXAMPLE), Ok(Established { protocol: Some("chat".to_string()) }));
    }

    #[test]
    fn every_rule_of_the_response_is_provoked() {
        use Violation::*;
        for (from, to, violation) in [
            ("HTTP/1.1 101", "HTTP/1.1 x01", StatusLineMalformed),
            ("101 Switching Protocols", "200 OK", StatusNotSwitching),
            ("Upgrade: websocket\r\n", "", ResponseUpgradeInvalid),
            ("Upgrade: websocket", "Upgrade: h2c", ResponseUpgradeInvalid),
            ("Connection: Upgrade\r\n", "", ResponseConnectionInvalid),
            ("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", "", AcceptMissing),
            ("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=", AcceptWrong),
            ("Connection: Upgrade", "Connection: Upgrade\r\nSec-WebSocket-Accept: x", AcceptRepeated),
            (": chat", ": other", ProtocolNotOffered),
            (": chat", ": chat\r\nSec-WebSocket-Protocol: chat", ProtocolNotOffered),
            ("Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Extensions: permessage-deflate", ExtensionNotOffered),
        ] {
            assert_eq!(verdict(&EXAMPLE.replacen(from, to, 1)), Err(violation), "{to}");
        }
    }

    #[test]
    fn our_request_is_accepted_by_our_server() {
        let request =
            Request { host: "a:1", target: "/x", key: KEY, protocols: &["chat"], fields: &[("Origin", "null")] };
        let bytes = request.to_bytes();
        let head = RequestHead::read(&bytes, &Limits::default()).unwrap().unwrap();
        let acceptance = server::judge(&head, &server::Policy { protocols: &["chat"] }).unwrap();
        let response = acceptance.response();
        let response = ResponseHead::read(&response, &Limits::default()).unwrap().unwrap();
        let established = check(&response, KEY, &["chat"], &mut Strict);
        assert_eq!(established, Ok(Established { protocol: Some("chat".to_string()) }));
    }
}

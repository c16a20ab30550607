//! The client's side: the request, and the checks of the response (RFC 6455 §4.1).

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use super::accept::AcceptSteps;
use super::{VERSION, deflate, extension_offers};
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
    /// Offer permessage-deflate.
    pub compression: bool,
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
        let protocols = (!protocols.is_empty()).then_some(("Sec-WebSocket-Protocol", protocols.as_str()));
        let extensions = self.compression.then_some(("Sec-WebSocket-Extensions", deflate::OFFER));
        for (name, value) in own.iter().chain(&protocols).chain(&extensions).chain(self.fields) {
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
    /// permessage-deflate, if the server accepted it.
    pub deflate: Option<deflate::Parameters>,
}

/// What was asked for, as far as the response is measured by it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offer<'a> {
    /// The `Sec-WebSocket-Key`.
    pub key: &'a str,
    /// The subprotocols.
    pub protocols: &'a [&'a str],
    /// permessage-deflate.
    pub compression: bool,
}

/// All that a client checks in the response to its offer, in the RFC's order.
pub fn check<J: Judge>(head: &ResponseHead<'_>, offer: &Offer<'_>, judge: &mut J) -> Result<Established, J::Stop> {
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
        (Some(accept), None) if accept.value.of(head.bytes()) != AcceptSteps::new(offer.key).accept.as_bytes() => {
            broken(Violation::AcceptWrong, accept.value)?;
        }
        _ => {}
    }
    let extensions = "sec-websocket-extensions";
    let mut deflate = None;
    match extension_offers(head.fields.values(extensions)).as_deref() {
        Ok([]) => {}
        Ok([accepted]) if offer.compression && accepted.name == deflate::NAME => {
            deflate = deflate::Parameters::from_response(accepted);
            if deflate.is_none() {
                broken(Violation::DeflateParametersInvalid, line(extensions))?;
            }
        }
        _ => broken(Violation::ExtensionNotOffered, line(extensions))?,
    }
    let mut protocol = None;
    for field in head.fields.named("sec-websocket-protocol") {
        let value = trim(field.value.of(head.bytes()));
        let offered = offer.protocols.iter().find(|ours| ours.as_bytes() == value);
        match (offered, &protocol) {
            (Some(&offered), None) => protocol = Some(offered.to_owned()),
            _ => broken(Violation::ProtocolNotOffered, field.line)?,
        }
    }
    Ok(Established { protocol, deflate })
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
        let offer = Offer { key: KEY, protocols: &["chat", "superchat"], compression: false };
        check(&head, &offer, &mut Strict).map_err(|finding| finding.violation)
    }

    #[test]
    fn the_rfcs_example() {
        assert_eq!(verdict(EXAMPLE), Ok(Established { protocol: Some("chat".to_string()), deflate: None }));
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
        let offer = Offer { key: KEY, protocols: &["chat"], compression: true };
        let fields = &[("Origin", "null")];
        let Offer { key, protocols, compression } = offer;
        let bytes = Request { host: "a:1", target: "/x", key, protocols, compression, fields }.to_bytes();
        let head = RequestHead::read(&bytes, &Limits::default()).unwrap().unwrap();
        let acceptance = server::judge(&head, &server::Policy { protocols, compression }).unwrap();
        let response = acceptance.response();
        let response = ResponseHead::read(&response, &Limits::default()).unwrap().unwrap();
        let established = check(&response, &offer, &mut Strict).unwrap();
        assert_eq!(established.protocol.as_deref(), Some("chat"));
        assert_eq!(established.deflate, acceptance.deflate);
        assert!(established.deflate.is_some());
    }

    #[test]
    fn extensions_and_their_parameters_are_checked() {
        let verdict = |value: &str| {
            let response = EXAMPLE.replace("Protocol: chat", &["Extensions: ", value].concat());
            let head = ResponseHead::read(response.as_bytes(), &Limits::default()).unwrap().unwrap();
            check(&head, &Offer { key: KEY, protocols: &[], compression: true }, &mut Strict)
                .map(|established| established.deflate.is_some())
                .map_err(|finding| finding.violation)
        };
        assert_eq!(verdict("permessage-deflate"), Ok(true));
        assert_eq!(verdict("permessage-deflate; x"), Err(Violation::DeflateParametersInvalid));
        assert_eq!(verdict("permessage-deflate, permessage-deflate"), Err(Violation::ExtensionNotOffered));
        assert_eq!(verdict("other"), Err(Violation::ExtensionNotOffered));
    }
}

//! The server's side: is this head an upgrade request, and what is the answer (RFC 6455 §4.2)?

use alloc::string::String;
use alloc::vec::Vec;
use alloc::{borrow::ToOwned as _, format};

use super::accept::{AcceptSteps, nonce_from_key};
use super::{ExtensionOffer, VERSION, deflate, extension_offers};
use crate::Span;
use crate::head::{BodyLength, RequestHead, is_token_byte};
use crate::rules::{Answer, Finding, Judge, Strict, Violation};

/// What a server offers on a path.
#[derive(Clone, Copy, Debug, Default)]
pub struct Policy<'a> {
    /// The subprotocols that it speaks. The first one of the client's that is among them is selected.
    pub protocols: &'a [&'a str],
    /// Accept permessage-deflate when it is offered.
    pub compression: bool,
}

/// The request is in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// From the client's key to the accept value.
    pub accept: AcceptSteps,
    /// The subprotocol that was selected.
    pub protocol: Option<String>,
    /// The extensions that the client offers.
    pub offers: Vec<ExtensionOffer>,
    /// permessage-deflate, if it was accepted.
    pub deflate: Option<deflate::Parameters>,
}

impl Acceptance {
    /// The bytes of the 101 response, up to its empty line. Frames begin right behind them.
    pub fn response(&self) -> Vec<u8> {
        let mut response = String::with_capacity(160);
        response.push_str("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
        field(&mut response, "Sec-WebSocket-Accept", &self.accept.accept);
        if let Some(protocol) = &self.protocol {
            field(&mut response, "Sec-WebSocket-Protocol", protocol);
        }
        if let Some(parameters) = &self.deflate {
            field(&mut response, "Sec-WebSocket-Extensions", &parameters.response());
        }
        response.push_str("\r\n");
        response.into_bytes()
    }
}

/// The request breaks a rule, and is refused for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Which rule, and where.
    pub finding: Finding,
    /// A response to HEAD has no body.
    is_head_request: bool,
}

impl Rejection {
    /// The refusal of `head` for what was found in it.
    pub fn new(head: &RequestHead<'_>, finding: Finding) -> Self {
        Self { finding, is_head_request: head.method() == "HEAD" }
    }

    /// The status code, 400 to 505.
    pub fn status(&self) -> u16 {
        match self.finding.violation.answer() {
            Answer::Status(code) => code,
            _ => 400,
        }
    }

    /// The bytes of the whole response. Its body says in a sentence what is wrong; the connection ends behind it.
    pub fn response(&self) -> Vec<u8> {
        let violation = self.finding.violation;
        let (status, reason) = match self.status() {
            405 => (405, "Method Not Allowed"),
            426 => (426, "Upgrade Required"),
            505 => (505, "HTTP Version Not Supported"),
            _ => (400, "Bad Request"),
        };
        let body = format!("{} ({})\n", violation.sentence(), violation.section());
        let mut response = format!("HTTP/1.1 {status} {reason}\r\n");
        match status {
            405 => field(&mut response, "Allow", "GET"),
            426 => {
                // RFC 9110 §15.5.22 wants the Upgrade field, RFC 6455 §4.4 the version.
                field(&mut response, "Upgrade", "websocket");
                field(&mut response, "Connection", "Upgrade, close");
                field(&mut response, "Sec-WebSocket-Version", VERSION);
            }
            _ => {}
        }
        if status != 426 {
            field(&mut response, "Connection", "close");
        }
        field(&mut response, "Content-Type", "text/plain; charset=utf-8");
        field(&mut response, "Content-Length", &format!("{}", body.len()));
        response.push_str("\r\n");
        if !self.is_head_request {
            response.push_str(&body);
        }
        response.into_bytes()
    }
}

fn field(response: &mut String, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        response.push_str(part);
    }
}

/// The strict verdict on a request's head.
pub fn judge(head: &RequestHead<'_>, policy: &Policy<'_>) -> Result<Acceptance, Rejection> {
    let refused = |finding| Rejection::new(head, finding);
    let acceptance = examine(head, policy, &mut Strict).map_err(refused)?;
    acceptance.ok_or_else(|| refused(Finding { violation: Violation::KeyMissing, span: head.end_span() }))
}

/// All that a server checks, in its order: first what [`RequestHead::read`] found, then the rules of the upgrade.
///
/// For a judge who goes on, the acceptance is what it would be if the rest were in order; `None` without a key.
pub fn examine<J: Judge>(
    head: &RequestHead<'_>,
    policy: &Policy<'_>,
    judge: &mut J,
) -> Result<Option<Acceptance>, J::Stop> {
    for &finding in &head.findings {
        judge.broken(finding)?;
    }
    let missing = head.end_span();
    let mut broken = |violation, span| judge.broken(Finding { violation, span });
    if head.minor_version == 0 && !head.version.is_empty() {
        broken(Violation::HttpVersionUnsupported, head.version)?;
    }
    if head.method.of(head.bytes()) != b"GET" && !head.method.is_empty() {
        broken(Violation::MethodNotGet, head.method)?;
    }
    if !head.fields.has_token("upgrade", "websocket") {
        match first_line(head, "upgrade") {
            Some(line) => broken(Violation::UpgradeNotWebSocket, line)?,
            None => broken(Violation::UpgradeMissing, missing)?,
        }
    }
    if !head.fields.has_token("connection", "upgrade") {
        broken(Violation::ConnectionNotUpgrade, first_line(head, "connection").unwrap_or(missing))?;
    }
    check_version(head, &mut broken)?;
    let key = check_key(head, &mut broken)?;
    if let Some(second) = head.fields.named("origin").nth(1) {
        broken(Violation::OriginRepeated, second.line)?;
    }
    if head.body() != BodyLength::Bytes(0) {
        let line = first_line(head, "transfer-encoding").or_else(|| first_line(head, "content-length"));
        broken(Violation::UpgradeWithBody, line.unwrap_or(missing))?;
    }
    let protocol = select_protocol(head, policy, &mut broken)?;
    let offers = match extension_offers(head.fields.values("sec-websocket-extensions")) {
        Ok(offers) => offers,
        Err(_) => {
            let line = first_line(head, "sec-websocket-extensions").unwrap_or(missing);
            broken(Violation::ExtensionsMalformed, line)?;
            Vec::new()
        }
    };
    let deflate = if policy.compression { deflate::accept(&offers) } else { None };
    Ok(key.map(|key| Acceptance { accept: AcceptSteps::new(key), protocol, offers, deflate }))
}

fn first_line(head: &RequestHead<'_>, name: &str) -> Option<Span> {
    head.fields.named(name).next().map(|field| field.line)
}

fn check_version<E>(
    head: &RequestHead<'_>,
    broken: &mut impl FnMut(Violation, Span) -> Result<(), E>,
) -> Result<(), E> {
    let mut versions = head.fields.named("sec-websocket-version");
    match (versions.next(), versions.next()) {
        (None, _) => broken(Violation::VersionMissing, head.end_span()),
        (Some(_), Some(second)) => broken(Violation::VersionRepeated, second.line),
        (Some(version), None) if version.value.of(head.bytes()) != VERSION.as_bytes() => {
            broken(Violation::VersionUnsupported, version.value)
        }
        _ => Ok(()),
    }
}

fn check_key<'a, E>(
    head: &RequestHead<'a>,
    broken: &mut impl FnMut(Violation, Span) -> Result<(), E>,
) -> Result<Option<&'a str>, E> {
    let mut keys = head.fields.named("sec-websocket-key");
    let Some(key) = keys.next() else {
        broken(Violation::KeyMissing, head.end_span())?;
        return Ok(None);
    };
    if let Some(second) = keys.next() {
        broken(Violation::KeyRepeated, second.line)?;
    }
    let value = key.value.of(head.bytes());
    if nonce_from_key(value).is_none() {
        broken(Violation::KeyInvalid, if key.value.is_empty() { key.line } else { key.value })?;
    }
    Ok(core::str::from_utf8(value).ok())
}

fn select_protocol<E>(
    head: &RequestHead<'_>,
    policy: &Policy<'_>,
    broken: &mut impl FnMut(Violation, Span) -> Result<(), E>,
) -> Result<Option<String>, E> {
    let name = "sec-websocket-protocol";
    let Some(line) = first_line(head, name) else { return Ok(None) };
    let offered: Vec<&[u8]> = head.fields.members(name).collect();
    if offered.is_empty() || !offered.iter().all(|member| member.iter().copied().all(is_token_byte)) {
        broken(Violation::ProtocolInvalid, line)?;
    }
    if offered.iter().enumerate().any(|(index, member)| offered[..index].contains(member)) {
        broken(Violation::ProtocolRepeated, line)?;
    }
    let selected = offered.iter().find_map(|member| policy.protocols.iter().find(|ours| ours.as_bytes() == *member));
    Ok(selected.map(|&protocol| protocol.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::Limits;
    use std::string::ToString as _;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// RFC 6455 §1.3.
    const EXAMPLE: &str = "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://example.com\r\n\
        Sec-WebSocket-Protocol: chat, superchat\r\nSec-WebSocket-Version: 13\r\n\r\n";

    fn verdict(request: &str) -> Result<Acceptance, Rejection> {
        let head = RequestHead::read(request.as_bytes(), &Limits::default()).unwrap().unwrap();
        judge(&head, &Policy { protocols: &["chat"], ..Policy::default() })
    }

    #[test]
    fn the_rfcs_example() {
        let acceptance = verdict(EXAMPLE).unwrap();
        assert_eq!(
            String::from_utf8(acceptance.response()).unwrap(),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n"
        );
    }

    #[test]
    fn every_rule_of_the_upgrade_is_provoked() {
        use Violation::*;
        for (from, to, violation, status) in [
            ("GET /", "POST /", MethodNotGet, 405),
            ("HTTP/1.1", "HTTP/1.0", HttpVersionUnsupported, 505),
            ("Upgrade: websocket\r\n", "", UpgradeMissing, 426),
            ("Upgrade: websocket", "Upgrate: websocket", UpgradeMissing, 426),
            ("Upgrade: websocket", "Upgrate : websocket", SpaceBeforeColon, 400),
            ("Upgrade: websocket", "Upgrade: h2c", UpgradeNotWebSocket, 426),
            ("Connection: Upgrade\r\n", "", ConnectionNotUpgrade, 400),
            ("Connection: Upgrade", "Connection: keep-alive", ConnectionNotUpgrade, 400),
            ("Sec-WebSocket-Version: 13\r\n", "", VersionMissing, 426),
            ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", VersionUnsupported, 426),
            ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 013", VersionUnsupported, 426),
            (
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13",
                VersionRepeated,
                400,
            ),
            ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", KeyMissing, 400),
            ("dGhlIHNhbXBsZSBub25jZQ==", "", KeyInvalid, 400),
            ("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=", KeyInvalid, 400),
            ("Origin:", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin:", KeyRepeated, 400),
            ("Origin:", "Origin: null\r\nOrigin:", OriginRepeated, 400),
            ("chat, superchat", "chat, chat", ProtocolRepeated, 400),
            ("chat, superchat", "chat room", ProtocolInvalid, 400),
            ("chat, superchat", "", ProtocolInvalid, 400),
            ("Origin:", "Sec-WebSocket-Extensions: ;=,\r\nOrigin:", ExtensionsMalformed, 400),
            ("Origin:", "Content-Length: 5\r\nOrigin:", UpgradeWithBody, 400),
            ("Origin:", "Transfer-Encoding: chunked\r\nOrigin:", UpgradeWithBody, 400),
        ] {
            let request = EXAMPLE.replacen(from, to, 1);
            let rejection = verdict(&request).expect_err(&request);
            assert_eq!((rejection.finding.violation, rejection.status()), (violation, status), "{request}");
            let response = String::from_utf8(rejection.response()).unwrap();
            assert!(response.contains(violation.section()));
            assert_eq!(response.contains("\r\nSec-WebSocket-Version: 13\r\n"), status == 426);
            assert_eq!(response.contains("\r\nAllow: GET\r\n"), status == 405);
        }
    }

    #[test]
    fn a_lenient_judge_hears_of_everything() {
        let request = "POST / HTTP/1.0\r\nUpgrate : websocket\r\n\r\n";
        let head = RequestHead::read(request.as_bytes(), &Limits::default()).unwrap().unwrap();
        let mut findings = Vec::new();
        assert_eq!(examine(&head, &Policy::default(), &mut findings), Ok(None));
        assert_eq!(findings.len(), 7, "{findings:?}");
    }

    #[test]
    fn compression_is_agreed_on_only_where_the_policy_has_it() {
        let request = EXAMPLE.replace("Origin:", "Sec-WebSocket-Extensions: permessage-deflate\r\nOrigin:");
        let head = RequestHead::read(request.as_bytes(), &Limits::default()).unwrap().unwrap();
        for compression in [false, true] {
            let acceptance = judge(&head, &Policy { compression, ..Policy::default() }).unwrap();
            let response = String::from_utf8(acceptance.response()).unwrap();
            assert_eq!(response.contains("\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"), compression);
        }
    }

    #[test]
    fn protocols_are_taken_in_the_clients_order_and_only_from_its_offer() {
        let select = |offer: &str, protocols: &[&str]| {
            let request = EXAMPLE.replace("chat, superchat", offer);
            let head = RequestHead::read(request.as_bytes(), &Limits::default()).unwrap().unwrap();
            judge(&head, &Policy { protocols, ..Policy::default() }).unwrap().protocol
        };
        assert_eq!(select("b, a", &["a", "b"]), Some("b".to_string()));
        assert_eq!(select("b\r\nSec-WebSocket-Protocol: a", &["a"]), Some("a".to_string()));
        assert_eq!(select("b", &["a"]), None);
    }
}

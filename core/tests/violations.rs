//! Every rule is broken on the wire: the lenient reading names it, and a strict end refuses what is fatal. A rule without bytes that
//! break it does not compile.

#![allow(clippy::unwrap_used, reason = "all of it is tests")]

use hex_literal::hex;
use ws101_core::Role;
use ws101_core::dissect::FrameDissector;
use ws101_core::handshake::{client, server};
use ws101_core::head::{Limits, RequestHead, ResponseHead};
use ws101_core::rules::{Finding, Severity, Strict, Violation};

#[cfg(feature = "deflate")]
use ws101_core::handshake::deflate::Parameters;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const REQUEST: &str = "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// What breaks a rule.
enum Wire {
    /// The request above, with one thing in the place of another.
    Request(&'static str, &'static str),
    /// The response above.
    Response(&'static str, &'static str),
    /// What a client sends.
    Frames(&'static [u8]),
    /// What a server sends.
    FramesOfServer(&'static [u8]),
    /// What a client sends where compression was agreed on.
    Compressed(&'static [u8]),
}

fn broken(violation: Violation) -> Wire {
    use Violation::*;
    use Wire::{Compressed, Frames, FramesOfServer, Request, Response};
    const LAST: &str = "\r\n\r\n";
    match violation {
        RequestLineMalformed => Request("GET /chat", "GET"),
        TargetInvalid => Request("/chat", "chat"),
        HttpVersionUnsupported => Request("HTTP/1.1", "HTTP/2.0"),
        StatusLineMalformed => Response("101", "1O1"),
        BareLineFeed => Request("Host: a\r\n", "Host: a\n"),
        BareCarriageReturn => Request(LAST, "\r\nA: b\rc\r\n\r\n"),
        SpaceBeforeFirstField => Request("Host", " Host"),
        LineFolding => Request("Upgrade:", " a\r\nUpgrade:"),
        ColonMissing => Request(LAST, "\r\nA\r\n\r\n"),
        SpaceBeforeColon => Request("Upgrade:", "Upgrade :"),
        FieldNameInvalid => Request(LAST, "\r\nA(: b\r\n\r\n"),
        FieldValueInvalid => Request(LAST, "\r\nA: \0\r\n\r\n"),
        HostMissing => Request("Host: a\r\n", ""),
        HostRepeated => Request("Host: a", "Host: a\r\nHost: a"),
        HostInvalid => Request("Host: a", "Host: a b"),
        ContentLengthInvalid => Request(LAST, "\r\nContent-Length: x\r\n\r\n"),
        BodyLengthAmbiguous => Request(LAST, "\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        MethodNotGet => Request("GET", "PUT"),
        UpgradeMissing => Request("Upgrade: websocket\r\n", ""),
        UpgradeNotWebSocket => Request("websocket", "h2c"),
        ConnectionNotUpgrade => Request("Connection: Upgrade", "Connection: close"),
        VersionMissing => Request("Sec-WebSocket-Version: 13\r\n", ""),
        VersionRepeated => Request(LAST, "\r\nSec-WebSocket-Version: 13\r\n\r\n"),
        VersionUnsupported => Request("13", "8"),
        KeyMissing => Request("Sec-WebSocket-Key", "Sec-WebSocket-Keys"),
        KeyRepeated => Request(LAST, "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
        KeyInvalid => Request("ZQ==", "ZR=="),
        OriginRepeated => Request(LAST, "\r\nOrigin: null\r\nOrigin: null\r\n\r\n"),
        ProtocolInvalid => Request(LAST, "\r\nSec-WebSocket-Protocol: a b\r\n\r\n"),
        ProtocolRepeated => Request(LAST, "\r\nSec-WebSocket-Protocol: a, a\r\n\r\n"),
        ExtensionsMalformed => Request(LAST, "\r\nSec-WebSocket-Extensions: a;\r\n\r\n"),
        UpgradeWithBody => Request(LAST, "\r\nContent-Length: 1\r\n\r\n"),
        StatusNotSwitching => Response("101 Switching Protocols", "200 OK"),
        ResponseUpgradeInvalid => Response("websocket", "h2c"),
        ResponseConnectionInvalid => Response("Connection: Upgrade", "Connection: close"),
        AcceptMissing => Response("Sec-WebSocket-Accept", "Sec-WebSocket-Accepted"),
        AcceptRepeated => Response(LAST, "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"),
        AcceptWrong => Response("s3pP", "S3pP"),
        ProtocolNotOffered => Response(LAST, "\r\nSec-WebSocket-Protocol: a\r\n\r\n"),
        ExtensionNotOffered => Response(LAST, "\r\nSec-WebSocket-Extensions: a\r\n\r\n"),
        DeflateParametersInvalid => Response(LAST, "\r\nSec-WebSocket-Extensions: permessage-deflate; a\r\n\r\n"),
        ReservedBitSet => Frames(&hex!("c1 80 00000000")),
        CompressedControl => Compressed(&hex!("c9 80 00000000")),
        CompressedContinuation => Compressed(&hex!("41 80 00000000 c0 80 00000000")),
        NotDeflate => Compressed(&hex!("c2 82 00000000 ffff")),
        OpcodeReserved => Frames(&hex!("83 80 00000000")),
        MaskMissing => Frames(&hex!("81 00")),
        MaskUnexpected => FramesOfServer(&hex!("81 80 00000000")),
        LengthNotMinimal => Frames(&hex!("82 fe 0001 00000000 61")),
        LengthTopBitSet => Frames(&hex!("82 ff 8000000000000000 00000000")),
        ControlTooLong => Frames(&hex!("89 fe 007e 00000000")),
        ControlFragmented => Frames(&hex!("09 80 00000000")),
        ContinuationUnexpected => Frames(&hex!("80 80 00000000")),
        MessageInterleaved => Frames(&hex!("01 80 00000000 81 80 00000000")),
        TextNotUtf8 => Frames(&hex!("81 81 00000000 ff")),
        CloseLengthOne => Frames(&hex!("88 81 00000000 03")),
        CloseCodeInvalid => Frames(&hex!("88 82 00000000 03ed")),
        CloseReasonNotUtf8 => Frames(&hex!("88 83 00000000 03e8 ff")),
        FrameAfterClose => Frames(&hex!("88 80 00000000 81 80 00000000")),
    }
}

fn once(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// What the lenient reading finds, and whether a strict end refuses.
fn verdicts(wire: &Wire) -> (Vec<Finding>, bool) {
    let mut findings = Vec::new();
    let (reader, stream, compressed) = match *wire {
        Wire::Request(from, to) => {
            let request = once(REQUEST, from, to);
            let head = RequestHead::read(request.as_bytes(), &Limits::default()).unwrap().unwrap();
            let policy = server::Policy::default();
            let Ok(_) = server::examine(&head, &policy, &mut findings);
            return (findings, server::judge(&head, &policy).is_err());
        }
        Wire::Response(from, to) => {
            let response = once(RESPONSE, from, to);
            let head = ResponseHead::read(response.as_bytes(), &Limits::default()).unwrap().unwrap();
            let offer = client::Offer { key: KEY, protocols: &[], compression: true };
            let Ok(_) = client::check(&head, &offer, &mut findings);
            return (findings, client::check(&head, &offer, &mut Strict).is_err());
        }
        Wire::Frames(stream) => (Role::Server, stream, false),
        Wire::FramesOfServer(stream) => (Role::Client, stream, false),
        Wire::Compressed(stream) => (Role::Server, stream, true),
    };
    let mut dissector = FrameDissector::new(reader, 0);
    if compressed {
        #[cfg(feature = "deflate")]
        {
            dissector = FrameDissector::inflating(reader, 0, &Parameters::default());
        }
    }
    while let Some(frame) = dissector.next_frame(stream) {
        findings.extend(frame.findings);
    }
    findings.extend(dissector.partial_frame(stream).into_iter().flat_map(|frame| frame.findings));
    (findings, refuses(reader, compressed, stream))
}

fn refuses(reader: Role, compressed: bool, stream: &[u8]) -> bool {
    use ws101_core::connection::{Client, Config, Connection, Event, Input, Masking, Server};
    use ws101_core::message::Joiner;

    fn run<M: Masking>(masking: M, compressed: bool, stream: &[u8]) -> bool {
        let config = Config { compression: compressed, ..Config::default() };
        let mut connection = Connection::new(masking, config, Default::default());
        let mut joiner = Joiner::new();
        #[cfg(feature = "deflate")]
        if compressed {
            joiner = Joiner::inflating(
                ws101_core::deflate::Inflater::new(connection.role(), &Parameters::default()),
                1 << 20,
            );
        }
        let (mut bytes, mut out) = (stream.to_vec(), Vec::new());
        let mut input = Input::new(&mut bytes);
        loop {
            match connection.receive(&mut input, Default::default(), &mut out) {
                Ok(None) => return false,
                Ok(Some(Event::Data(piece))) => match joiner.push(&piece) {
                    Ok(_) => {}
                    Err(_) => return true,
                },
                Ok(Some(_)) => {}
                Err(_) => return true,
            }
        }
    }

    match reader {
        Role::Server => run(Server, compressed, stream),
        Role::Client => run(Client(|| [0; 4]), compressed, stream),
    }
}

#[test]
fn every_rule_is_broken_on_the_wire() {
    for &violation in Violation::ALL {
        let (findings, refused) = verdicts(&broken(violation));
        let of_it = findings.iter().find(|finding| finding.violation == violation);
        assert!(of_it.is_some(), "{violation:?} is not among {findings:?}");
        assert_eq!(refused, violation.severity() == Severity::Fatal, "{violation:?}");
    }
}

#[test]
fn what_breaks_no_rule_is_taken() {
    for wire in [Wire::Request("chat", "c"), Wire::Response("101", "101"), Wire::Frames(&hex!("81 81 00000000 61"))] {
        let (findings, refused) = verdicts(&wire);
        assert_eq!((findings, refused), (vec![], false));
    }
}

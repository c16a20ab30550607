//! What the fuzz targets do with their bytes. `fuzz/` runs these under libFuzzer; `fuzz_seeds.rs` runs them with seeded bytes in every
//! test run.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "shared by several programs, all of them tests")]

use std::io::{self, Read, Write};
use std::time::Duration;

use tungstenite::protocol::{Role as TheirRole, WebSocket, WebSocketConfig};
use tungstenite::{Error, Message};
use ws101_core::connection::{Client, Config, Connection, Event, Failure, Input, Masking, Server};
use ws101_core::deflate::{Deflater, Inflater};
use ws101_core::dissect::{FrameDissector, MAX_INFLATED};
use ws101_core::frame::{CloseCode, Opcode};
use ws101_core::handshake::deflate::Parameters;
use ws101_core::handshake::{client, extension_offers, server};
use ws101_core::head::{Limits, RequestHead, ResponseHead};
use ws101_core::message::Joiner;
use ws101_core::rules::{Severity, Strict, Violation};
use ws101_core::{MessageKind, Role};

/// One of the targets.
pub type Body = fn(&[u8]);

/// All of them, by name.
pub const ALL: [(&str, Body); 5] = [
    ("dissection", dissection),
    ("connection", connection),
    ("head", head),
    ("deflate", deflate),
    ("differential", differential),
];

const LIMIT: usize = 1 << 16;

/// What came out of a connection, independent of how the bytes were cut.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Message(MessageKind, Vec<u8>),
    Control(u8, Vec<u8>),
    Close(Option<u16>, String),
    Failed(Failure),
}

fn run<M: Masking>(masking: M, compression: bool, chunks: &[&[u8]]) -> (Vec<Seen>, Vec<u8>) {
    let limit = LIMIT as u64;
    let config = Config { max_frame: limit, max_message: limit, compression, ..Config::default() };
    let mut connection = Connection::new(masking, config, Duration::ZERO);
    let mut joiner = match compression {
        true => Joiner::inflating(Inflater::new(connection.role(), &Parameters::default()), LIMIT),
        false => Joiner::new(),
    };
    let (mut buffer, mut out, mut seen) = (Vec::new(), Vec::new(), Vec::new());
    for chunk in chunks {
        buffer.extend_from_slice(chunk);
        let mut input = Input::new(&mut buffer);
        loop {
            let event = match connection.receive(&mut input, Duration::ZERO, &mut out) {
                Ok(None) => break,
                Ok(Some(event)) => event,
                Err(failure) => {
                    seen.push(Seen::Failed(failure));
                    return (seen, out);
                }
            };
            match event {
                Event::Data(piece) => match joiner.push(&piece) {
                    Ok(None) => {}
                    Ok(Some(message)) => seen.push(Seen::Message(piece.kind, message.to_vec())),
                    Err(failure) => {
                        connection.fail(failure, &mut out);
                        seen.push(Seen::Failed(failure));
                        return (seen, out);
                    }
                },
                Event::Ping(payload) => seen.push(Seen::Control(9, payload.to_vec())),
                Event::Pong(payload) => seen.push(Seen::Control(10, payload.to_vec())),
                Event::Close(close) => seen.push(Seen::Close(close.code.map(|c| c.value()), close.reason.to_owned())),
            }
        }
        let consumed = input.consumed();
        buffer.drain(..consumed);
        assert!(buffer.len() <= 130);
    }
    (seen, out)
}

fn run_as(role: Role, compression: bool, chunks: &[&[u8]]) -> (Vec<Seen>, Vec<u8>) {
    match role {
        Role::Server => run(Server, compression, chunks),
        Role::Client => run(Client(|| [1, 2, 3, 4]), compression, chunks),
    }
}

fn role_of(byte: u8) -> Role {
    if byte & 1 == 0 { Role::Client } else { Role::Server }
}

/// Any bytes become frames that cover them without a gap, and nothing panics.
pub fn dissection(data: &[u8]) {
    let Some((&first, data)) = data.split_first() else { return };
    let mut dissector = match first & 2 {
        0 => FrameDissector::new(role_of(first), 0),
        _ => FrameDissector::inflating(role_of(first), 0, &Parameters::default()),
    };
    let mut covered = 0;
    while let Some(frame) = dissector.next_frame(data) {
        assert_eq!(frame.span.start, covered);
        assert!(frame.complete && frame.findings.iter().all(|finding| finding.span.end <= frame.span.end));
        assert!(frame.inflated.is_none_or(|bytes| bytes.len() <= MAX_INFLATED));
        let header = frame.header.unwrap();
        assert_eq!(&*header.to_bytes(), &data[covered..covered + header.len()]);
        covered = frame.span.end;
    }
    let partial = dissector.partial_frame(data);
    assert_eq!(partial.map_or(covered, |frame| frame.span.end), data.len());
}

/// However the bytes are cut, the events and answers are the same; strict fails exactly where lenient finds something fatal.
pub fn connection(data: &[u8]) {
    let &[first, step, ref data @ ..] = data else { return };
    let (role, compression) = (role_of(first), first & 2 != 0);
    let whole = run_as(role, compression, &[data]);
    let pieces: Vec<&[u8]> = data.chunks(usize::from(step).max(1)).collect();
    assert_eq!(run_as(role, compression, &pieces), whole);
    let found = lenient_finds(role, compression, data);
    match whole.0.last() {
        Some(Seen::Failed(Failure::Violation(finding))) if is_of_inflated(finding.violation, compression) => {}
        Some(Seen::Failed(Failure::Violation(_))) => assert!(found),
        Some(Seen::Failed(_)) => {} // a limit of ours
        _ => assert!(!found),
    }
}

/// What is compressed is judged as it comes by the one, when it is complete by the other. And of a message that ends within a block,
/// which no compressor makes, the one reads on in the next message, of which the other looks at the beginning.
fn is_of_inflated(violation: Violation, compression: bool) -> bool {
    compression && matches!(violation, Violation::NotDeflate | Violation::TextNotUtf8)
}

fn lenient_finds(role: Role, compression: bool, stream: &[u8]) -> bool {
    let mut dissector = match compression {
        true => FrameDissector::inflating(role, 0, &Parameters::default()),
        false => FrameDissector::new(role, 0),
    };
    let is_fatal = |frame: &ws101_core::dissect::Frame| {
        let violations = frame.findings.iter().map(|finding| finding.violation);
        let mut fatal = violations.filter(|violation| violation.severity() == Severity::Fatal);
        fatal.any(|violation| !is_of_inflated(violation, compression))
    };
    while let Some(frame) = dissector.next_frame(stream) {
        if is_fatal(&frame) {
            return true;
        }
        if frame.header.is_some_and(|header| header.opcode == Opcode::CLOSE) {
            return false;
        }
    }
    dissector.partial_frame(stream).is_some_and(|frame| is_fatal(&frame))
}

/// Heads: no panic; a verdict that does not depend on what follows; strict refuses exactly what lenient finds something fatal in.
pub fn head(data: &[u8]) {
    let limits = Limits { bytes: 4096, fields: 20 };
    let _ = extension_offers([data].into_iter());
    if let Ok(Some(head)) = ResponseHead::read(data, &limits) {
        let offer = client::Offer { key: "dGhlIHNhbXBsZSBub25jZQ==", protocols: &["chat"], compression: true };
        let mut findings = Vec::new();
        let Ok(_) = client::check(&head, &offer, &mut findings);
        let is_fatal = findings.iter().any(|finding| finding.violation.severity() == Severity::Fatal);
        assert_eq!(client::check(&head, &offer, &mut Strict).is_err(), is_fatal);
    }
    let Ok(Some(head)) = RequestHead::read(data, &limits) else { return };
    let len = head.bytes().len();
    assert!(head.findings.iter().all(|finding| finding.span.end <= len));
    if head.fatal().is_none() {
        let alone = RequestHead::read(&data[..len], &limits).unwrap().unwrap();
        assert_eq!(alone, head);
        assert_eq!(RequestHead::read(&data[..len - 1], &limits), Ok(None));
    }
    let policy = server::Policy { protocols: &["chat"], compression: true };
    let mut findings = Vec::new();
    let Ok(_) = server::examine(&head, &policy, &mut findings);
    let is_fatal = findings.iter().any(|finding| finding.violation.severity() == Severity::Fatal);
    let verdict = server::judge(&head, &policy);
    assert_eq!(verdict.is_err(), is_fatal);
    // What we answer, we can read.
    let answer = match verdict {
        Ok(acceptance) => acceptance.response(),
        Err(rejection) => rejection.response(),
    };
    let answer = ResponseHead::read(&answer, &Limits::default()).unwrap().unwrap();
    assert_eq!(answer.findings, []);
}

/// Any bytes inflate or fail within the limit; what we deflate, in pieces of any size, we inflate.
pub fn deflate(data: &[u8]) {
    let &[bits, step, ref data @ ..] = data else { return };
    let parameters = Parameters {
        client_max_window_bits: 9 + bits % 7,
        client_no_context_takeover: bits & 0x80 != 0,
        ..Parameters::default()
    };
    let step = usize::from(step).max(1);
    let mut out = Vec::new();
    let mut hostile = Inflater::new(Role::Server, &parameters);
    for piece in data.chunks(step) {
        if hostile.piece(piece, LIMIT, &mut out).is_err() {
            break;
        }
    }
    assert!(out.len() <= LIMIT + 1, "{}", out.len());
    let mut deflater = Deflater::new(Role::Client, &parameters);
    let mut inflater = Inflater::new(Role::Server, &parameters);
    for message in [data, &data[..data.len() / 2], data] {
        let (mut wire, mut out) = (Vec::new(), Vec::new());
        deflater.message(message, &mut wire);
        for piece in wire.chunks(step) {
            inflater.piece(piece, message.len(), &mut out).unwrap();
        }
        inflater.finish(message.len(), &mut out).unwrap();
        assert_eq!(out, message);
    }
}

/// The same frames to tungstenite's server and to ours: the same messages, the same verdict, but for what is listed.
pub fn differential(data: &[u8]) {
    let (ours, _) = run_as(Role::Server, false, &[data]);
    let config = WebSocketConfig::default().max_frame_size(Some(LIMIT)).max_message_size(Some(LIMIT));
    let wire = Wire { unread: data };
    let mut theirs = WebSocket::from_raw_socket(wire, TheirRole::Server, Some(config));
    let mut expected = ours.iter();
    loop {
        let theirs = match theirs.read() {
            Ok(Message::Frame(_)) => unreachable!("only written, never read"),
            Ok(message) => message,
            Err(Error::Io(_) | Error::ConnectionClosed) => {
                // They wait for more, or are done: so are we, unless it is something that they let pass or see later.
                match expected.next() {
                    None => {}
                    Some(Seen::Failed(failure)) => assert!(is_listed(*failure), "they let pass {failure:?}"),
                    Some(other) => panic!("they miss {other:?}"),
                }
                return;
            }
            Err(error) => {
                match expected.next() {
                    Some(Seen::Failed(_)) => {}
                    Some(Seen::Close(..)) => {} // both Closes cross; they go on reading, we do not
                    other => panic!("they refuse with {error}; we have {other:?}"),
                }
                return;
            }
        };
        let ours = match expected.next() {
            Some(Seen::Failed(failure)) => {
                return assert!(is_listed(*failure), "they let pass {failure:?}: {theirs:?}");
            }
            ours => ours,
        };
        match (&theirs, ours) {
            (Message::Text(text), Some(Seen::Message(MessageKind::Text, bytes))) => assert_eq!(text.as_bytes(), bytes),
            (Message::Binary(theirs), Some(Seen::Message(MessageKind::Binary, bytes))) => assert_eq!(theirs, bytes),
            (Message::Ping(theirs), Some(Seen::Control(9, bytes))) => assert_eq!(theirs, bytes),
            (Message::Pong(theirs), Some(Seen::Control(10, bytes))) => assert_eq!(theirs, bytes),
            (Message::Close(theirs), Some(Seen::Close(code, reason))) => {
                let theirs = theirs.as_ref().map(|frame| (u16::from(frame.code), frame.reason.as_str()));
                if *code == Some(CloseCode::BAD_GATEWAY.value()) {
                    // §7.4: registered with IANA since. They do not know it, and answer with 1002.
                    return assert_eq!(theirs.map(|(code, _)| code), Some(CloseCode::PROTOCOL_ERROR.value()));
                }
                assert_eq!(theirs, code.map(|code| (code, reason.as_str())));
                return; // what follows a Close is nobody's business
            }
            (theirs, ours) => panic!("theirs {theirs:?}, ours {ours:?}"),
        }
    }
}

/// Where the RFC is on our side, and they are more lenient or later.
fn is_listed(failure: Failure) -> bool {
    match failure {
        Failure::Violation(finding) => matches!(
            finding.violation,
            // §5.2: "the minimal number of bytes MUST be used". They do not look.
            Violation::LengthNotMinimal
            // §8.1: they look when a frame or message is complete, we at the first impossible byte.
            | Violation::TextNotUtf8
            // §7.4: they report such a code to the application, and answer with 1002.
            | Violation::CloseCodeInvalid
            // Found in a header whose rest has not come: they wait for the rest.
            | Violation::ReservedBitSet
            | Violation::OpcodeReserved
            | Violation::MaskMissing
            | Violation::ControlFragmented
            | Violation::ControlTooLong
            | Violation::ContinuationUnexpected
            | Violation::MessageInterleaved
            | Violation::LengthTopBitSet
        ),
        // Announced, not there yet: they look when they make room for it.
        _ => true,
    }
}

/// The bytes, and then nothing for ever.
struct Wire<'a> {
    unread: &'a [u8],
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.unread.read(buffer)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            len => Ok(len),
        }
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

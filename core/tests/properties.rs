//! Properties of the codec: wherever the input is cut, both ways and both roles, strict against lenient.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use support::{KEY, Receiver, Seen, client, frame, server};
use ws101_core::connection::{Config, Failure, Masking};
use ws101_core::dissect::FrameDissector;
use ws101_core::frame::{Header, Opcode, encode};
use ws101_core::handshake::extension_offers;
use ws101_core::head::{Limits, RequestHead, ResponseHead};
use ws101_core::rules::Severity;
use ws101_core::{MessageKind, Role};

/// Payloads of every interesting length, text and not.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..20),
        "[a-zκ안🎮]{0,40}".prop_map(String::into_bytes),
        (120_usize..135).prop_map(|len| vec![b'x'; len]),
    ]
}

/// A frame that is mostly in order, for a reader of this role.
fn any_frame(reader: Role) -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        8 => prop::sample::select(vec![0x81_u8, 0x82, 0x01, 0x02, 0x00, 0x80, 0x89, 0x8A, 0x88]),
        1 => any::<u8>(),
    ];
    let wrong_role = prop::bool::weighted(0.02);
    (first, payload(), wrong_role).prop_map(move |(first, payload, wrong_role)| {
        let reader = match (reader, wrong_role) {
            (Role::Server, false) | (Role::Client, true) => Role::Server,
            _ => Role::Client,
        };
        frame(reader, first, &payload)
    })
}

fn stream(reader: Role) -> impl Strategy<Value = Vec<u8>> {
    (vec(any_frame(reader), 0..6), vec(any::<u8>(), 0..3)).prop_map(|(frames, tail)| [frames.concat(), tail].concat())
}

fn run<M: Masking>(mut receiver: Receiver<M>, chunks: &[&[u8]]) -> (Vec<Seen>, Vec<u8>) {
    for chunk in chunks {
        receiver.feed(chunk);
    }
    if matches!(receiver.seen.last(), Some(Seen::Failed(_))) {
        // How much of a doomed message was handed out before it failed depends on the cut, and is nobody's to rely on.
        receiver.seen.retain(|seen| !matches!(seen, Seen::Unfinished(..)));
    }
    (receiver.seen, receiver.out)
}

fn outcome(reader: Role, chunks: &[&[u8]]) -> (Vec<Seen>, Vec<u8>) {
    match reader {
        Role::Server => run(server(Config::default()), chunks),
        Role::Client => run(client(Config::default()), chunks),
    }
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![Role::Client, Role::Server])
}

fn role_and_stream() -> impl Strategy<Value = (Role, Vec<u8>)> {
    role().prop_flat_map(|role| (Just(role), stream(role)))
}

/// What the lenient reading finds fatal, up to the frame that ends the connection.
fn lenient_finds(reader: Role, stream: &[u8]) -> bool {
    let mut dissector = FrameDissector::new(reader, 0);
    let is_fatal = |frame: &ws101_core::dissect::Frame| {
        frame.findings.iter().any(|finding| finding.violation.severity() == Severity::Fatal)
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cut_at_every_position_the_events_and_answers_are_the_same((reader, stream) in role_and_stream()) {
        let whole = outcome(reader, &[&stream]);
        for cut in 0..=stream.len() {
            let (head, tail) = stream.split_at(cut);
            prop_assert_eq!(&outcome(reader, &[head, tail]), &whole, "cut at {}", cut);
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(&outcome(reader, &bytes), &whole, "byte by byte");
    }

    #[test]
    fn strict_accepts_exactly_what_lenient_finds_nothing_fatal_in((reader, stream) in role_and_stream()) {
        let (seen, _) = outcome(reader, &[&stream]);
        let failed = match seen.last() {
            Some(Seen::Failed(Failure::Violation(_))) => true,
            Some(Seen::Failed(_)) => return Ok(()), // a limit of ours, not a violation
            _ => false,
        };
        prop_assert_eq!(failed, lenient_finds(reader, &stream), "{:?}", seen);
    }

    #[test]
    fn what_is_sent_is_received(reader in role(), messages in vec((any::<bool>(), payload()), 0..5)) {
        let mut expected = Vec::new();
        let mut wire = Vec::new();
        let mut sending_server = server(Config::default());
        let mut sending_client = client(Config::default());
        for (is_text, payload) in messages {
            let is_text = is_text && std::str::from_utf8(&payload).is_ok();
            let kind = if is_text { MessageKind::Text } else { MessageKind::Binary };
            match reader {
                Role::Server => sending_client.connection.send(kind, &payload, &mut wire),
                Role::Client => sending_server.connection.send(kind, &payload, &mut wire),
            }.unwrap();
            expected.push(Seen::Message(kind, payload));
        }
        prop_assert_eq!(outcome(reader, &[&wire]).0, expected);
    }

    #[test]
    fn any_header_is_written_as_it_was_read(bytes in vec(any::<u8>(), 0..16)) {
        if let Some(header) = Header::read(&bytes) {
            prop_assert_eq!(&*header.to_bytes(), &bytes[..header.len()]);
        }
    }

    #[test]
    fn encode_then_read_is_the_identity(fin: bool, first: u8, masked: bool, payload in payload()) {
        let mut header = Header::new(fin, Opcode::from_first_byte(first), masked.then_some(KEY), payload.len() as u64);
        header.rsv = first >> 4 & 7;
        let mut wire = Vec::new();
        encode(header, &payload, &mut wire);
        let reader = if masked { Role::Server } else { Role::Client };
        let frame = FrameDissector::new(reader, 0).next_frame(&wire).unwrap();
        prop_assert_eq!(frame.header, Some(header));
        prop_assert_eq!(frame.unmasked, payload);
    }

    #[test]
    fn lenient_readers_take_any_bytes(reader in role(), bytes in vec(any::<u8>(), 0..200)) {
        let mut dissector = FrameDissector::new(reader, 0);
        let mut covered = 0;
        while let Some(frame) = dissector.next_frame(&bytes) {
            prop_assert_eq!(frame.span.start, covered);
            covered = frame.span.end;
        }
        if let Some(frame) = dissector.partial_frame(&bytes) {
            prop_assert_eq!((frame.span.start, frame.span.end), (covered, bytes.len()));
            covered = bytes.len();
        }
        prop_assert_eq!(covered, bytes.len());
    }

    #[test]
    fn head_readers_take_any_bytes(bytes in "(GET|P\0|) ?[/x ]{0,3}( HTTP/1.[01])?\r?\n([A-Za-z: \t,;=\"\\\\]{0,20}\r?\n){0,5}\r\n") {
        for bytes in [bytes.as_bytes(), bytes.trim_start_matches("GET").as_bytes()] {
            let _ = RequestHead::read(bytes, &Limits::default());
            let _ = ResponseHead::read(bytes, &Limits::default());
            let _ = extension_offers([bytes].into_iter());
        }
    }

    #[test]
    fn a_head_is_read_the_same_as_soon_as_it_is_complete(fields in vec("[A-Za-z-]{1,8}: ?[ -~]{0,10}", 0..6)) {
        let head = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", fields.iter().map(|line| format!("{line}\r\n")).collect::<String>());
        let followed = format!("{head}\u{81}more");
        let alone = RequestHead::read(head.as_bytes(), &Limits::default()).unwrap().unwrap();
        let with_more = RequestHead::read(followed.as_bytes(), &Limits::default()).unwrap().unwrap();
        prop_assert_eq!(alone.bytes(), head.as_bytes());
        prop_assert_eq!(alone, with_more);
        for cut in 0..head.len() {
            prop_assert_eq!(RequestHead::read(&head.as_bytes()[..cut], &Limits::default()), Ok(None));
        }
    }
}

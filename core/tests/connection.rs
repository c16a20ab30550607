//! A connection's behaviour, frame by frame: fragments, control frames, the closing handshake, limits, deadlines.

#![allow(clippy::unwrap_used, reason = "all of it is tests")]

mod support;

use std::time::Duration;

use hex_literal::hex;
use support::{KEY, Seen, client, frame, server};
use ws101_core::connection::{Config, Failure, SendError};
use ws101_core::frame::CloseCode;
use ws101_core::rules::{Answer, Violation};
use ws101_core::{MessageKind, Role};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TEXT: MessageKind = MessageKind::Text;
const BINARY: MessageKind = MessageKind::Binary;

fn close(code: u16, reason: &str) -> Vec<u8> {
    [&code.to_be_bytes(), reason.as_bytes()].concat()
}

#[test]
fn the_rfcs_masked_hello_is_received_and_echoed_unmasked() {
    let mut server = server(Config::default());
    server.feed(&hex!("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
    assert_eq!(server.seen, [Seen::Message(TEXT, b"Hello".to_vec())]);
    server.connection.send(TEXT, b"Hello", &mut server.out).unwrap();
    assert_eq!(server.sent(), hex!("81 05 48 65 6c 6c 6f"));
}

#[test]
fn a_client_masks_with_the_key_that_it_is_given() {
    let mut client = client(Config::default());
    client.connection.send(TEXT, b"Hello", &mut client.out).unwrap();
    assert_eq!(client.sent(), hex!("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
}

#[test]
fn fragments_with_a_ping_between_them() {
    let mut client = client(Config::default());
    client.feed(&hex!("01 03 48 65 6c")).feed(&hex!("89 01 21")).feed(&hex!("80 02 6c 6f"));
    assert_eq!(client.seen, [Seen::Ping(b"!".to_vec()), Seen::Message(TEXT, b"Hello".to_vec())]);
    assert_eq!(client.sent(), hex!("8a 81 37 fa 21 3d 16"));
}

#[test]
fn empty_messages_and_empty_fragments() {
    let mut client = client(Config::default());
    client.feed(&hex!("81 00  82 00  01 00 00 00 80 00  01 00 00 01 61 80 00"));
    let text = |bytes: &[u8]| Seen::Message(TEXT, bytes.to_vec());
    assert_eq!(client.seen, [text(b""), Seen::Message(BINARY, vec![]), text(b""), text(b"a")]);
}

#[test]
fn sent_in_fragments_it_arrives_whole() {
    let mut sender = server(Config::default());
    let (connection, out) = (&mut sender.connection, &mut sender.out);
    connection.send_fragment(TEXT, "안".as_bytes(), false, out).unwrap();
    connection.ping(b"p", out).unwrap();
    assert_eq!(connection.send(BINARY, b"x", out), Err(SendError::OtherMessageOpen));
    connection.send_fragment(TEXT, "녕".as_bytes(), true, out).unwrap();
    connection.send(BINARY, b"x", out).unwrap();
    let mut receiver = client(Config::default());
    receiver.feed(&sender.sent());
    let message = Seen::Message(TEXT, "안녕".into());
    assert_eq!(receiver.seen, [Seen::Ping(b"p".to_vec()), message, Seen::Message(BINARY, b"x".to_vec())]);
}

#[test]
fn every_violation_of_frames_is_provoked_on_the_wire_and_answered_with_its_close_code() {
    use Violation::*;
    let provocations: &[(Violation, &[u8])] = &[
        (ReservedBitSet, &hex!("c1 80 00000000")),
        (OpcodeReserved, &hex!("83 80 00000000")),
        (OpcodeReserved, &hex!("8b 80 00000000")),
        (MaskMissing, &hex!("81 00")),
        (LengthNotMinimal, &hex!("82 fe 007d")),
        (LengthNotMinimal, &hex!("82 ff 000000000000ffff 00000000")),
        (LengthTopBitSet, &hex!("82 ff 8000000000000000 00000000")),
        (ControlTooLong, &hex!("89 fe 007e 00000000")),
        (ControlFragmented, &hex!("09 80 00000000")),
        (ContinuationUnexpected, &hex!("80 80 00000000")),
        (MessageInterleaved, &hex!("01 80 00000000 81 80 00000000")),
        (TextNotUtf8, &hex!("81 81 00000000 ff")),
        (TextNotUtf8, &hex!("81 82 00000000 e1 84")),
        (CloseLengthOne, &hex!("88 81 00000000 03")),
        (CloseCodeInvalid, &hex!("88 82 00000000 03ed")),
        (CloseReasonNotUtf8, &hex!("88 83 00000000 03e8 ff")),
    ];
    for (violation, wire) in provocations {
        let mut server = server(Config::default());
        // Behind LengthNotMinimal's short forms a key may be missing: what is wrong shows in the length alone.
        server.feed(wire).feed(&[0; 16]);
        let Some(Seen::Failed(failure @ Failure::Violation(finding))) = server.seen.last() else {
            panic!("{violation:?}: {:?}", server.seen)
        };
        assert_eq!(finding.violation, *violation);
        assert!(finding.span.end <= wire.len(), "{finding:?}");
        let Answer::Close(code) = violation.answer() else { panic!("{violation:?}") };
        let reason = violation.sentence();
        assert!(reason.len() <= 123, "{reason}");
        assert_eq!(failure.close_code(), Some(code));
        assert_eq!(server.sent(), frame(Role::Client, 0x88, &close(code.value(), reason)));
        assert!(server.connection.is_done());
    }
    let mut masked_by_server = client(Config::default());
    masked_by_server.feed(&hex!("81 80 00000000"));
    let Some(Seen::Failed(Failure::Violation(finding))) = masked_by_server.seen.last() else { panic!() };
    assert_eq!(finding.violation, MaskUnexpected);
}

#[test]
fn utf8_fails_at_the_first_impossible_byte_of_an_unfinished_frame() {
    let mut client = client(Config::default());
    client.feed(&hex!("81 0a ce ba f4"));
    assert!(client.connection.is_open());
    client.feed(&hex!("90"));
    assert!(matches!(client.seen.last(), Some(Seen::Failed(Failure::Violation(f))) if f.span.start == 5));
}

#[test]
fn the_peers_close_is_answered_with_its_code_and_ends_the_connection() {
    for (wire, code, answer) in [
        (close(1000, "bye"), Some(1000), close(1000, "")),
        (close(4999, ""), Some(4999), close(4999, "")),
        (vec![], None, vec![]),
    ] {
        let mut server = server(Config::default());
        server.feed(&frame(Role::Server, 0x88, &wire));
        let reason = String::from_utf8(wire.get(2..).unwrap_or_default().to_vec()).unwrap();
        assert_eq!(server.seen, [Seen::Close(code, reason)]);
        assert_eq!(server.sent(), frame(Role::Client, 0x88, &answer));
        assert!(server.connection.is_done());
        server.feed(&frame(Role::Server, 0x81, b"late"));
        assert_eq!(server.seen.len(), 1, "what follows a Close is ignored");
        assert_eq!(server.connection.send(TEXT, b"late", &mut server.out), Err(SendError::Closing));
    }
}

#[test]
fn our_close_waits_for_the_peers_and_still_takes_what_was_under_way() {
    let mut client = client(Config::default());
    let now = Duration::from_secs(7);
    client.connection.close(Some(CloseCode::GOING_AWAY), "bye", now, &mut client.out).unwrap();
    assert_eq!(client.sent(), frame(Role::Server, 0x88, &close(1001, "bye")));
    assert!(!client.connection.is_done() && !client.connection.is_open());
    client.feed(&frame(Role::Client, 0x81, b"under way")).feed(&frame(Role::Client, 0x89, b"ping"));
    assert!(client.sent().is_empty(), "nothing may follow our Close, not even a pong");
    client.feed(&frame(Role::Client, 0x88, &close(1001, "")));
    assert!(client.sent().is_empty(), "the peer's Close answers ours");
    assert_eq!(client.seen.len(), 3);
    assert!(client.connection.is_done());
}

#[test]
fn close_frames_that_cross_end_the_connection_on_both_sides() {
    let (mut client, mut server) = (client(Config::default()), server(Config::default()));
    client.connection.close(None, "", Duration::ZERO, &mut client.out).unwrap();
    server.connection.close(Some(CloseCode::NORMAL), "", Duration::ZERO, &mut server.out).unwrap();
    let (from_client, from_server) = (client.sent(), server.sent());
    client.feed(&from_server);
    server.feed(&from_client);
    assert!(client.connection.is_done() && server.connection.is_done());
    assert_eq!((client.sent(), server.sent()), (vec![], vec![]));
}

#[test]
fn what_may_not_be_sent_is_refused() {
    let mut client = client(Config::default());
    let (connection, out) = (&mut client.connection, &mut client.out);
    assert_eq!(connection.ping(&[0; 126], out), Err(SendError::ControlTooLong));
    assert_eq!(connection.pong(&[0; 126], out), Err(SendError::ControlTooLong));
    let close = |code, reason: &str| (Some(CloseCode::new(code)), reason.to_owned());
    for ((code, reason), error) in [
        (close(1005, ""), SendError::CloseCodeInvalid),
        (close(999, ""), SendError::CloseCodeInvalid),
        (close(1000, &"x".repeat(124)), SendError::ControlTooLong),
    ] {
        assert_eq!(connection.close(code, &reason, Duration::ZERO, out), Err(error));
    }
    assert!(out.is_empty() && connection.is_open());
}

#[test]
fn our_limits_are_told_apart_from_violations() {
    let config = Config { max_frame: 4, max_message: 6, ..Config::default() };
    let mut big_frame = client(config);
    big_frame.feed(&hex!("82 05"));
    assert_eq!(big_frame.seen, [Seen::Failed(Failure::FrameTooBig)]);
    assert_eq!(big_frame.sent()[..2], [0x88, 0x80 | (2 + "The frame is larger than this end takes.".len() as u8)]);
    let mut big_message = client(config);
    big_message.feed(&hex!("02 04 61 61 61 61  80 03"));
    assert_eq!(big_message.seen.last(), Some(&Seen::Failed(Failure::MessageTooBig)));
    assert_eq!(Failure::MessageTooBig.close_code(), Some(CloseCode::MESSAGE_TOO_BIG));
    let mut cut_small = client(Config { max_fragments: 2, ..config });
    cut_small.feed(&hex!("02 01 61 00 00 89 00 80 00"));
    assert_eq!(cut_small.seen.last(), Some(&Seen::Failed(Failure::MessageTooBig)));
    let mut exabytes = client(Config { max_frame: u64::MAX, ..config });
    exabytes.feed(&hex!("82 7f 7fffffffffffffff"));
    assert_eq!(exabytes.seen, [Seen::Failed(Failure::MessageTooBig)]);
}

#[test]
fn keep_alive_follows_the_time_that_is_passed_in() {
    let s = Duration::from_secs;
    let config = Config { ping_interval: Some(s(30)), pong_timeout: s(10), ..Config::default() };
    let mut server = server(config);
    assert_eq!(server.connection.deadline(), Some(s(30)));
    server.connection.on_deadline(s(29), &mut server.out).unwrap();
    assert!(server.sent().is_empty());
    server.connection.on_deadline(s(30), &mut server.out).unwrap();
    assert_eq!(server.sent(), hex!("89 00"));
    assert_eq!(server.connection.deadline(), Some(s(40)));
    // Any byte is a sign of life: the harness says that it came at 0.
    server.feed(&frame(Role::Server, 0x8A, b""));
    assert_eq!(server.connection.deadline(), Some(s(30)));
    server.connection.on_deadline(s(31), &mut server.out).unwrap();
    assert_eq!(server.connection.on_deadline(s(41), &mut server.out), Err(Failure::PongOverdue));
    assert!(server.connection.is_done());
}

#[test]
fn a_close_that_is_never_answered_is_given_up() {
    let s = Duration::from_secs;
    let mut client = client(Config { close_timeout: s(5), ..Config::default() });
    assert_eq!(client.connection.deadline(), None);
    client.connection.close(None, "", s(2), &mut client.out).unwrap();
    assert_eq!(client.connection.deadline(), Some(s(7)));
    assert_eq!(client.connection.on_deadline(s(7), &mut client.out), Err(Failure::CloseOverdue));
    assert!(client.connection.is_done());
}

#[test]
fn keys_are_fresh_for_every_frame() {
    let mut next = 0;
    let keys = move || {
        next += 1;
        [next; 4]
    };
    let mut client = support::Receiver::new(ws101_core::connection::Client(keys), Config::default());
    client.connection.send(TEXT, b"a", &mut client.out).unwrap();
    client.connection.send(TEXT, b"a", &mut client.out).unwrap();
    assert_eq!(client.sent(), hex!("81 81 01010101 60  81 81 02020202 63"));
    assert_ne!(KEY, [1; 4]);
}

use std::vec;

use super::*;
use hex_literal::hex;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use ws101_core::rules::Violation;

const REQUEST: &[u8] = b"GET /ws/echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const MASKED_HELLO: [u8; 11] = hex!("81 85 37 fa 21 3d 7f 9f 4d 51 58");
const HELLO: [u8; 7] = hex!("81 05 48 65 6c 6c 6f");

use Direction::{ClientToServer as C, ServerToClient as S};

fn trace(runs: &[(Direction, &[u8])]) -> Trace {
    let mut trace = Trace::new();
    for (index, &(direction, bytes)) in runs.iter().enumerate() {
        trace.push(Duration::from_millis(index as u64), direction, bytes);
    }
    trace
}

fn parts(item: &Item) -> Vec<Part> {
    item.fields.iter().map(|field| field.part).collect()
}

#[test]
fn an_upgrade_and_an_echo() {
    let trace = trace(&[(C, REQUEST), (S, RESPONSE), (C, &MASKED_HELLO), (S, &HELLO)]);
    let dissection = Dissection::of(&trace);
    let items = dissection.items();
    assert_eq!(items.len(), 4);
    assert_eq!(items[0].kind, ItemKind::RequestHead);
    assert_eq!(items[1].kind, ItemKind::ResponseHead { status: 101 });
    assert_eq!(dissection.switch(), Some(Switch { client: REQUEST.len(), server: RESPONSE.len() }));
    assert_eq!(items[2].span, Span::new(REQUEST.len(), REQUEST.len() + 11));
    assert_eq!(items[2].frame().map(|frame| &*frame.unmasked), Some(b"Hello".as_slice()));
    assert_eq!(items[2].at, Duration::from_millis(2));
    assert_eq!(parts(&items[3])[6..], [Part::Header(HeaderField::PayloadLen), Part::Payload]);
    assert_eq!(items.iter().map(Item::payload_len).sum::<usize>(), 10);
    assert!(items.iter().all(|item| item.findings.is_empty() && item.complete));
    assert_eq!(dissection.partial(), []);
}

#[test]
fn where_permessage_deflate_was_agreed_on_compressed_messages_are_inflated() {
    let extension = "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    let with = |head: &[u8]| [&head[..head.len() - 2], extension.as_bytes()].concat();
    let (request, response) = (with(REQUEST), with(RESPONSE));
    // RFC 7692 §7.2.3.1: "Hello".
    let compressed = hex!("c1 07 f2 48 cd c9 c9 07 00");
    let agreed = Dissection::of(&trace(&[(C, &request), (S, &response), (S, &compressed)]));
    assert!(agreed.items().iter().all(|item| item.findings.is_empty()), "{:?}", agreed.items());
    assert_eq!(agreed.items()[2].frame().and_then(|frame| frame.inflated.as_deref()), Some(b"Hello".as_slice()));
    let unasked = Dissection::of(&trace(&[(C, REQUEST), (S, &response), (S, &compressed)]));
    let violations = unasked.items().iter().flat_map(|item| item.findings.iter().map(|finding| finding.violation));
    assert_eq!(
        violations.collect::<Vec<_>>(),
        [Violation::ExtensionNotOffered, Violation::ReservedBitSet, Violation::TextNotUtf8]
    );
}

#[test]
fn the_fields_of_an_item_cover_it_without_a_gap_but_for_the_spaces_of_the_start_line() {
    let trace = trace(&[(C, REQUEST), (S, RESPONSE), (C, &MASKED_HELLO), (S, &hex!("88 05 03e8 627965"))]);
    for item in Dissection::of(&trace).items() {
        let mut at = 8 * item.span.start;
        for field in &item.fields {
            assert!((0..=16).contains(&(field.bits.start - at)), "{field:?}");
            at = field.bits.end;
        }
        assert_eq!(at, 8 * item.span.end);
    }
}

#[test]
fn byte_by_byte_it_comes_to_the_same() {
    let whole = trace(&[(C, REQUEST), (S, RESPONSE), (C, &MASKED_HELLO), (S, &HELLO)]);
    let expected = Dissection::of(&whole);
    let mut grown = Trace::new();
    let mut dissection = Dissection::default();
    for run in whole.runs() {
        for byte in whole.bytes_of(run) {
            grown.push(run.at, run.direction, &[*byte]);
            dissection.update(&grown);
        }
    }
    assert_eq!(dissection.items(), expected.items());
    assert_eq!(dissection.partial(), []);
}

#[test]
fn a_frame_that_came_right_behind_the_request_waits_for_the_101_and_keeps_its_time() {
    let early = [REQUEST, &MASKED_HELLO].concat();
    let trace = trace(&[(C, &early), (S, RESPONSE), (S, &HELLO)]);
    let dissection = Dissection::of(&trace);
    let order: Vec<_> = dissection.items().iter().map(|item| (item.direction, item.at.as_millis())).collect();
    assert_eq!(order, [(C, 0), (C, 0), (S, 1), (S, 2)]);
}

#[test]
fn a_refused_upgrade_is_followed_by_http() {
    let refusal = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno".as_slice();
    let request = [b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n".as_slice()].concat();
    let trace = trace(&[(C, &request), (S, refusal), (C, REQUEST), (S, RESPONSE)]);
    let dissection = Dissection::of(&trace);
    let kinds: Vec<_> = dissection.items().iter().map(|item| item.kind.clone()).collect();
    assert_eq!(kinds[1], ItemKind::ResponseHead { status: 400 });
    assert_eq!(kinds[2], ItemKind::Body);
    assert_eq!(kinds.len(), 5);
    assert!(dissection.switch().is_some());
    let found: Vec<_> = dissection.items()[0].findings.iter().map(|finding| finding.violation).collect();
    assert_eq!(found, [Violation::ConnectionNotUpgrade, Violation::VersionMissing, Violation::KeyMissing]);
}

#[test]
fn exchanges_on_a_kept_alive_connection() {
    let post = b"POST /lab/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nHello".as_slice();
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello".as_slice();
    let head = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n".as_slice();
    let head_answer = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n".as_slice();
    let trace = trace(&[(C, post), (S, answer), (C, head), (S, head_answer), (C, post), (S, answer)]);
    let dissection = Dissection::of(&trace);
    assert_eq!(dissection.items().len(), 10);
    assert_eq!(dissection.items().iter().map(Item::payload_len).sum::<usize>(), 20);
}

#[test]
fn a_wrong_accept_is_told_at_its_bytes() {
    let forged = RESPONSE.iter().map(|byte| if *byte == b's' { b'S' } else { *byte }).collect::<Vec<_>>();
    let trace = trace(&[(C, REQUEST), (S, &forged)]);
    let dissection = Dissection::of(&trace);
    let findings = &dissection.items()[1].findings;
    assert!(
        findings.iter().any(|finding| finding.violation == Violation::AcceptWrong
            && finding.span.of(trace.stream(S)).starts_with(b"S3pP"))
    );
}

#[test]
fn what_is_not_complete_is_shown_as_far_as_it_came() {
    let trace_with = |runs: &[(Direction, &[u8])]| Dissection::of(&trace(runs)).partial().to_vec();
    let half_head = trace_with(&[(C, &REQUEST[..20])]);
    assert_eq!((half_head[0].kind.clone(), half_head[0].span), (ItemKind::Opaque, Span::new(0, 20)));
    let half_frame = trace_with(&[(C, REQUEST), (S, RESPONSE), (S, &HELLO[..4])]);
    assert_eq!(half_frame.len(), 1);
    assert!(!half_frame[0].complete);
    assert_eq!(half_frame[0].frame().map(|frame| &*frame.unmasked), Some(b"He".as_slice()));
    let mut until_close = trace(&[(C, b"GET / HTTP/1.0\r\n\r\n"), (S, b"HTTP/1.0 200 OK\r\n\r\nabc")]);
    assert_eq!(Dissection::of(&until_close).partial().len(), 1);
    until_close.close(Duration::from_secs(1));
    assert_eq!(Dissection::of(&until_close).items().last().map(|item| item.payload_len()), Some(3));
    assert_eq!(vec![0u8; 0], Trace::new().stream(C));
}

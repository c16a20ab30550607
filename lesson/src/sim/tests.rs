use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use ws101_core::frame::Opcode;
use ws101_trace::{Dissection, Item, ItemKind};

const NOW: Duration = Duration::from_secs(3);

fn clean(trace: &Trace) -> Vec<Item> {
    let dissection = Dissection::of(trace);
    assert_eq!(dissection.partial(), []);
    assert!(dissection.items().iter().all(|item| item.complete && item.findings.is_empty()));
    dissection.items().to_vec()
}

fn opcode(item: &Item) -> Option<Opcode> {
    Some(item.frame()?.header?.opcode)
}

#[test]
fn a_message_is_echoed_in_a_record_without_findings() {
    let (mut sim, mut trace) = Sim::open(7, NOW);
    sim.send(MessageKind::Text, "안녕 WebSocket".as_bytes(), NOW + Duration::from_secs(1), &mut trace).unwrap();
    let items = clean(&trace);
    assert_eq!(items.len(), 4);
    assert_eq!(items[1].kind, ItemKind::ResponseHead { status: 101 });
    assert_eq!((items[2].span.len(), items[3].span.len()), (6 + 16, 2 + 16));
    assert_eq!(items[2].frame().unwrap().unmasked, "안녕 WebSocket".as_bytes());
    assert!(items.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert!(items[2].at >= Duration::from_secs(1));
}

#[test]
fn the_same_seed_makes_the_same_bytes_and_another_does_not() {
    let run = |seed| {
        let (mut sim, mut trace) = Sim::open(seed, NOW);
        sim.send(MessageKind::Binary, &[1, 2, 3], NOW, &mut trace).unwrap();
        trace
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn the_servers_ping_is_answered_with_a_masked_pong() {
    let (mut sim, mut trace) = Sim::open(7, NOW);
    sim.server_ping(b"are you there", NOW, &mut trace).unwrap();
    let items = clean(&trace);
    assert_eq!((opcode(&items[2]), opcode(&items[3])), (Some(Opcode::PING), Some(Opcode::PONG)));
    assert_eq!(items[2].direction, Direction::ServerToClient);
    assert!(items[3].frame().unwrap().header.unwrap().mask.is_some());
    assert_eq!(items[3].frame().unwrap().unmasked, b"are you there");
}

#[test]
fn closing_ends_the_record_and_the_sending() {
    let (mut sim, mut trace) = Sim::open(7, NOW);
    sim.close(CloseCode::NORMAL, NOW, &mut trace).unwrap();
    assert_eq!(clean(&trace)[2..].iter().map(opcode).collect::<Vec<_>>(), [Some(Opcode::CLOSE); 2]);
    assert!(trace.closed().is_some());
    assert!(!sim.is_open());
    assert_eq!(sim.send(MessageKind::Text, b"late", NOW, &mut trace), Err(SendError::Closing));
}

#[test]
fn an_exchange_has_both_heads_and_both_bodies() {
    for (kind, body) in [(MessageKind::Text, b"hello".as_slice()), (MessageKind::Binary, &[0; 300])] {
        let items = clean(&exchange(kind, body));
        assert_eq!(items.iter().map(Item::payload_len).sum::<usize>(), 2 * body.len());
        assert_eq!(items.len(), 4);
    }
}

//! The engine as a harness for `core`: whatever two ends say to each other, and however it is cut on its way, both have heard all of
//! it, in order and whole; every ping has its pong; and they agree on how it ended.

use std::time::Duration;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use ws101_core::frame::CloseCode;
use ws101_core::{MessageKind, Role};
use ws101_lesson::engine::{Act, Change, Fact, Random, Run, Scenario, Timeline};
use ws101_trace::Dissection;

/// Numbers below a limit.
struct Dice(Random);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0.number() % limit
    }

    fn bytes(&mut self) -> Vec<u8> {
        // Around every boundary of the length field that is quick to test.
        let len = match self.below(8) {
            0 => 124 + self.below(4),
            1 => 65_534 + self.below(4),
            _ => self.below(40),
        };
        (0..len).map(|_| self.0.number() as u8).collect()
    }

    fn text(&mut self) -> Vec<u8> {
        (0..self.below(40)).map(|_| ['a', 'κ', '안', '🎮'][self.below(4) as usize]).collect::<String>().into_bytes()
    }
}

/// What each end said, and what the other is to hear.
#[derive(Default)]
struct Said {
    messages: Vec<(MessageKind, Vec<u8>)>,
    pings: Vec<Vec<u8>>,
}

/// A conversation, as random as it gets: the client's part and the server's, and the code at its end.
fn conversation(seed: u64) -> (Scenario, [Said; 2], CloseCode) {
    let mut dice = Dice(Random::new(seed));
    let mut scenario = Scenario::new(seed);
    scenario.change(Duration::ZERO, Change::SegmentSize(1 + dice.below(1448) as u16));
    scenario.change(Duration::ZERO, Change::Jitter(Duration::from_micros(dice.below(20_000))));
    scenario.change(Duration::ZERO, Change::Loss(dice.below(200) as u16));
    scenario.push(Duration::ZERO, Role::Server, Act::Echo(false));
    scenario.push(Duration::ZERO, Role::Client, Act::Open);
    let mut said = [Said::default(), Said::default()];
    let mut at = Duration::from_secs(3600);
    for _ in 0..20 {
        at += Duration::from_micros(dice.below(30_000));
        let (role, said) = match dice.below(2) {
            0 => (Role::Client, &mut said[0]),
            _ => (Role::Server, &mut said[1]),
        };
        let (kind, bytes) = match dice.below(2) {
            0 => (MessageKind::Text, dice.text()),
            _ => (MessageKind::Binary, dice.bytes()),
        };
        // In fragments, cut anywhere, also within a character, and with pings between them.
        let mut rest = &bytes[..];
        while dice.below(3) == 0 {
            let (fragment, behind) = rest.split_at(dice.below(rest.len() as u64 + 1) as usize);
            scenario.push(at, role, Act::Message { kind, payload: fragment.to_vec(), last: false });
            rest = behind;
            let ping = dice.0.key()[..dice.below(5) as usize].to_vec();
            scenario.push(at, role, Act::Ping(ping.clone()));
            said.pings.push(ping);
        }
        scenario.push(at, role, Act::Message { kind, payload: rest.to_vec(), last: true });
        said.messages.push((kind, bytes));
    }
    let code = CloseCode::new(3000 + dice.below(2000) as u16);
    let closing = if dice.below(2) == 0 { Role::Client } else { Role::Server };
    scenario.push(at + Duration::from_secs(3600), closing, Act::Close(Some(code), String::new()));
    (scenario, said, code)
}

fn facts(run: &Run, role: Role) -> impl Iterator<Item = &Fact> {
    run.learned().iter().filter(move |learned| learned.role == role).map(|learned| &learned.fact)
}

#[test]
fn both_ends_agree_on_everything_however_it_is_cut() {
    for seed in 0..60 {
        let (scenario, said, code) = conversation(seed);
        let timeline = Timeline::new(scenario, None);
        let run = timeline.run();
        for (speaker, listener, said) in
            [(Role::Client, Role::Server, &said[0]), (Role::Server, Role::Client, &said[1])]
        {
            let messages = facts(run, listener).filter_map(|fact| match fact {
                Fact::Message(kind, bytes) => Some((*kind, bytes.clone())),
                _ => None,
            });
            let pings =
                facts(run, listener).filter_map(|fact| if let Fact::Ping(ping) = fact { Some(ping) } else { None });
            let pongs =
                facts(run, speaker).filter_map(|fact| if let Fact::Pong(pong) = fact { Some(pong) } else { None });
            assert!(messages.eq(said.messages.iter().cloned()), "{seed}: messages of the {speaker:?}");
            assert!(pings.eq(&said.pings), "{seed}: pings of the {speaker:?}");
            assert!(pongs.eq(&said.pings), "{seed}: pongs for the {speaker:?}");
            assert_eq!(facts(run, listener).last(), Some(&Fact::Closed(code)), "{seed}: the {listener:?}");
            assert!(!facts(run, listener).any(|fact| matches!(fact, Fact::Failed(_) | Fact::NotSent(_))), "{seed}");
        }
        // And what crossed the wire is in order for a reader who forgives nothing.
        let dissection = Dissection::of(run.trace());
        assert_eq!(dissection.partial(), []);
        assert!(dissection.items().iter().all(|item| item.complete && item.findings.is_empty()), "{seed}");
    }
}

//! What holds for every scenario.

#![cfg(not(target_arch = "wasm32"))]

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use ws101_core::frame::CloseCode;
use ws101_core::{MessageKind, Role};
use ws101_lesson::engine::{Act, Cause, Change, Edit, Fact, Input, Run, Scenario, Timeline};
use ws101_trace::Direction;

fn time(most: u64) -> impl Strategy<Value = Duration> {
    (0..most).prop_map(Duration::from_micros)
}

fn payload() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..40)
}

fn kind() -> impl Strategy<Value = MessageKind> {
    prop_oneof![Just(MessageKind::Text), Just(MessageKind::Binary)]
}

fn act() -> impl Strategy<Value = Act> {
    let edit = (any::<u16>(), 0..40_u16, payload());
    prop_oneof![
        2 => Just(Act::Open),
        1 => payload().prop_map(Act::OpenWith),
        3 => ".{0,12}".prop_map(|text| Act::text(&text)),
        3 => (kind(), payload(), any::<bool>()).prop_map(|(kind, payload, last)| Act::Message { kind, payload, last }),
        1 => payload().prop_map(Act::Ping),
        1 => payload().prop_map(Act::Pong),
        1 => (any::<Option<u16>>(), ".{0,8}").prop_map(|(code, why)| Act::Close(code.map(CloseCode::new), why)),
        1 => payload().prop_map(Act::Bytes),
        1 => edit.prop_map(|(skip, remove, insert)| Act::Edit(Edit { skip: skip % 300, remove, insert })),
        1 => (time(9_000_000), time(9_000_000)).prop_map(|(interval, timeout)| Act::KeepAlive { interval, timeout }),
        1 => any::<bool>().prop_map(Act::Echo),
        1 => Just(Act::Die),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => Just(Change::Cut),
        2 => Just(Change::Mend),
        2 => time(400_000).prop_map(Change::Latency),
        2 => time(400_000).prop_map(Change::Jitter),
        2 => (0..400_u16).prop_map(Change::Loss),
        2 => (0..90_u16).prop_map(Change::SegmentSize),
        1 => time(20_000_000).prop_map(Change::IdleLimit),
    ]
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Client), Just(Role::Server)]
}

/// Any inputs, after a request at the start as a rule.
fn scenario() -> impl Strategy<Value = Scenario> {
    let end = (role(), act()).prop_map(|(role, act)| Cause::End(role, act));
    let cause = prop_oneof![3 => end, 1 => change().prop_map(Cause::Link)];
    let inputs = vec((time(10_000_000), cause), 0..16);
    (any::<u64>(), any::<u8>(), inputs).prop_map(|(seed, opens, inputs)| {
        let mut scenario = Scenario::new(seed);
        if opens > 20 {
            scenario.push(Duration::ZERO, Role::Client, Act::Open);
        }
        for (at, cause) in inputs {
            scenario.insert(Input { at, cause });
        }
        scenario
    })
}

/// All that can be seen of a run.
fn seen(run: &Run) -> impl PartialEq + std::fmt::Debug + use<> {
    let ends = [Role::Client, Role::Server];
    let written = ends.map(|role| (run.stage(role), run.written(role).to_vec(), run.flights(role).to_vec()));
    ((run.clock(), run.steps(), run.inputs()), run.trace().clone(), run.learned().to_vec(), written)
}

fn run(scenario: &Scenario, until: Duration) -> Timeline {
    Timeline::new(scenario.clone(), Some(until))
}

const LONG: Duration = Duration::from_secs(30);

/// The bytes of messages that an end has heard, in order.
fn heard(run: &Run, role: Role) -> Vec<Vec<u8>> {
    let facts = run.learned().iter().filter(|learned| learned.role == role).map(|learned| &learned.fact);
    facts.filter_map(|fact| if let Fact::Message(_, bytes) = fact { Some(bytes.clone()) } else { None }).collect()
}

proptest! {
    #[test]
    fn a_text_holds_any_scenario_exactly(scenario in scenario()) {
        let code = scenario.encode();
        prop_assert!(code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        prop_assert_eq!(Scenario::decode(&code), Ok(scenario));
    }

    #[test]
    fn no_text_makes_it_panic_and_what_is_read_runs(letters in "[A-Za-z0-9_-]{0,200}") {
        if let Ok(scenario) = Scenario::decode(&letters) {
            prop_assert_eq!(Scenario::decode(&scenario.encode()), Ok(scenario.clone()));
            run(&scenario, LONG);
        }
    }

    #[test]
    fn any_text_is_a_scenario_or_an_error(text in ".{0,60}") {
        let _ = Scenario::decode(&text);
    }

    #[test]
    fn a_text_that_was_cut_is_told_from_a_whole_one(scenario in scenario(), part in any::<prop::sample::Index>()) {
        let letters = scenario.encode();
        let cut = &letters[..part.index(letters.len())];
        prop_assert!(Scenario::decode(cut).is_err());
    }

    #[test]
    fn the_same_scenario_comes_to_the_same(scenario in scenario()) {
        let [one, other] = [run(&scenario, LONG), run(&scenario, LONG)];
        prop_assert_eq!(seen(one.run()), seen(other.run()));
    }

    /// The index says of each step what a run that stops there has come to.
    #[test]
    fn a_step_is_where_a_run_that_stops_there_is(scenario in scenario(), to in time(20_000_000)) {
        let (whole, held) = (run(&scenario, LONG), run(&scenario, to));
        let step = whole.seek(to);
        prop_assert_eq!(step, held.last());
        prop_assert_eq!(&whole.trace(step), held.run().trace());
        prop_assert_eq!(whole.learned(step), held.run().learned());
        prop_assert_eq!(whole.clock(step), held.run().clock());
        prop_assert_eq!(whole.stage(step, Role::Client), held.run().stage(Role::Client));
        prop_assert!(step == whole.last() || whole.clock(step + 1) > to);
    }

    #[test]
    fn a_fork_is_the_same_up_to_there(scenario in scenario(), to in time(20_000_000), role in role(), act in act()) {
        let whole = run(&scenario, LONG);
        let step = whole.seek(to);
        let fork = run(&whole.fork(step, Cause::End(role, act)), LONG);
        prop_assert_eq!(fork.trace(step), whole.trace(step));
        prop_assert_eq!(fork.learned(step), whole.learned(step));
        prop_assert_eq!(fork.clock(step), whole.clock(step));
    }

    #[test]
    fn what_goes_in_comes_out_whatever_the_link_is_like(
        seed in any::<u64>(),
        (latency, jitter, loss, segment) in (time(400_000), time(400_000), 0..400_u16, 1..300_u16),
        cuts in vec((time(5_000_000), time(5_000_000)), 0..3),
        messages in vec((time(5_000_000), role(), kind(), vec(any::<u8>(), 0..400)), 1..12),
    ) {
        let mut scenario = Scenario::new(seed);
        for change in
            [Change::Latency(latency), Change::Jitter(jitter), Change::Loss(loss), Change::SegmentSize(segment)]
        {
            scenario.change(Duration::ZERO, change);
        }
        scenario.push(Duration::ZERO, Role::Server, Act::Echo(false));
        scenario.push(Duration::ZERO, Role::Client, Act::Open);
        let open = Duration::from_secs(3600);
        let mut said = [Vec::new(), Vec::new()];
        let mut messages = messages;
        messages.sort_by_key(|message| message.0);
        for (at, role, kind, bytes) in messages {
            let bytes = if kind == MessageKind::Text { bytes.iter().map(|byte| byte & 127).collect() } else { bytes };
            said[usize::from(role == Role::Client)].push(bytes.clone());
            scenario.push(open + at, role, Act::Message { kind, payload: bytes, last: true });
        }
        for (at, len) in cuts {
            scenario.change(open + at, Change::Cut);
            scenario.change(open + at + len, Change::Mend);
        }
        let timeline = run(&scenario, 2 * open);
        let run = timeline.run();
        prop_assert_eq!([Role::Server, Role::Client].map(|role| heard(run, role)), [said[1].clone(), said[0].clone()]);
        // The tap has both streams byte for byte, and each run in its order.
        for (role, direction) in [(Role::Client, Direction::ClientToServer), (Role::Server, Direction::ServerToClient)] {
            prop_assert_eq!(run.written(role), run.trace().stream(direction));
            let mut last = Duration::ZERO;
            for flight in run.flights(role) {
                prop_assert!(flight.arrived.is_some_and(|at| at >= flight.sent + latency && at >= last));
                last = flight.arrived.unwrap_or_default();
            }
        }
        prop_assert!(run.trace().runs().windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}

proptest! {
    // Every step of every run is looked at.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// So that stepping on and back shows something new or nothing, and never something else.
    #[test]
    fn what_was_there_stays(scenario in scenario()) {
        let whole = run(&scenario, LONG);
        for step in 0..whole.last() {
            let (before, after) = (whole.trace(step), whole.trace(step + 1));
            prop_assert!(after.runs().starts_with(before.runs()));
            prop_assert!(whole.learned(step + 1).starts_with(whole.learned(step)));
            prop_assert!(whole.clock(step) <= whole.clock(step + 1));
        }
        for learned in 0..whole.run().learned().len() {
            let step = whole.step_of(learned);
            prop_assert!(whole.learned(step).len() > learned && whole.learned(step - 1).len() <= learned);
        }
        for index in 0..whole.run().trace().runs().len() {
            let step = whole.step_of_run(index);
            prop_assert!(whole.trace(step).runs().len() > index && whole.trace(step - 1).runs().len() <= index);
        }
        prop_assert_eq!(&whole.trace(whole.last()), whole.run().trace());
    }
}

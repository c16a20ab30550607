use super::*;
use crate::engine::{Fact, Stage as EndStage};
use crate::lessons::{Place, WhatIf};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use ws101_core::Role;
use ws101_trace::feed::VERSION;

fn page(fragment: &str) -> State {
    let mut state = State::new(Prefs::default(), View::default(), 7);
    state.apply(Action::Open(["#", fragment].concat()), Duration::ZERO);
    state
}

fn act(state: &mut State, act: Act) -> Vec<Effect> {
    state.apply(Action::Lesson(act), Duration::ZERO)
}

fn stage(state: &State) -> &Stage {
    state.stage.as_ref().unwrap()
}

/// The last step's connection: the request, the 101, a message and its echo.
const SWITCH: &str = "handshake/switch?v=1&guess-switch=skip";

#[test]
fn a_run_is_stepped_on_and_back_and_its_address_says_where_it_is() {
    let mut state = page(SWITCH);
    let last = stage(&state).performance.timeline.last();
    assert!(stage(&state).performance.is_over());
    let bytes = |state: &State| stage(state).session.trace.clone();
    let mut seen = vec![bytes(&state)];
    for step in (0..last).rev() {
        let effects = act(&mut state, Act::Turn(Step::Previous));
        assert_eq!(effects[0], Effect::Amend(format!("{SWITCH}&at-switch={step}")));
        seen.push(bytes(&state));
    }
    assert!(stage(&state).session.is_empty());
    assert!(act(&mut state, Act::Turn(Step::Previous)).is_empty(), "nothing is before the start");
    for expected in seen.iter().rev().skip(1) {
        act(&mut state, Act::Turn(Step::Next));
        assert_eq!(&bytes(&state), expected);
    }
    assert_eq!(stage(&state).place.fragment(), SWITCH, "the end is where one is if nothing is said");
    // And from its address a fresh page is just there.
    act(&mut state, Act::Seek(3));
    assert_eq!(bytes(&page(&stage(&state).place.fragment())), bytes(&state));
}

#[test]
fn a_run_goes_on_by_itself_until_its_end_or_somebody_stops_it() {
    let mut state = page(SWITCH);
    let last = stage(&state).performance.timeline.last();
    let mut waits = 0;
    let mut effects = act(&mut state, Act::Play);
    assert_eq!(stage(&state).performance.step, 0, "from the end, it begins again");
    while effects.iter().any(|effect| matches!(effect, Effect::TickIn(_))) {
        waits += 1;
        effects = act(&mut state, Act::Tick);
    }
    assert_eq!((waits, stage(&state).performance.step, stage(&state).is_playing), (last, last, false));

    act(&mut state, Act::Play);
    act(&mut state, Act::Tick);
    let slow = act(&mut state, Act::Pace);
    assert!(matches!(slow[..], [Effect::TickIn(_)]), "another speed goes on: {slow:?}");
    act(&mut state, Act::Play);
    assert!(act(&mut state, Act::Tick).is_empty(), "who stops it has stopped it");
    assert_eq!(stage(&state).performance.step, 1);
    assert_eq!(stage(&state).pace, Pace::Fast);
}

#[test]
fn what_is_still_to_come_can_be_gone_to_on_the_wire() {
    let mut state = page(SWITCH);
    act(&mut state, Act::Turn(Step::First));
    let echo = stage(&state).whole.item(3).map(|item| Selection::of_item(LESSON, item)).unwrap();
    state.apply(Action::Select(echo), Duration::ZERO);
    assert_eq!(stage(&state).session.len(), 4);
    assert_eq!(state.selection, Some(echo));
    // With arrows, from what was there to what comes.
    act(&mut state, Act::Turn(Step::First));
    state.apply(Action::Move(Zone::Ribbon, Step::Next), Duration::ZERO);
    assert_eq!(stage(&state).session.len(), 1);
    state.apply(Action::Move(Zone::Ribbon, Step::Next), Duration::ZERO);
    assert_eq!(stage(&state).session.len(), 2);
    // Looking back is no going back.
    state.apply(Action::Move(Zone::Ribbon, Step::Previous), Duration::ZERO);
    assert_eq!(stage(&state).session.len(), 2);
}

#[test]
fn something_else_happens_and_is_taken_back() {
    let mut state = page(SWITCH);
    let opened = stage(&state).performance.timeline.until(0, |learned| learned.role == Role::Client).unwrap();
    act(&mut state, Act::Seek(opened));
    let before = stage(&state).place.clone();
    act(&mut state, Act::WhatIf(WhatIf::Kill));
    let fork = stage(&state);
    assert!(fork.original.is_some() && fork.can_undo() && fork.is_playing);
    assert_eq!(fork.performance.timeline.run().stage(Role::Client), EndStage::Closed);
    assert!(fork.performance.timeline.run().learned().iter().any(|learned| learned.fact == Fact::Died));
    // It is an address like any other.
    assert_eq!(page(&fork.place.fragment()).stage.unwrap().whole.trace, fork.whole.trace);
    act(&mut state, Act::Original);
    assert!(stage(&state).original.is_none());
    act(&mut state, Act::Undo);
    assert!(stage(&state).original.is_some(), "that can be undone, too");
    act(&mut state, Act::Undo);
    assert_eq!(stage(&state).place, before);
    assert!(!stage(&state).can_undo());
}

#[test]
fn a_reset_is_undone() {
    let mut state = page("handshake/break?v=1&preset=post&guess-break=400");
    let before = stage(&state).place.clone();
    act(&mut state, Act::Reset);
    assert_eq!(stage(&state).place.fragment(), "handshake/break");
    act(&mut state, Act::Reset);
    assert_eq!(stage(&state).place, Place::start(before.lesson));
    act(&mut state, Act::Undo);
    act(&mut state, Act::Undo);
    assert_eq!(stage(&state).place, before);
}

#[test]
fn what_was_changed_is_undone_and_only_where_one_is() {
    let mut state = page("handshake/client?v=1&guess-client=skip");
    let set = |state: &mut State, name: &str, value: &str| act(state, Act::Set(name.into(), value.into()));
    set(&mut state, "reply", "ab");
    set(&mut state, "reply", "abc");
    act(&mut state, Act::Turn(Step::Previous));
    set(&mut state, "reply", "b");
    assert_eq!(stage(&state).place.input("reply"), Some("b"));
    act(&mut state, Act::Undo);
    assert_eq!(stage(&state).place.input("reply"), Some("abc"));
    act(&mut state, Act::Undo);
    assert_eq!(stage(&state).place.input("reply"), None, "what is typed in one go is undone in one");
    assert!(!stage(&state).can_undo());
    set(&mut state, "reply", "b");
    act(&mut state, Act::Back);
    assert!(!stage(&state).can_undo(), "another step has its own");
}

#[test]
fn what_is_on_its_way_is_told_from_what_has_come() {
    let mut state = page(SWITCH);
    act(&mut state, Act::Turn(Step::First));
    let crossing = |state: &State| {
        let stage = stage(state);
        stage.whole.items().map(|item| stage.is_crossing(item)).collect::<Vec<_>>()
    };
    assert_eq!(crossing(&state), [false; 4]);
    let mut seen = Vec::new();
    for _ in 0..stage(&state).performance.timeline.last() {
        act(&mut state, Act::Turn(Step::Next));
        seen.push(crossing(&state).iter().position(|is_crossing| *is_crossing));
    }
    // Each of request, 101, message and echo is written, and then it arrives.
    assert_eq!(seen, [Some(0), None, Some(1), None, Some(2), None, Some(3), None]);
}

#[test]
fn the_route_leads_from_stop_to_stop_and_back() {
    let mut state = page("route");
    assert_eq!((state.stop, state.fragment().as_str()), (Some(0), "live/upgrade"));
    let mut addresses = Vec::new();
    let go = |state: &mut State, step| {
        let effects = state.apply(Action::Present(step), Duration::ZERO);
        effects.into_iter().find_map(|effect| match effect {
            Effect::Address(fragment) | Effect::Amend(fragment) => Some(fragment),
            _ => None,
        })
    };
    while let Some(address) = go(&mut state, Step::Next) {
        assert!(address.ends_with(";route"), "{address}");
        // A fresh page is on the route as well.
        assert_eq!(page(&address).stop, state.stop);
        addresses.push(state.fragment());
    }
    assert_eq!(addresses.first().map(String::as_str), Some("handshake/request"));
    assert_eq!(addresses.last().map(String::as_str), Some("live/overhead"));
    assert!(addresses.iter().any(|address| address.starts_with("handshake/switch")));
    let mut steps = 0;
    while go(&mut state, Step::Previous).is_some() {
        steps += 1;
    }
    assert_eq!((state.stop, state.fragment().as_str()), (Some(0), "live/upgrade"));
    assert!(steps > crate::lessons::route::ROUTE.len());
    go(&mut state, Step::Next);
    assert!(!stage(&state).scene().is_waiting(), "what was answered, or passed over, stays so");
    state.apply(Action::View(View::All), Duration::ZERO);
    assert_eq!(state.stop, Some(1), "who looks around comes back to the way");
    state.apply(Action::Open("#handshake/request".into()), Duration::ZERO);
    assert_eq!(state.stop, None, "another link leads away from it");
}

#[test]
fn both_ends_are_simulated_when_somebody_wants_it_and_live_again_when_not() {
    let mut state = page("");
    let now = Duration::from_secs(1);
    state.apply(Action::Start, now);
    state.apply(Action::Feed(ws101_trace::feed::FromServer::Hello { version: VERSION }), now);
    state.apply(Action::SocketOpened, now);
    let effects = state.apply(Action::Simulate(true), now);
    assert!(effects.contains(&Effect::DropFeed) && effects.contains(&Effect::DropSocket), "{effects:?}");
    assert_eq!((state.mode, state.link, state.notice), (Mode::Simulated, Link::Open, None));
    assert_eq!(state.session().map(|session| session.source), Some(Source::Simulated));
    assert_eq!(state.apply(Action::Retry, now), [], "nobody looks for a server that is not wanted");
    assert_eq!(state.apply(Action::Simulate(false), now), [Effect::OpenFeed]);
    state.apply(Action::Feed(ws101_trace::feed::FromServer::Hello { version: VERSION }), now);
    assert_eq!((state.mode, state.notice), (Mode::Live, None), "who has asked for it need not be told");
    assert!(state.is_following());

    // Who asks for a server that is not there is told so.
    let mut state = page("");
    state.apply(Action::Start, now);
    state.apply(Action::FeedEnded, now);
    state.apply(Action::Dismiss, now);
    state.apply(Action::Simulate(false), now);
    assert_eq!(state.notice, None);
    state.apply(Action::FeedEnded, now);
    assert_eq!((state.mode, state.notice), (Mode::Simulated, Some(Notice::NoServer)));
}

#[test]
fn behind_the_curtain_nothing_moves() {
    let mut state = page("handshake/request");
    state.apply(Action::Curtain, Duration::ZERO);
    assert!(state.curtain);
    assert_eq!(state.apply(Action::Present(Step::Next), Duration::ZERO), []);
    assert!(!state.curtain && stage(&state).scene().is_waiting());
}

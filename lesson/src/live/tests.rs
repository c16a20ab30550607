use super::*;
use crate::text::{Key, field};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use ws101_core::frame::Opcode;
use ws101_trace::feed::VERSION;
use ws101_trace::{Direction, Trace};

use crate::sim::Sim;

fn at(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn page() -> State {
    State::new(Prefs::default(), View::default(), 7)
}

/// A page that found no server.
fn alone() -> State {
    let mut state = page();
    assert_eq!(state.apply(Action::Start, at(0)), [Effect::OpenFeed]);
    state.apply(Action::FeedEnded, at(50));
    state
}

/// A page whose feed reports a connection with these bytes.
fn live(trace: &Trace) -> State {
    let mut state = page();
    state.apply(Action::Start, at(0));
    let effects = state.apply(Action::Feed(FromServer::Hello { version: VERSION }), at(1));
    assert!(effects.contains(&Effect::OpenSocket));
    report(&mut state, 1, "/ws/echo", trace);
    state.apply(Action::SocketOpened, at(3));
    state
}

fn report(state: &mut State, number: u64, path: &str, trace: &Trace) {
    state.apply(Action::Feed(FromServer::Opened { trace: number, path: path.into() }), at(2));
    report_runs(state, number, trace, 0);
}

fn report_runs(state: &mut State, number: u64, trace: &Trace, from: usize) {
    for run in &trace.runs()[from..] {
        let (bytes, micros) = (trace.bytes_of(run).to_vec(), run.at.as_micros() as u64);
        let message = FromServer::Bytes { trace: number, at: micros, direction: run.direction, bytes };
        state.apply(Action::Feed(message), at(2));
    }
    if let Some(closed) = trace.closed() {
        let micros = closed.as_micros() as u64;
        state.apply(Action::Feed(FromServer::Closed { trace: number, at: micros }), at(2));
    }
}

fn selected_opcode(state: &State) -> Option<Opcode> {
    opcode(state.selected_item()?.1)
}

#[test]
fn without_a_server_the_page_simulates_and_says_so() {
    let mut state = page();
    state.apply(Action::Start, at(0));
    let effects = state.apply(Action::FeedEnded, at(50));
    assert_eq!((state.mode, state.link, state.notice), (Mode::Simulated, Link::Open, Some(Notice::NoServer)));
    assert!(effects.contains(&Effect::RetryIn(Duration::from_secs(1))));
    assert_eq!(state.session().map(|session| session.source), Some(Source::Simulated));
    assert_eq!(state.session().map(Session::len), Some(2));
    // A failed try to find it changes nothing but the waiting time.
    assert_eq!(state.apply(Action::FeedEnded, at(1100)), [Effect::RetryIn(Duration::from_secs(2))]);
    assert_eq!(state.sessions.len(), 1);
}

#[test]
fn a_message_goes_out_and_stays_on_the_stage_while_its_echo_comes() {
    let mut state = alone();
    let effects = state.apply(Action::Send, at(1000));
    assert!(effects.contains(&Effect::Address(View::Frames.fragment().into())));
    assert_eq!(state.session().map(Session::len), Some(4));
    let (index, item) = state.selected_item().unwrap();
    assert_eq!((index, item.direction), (2, Direction::ClientToServer));
    assert_eq!(item.frame().unwrap().unmasked, "안녕 WebSocket".as_bytes());
}

#[test]
fn a_live_message_is_sent_by_the_browser_and_shown_from_the_feed() {
    let (mut sim, mut trace) = Sim::open(1, at(0));
    let mut state = live(&trace);
    assert_eq!((state.mode, state.link, state.notice), (Mode::Live, Link::Open, None));
    let effects = state.apply(Action::Send, at(10));
    assert!(effects.contains(&Effect::Send(MessageKind::Text, "안녕 WebSocket".into())));
    assert_eq!(state.session().map(Session::len), Some(2));
    let before = trace.runs().len();
    sim.send(MessageKind::Text, "안녕 WebSocket".as_bytes(), at(11), &mut trace).unwrap();
    report_runs(&mut state, 1, &trace, before);
    assert_eq!(state.session().map(|session| &session.trace), Some(&trace));
    assert_eq!(selected_opcode(&state), Some(Opcode::TEXT));
}

#[test]
fn bad_input_is_told_and_nothing_is_sent() {
    let mut state = alone();
    state.apply(Action::Kind(MessageKind::Binary), at(1));
    state.apply(Action::Edit("0x".into()), at(1));
    assert_eq!(state.apply(Action::Send, at(2)), []);
    assert_eq!(state.draft.error, Some(DraftError::HexBad('x', 2)));
    state.apply(Action::Edit("00 ff".into()), at(3));
    assert_eq!(state.draft.error, None);
    state.apply(Action::Send, at(4));
    assert_eq!(state.selected_item().unwrap().1.frame().unwrap().unmasked, [0, 255]);
    state.apply(Action::EditCode("1006".into()), at(5));
    state.apply(Action::Close, at(6));
    assert_eq!((state.draft.error, state.link), (Some(DraftError::CloseCode), Link::Open));
}

#[test]
fn closing_and_connecting_again_keeps_the_old_connection() {
    let mut state = alone();
    state.apply(Action::Close, at(5));
    assert_eq!((state.link, state.sessions[0].life()), (Link::Closed, Life::Closed));
    state.apply(Action::Send, at(6));
    assert_eq!(state.draft.error, Some(DraftError::NotConnected));
    state.apply(Action::Reconnect, at(7));
    assert_eq!((state.link, state.sessions.len(), state.shown), (Link::Open, 2, Some(1)));
    state.apply(Action::Show(0), at(8));
    assert_eq!(state.shown, Some(0));
    assert_ne!(state.sessions[0].trace, state.sessions[1].trace);
}

#[test]
fn a_server_that_dies_leaves_its_record_and_one_that_comes_back_is_found() {
    let (_, trace) = Sim::open(1, at(0));
    let mut state = live(&trace);
    state.apply(Action::SocketClosed, at(10));
    let effects = state.apply(Action::FeedEnded, at(11));
    assert!(effects.contains(&Effect::RetryIn(Duration::from_secs(1))) && effects.contains(&Effect::DropSocket));
    assert_eq!((state.mode, state.notice), (Mode::Simulated, Some(Notice::ServerGone)));
    assert_eq!((state.sessions[0].life(), &state.sessions[0].trace), (Life::Cut, &trace));
    assert_eq!(state.sessions[1].source, Source::Simulated);
    for seconds in [2, 4, 8, 10, 10] {
        let effects = state.apply(Action::FeedEnded, at(100));
        assert_eq!(effects, [Effect::RetryIn(Duration::from_secs(seconds))]);
    }
    let effects = state.apply(Action::Feed(FromServer::Hello { version: VERSION }), at(200));
    assert!(effects.contains(&Effect::OpenSocket));
    assert_eq!((state.mode, state.notice), (Mode::Live, Some(Notice::Back)));
    assert_eq!(state.sessions[1].life(), Life::Cut);
    // The new server counts its traces from the beginning again.
    report(&mut state, 1, "/ws/echo", &trace);
    // What was looked at is still on the stage, until somebody wants to see more.
    assert_eq!((state.sessions.len(), state.shown, state.is_elsewhere()), (3, Some(0), true));
    state.apply(Action::Follow, at(201));
    assert_eq!((state.shown, state.is_elsewhere()), (Some(2), false));
}

#[test]
fn a_server_of_another_version_asks_for_a_reload() {
    let mut state = page();
    state.apply(Action::Start, at(0));
    state.apply(Action::Feed(FromServer::Hello { version: VERSION + 1 }), at(1));
    assert_eq!((state.mode, state.notice), (Mode::Simulated, Some(Notice::Version)));
    assert_eq!(state.apply(Action::FeedEnded, at(2)), []);
}

#[test]
fn whoever_goes_back_is_left_there_and_told_what_is_new() {
    let mut state = alone();
    state.apply(Action::Send, at(10));
    state.apply(Action::Move(Zone::Ribbon, Step::First), at(11));
    assert!(!state.is_following());
    assert_eq!(state.view, View::Upgrade);
    let pinned = state.selection;
    state.sim.as_mut().unwrap().server_ping(b"hi", at(12), &mut state.sessions[0].trace).unwrap();
    state.grown(0, &mut Vec::new());
    assert_eq!((state.unseen, state.selection), (2, pinned));
    state.apply(Action::Follow, at(13));
    assert_eq!((state.unseen, selected_opcode(&state)), (0, Some(Opcode::PONG)));
}

#[test]
fn arrows_walk_the_fields_and_escape_lets_go() {
    let mut state = alone();
    state.apply(Action::Send, at(10));
    let names = |state: &mut State, step| {
        state.apply(Action::Move(Zone::Hex, step), at(11));
        let (_, item) = state.selected_item().unwrap();
        let number = state.pinned().unwrap().field(item).unwrap();
        field::name(&item.fields[number], item, &state.session().unwrap().trace, Language::English)
    };
    assert_eq!(names(&mut state, Step::Next), "FIN");
    assert_eq!(names(&mut state, Step::Next), "RSV1");
    assert_eq!(names(&mut state, Step::Last), "payload");
    assert_eq!(names(&mut state, Step::Previous), "masking key");
    state.apply(Action::Move(Zone::Bytes, Step::Next), at(12));
    assert_eq!(state.pinned().unwrap().bits.len(), 8);
    state.apply(Action::Release, at(13));
    let (_, item) = state.selected_item().unwrap();
    assert!(state.pinned().unwrap().is_whole(item));
}

#[test]
fn a_preview_is_shown_but_does_not_pin() {
    let mut state = alone();
    state.apply(Action::Send, at(10));
    let pinned = state.selection;
    let (_, item) = state.selected_item().unwrap();
    let preview = Selection::of_field(0, item, &item.fields[4]);
    state.apply(Action::Preview(Some(preview)), at(11));
    assert_eq!((state.marked(), state.selection), (Some(preview), pinned));
    state.apply(Action::Release, at(12));
    assert_eq!((state.marked(), state.selection), (pinned, pinned));
}

#[test]
fn the_simulated_comparison_counts_every_byte() {
    let mut state = alone();
    state.apply(Action::Send, at(10));
    state.apply(Action::Compare, at(20));
    assert_eq!(state.view, View::Overhead);
    let counts = state.counts().unwrap();
    let text = "안녕 WebSocket".len();
    assert_eq!(counts.websocket, RoundTrip { out_added: 6, out_content: text, back_added: 2, back_content: text });
    assert_eq!((counts.http.out_content, counts.http.back_content), (text, text));
    let exchange = &state.sessions[state.comparison.as_ref().unwrap().exchange.unwrap()].trace;
    let all: usize = Direction::BOTH.into_iter().map(|direction| exchange.stream(direction).len()).sum();
    assert_eq!(counts.http.total(), all);
    assert_eq!(counts.source, Source::Simulated);
    assert!(counts.break_even().is_some_and(|messages| messages >= 1));
}

#[test]
fn the_live_comparison_waits_for_the_tap() {
    let (mut sim, mut trace) = Sim::open(1, at(0));
    let mut state = live(&trace);
    let text = "안녕 WebSocket".as_bytes();
    let effects = state.apply(Action::Compare, at(10));
    assert!(effects.contains(&Effect::Post(MessageKind::Text, text.to_vec())));
    assert!(effects.contains(&Effect::Send(MessageKind::Text, text.to_vec())));
    assert_eq!(state.counts(), None);
    report(&mut state, 2, "/lab/echo", &crate::sim::exchange(MessageKind::Text, text));
    assert_eq!((state.counts(), state.shown), (None, Some(0)));
    let before = trace.runs().len();
    sim.send(MessageKind::Text, text, at(12), &mut trace).unwrap();
    report_runs(&mut state, 1, &trace, before);
    assert_eq!(state.counts().map(|counts| (counts.source, counts.websocket.overhead())), Some((Source::Measured, 8)));
}

#[test]
fn an_empty_message_and_a_large_one_are_counted_too() {
    for (text, headers) in [(String::new(), 8), ("a".repeat(126), 12), ("a".repeat(65536), 24)] {
        let mut state = alone();
        state.apply(Action::Edit(text.clone()), at(9));
        state.apply(Action::Compare, at(10));
        let counts = state.counts().unwrap();
        assert_eq!((counts.websocket.overhead(), counts.websocket.out_content), (headers, text.len()));
    }
}

#[test]
fn the_server_pings_in_both_modes() {
    let mut state = alone();
    state.apply(Action::ServerPing, at(10));
    assert_eq!(selected_opcode(&state), Some(Opcode::PING));
    assert!(is_unseen_by_script(state.selected_item().unwrap().1));
    let mut state = live(&Sim::open(1, at(0)).1);
    assert!(state.apply(Action::ServerPing, at(10)).iter().any(|effect| matches!(effect, Effect::AskPing(_))));
}

#[test]
fn a_ping_that_nobody_asked_for_takes_nothing_from_the_stage() {
    let (mut sim, mut trace) = Sim::open(1, at(0));
    let mut state = live(&trace);
    let before = trace.runs().len();
    sim.send(MessageKind::Text, "안녕".as_bytes(), at(12), &mut trace).unwrap();
    sim.server_ping(b"", at(45_000), &mut trace).unwrap();
    report_runs(&mut state, 1, &trace, before);
    assert_eq!(state.session().unwrap().len(), 6);
    assert_eq!(selected_opcode(&state), Some(Opcode::TEXT));
}

#[test]
fn arrivals_are_announced_once_for_all() {
    let mut state = alone();
    state.apply(Action::Send, at(10));
    state.apply(Action::Announce, at(700));
    assert!(state.announcement.starts_with("새 항목 4개"), "{}", state.announcement);
    let said = state.announcement.clone();
    state.apply(Action::Announce, at(1400));
    assert_eq!(state.announcement, said);
}

#[test]
fn preferences_are_kept_and_words_change_at_once() {
    let mut state = alone();
    let effects = state.apply(Action::Language(Language::English), at(10));
    assert_eq!(effects, [Effect::Remember(Prefs { language: Language::English, ..Prefs::default() })]);
    assert_eq!(Key::Send.text(state.prefs.language), "Send");
}

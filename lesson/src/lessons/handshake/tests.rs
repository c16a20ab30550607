use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use ws101_core::rules::{Answer, Violation};

use crate::lessons::{Outcome, Performance, WhatIf};

fn answers(violation: &Violation) -> Answer {
    violation.answer()
}

#[test]
fn every_preset_breaks_what_it_says() {
    for preset in PRESETS {
        let request = preset.request();
        let found = request.findings();
        assert_eq!(request.fatal().map(|finding| finding.violation), preset.breaks, "{}: {found:?}", preset.id);
        let status = request.status().unwrap();
        match preset.breaks.map(Violation::answer) {
            Some(Answer::Status(code)) => assert_eq!(status, code.to_string(), "{}", preset.id),
            _ => assert_eq!(status, "101"),
        }
    }
}

#[test]
fn every_rule_of_a_request_is_reached_by_a_preset() {
    let of_requests = |violation: &&Violation| matches!(answers(violation), Answer::Status(_));
    for violation in Violation::ALL.iter().filter(of_requests) {
        assert!(PRESETS.iter().any(|preset| preset.breaks == Some(*violation)), "{violation:?}");
        let rows = checks::SERVER.iter().filter(|(_, rules)| rules.contains(violation)).count();
        assert_eq!(rows, 1, "{violation:?}");
    }
}

#[test]
fn every_rule_of_a_response_is_reached_by_a_fault() {
    let mut reached = Vec::new();
    for letter in reply::letters() {
        let (_, findings) = reply::reply(letter);
        assert!(!findings.is_empty(), "{letter}");
        reached.extend(findings.iter().map(|finding| finding.violation));
    }
    assert_eq!(reply::reply(".").1, []);
    for violation in Violation::ALL.iter().filter(|violation| answers(violation) == Answer::Abort) {
        assert!(reached.contains(violation), "{violation:?}");
        assert_eq!(checks::CLIENT.iter().filter(|(_, rules)| rules.contains(violation)).count(), 1, "{violation:?}");
    }
}

#[test]
fn checks_stop_at_the_first_fatal_finding() {
    let findings = presets::PRESETS[1].request().findings();
    let list = checks::list(checks::SERVER, &findings, Language::English);
    let fired = list.iter().position(|check| check.outcome == Outcome::Fired).unwrap();
    assert!(list[..fired].iter().all(|check| check.outcome == Outcome::Passed));
    assert!(list[fired + 1..].iter().all(|check| matches!(check.outcome, Outcome::Also | Outcome::Unread)));
    assert!(list.iter().any(|check| check.outcome == Outcome::Also), "a misspelt name is no Upgrade either");
    let list = checks::list(checks::SERVER, &[], Language::English);
    assert!(list.iter().all(|check| check.outcome == Outcome::Passed));
}

/// As `lessons.md` has them; none of them is written into the lesson.
#[test]
fn right_answers() {
    let mut place = Place::start(&Handshake);
    let mut right = |step, preset| {
        place.step = step;
        assert!(place.set("preset", preset));
        Handshake.scene(&place, Language::Korean).question.unwrap().right
    };
    assert_eq!(right(0, "good"), "1");
    assert_eq!(right(1, "note"), "400");
    assert_eq!(right(1, "misspelt"), "426");
    assert_eq!(right(1, "good"), "101");
    assert_eq!(right(2, "good"), "same");
    assert_eq!(right(3, "good"), "refuses");
    assert_eq!(right(4, "good"), "130");
}

#[test]
fn the_answer_is_not_on_the_wire_before_the_guess() {
    let mut place = Place::start(&Handshake);
    place.step = 1;
    let answer =
        |place: &Place| Performance::at(place, Language::English).trace().stream(Direction::ServerToClient).len();
    assert_eq!(answer(&place), 0);
    assert!(place.set("guess-break", "101"));
    assert!(answer(&place) > 0);
    assert!(place.set("preset", "http10"));
    assert_eq!(answer(&place), 0, "another request, another question");
}

#[test]
fn a_request_without_any_line_waits() {
    let mut place = Place::start(&Handshake);
    for index in 0..10 {
        assert!(place.set(&request::name(OWN, index), "0"));
    }
    assert_eq!(Request::at(&place).answer(), None);
    let performance = Performance::at(&place, Language::Korean);
    assert_eq!(performance.trace().stream(Direction::ServerToClient), b"");
}

/// For the test against a real server: all presets, with the status line that is expected.
#[test]
fn good_requests_have_no_findings() {
    assert_eq!(Request::default().findings(), []);
    assert_eq!(Request::default().status_line().as_deref(), Some("HTTP/1.1 101 Switching Protocols"));
}

/// Where the simulated server's verdict and the list of checks could part, they do not.
#[test]
fn the_run_comes_to_what_the_verdict_says() {
    let mut place = Place::start(&Handshake);
    place.step = 1;
    for preset in PRESETS {
        assert!(place.set("preset", preset.id) && place.set("guess-break", "skip"));
        let performance = Performance::at(&place, Language::English);
        let answer = preset.request().answer().unwrap();
        assert_eq!(performance.trace().stream(Direction::ServerToClient), answer, "{}", preset.id);
        let opened = performance.timeline.run().stage(Role::Client) == crate::engine::Stage::Open;
        assert_eq!(opened, preset.breaks.is_none(), "{}", preset.id);
    }
}

/// The simulated browser refuses just the responses in which the list of checks finds something.
#[test]
fn the_browser_refuses_what_its_checks_refuse() {
    let mut place = Place::start(&Handshake);
    place.step = 3;
    for letters in reply::letters().chain(["."]) {
        assert!(place.set("reply", letters) && place.set("guess-client", "skip"));
        let performance = Performance::at(&place, Language::English);
        let (response, findings) = reply::reply(letters);
        assert_eq!(performance.trace().stream(Direction::ServerToClient), response, "{letters}");
        let refused = performance.timeline.until(0, |learned| {
            learned.role == Role::Client && matches!(learned.fact, crate::engine::Fact::Refused(_))
        });
        assert_eq!(refused.is_some(), !findings.is_empty(), "{letters}");
    }
}

#[test]
fn what_is_still_to_come_of_a_waiting_question_is_not_run() {
    let mut place = Place::start(&Handshake);
    place.step = 1;
    let waiting = Performance::at(&place, Language::English);
    assert_eq!(waiting.timeline.run().trace().stream(Direction::ServerToClient), b"");
    assert_eq!(waiting.what_ifs().count(), 0);
    assert!(place.set("guess-break", "400"));
    assert!(Performance::at(&place, Language::English).timeline.last() > waiting.timeline.last());
}

#[test]
fn a_fork_is_compared_with_what_would_have_been() {
    let mut place = Place::start(&Handshake);
    place.step = 4;
    assert!(place.set("guess-switch", "skip"));
    let whole = Performance::at(&place, Language::English);
    let opened = whole.timeline.until(0, |learned| learned.role == Role::Client).unwrap();
    place.seek(Some(opened));
    let before = Performance::at(&place, Language::English);
    assert_eq!((before.step, before.is_over()), (opened, false));
    assert!(before.what_ifs().eq(WhatIf::ALL.into_iter().filter(|what_if| *what_if != WhatIf::Mend)));
    assert!(place.fork(Some(&before.fork(WhatIf::Cut))));
    let fork = Performance::at(&place, Language::English);
    assert!(fork.is_over(), "a fork is looked at from its end");
    assert_eq!(fork.trace(), before.trace(), "nothing crosses a cable that was pulled");
    assert_eq!(fork.original_trace(), Some(whole.trace()));
    assert!(
        fork.what_ifs().any(|what_if| what_if == WhatIf::Mend)
            && !fork.what_ifs().any(|what_if| what_if == WhatIf::Cut)
    );
    assert!(place.fork(None));
    assert!(Performance::at(&place, Language::English).original.is_none());
}

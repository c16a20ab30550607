//! The run of a lesson's scenario: the moment, the controls that move it, who knew what, and what could happen instead.

use ws101_core::Role;
use ws101_lesson::engine::{Fact, Learned, Timeline};
use ws101_lesson::live::{Act, Action, Session, Stage, Step};
use ws101_lesson::text::{Key, fact, happening, item, say};

use super::Ui;
use super::element::{button, class_if, does, glyph, h3, h4, icon, p_of, part, words};
use super::tag::{Tag, tag};

/// When it is, and what happens just now: below the wire.
pub(super) fn moment(ui: Ui<'_>, stage: &Stage) -> Tag {
    let (timeline, step) = (&stage.performance.timeline, stage.performance.step);
    let (step_text, last) = (step.to_string(), timeline.last().to_string());
    tag("p")
        .class("moment")
        .set("aria-label", ui.t(Key::RunMoment))
        .set("data-test", "moment")
        .add(part("time", say::time(timeline.clock(step))))
        .add(part("facts", [&step_text, "/", &last].concat()))
        .add(part("", happening::sentence(timeline, step, ui.language())))
        .add(words("source", ui.t(Key::LessonSimulated)))
        .set("data-step", step_text)
        .set("data-last", last)
}

/// What would have crossed the wire without the fork.
pub(super) fn ghost(ui: Ui<'_>, original: &Session) -> Tag {
    let items = original.items().map(|item| {
        let (label, size) = (item::label(item, &original.trace, ui.language()), say::bytes(item.span.len()));
        tag("span").add(glyph(item.direction)).add([" ", &label, " ", &size].concat())
    });
    tag("p")
        .class("ghost")
        .set("data-test", "original")
        .add(tag("b").add(ui.t(Key::RunOriginal)))
        .add_all(items)
        .add(button(ui.t(Key::RunToOriginal), ui.act(Act::Original)))
}

pub(super) fn controls(ui: Ui<'_>, stage: &Stage) -> Tag {
    let performance = &stage.performance;
    let (is_start, is_over) = (performance.step == 0, performance.is_over());
    let (key, drawing) = match stage.is_playing {
        true => (Key::RunPause, "M5 3v10M11 3v10"),
        false => (Key::RunPlay, "M4 2.5 13 8l-9 5.5Z"),
    };
    let pace = does(ui, Action::Lesson(Act::Pace))
        .set("aria-label", [ui.t(Key::RunPace), " ", stage.pace.label()].concat())
        .add(stage.pace.label());
    tag("div")
        .class("run")
        .set("role", "group")
        .set("aria-label", ui.t(Key::RunTitle))
        .add(turn(ui, "run-start", Key::RunStart, "M4 3v10M13 3 6 8l7 5Z", Act::Turn(Step::First), is_start))
        .add(turn(ui, "run-back", Key::RunBack, "M12 3 5 8l7 5", Act::Turn(Step::Previous), is_start))
        .add(turn(ui, "play", key, drawing, Act::Play, performance.timeline.last() == 0))
        .add(turn(ui, "run-forward", Key::RunForward, "M4 3l7 5-7 5", Act::Turn(Step::Next), is_over))
        .add(pace)
}

fn turn(ui: Ui<'_>, test: &'static str, key: Key, drawing: &'static str, act: Act, is_disabled: bool) -> Tag {
    does(ui, Action::Lesson(act))
        .set("aria-label", ui.t(key))
        .set("title", ui.t(key))
        .set("data-test", test)
        .flag("disabled", is_disabled)
        .add(icon(drawing, "2", true))
}

/// Who knew what, and when; and what could happen now instead. Nothing while that would answer the question.
pub(super) fn run(ui: Ui<'_>, stage: &Stage) -> Option<Tag> {
    let performance = &stage.performance;
    if performance.scene.is_waiting() {
        return None;
    }
    let of_end = |(role, key)| {
        let section = tag("section").add(h3(ui.t(key)));
        let section = section.add(facts(ui, &performance.timeline, performance.step, role, true));
        match &performance.original {
            Some(original) => section.add(h4(ui.t(Key::RunOriginal))).add(facts(
                ui,
                original,
                performance.original_step(),
                role,
                false,
            )),
            None => section,
        }
    };
    let ends = [(Role::Client, Key::Browser), (Role::Server, Key::Server)].map(of_end);
    let is_end = performance.what_ifs().next().is_none();
    let what_ifs = performance.what_ifs().map(|what_if| button(ui.t(what_if.key()), ui.act(Act::WhatIf(what_if))));
    let what_ifs = tag("div")
        .class("toggles")
        .set("role", "group")
        .set("aria-label", ui.t(Key::WhatIfTitle))
        .set("data-test", "what-ifs")
        .add(words("", ui.t(if is_end { Key::WhatIfNone } else { Key::WhatIfTitle })))
        .add_all(what_ifs);
    let run = tag("details")
        .class("note known")
        .set("data-test", "run")
        .add(tag("summary").add(ui.t(Key::RunKnown)))
        .add(tag("div").class("columns even").add_all(ends))
        .add(what_ifs);
    Some(run)
}

/// What one end learns. Those that can be gone to are buttons.
fn facts(ui: Ui<'_>, timeline: &Timeline, step: usize, role: Role, can_go: bool) -> Tag {
    let known = timeline.learned(step).len();
    let all = timeline.run().learned().iter().enumerate();
    let of_role = all.filter(|(index, learned)| learned.role == role && (can_go || *index < known));
    let was_open = |index| {
        let mut before = timeline.run().learned()[..index].iter();
        before.any(|learned| learned.role == role && learned.fact == Fact::Opened)
    };
    let fact = |(index, learned): (usize, &Learned)| {
        let is_later = index >= known;
        let time = match can_go {
            true => does(ui, Action::Lesson(Act::Seek(timeline.step_of(index)))).add(time(learned)),
            false => part("facts", time(learned)),
        };
        tag("li")
            .class(class_if(is_later, "later"))
            .add(time)
            .add(part("", fact::sentence(learned, was_open(index), ui.language())))
            .add(is_later.then(|| words("unseen", ui.t(Key::RunLater))))
    };
    let mut facts = of_role.map(fact).peekable();
    match facts.peek() {
        Some(_) => tag("ol").add_all(facts),
        None => tag("div").add(p_of("empty", ui.t(Key::RunNothingKnown))),
    }
}

fn time(learned: &Learned) -> String {
    say::time(learned.at)
}

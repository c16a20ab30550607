//! A lesson on the stage: where one is in it, what is there, and the controls.

use ws101_lesson::live::{Act, Action, Stage};
use ws101_lesson::text::Key;

use super::element::{button, does};
use super::tag::{Tag, tag};
use super::{Ui, blocks, question, run};

/// Below the wire.
pub(super) fn lesson(page: Tag, ui: Ui<'_>, stage: &Stage) -> Tag {
    let (place, scene) = (&stage.place, stage.scene());
    let [title, idea] = place.lesson.step(place.step, ui.language());
    let bench = |list| blocks::blocks(tag("div").class("bench"), ui, stage, list);
    let more = place.lesson.more(place.step, ui.language());
    let more = tag("details")
        .class("note")
        .key(place.path())
        .add(tag("summary").add(ui.t(Key::More)))
        .add(tag("ul").add_all(more.into_iter().map(|text| tag("li").add(text))));
    let view = tag("section")
        .class("view")
        .add(tag("h2").set("id", "step-title").add(title))
        .add(tag("p").class("idea").add(idea))
        .add(scene.question.as_ref().map(|question| question::question(ui, question)))
        .add(tag("div").class("columns even").add(bench(&scene.bench)).add(bench(&scene.shown)))
        .add(run::run(ui, stage))
        .add(more);
    let main = tag("main")
        .class("stage")
        .set("id", "stage")
        .set("aria-labelledby", "step-title")
        .set("data-test", "lesson")
        .set("data-place", place.path());
    page.add(step_bar(ui, stage)).add(main.add(view)).add(controls(ui, stage))
}

fn step_bar(ui: Ui<'_>, stage: &Stage) -> Tag {
    let lesson = stage.place.lesson;
    let title = lesson.title(ui.language());
    let step = |step: usize| {
        does(ui, Action::Lesson(Act::Go(step)))
            .set("aria-current", (step == stage.place.step).then_some("step"))
            .add(tag("span").class("number").add((step + 1).to_string()))
            .add(lesson.step(step, ui.language())[0])
    };
    tag("nav")
        .class("bar")
        .set("aria-label", title)
        .add(tag("div").class("tabs").add_all((0..lesson.steps().len()).map(step)))
        .add(tag("p").class("connections lesson-title").add(title))
}

fn controls(ui: Ui<'_>, stage: &Stage) -> Tag {
    let step = stage.place.step;
    let is_last = step + 1 == stage.place.lesson.steps().len();
    let is_open = stage.scene().is_waiting();
    let is_end = is_last && !is_open && ui.state.next_stop(true).is_none();
    let back = does(ui, Action::Lesson(Act::Back))
        .set("data-test", "back")
        .flag("disabled", step == 0 && ui.state.next_stop(false).is_none())
        .add(ui.t(Key::StepBack));
    let forward = does(ui, Action::Lesson(Act::Forward))
        .class("primary")
        .set("data-test", "forward")
        .flag("disabled", is_end)
        .add(ui.t(match (is_open, is_end) {
            (true, _) => Key::Skip,
            (_, true) => Key::LastStep,
            _ => Key::StepForward,
        }));
    let undo = does(ui, Action::Lesson(Act::Undo)).set("data-test", "undo").flag("disabled", !stage.can_undo());
    tag("div")
        .class("controls")
        .set("role", "group")
        .set("aria-label", ui.t(Key::Controls))
        .add(tag("div").class("steps").add(back).add(forward))
        .add(run::controls(ui, stage))
        .add(tag("div").add(undo.add(ui.t(Key::Undo))).add(button(ui.t(Key::Reset), ui.act(Act::Reset))))
}

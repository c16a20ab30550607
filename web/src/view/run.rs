//! The run of a lesson's scenario: the moment, the controls that move it, who knew what, and what could happen instead.

use ws101_core::Role;
use ws101_lesson::engine::{Learned, Timeline};
use ws101_lesson::live::{Act, Session, Stage, Step};
use ws101_lesson::text::{Key, fact, happening, item, say};
use yew::prelude::*;

use super::element::{h3, h4, p_of, piece};
use super::{Ui, button};

/// When it is, and what happens just now: below the wire.
pub(super) fn moment(ui: Ui<'_>, stage: &Stage) -> Html {
    let (timeline, step) = (&stage.performance.timeline, stage.performance.step);
    html! {
        <>
            if let Some(original) = &stage.original { { ghost(ui, original) } }
            <p class="moment" aria-label={ui.t(Key::RunMoment)} data-test="moment" data-step={step.to_string()} data-last={timeline.last().to_string()}>
                { piece("time", say::time(timeline.clock(step)).into()) }
                { piece("facts", [&step.to_string(), "/", &timeline.last().to_string()].concat().into()) }
                { piece("", happening::sentence(timeline, step, ui.language()).into()) }
                { ui.source(stage.session.source) }
            </p>
        </>
    }
}

/// What would have crossed the wire without the fork.
fn ghost(ui: Ui<'_>, original: &Session) -> Html {
    html! {
        <p class="ghost" data-test="original">
            <b>{ ui.t(Key::RunOriginal) }</b>
            for item in original.items() {
                <span>
                    { item::glyph(item.direction) }{ " " }
                    { item::label(item, &original.trace, ui.language()) }{ " " }
                    { say::bytes(item.span.len()) }
                </span>
            }
            { button(ui.t(Key::RunToOriginal), ui.act(Act::Original)) }
        </p>
    }
}

pub(super) fn controls(ui: Ui<'_>, stage: &Stage) -> Html {
    let performance = &stage.performance;
    let (is_start, is_over) = (performance.step == 0, performance.is_over());
    html! {
        <div class="run" role="group" aria-label={ui.t(Key::RunTitle)}>
            { turn(ui, Key::RunStart, "M4 3v10M13 3 6 8l7 5Z", Act::Turn(Step::First), is_start) }
            { turn(ui, Key::RunBack, "M12 3 5 8l7 5", Act::Turn(Step::Previous), is_start) }
            if stage.is_playing {
                { turn(ui, Key::RunPause, "M5 3v10M11 3v10", Act::Play, false) }
            } else {
                { turn(ui, Key::RunPlay, "M4 2.5 13 8l-9 5.5Z", Act::Play, performance.timeline.last() == 0) }
            }
            { turn(ui, Key::RunForward, "M4 3l7 5-7 5", Act::Turn(Step::Next), is_over) }
            <button type="button" aria-label={[ui.t(Key::RunPace), " ", stage.pace.label()].concat()} onclick={ui.act(Act::Pace)}>
                { stage.pace.label() }
            </button>
        </div>
    }
}

fn turn(ui: Ui<'_>, key: Key, drawing: &'static str, act: Act, disabled: bool) -> Html {
    let test = match act {
        Act::Play => "play",
        Act::Turn(Step::First) => "run-start",
        Act::Turn(Step::Previous) => "run-back",
        _ => "run-forward",
    };
    html! {
        <button type="button" aria-label={ui.t(key)} title={ui.t(key)} data-test={test} {disabled} onclick={ui.act(act)}>
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d={drawing} fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" />
            </svg>
        </button>
    }
}

/// Who knew what, and when; and what could happen now instead. Nothing while that would answer the question.
pub(super) fn run(ui: Ui<'_>, stage: &Stage) -> Html {
    let performance = &stage.performance;
    if performance.scene.is_waiting() {
        return Html::default();
    }
    html! {
        <details class="note known" data-test="run">
            <summary>{ ui.t(Key::RunKnown) }</summary>
            <div class="columns even">
                for (role, key) in [(Role::Client, Key::Browser), (Role::Server, Key::Server)] {
                    <section>
                        { h3(ui.t(key)) }
                        { facts(ui, &performance.timeline, performance.step, role, true) }
                        if let Some(original) = &performance.original {
                            { h4(ui.t(Key::RunOriginal)) }
                            { facts(ui, original, performance.original_step(), role, false) }
                        }
                    </section>
                }
            </div>
            <div class="toggles" role="group" aria-label={ui.t(Key::WhatIfTitle)} data-test="what-ifs">
                { piece("", ui.t(Key::WhatIfTitle).into()) }
                for what_if in performance.what_ifs() {
                    { button(ui.t(what_if.key()), ui.act(Act::WhatIf(what_if))) }
                }
            </div>
        </details>
    }
}

/// What one end learns. Those that can be gone to are buttons.
fn facts(ui: Ui<'_>, timeline: &Timeline, step: usize, role: Role, can_go: bool) -> Html {
    let known = timeline.learned(step).len();
    let all = timeline.run().learned().iter().enumerate();
    let mut of_role = all.filter(|(index, learned)| learned.role == role && (can_go || *index < known)).peekable();
    if of_role.peek().is_none() {
        return p_of("empty", ui.t(Key::RunNothingKnown));
    }
    html! {
        <ol>
            for (index, learned) in of_role {
                <li class={(index >= known).then_some("later")}>
                    if can_go {
                        <button type="button" onclick={ui.act(Act::Seek(timeline.step_of(index)))}>{ time(learned) }</button>
                    } else {
                        { piece("facts", time(learned).into()) }
                    }
                    { piece("", fact::sentence(learned, ui.language()).into()) }
                    if index >= known { { piece("unseen", ui.t(Key::RunLater).into()) } }
                </li>
            }
        </ol>
    }
}

fn time(learned: &Learned) -> String {
    say::time(learned.at)
}

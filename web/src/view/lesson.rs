//! A lesson on the stage: any lesson, as blocks.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use ws101_core::rules::Finding;
use ws101_lesson::lessons::{Block, Check, Choice, Line, Outcome, Toggle};
use ws101_lesson::live::{Act, Action, Stage};
use ws101_lesson::text::{Key, item, violation};
use ws101_trace::Direction;
use yew::prelude::*;

use super::element::{h3, p, piece};
use super::{Ui, button, check_icon, head, probe, question, run, steps, switch, switch_button, violation_icon};

pub(super) fn lesson(ui: Ui<'_>, stage: &Stage) -> Html {
    let (place, scene) = (&stage.place, stage.scene());
    let [title, idea] = place.lesson.step(place.step, ui.language());
    html! {
        <>
            { step_bar(ui, stage) }
            <main class="stage" id="stage" aria-labelledby="step-title" data-test="lesson" data-place={place.path()}>
                <section class="view">
                    <h2 id="step-title">{ title }</h2>
                    <p class="idea">{ idea }</p>
                    if let Some(question) = &scene.question { { question::question(ui, question) } }
                    <div class="columns even">
                        <div class="bench">{ blocks(ui, stage, &scene.bench) }</div>
                        <div class="bench">{ blocks(ui, stage, &scene.shown) }</div>
                    </div>
                    { run::run(ui, stage) }
                    <details class="note">
                        <summary>{ ui.t(Key::More) }</summary>
                        <ul>
                            for text in place.lesson.more(place.step, ui.language()) { <li>{ text }</li> }
                        </ul>
                    </details>
                </section>
            </main>
            { controls(ui, stage) }
        </>
    }
}

fn step_bar(ui: Ui<'_>, stage: &Stage) -> Html {
    let lesson = stage.place.lesson;
    let title = lesson.title(ui.language());
    html! {
        <nav class="bar" aria-label={title}>
            <div class="tabs">
                for step in 0..lesson.steps().len() {
                    <button
                        type="button"
                        aria-current={(step == stage.place.step).then_some("step")}
                        onclick={ui.act(Act::Go(step))}
                    >
                        { piece("number", (step + 1).into()) }
                        { lesson.step(step, ui.language())[0] }
                    </button>
                }
            </div>
            <p class="connections lesson-title">{ title }</p>
        </nav>
    }
}

fn controls(ui: Ui<'_>, stage: &Stage) -> Html {
    let step = stage.place.step;
    let is_last = step + 1 == stage.place.lesson.steps().len();
    let is_open = stage.scene().is_waiting();
    html! {
        <div class="controls" role="group" aria-label={ui.t(Key::Controls)}>
            <div class="steps">
                <button type="button" data-test="back" disabled={step == 0 && ui.state.next_stop(false).is_none()} onclick={ui.act(Act::Back)}>
                    { ui.t(Key::StepBack) }
                </button>
                <button
                    type="button"
                    class="primary"
                    data-test="forward"
                    disabled={is_last && !is_open && ui.state.next_stop(true).is_none()}
                    onclick={ui.act(Act::Forward)}
                >
                    { ui.t(if is_open { Key::Skip } else { Key::StepForward }) }
                </button>
            </div>
            { run::controls(ui, stage) }
            <div>
                if stage.can_undo() {
                    { button(ui.t(Key::Undo), ui.act(Act::Undo)) }
                }
                { button(ui.t(Key::Reset), ui.act(Act::Reset)) }
            </div>
        </div>
    }
}

fn blocks(ui: Ui<'_>, stage: &Stage, blocks: &[Block]) -> Html {
    blocks.iter().map(|one| block(ui, stage, one)).collect()
}

fn block(ui: Ui<'_>, stage: &Stage, block: &Block) -> Html {
    let session = &stage.session;
    match block {
        Block::Lines(lines) => self::lines(ui, lines),
        Block::Choice(choice) => self::choice(ui, choice),
        Block::Toggles(label, toggles) => self::toggles(ui, label, toggles),
        Block::Checks(label, checks) => self::checks(ui, label, checks),
        Block::Answer(answer) => self::answer(ui, answer.as_ref()),
        Block::Head(direction) if session.head(*direction).is_none() => Html::default(),
        Block::Head(direction) => head::head(ui, session, *direction),
        Block::Accept => steps::steps(ui, session),
        Block::Switch => switch::switch(ui, session),
        Block::Probe(sent, expected) => probe::probe(ui, sent, expected),
    }
}

fn lines(ui: Ui<'_>, lines: &[Line]) -> Html {
    html! {
        <ul class="lines" data-test="lines">
            for (index, line) in lines.iter().enumerate() { { self::line(ui, index, line) } }
        </ul>
    }
}

fn line(ui: Ui<'_>, index: usize, line: &Line) -> Html {
    let number = (index + 1).to_string();
    let label = |key| [ui.t(key), " ", &number].concat();
    let (link, name, on) = (ui.link.clone(), line.name.clone(), line.on);
    let oninput = Callback::from(move |event: InputEvent| {
        let text = event.target_unchecked_into::<HtmlInputElement>().value();
        link.emit(Action::Lesson(Act::Set(name.clone(), Line::value(on, &text))));
    });
    html! {
        <li class={classes!((!line.on).then_some("off"), line.broken.then_some("broken"))}>
            <input
                type="checkbox"
                aria-label={label(Key::LineSent)}
                checked={line.on && !line.text.is_empty()}
                onclick={ui.set(&line.name, line.switched())}
            />
            <input
                type="text"
                lang="en"
                aria-label={label(Key::LineText)}
                aria-invalid={line.broken.then_some("true")}
                placeholder={line.text.is_empty().then(|| ui.t(Key::LineMore))}
                maxlength="120"
                autocomplete="off"
                spellcheck="false"
                value={line.text.clone()}
                {oninput}
            />
            if let Some([purpose, without]) = line.why {
                <p class="why">{ purpose }</p>
                <p class={if line.without.is_some() { "without" } else { "why" }}>
                    <b>{ ui.t(Key::Without) }</b>{ ": " }
                    if let Some(status) = &line.without {
                        <code>{ status.trim_start_matches("HTTP/1.1 ") }</code>{ " · " }
                    }
                    { without }
                </p>
            } else if let Some(status) = &line.without {
                <p class="without"><b>{ ui.t(Key::Without) }</b>{ ": " }<code>{ status.trim_start_matches("HTTP/1.1 ") }</code></p>
            }
        </li>
    }
}

fn choice(ui: Ui<'_>, choice: &Choice) -> Html {
    let (link, name) = (ui.link.clone(), choice.name);
    let onchange = Callback::from(move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        link.emit(Action::Lesson(Act::Set(name.into(), value)));
    });
    html! {
        <div class="choice">
            if let Some((group, values)) = choice.groups.first() {
                <div class="toggles" role="group" aria-label={*group}>
                    { piece("", (*group).into()) }
                    for (value, label) in values {
                        { switch_button(label, choice.chosen == *value, ui.set(name, (*value).to_owned())) }
                    }
                </div>
            }
            <label>
                { piece("", choice.label.into()) }
                <select {onchange} data-test="choice">
                    for (group, values) in &choice.groups {
                        <optgroup label={*group}>
                            for (value, label) in values {
                                <option value={*value} selected={choice.chosen == *value}>{ label }</option>
                            }
                        </optgroup>
                    }
                </select>
            </label>
        </div>
    }
}

fn toggles(ui: Ui<'_>, label: &str, toggles: &[Toggle]) -> Html {
    html! {
        <div class="toggles" role="group" aria-label={label.to_owned()} data-test="toggles">
            { piece("", label.into()) }
            for toggle in toggles {
                { switch_button(toggle.label, toggle.on, ui.set(toggle.name, toggle.value.clone())) }
            }
        </div>
    }
}

fn checks(ui: Ui<'_>, label: &str, checks: &[Check]) -> Html {
    html! {
        <section class="checks" data-test="checks">
            <h3>{ label }</h3>
            <ol>
                for check in checks { { self::check(ui, check) } }
            </ol>
        </section>
    }
}

fn check(ui: Ui<'_>, check: &Check) -> Html {
    let (key, code) = match check.outcome {
        Outcome::Passed => (Key::CheckPassed, "passed"),
        Outcome::Fired => (Key::CheckFired, "fired"),
        Outcome::Also => (Key::CheckAlso, "also"),
        Outcome::Unread => (Key::CheckUnread, "unread"),
    };
    html! {
        <li class={code} data-outcome={code}>
            { piece("what", check.label.into()) }
            <span class="came">
                if code == "passed" { { check_icon() } } else if code == "fired" { { violation_icon() } }
                { ui.t(key) }
            </span>
            for finding in &check.findings { { self::finding(ui, finding) } }
        </li>
    }
}

fn finding(ui: Ui<'_>, finding: &Finding) -> Html {
    html! {
        <p class="finding" data-violation={finding.violation.key()}>
            { violation::sentence(finding.violation, ui.language()) }
            <span class="section" lang="en">{ finding.violation.section() }</span>
        </p>
    }
}

fn answer(ui: Ui<'_>, answer: Option<&(String, Option<Finding>)>) -> Html {
    html! {
        <section class="verdict-line" aria-live="polite" data-test="answer">
            { h3(ui.t(Key::AnswerTitle)) }
            if let Some((line, finding)) = answer {
                <p class="answer">
                    { piece("glyph", item::glyph(Direction::ServerToClient).into()) }
                    <code>{ line }</code>
                </p>
                if let Some(finding) = finding { { self::finding(ui, finding) } }
            } else {
                { p(ui.t(Key::AnswerNone)) }
            }
        </section>
    }
}

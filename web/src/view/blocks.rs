//! The blocks of which any lesson's stage is made.

use wasm_bindgen::JsCast as _;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use ws101_core::rules::Finding;
use ws101_lesson::lessons::{Block, Check, Choice, Line, Outcome, Toggle};
use ws101_lesson::live::{Act, Action, Stage};
use ws101_lesson::text::item::label;
use ws101_lesson::text::{Key, violation};
use ws101_trace::Direction;
use yew::virtual_dom::ListenerKind;

use super::element::{check_icon, class_if, code, glyph, h3, p, switch_button, violation_icon, words};
use super::tag::{Tag, tag};
use super::{Ui, head, probe, steps, switch};

/// Puts them into a place.
pub(super) fn blocks(place: Tag, ui: Ui<'_>, stage: &Stage, blocks: &[Block]) -> Tag {
    blocks.iter().fold(place, |place, one| block(place, ui, stage, one))
}

fn block(place: Tag, ui: Ui<'_>, stage: &Stage, block: &Block) -> Tag {
    let session = &stage.session;
    match block {
        Block::Lines(lines) => place.add(self::lines(ui, lines)),
        Block::Choice(choice) => place.add(self::choice(ui, choice)),
        Block::Toggles(label, toggles) => place.add(self::toggles(ui, label, toggles)),
        Block::Checks(label, checks) => place.add(self::checks(ui, label, checks)),
        Block::Answer(finding) => place.add(answer(ui, stage, finding.as_ref())),
        Block::Head(direction) => place.add(head::head(ui, session, *direction)),
        Block::Accept => place.add(steps::steps(ui, session)),
        Block::Switch => place.add(switch::switch(ui, session)),
        Block::Probe(sent, expected) => place.add(probe::probe(ui, sent, expected)),
    }
}

fn lines(ui: Ui<'_>, lines: &[Line]) -> Tag {
    let lines = lines.iter().enumerate().map(|(index, line)| self::line(ui, index, line));
    tag("ul").class("lines").set("data-test", "lines").add_all(lines)
}

fn line(ui: Ui<'_>, index: usize, line: &Line) -> Tag {
    let number = (index + 1).to_string();
    let label = |key| [ui.t(key), " ", &number].concat();
    let (name, on) = (line.name.clone(), line.on);
    let oninput = ui.meaning(move |event| {
        let text = event.target()?.unchecked_into::<HtmlInputElement>().value();
        Some(Action::Lesson(Act::Set(name.clone(), Line::value(on, &text))))
    });
    let sent = tag("input")
        .set("type", "checkbox")
        .set("aria-label", label(Key::LineSent))
        .checked(line.on && !line.text.is_empty())
        .on_click(ui.set(&line.name, line.switched()));
    let text = tag("input")
        .set("type", "text")
        .set("lang", "en")
        .set("aria-label", label(Key::LineText))
        .set("aria-invalid", line.broken.then_some("true"))
        .set("placeholder", line.text.is_empty().then(|| ui.t(Key::LineMore)))
        .set("maxlength", "120")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .value(line.text.clone())
        .on(|| ListenerKind::oninput, oninput);
    tag("li")
        .classes(&[class_if(!line.on, "off"), class_if(line.broken, "broken")])
        .add(sent)
        .add(text)
        .add(line.why.map(|why| tag("p").class("why").add(why)))
        .add(line.without.as_deref().map(|status| without(ui, status, line.because)))
}

/// What happens without a line: the answer that comes then, and why.
fn without(ui: Ui<'_>, status: &str, because: Option<&'static str>) -> Tag {
    let status = code(status.trim_start_matches("HTTP/1.1 ").to_owned());
    let p = tag("p").class("without").add(tag("b").add(ui.t(Key::Without))).add(": ").add(status);
    match because {
        Some(because) => p.add(" · ").add(because),
        None => p,
    }
}

fn choice(ui: Ui<'_>, choice: &Choice) -> Tag {
    let name = choice.name;
    let onchange = ui.meaning(move |event| {
        let value = event.target()?.unchecked_into::<HtmlSelectElement>().value();
        Some(Action::Lesson(Act::Set(name.into(), value)))
    });
    let first = choice.groups.first().map(|(group, values)| {
        let value = |(value, label): &(&'static str, &'static str)| {
            switch_button(label, choice.chosen == *value, ui.set(name, (*value).to_owned()))
        };
        group_of(group).add_all(values.iter().map(value))
    });
    let groups = choice.groups.iter().map(|(group, values)| {
        let option = |(value, label): &(&'static str, &'static str)| {
            tag("option").set("value", *value).flag("selected", choice.chosen == *value).add(*label)
        };
        tag("optgroup").set("label", *group).add_all(values.iter().map(option))
    });
    let select = tag("select").set("data-test", "choice").on(|| ListenerKind::onchange, onchange).add_all(groups);
    let label = tag("label").add(words("", choice.label)).add(select);
    tag("div").class("choice").add(first).add(label)
}

/// Some buttons that belong together.
fn group_of(label: &'static str) -> Tag {
    tag("div").class("toggles").set("role", "group").set("aria-label", label).add(words("", label))
}

fn toggles(ui: Ui<'_>, label: &'static str, toggles: &[Toggle]) -> Tag {
    let toggle = |toggle: &Toggle| switch_button(toggle.label, toggle.on, ui.set(toggle.name, toggle.value.clone()));
    group_of(label).set("data-test", "toggles").add_all(toggles.iter().map(toggle))
}

fn checks(ui: Ui<'_>, label: &'static str, checks: &[Check]) -> Tag {
    let checks = checks.iter().map(|check| self::check(ui, check));
    tag("section").class("checks").set("data-test", "checks").add(h3(label)).add(tag("ol").add_all(checks))
}

fn check(ui: Ui<'_>, check: &Check) -> Tag {
    let (key, outcome) = match check.outcome {
        Outcome::Passed => (Key::CheckPassed, "passed"),
        Outcome::Fired => (Key::CheckFired, "fired"),
        Outcome::Also => (Key::CheckAlso, "also"),
        Outcome::Unread => (Key::CheckUnread, "unread"),
    };
    let icon = match check.outcome {
        Outcome::Passed => Some(check_icon()),
        Outcome::Fired => Some(violation_icon()),
        _ => None,
    };
    tag("li")
        .class(outcome)
        .set("data-outcome", outcome)
        .add(words("what", check.label))
        .add(tag("span").class("came").add(icon).add(ui.t(key)))
        .add_all(check.findings.iter().map(|finding| self::finding(ui, finding)))
}

fn finding(ui: Ui<'_>, finding: &Finding) -> Tag {
    tag("p")
        .class("finding")
        .set("data-violation", finding.violation.key())
        .add(violation::sentence(finding.violation, ui.language()))
        .add(words("section", finding.violation.section()).set("lang", "en"))
}

/// The answer, once it has come.
fn answer(ui: Ui<'_>, stage: &Stage, finding: Option<&Finding>) -> Tag {
    let section = tag("section")
        .class("verdict-line")
        .set("aria-live", "polite")
        .set("data-test", "answer")
        .add(h3(ui.t(Key::AnswerTitle)));
    match stage.session.head(Direction::ServerToClient) {
        Some((_, item)) => section
            .add(tag("p").class("answer").add(glyph(item.direction)).add(code(label(
                item,
                &stage.session.trace,
                ui.language(),
            ))))
            .add(finding.map(|finding| self::finding(ui, finding))),
        None if stage.performance.is_over() => section.add(p(ui.t(Key::AnswerNone))),
        None => section.add(p(ui.t(Key::AnswerLater))),
    }
}

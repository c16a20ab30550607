//! Predict, then observe, then explain. Where a whole class answers, its histogram will stand below the answer.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement};
use ws101_lesson::lessons::{Options, Question};
use ws101_lesson::live::{Act, Action, SKIP};
use ws101_lesson::text::Key;
use yew::virtual_dom::ListenerKind;

use super::Ui;
use super::element::{button, check_icon, compared, p_of};
use super::tag::{Tag, tag, text};
use super::top::pressed;

pub(super) fn question(ui: Ui<'_>, question: &Question) -> Tag {
    let section = tag("section")
        .class("question")
        .set("id", "question")
        .set("tabindex", "-1")
        .set("aria-labelledby", "question-title")
        .set("data-test", "question")
        .set("data-question", question.name.clone())
        .add(p_of("kicker", ui.t(if question.is_open() { Key::Predict } else { Key::Predicted })))
        .add(tag("h3").set("id", "question-title").add(question.text.clone()));
    match &question.given {
        Some(given) => section.add(answered(ui, question, given)).add(why(ui, question)),
        None => section.add(options(ui, question)),
    }
}

fn options(ui: Ui<'_>, question: &Question) -> Tag {
    let Options::Choice(options) = &question.options else { return number(ui, question) };
    let option =
        |(value, label): &(&'static str, &'static str)| button(label, ui.set(&question.name, (*value).to_owned()));
    tag("div").class("toggles").add_all(options.iter().map(option))
}

fn number(ui: Ui<'_>, question: &Question) -> Tag {
    let name = question.name.clone();
    let onsubmit = ui.meaning(move |event| {
        event.prevent_default();
        let input = event.target()?.unchecked_into::<Element>().query_selector("input").ok()??;
        let value = input.unchecked_into::<HtmlInputElement>().value();
        let value = value.trim();
        (!value.is_empty()).then(|| Action::Lesson(Act::Set(name.clone(), value.to_owned())))
    });
    let input = tag("input")
        .set("type", "text")
        .set("inputmode", "numeric")
        .class("code")
        .set("maxlength", "6")
        .set("autocomplete", "off")
        .set("aria-label", ui.t(Key::PredictNumber));
    let submit = tag("button").set("type", "submit").add(ui.t(Key::Answer));
    tag("form").class("toggles").on(|| ListenerKind::onsubmit, onsubmit).add(input).add(submit)
}

fn answered(ui: Ui<'_>, question: &Question, given: &str) -> Tag {
    let (is_right, is_skipped) = (given == question.right, given == SKIP);
    let guessed = if is_skipped { ui.t(Key::NotGuessed) } else { question.label(given) };
    let both = [(Key::Guessed, guessed), (Key::Came, question.label(&question.right))];
    let outcome = || {
        let outcome = tag("p").class("outcome").set("data-right", pressed(is_right)).add(is_right.then(check_icon));
        outcome.add(ui.t(if is_right { Key::GuessRight } else { Key::GuessWrong }))
    };
    let again = if is_skipped { Key::GuessNow } else { Key::Again };
    tag("div")
        .class("answered")
        .add(compared(both.map(|(key, value)| (ui.t(key), text(value.to_owned())))))
        .add((!is_skipped).then(outcome))
        .add(button(ui.t(again), ui.set(&question.name, String::new())))
}

fn why(ui: Ui<'_>, question: &Question) -> Tag {
    tag("p").add(tag("b").add(ui.t(Key::Why))).add(": ").add(question.why.clone())
}

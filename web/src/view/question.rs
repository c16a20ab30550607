//! Predict, then observe, then explain. Where a whole class answers, its histogram will stand below the answer.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement};
use ws101_lesson::lessons::{Options, Question};
use ws101_lesson::live::{Act, Action, SKIP};
use ws101_lesson::text::Key;
use yew::prelude::*;

use super::element::{compared, p_of};
use super::{Ui, button, check_icon};

pub(super) fn question(ui: Ui<'_>, question: &Question) -> Html {
    html! {
        <section
            class="question"
            id="question"
            tabindex="-1"
            aria-labelledby="question-title"
            data-test="question"
            data-question={question.name.clone()}
        >
            { p_of("kicker", ui.t(if question.is_open() { Key::Predict } else { Key::Predicted })) }
            <h3 id="question-title">{ &question.text }</h3>
            if let Some(given) = &question.given {
                { answered(ui, question, given) }
            } else {
                { options(ui, question) }
            }
        </section>
    }
}

fn options(ui: Ui<'_>, question: &Question) -> Html {
    let Options::Choice(options) = &question.options else { return number(ui, question) };
    html! {
        <div class="toggles">
            for (value, label) in options {
                { button(label, ui.set(&question.name, (*value).to_owned())) }
            }
        </div>
    }
}

fn number(ui: Ui<'_>, question: &Question) -> Html {
    let (link, name) = (ui.link.clone(), question.name.clone());
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let input = event.target_unchecked_into::<Element>().query_selector("input").ok().flatten();
        let value = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()).map(|input| input.value());
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            link.emit(Action::Lesson(Act::Set(name.clone(), value.trim().to_owned())));
        }
    });
    html! {
        <form class="toggles" {onsubmit}>
            <input type="text" inputmode="numeric" class="code" maxlength="6" autocomplete="off" aria-label={ui.t(Key::PredictNumber)} />
            <button type="submit">{ ui.t(Key::Answer) }</button>
        </form>
    }
}

fn answered(ui: Ui<'_>, question: &Question, given: &str) -> Html {
    let (is_right, is_skipped) = (given == question.right, given == SKIP);
    let guessed = if is_skipped { ui.t(Key::NotGuessed) } else { question.label(given) };
    html! {
        <>
            <div class="answered">
            { compared([(ui.t(Key::Guessed), guessed.into()), (ui.t(Key::Came), question.label(&question.right).into())]) }
            if !is_skipped {
                <p class="outcome" data-right={super::top::pressed(is_right)}>
                    if is_right { { check_icon() } }
                    { ui.t(if is_right { Key::GuessRight } else { Key::GuessWrong }) }
                </p>
            }
            { button(ui.t(if is_skipped { Key::GuessNow } else { Key::Again }), ui.set(&question.name, String::new())) }
            </div>
            <p><b>{ ui.t(Key::Why) }</b>{ ": " }{ &question.why }</p>
        </>
    }
}

//! The controls, always at the bottom.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;
use ws101_core::MessageKind;
use ws101_lesson::live::{Action, DraftError, Link};
use ws101_lesson::text::Key;
use yew::virtual_dom::ListenerKind;

use super::Ui;
use super::element::{button, class_if, does, switch_button};
use super::tag::{Tag, tag};

pub(super) fn controls(ui: Ui<'_>) -> Tag {
    let onsubmit = ui.meaning(|event| {
        event.prevent_default();
        Some(Action::Send)
    });
    let error = ui.state.draft.error.map(|error| {
        let p = tag("p").class("error").set("id", "draft-error").set("role", "alert").set("data-test", "error");
        p.add(error.sentence(ui.language()))
    });
    let send = tag("button").set("type", "submit").class("primary").add(ui.t(Key::Send));
    let others = tag("div")
        .class("others")
        .add(button(ui.t(Key::CompareBoth), ui.on(Action::Compare)))
        .add(button(ui.t(Key::ServerPing), ui.on(Action::ServerPing)));
    tag("form")
        .class("controls")
        .set("aria-label", ui.t(Key::Controls))
        .on(|| ListenerKind::onsubmit, onsubmit)
        .add(error)
        .add(tag("div").class("compose").add(kinds(ui)).add(message(ui)).add(send))
        .add(others)
        .add(ending(ui))
}

fn kinds(ui: Ui<'_>) -> Tag {
    let kinds = [(MessageKind::Text, Key::KindText), (MessageKind::Binary, Key::KindBinary)];
    let kinds =
        kinds.map(|(kind, key)| switch_button(ui.t(key), ui.state.draft.kind == kind, ui.on(Action::Kind(kind))));
    tag("div").class("segments").set("role", "group").set("aria-label", ui.t(Key::Kind)).add_all(kinds)
}

fn message(ui: Ui<'_>) -> Tag {
    let draft = &ui.state.draft;
    let is_binary = draft.kind == MessageKind::Binary;
    let is_wrong = matches!(draft.error, Some(DraftError::HexBad(..) | DraftError::HexOdd | DraftError::TooLong));
    input(ui, Key::Message, is_wrong, draft.content(), Action::Edit)
        .classes(&["message", class_if(is_binary, "binary")])
        .set("placeholder", is_binary.then(|| ui.t(Key::BinaryHint)))
        .set("spellcheck", "false")
}

fn ending(ui: Ui<'_>) -> Tag {
    let draft = &ui.state.draft;
    let ending = tag("div").class("ending");
    if matches!(ui.state.link, Link::Open | Link::Closing) {
        let is_wrong = draft.error == Some(DraftError::CloseCode);
        let code = input(ui, Key::CloseCodeLabel, is_wrong, &draft.code, Action::EditCode)
            .class("code")
            .set("inputmode", "numeric")
            .set("maxlength", "5")
            .set("title", ui.t(Key::CloseCodeLabel));
        ending.add(code).add(button(ui.t(Key::Close), ui.on(Action::Close)))
    } else {
        let reconnect = does(ui, Action::Reconnect).flag("disabled", ui.state.link == Link::Opening);
        ending.add(reconnect.add(ui.t(Key::Reconnect)))
    }
}

/// A line to type into.
fn input(ui: Ui<'_>, label: Key, is_wrong: bool, value: &str, typed: fn(String) -> Action) -> Tag {
    let oninput = ui.meaning(move |event| {
        let input = event.target()?.unchecked_into::<HtmlInputElement>();
        Some(typed(input.value()))
    });
    tag("input")
        .set("type", "text")
        .set("aria-label", ui.t(label))
        .set("aria-invalid", is_wrong.then_some("true"))
        .set("aria-describedby", is_wrong.then_some("draft-error"))
        .set("autocomplete", "off")
        .value(value.to_owned())
        .on(|| ListenerKind::oninput, oninput)
}

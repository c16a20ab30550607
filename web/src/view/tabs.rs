//! The numbered tabs, and which connection is looked at.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlSelectElement;
use ws101_lesson::live::{Action, Life, Source, View};
use ws101_lesson::text::{Key, say};
use yew::virtual_dom::ListenerKind;

use super::Ui;
use super::element::{does, words};
use super::tag::{Tag, tag};
use super::top::pressed;

pub(super) fn tabs(ui: Ui<'_>) -> Tag {
    let tabs = ["1", "2", "3", ""].into_iter().zip(View::ALL).map(|(number, view)| {
        let is_shown = ui.state.view == view;
        does(ui, Action::View(view))
            .set("role", "tab")
            .set("id", id(view))
            .set("aria-selected", pressed(is_shown))
            .set("aria-controls", "stage")
            .set("tabindex", if is_shown { "0" } else { "-1" })
            .add((!number.is_empty()).then(|| words("number", number)))
            .add(ui.t(view.key()))
    });
    let list = tag("div")
        .class("tabs")
        .set("role", "tablist")
        .set("aria-label", ui.t(Key::Views))
        .set("data-zone", "tabs")
        .add_all(tabs);
    tag("div").class("bar").add(list).add(connections(ui))
}

/// The id of a view's tab.
pub(super) const fn id(view: View) -> &'static str {
    match view {
        View::Upgrade => "tab-upgrade",
        View::Frames => "tab-frames",
        View::Overhead => "tab-overhead",
        View::All => "tab-all",
    }
}

fn connections(ui: Ui<'_>) -> Tag {
    let onchange = ui.meaning(|event| {
        let select = event.target()?.unchecked_into::<HtmlSelectElement>();
        Some(Action::Show(select.value().parse().ok()?))
    });
    let options = ui.state.sessions.iter().enumerate().map(|(index, session)| {
        let option = tag("option").set("value", index.to_string()).flag("selected", ui.state.shown == Some(index));
        option.add(name(ui, index, session))
    });
    let select = tag("select").set("data-test", "connections").on(|| ListenerKind::onchange, onchange).add_all(options);
    tag("label").class("connections").add(words("", ui.t(Key::Connection))).add(select)
}

fn name(ui: Ui<'_>, index: usize, session: &ws101_lesson::live::Session) -> String {
    let source = match session.source {
        Source::Measured => Key::ModeLive,
        Source::Simulated => Key::ModeSimulated,
    };
    let what = if session.is_websocket() {
        ui.t(match session.life() {
            Life::Open => Key::StillOpen,
            Life::Closed => Key::Closed,
            Life::Cut => Key::WireCut,
        })
    } else {
        "HTTP POST"
    };
    say::connection(index + 1, ui.t(source), what)
}

//! The bar at the top: what this is, whether it is live, how it looks.

use super::Ui;
use super::element::{does, icon, switch_button};
use super::tag::{Tag, tag};
use ws101_lesson::live::{Action, Mode, Panel};
use ws101_lesson::text::{Key, Language};

pub(super) fn top(ui: Ui<'_>) -> Tag {
    let languages = Language::ALL.map(|language| {
        does(ui, Action::Language(language))
            .set("lang", language.code())
            .set("aria-pressed", pressed(ui.language() == language))
            .add(language.name())
    });
    let is_large = ui.state.prefs.projector;
    let settings = tag("div")
        .class("settings")
        .add(segments("segments", ui.t(Key::LanguageLabel)).add_all(languages))
        .add(switch_button(ui.t(Key::Projector), is_large, ui.on(Action::Projector(!is_large))))
        .add(unfolds(ui, Panel::Settings, ui.t(Key::Settings), ui.t(Key::Settings)))
        .add(unfolds(ui, Panel::Keys, ui.t(Key::KeysLabel), "?"));
    tag("header")
        .class("top")
        .add(tag("h1").class("wordmark").set("lang", "en").add("WebSocket ").add(tag("b").add("101")))
        .add(unfolds(ui, Panel::Map, ui.t(Key::Lessons), ui.t(Key::Lessons)))
        .add(said(ui))
        .add(mode(ui))
        .add(settings)
}

/// Buttons of which one is pressed.
fn segments(class: &'static str, label: &'static str) -> Tag {
    tag("div").class(class).set("role", "group").set("aria-label", label)
}

/// What the choice came to.
fn said(ui: Ui<'_>) -> Tag {
    let said = match ui.state.mode {
        Mode::Connecting => Key::ModeConnecting,
        Mode::Live => Key::ModeLive,
        Mode::Simulated => Key::ModeSimulated,
    };
    tag("p").class("unseen").set("role", "status").set("data-test", "mode").add(ui.t(said))
}

/// Whose bytes are shown.
fn mode(ui: Ui<'_>) -> Tag {
    let mode = ui.state.mode;
    segments("mode segments", ui.t(Key::ModeLabel))
        .add(choice(ui, Key::ModeLive, "M1 8h3l2-5 4 10 2-5h3", mode == Mode::Live, false))
        .add(choice(ui, Key::ModeSimulated, "M1 8h3M6 8h4M12 8h3M4 5v6M12 5v6", mode == Mode::Simulated, true))
}

fn choice(ui: Ui<'_>, key: Key, drawing: &'static str, is_on: bool, simulate: bool) -> Tag {
    does(ui, Action::Simulate(simulate))
        .set("aria-pressed", pressed(is_on))
        .set("data-simulate", pressed(simulate))
        .add(icon(drawing, "1.75", true))
        .add(ui.t(key))
}

fn unfolds(ui: Ui<'_>, panel: Panel, label: &'static str, text: &'static str) -> Tag {
    let is_open = ui.state.panel == Some(panel);
    does(ui, Action::Panel(panel))
        .set("aria-label", label)
        .set("aria-expanded", pressed(is_open))
        .set("aria-controls", is_open.then_some("panel"))
        .set("data-panel", code(panel))
        .add(text)
}

const fn code(panel: Panel) -> &'static str {
    match panel {
        Panel::Map => "map",
        Panel::Settings => "settings",
        Panel::Keys => "keys",
    }
}

/// The value of `aria-pressed`, `aria-selected` and the like.
pub(super) fn pressed(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

//! The bar at the top: what this is, whether it is live, how it looks.

use ws101_lesson::live::{Action, Mode, Panel};
use ws101_lesson::text::{Key, Language};
use yew::prelude::*;

use super::{Ui, switch_button};

pub(super) fn top(ui: Ui<'_>) -> Html {
    html! {
        <header class="top">
            <h1 class="wordmark" lang="en">{ "WebSocket " }<b>{ "101" }</b></h1>
            { unfolds(ui, Panel::Map, ui.t(Key::Lessons), ui.t(Key::Lessons)) }
            { mode(ui) }
            <div class="settings">
                <div class="segments" role="group" aria-label={ui.t(Key::LanguageLabel)}>
                    for language in Language::ALL {
                        <button
                            type="button"
                            lang={language.code()}
                            aria-pressed={pressed(ui.language() == language)}
                            onclick={ui.on(Action::Language(language))}
                        >
                            { language.name() }
                        </button>
                    }
                </div>
                {{
                    let is_on = ui.state.prefs.projector;
                    switch_button(ui.t(Key::Projector), is_on, ui.on(Action::Projector(!is_on)))
                }}
                { unfolds(ui, Panel::Settings, ui.t(Key::Settings), ui.t(Key::Settings)) }
                { unfolds(ui, Panel::Keys, ui.t(Key::KeysLabel), "?") }
            </div>
        </header>
    }
}

/// Whose bytes are shown: what is chosen, and what it came to.
fn mode(ui: Ui<'_>) -> Html {
    let mode = ui.state.mode;
    let said = match mode {
        Mode::Connecting => Key::ModeConnecting,
        Mode::Live => Key::ModeLive,
        Mode::Simulated => Key::ModeSimulated,
    };
    html! {
        <>
            <p class="unseen" role="status" data-test="mode">{ ui.t(said) }</p>
            <div class="mode segments" role="group" aria-label={ui.t(Key::ModeLabel)}>
                { choice(ui, Key::ModeLive, "M1 8h3l2-5 4 10 2-5h3", mode == Mode::Live, false) }
                { choice(ui, Key::ModeSimulated, "M1 8h3M6 8h4M12 8h3M4 5v6M12 5v6", mode == Mode::Simulated, true) }
            </div>
        </>
    }
}

fn choice(ui: Ui<'_>, key: Key, drawing: &'static str, is_on: bool, simulate: bool) -> Html {
    html! {
        <button
            type="button"
            aria-pressed={pressed(is_on)}
            data-simulate={pressed(simulate)}
            onclick={ui.on(Action::Simulate(simulate))}
        >
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d={drawing} fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" />
            </svg>
            { ui.t(key) }
        </button>
    }
}

fn unfolds(ui: Ui<'_>, panel: Panel, label: &'static str, text: &'static str) -> Html {
    let is_open = ui.state.panel == Some(panel);
    html! {
        <button
            type="button"
            aria-label={label}
            aria-expanded={pressed(is_open)}
            aria-controls={is_open.then_some("panel")}
            data-panel={code(panel)}
            onclick={ui.on(Action::Panel(panel))}
        >
            { text }
        </button>
    }
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

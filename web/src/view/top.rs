//! The bar at the top: what this is, whether it is live, how it looks.

use web_sys::HtmlSelectElement;
use ws101_lesson::live::{Action, Mode, Panel, Size, Theme};
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
                { theme(ui) }
                { size(ui) }
                {{
                    let is_on = ui.state.prefs.projector;
                    switch_button(ui.t(Key::Projector), is_on, ui.on(Action::Projector(!is_on)))
                }}
                { unfolds(ui, Panel::Keys, ui.t(Key::KeysLabel), "?") }
            </div>
        </header>
    }
}

fn mode(ui: Ui<'_>) -> Html {
    let (key, drawing) = match ui.state.mode {
        Mode::Connecting => (Key::ModeConnecting, "M3 8h.1M8 8h.1M13 8h.1"),
        Mode::Live => (Key::ModeLive, "M1 8h3l2-5 4 10 2-5h3"),
        Mode::Simulated => (Key::ModeSimulated, "M1 8h3M6 8h4M12 8h3M4 5v6M12 5v6"),
    };
    html! {
        <p class="mode" role="status" data-test="mode">
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d={drawing} fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" />
            </svg>
            { ui.t(key) }
        </p>
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
            data-panel={if panel == Panel::Map { "map" } else { "keys" }}
            onclick={ui.on(Action::Panel(panel))}
        >
            { text }
        </button>
    }
}

fn size(ui: Ui<'_>) -> Html {
    let options = Size::ALL.map(|size| (size.code(), ui.t(size.key()), size == ui.state.prefs.size));
    select(ui.t(Key::SizeLabel), &options, ui.meaning(|event| Size::from_code(&value(event)).map(Action::Size)))
}

fn theme(ui: Ui<'_>) -> Html {
    let options = Theme::ALL.map(|theme| (theme.code(), ui.t(theme.key()), theme == ui.state.prefs.theme));
    select(ui.t(Key::ThemeLabel), &options, ui.meaning(|event| Theme::from_code(&value(event)).map(Action::Theme)))
}

fn select(label: &'static str, options: &[(&'static str, &'static str, bool)], onchange: Callback<Event>) -> Html {
    html! {
        <select aria-label={label} {onchange}>
            for (value, text, selected) in options {
                <option value={*value} selected={*selected}>{ *text }</option>
            }
        </select>
    }
}

fn value(event: &Event) -> String {
    event.target_unchecked_into::<HtmlSelectElement>().value()
}

/// The value of `aria-pressed`, `aria-selected` and the like.
pub(super) fn pressed(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

//! The bar at the top: what this is, whether it is live, how it looks.

use web_sys::HtmlSelectElement;
use ws101_lesson::live::{Action, Mode, Theme};
use ws101_lesson::text::{Key, Language};
use yew::prelude::*;

use super::Ui;

pub(super) fn top(ui: Ui<'_>) -> Html {
    html! {
        <header class="top">
            <h1 class="wordmark" lang="en">{ "WebSocket " }<b>{ "101" }</b></h1>
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
                <button
                    type="button"
                    class="toggle"
                    aria-pressed={pressed(ui.state.prefs.projector)}
                    onclick={ui.on(Action::Projector(!ui.state.prefs.projector))}
                >
                    { ui.t(Key::Projector) }
                </button>
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

fn theme(ui: Ui<'_>) -> Html {
    let link = ui.link.clone();
    let onchange = Callback::from(move |event: Event| {
        let code = event.target_unchecked_into::<HtmlSelectElement>().value();
        if let Some(theme) = Theme::from_code(&code) {
            link.emit(Action::Theme(theme));
        }
    });
    html! {
        <select class="theme" aria-label={ui.t(Key::ThemeLabel)} {onchange}>
            for theme in Theme::ALL {
                <option value={theme.code()} selected={ui.state.prefs.theme == theme}>{ ui.t(theme.key()) }</option>
            }
        </select>
    }
}

/// The value of `aria-pressed`, `aria-selected` and the like.
pub(super) fn pressed(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

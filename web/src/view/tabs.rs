//! The numbered tabs, and which connection is looked at.

use web_sys::HtmlSelectElement;
use ws101_lesson::live::{Action, Life, Source, View};
use ws101_lesson::text::{Key, say};
use yew::prelude::*;

use super::Ui;
use super::element::piece;
use super::top::pressed;

pub(super) fn tabs(ui: Ui<'_>) -> Html {
    html! {
        <div class="bar">
            <div class="tabs" role="tablist" aria-label={ui.t(Key::Views)} data-zone="tabs">
                for (number, view) in ["1", "2", "3", ""].into_iter().zip(View::ALL) {
                    <button
                        type="button"
                        role="tab"
                        id={id(view)}
                        aria-selected={pressed(ui.state.view == view)}
                        aria-controls="stage"
                        tabindex={if ui.state.view == view { "0" } else { "-1" }}
                        onclick={ui.on(Action::View(view))}
                    >
                        if !number.is_empty() { { piece("number", number.into()) } }
                        { ui.t(view.key()) }
                    </button>
                }
            </div>
            { connections(ui) }
        </div>
    }
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

fn connections(ui: Ui<'_>) -> Html {
    let link = ui.link.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Ok(index) = event.target_unchecked_into::<HtmlSelectElement>().value().parse() {
            link.emit(Action::Show(index));
        }
    });
    html! {
        <label class="connections">
            { piece("", ui.t(Key::Connection).into()) }
            <select {onchange} data-test="connections">
                for (index, session) in ui.state.sessions.iter().enumerate() {
                    <option value={index.to_string()} selected={ui.state.shown == Some(index)}>
                        { name(ui, index, session) }
                    </option>
                }
            </select>
        </label>
    }
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

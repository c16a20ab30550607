//! The controls, always at the bottom.

use web_sys::HtmlInputElement;
use ws101_core::MessageKind;
use ws101_lesson::live::{Action, DraftError, Link};
use ws101_lesson::text::Key;
use yew::prelude::*;

use super::{Ui, button, switch_button};

pub(super) fn controls(ui: Ui<'_>) -> Html {
    let link = ui.link.clone();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        link.emit(Action::Send);
    });
    html! {
        <form class="controls" aria-label={ui.t(Key::Controls)} {onsubmit}>
            if let Some(error) = ui.state.draft.error {
                <p class="error" id="draft-error" role="alert" data-test="error">{ error.sentence(ui.language()) }</p>
            }
            <div class="compose">
                { kinds(ui) }
                { message(ui) }
                <button type="submit" class="primary">{ ui.t(Key::Send) }</button>
            </div>
            <div class="others">
                { button(ui.t(Key::CompareBoth), ui.on(Action::Compare)) }
                { button(ui.t(Key::ServerPing), ui.on(Action::ServerPing)) }
            </div>
            { ending(ui) }
        </form>
    }
}

fn kinds(ui: Ui<'_>) -> Html {
    html! {
        <div class="segments" role="group" aria-label={ui.t(Key::Kind)}>
            for (kind, key) in [(MessageKind::Text, Key::KindText), (MessageKind::Binary, Key::KindBinary)] {
                { switch_button(ui.t(key), ui.state.draft.kind == kind, ui.on(Action::Kind(kind))) }
            }
        </div>
    }
}

fn message(ui: Ui<'_>) -> Html {
    let draft = &ui.state.draft;
    let is_binary = draft.kind == MessageKind::Binary;
    let is_wrong = matches!(draft.error, Some(DraftError::HexBad(..) | DraftError::HexOdd | DraftError::TooLong));
    html! {
        <input
            class={classes!("message", is_binary.then_some("binary"))}
            type="text"
            aria-label={ui.t(Key::Message)}
            aria-invalid={is_wrong.then_some("true")}
            aria-describedby={is_wrong.then_some("draft-error")}
            placeholder={is_binary.then(|| ui.t(Key::BinaryHint))}
            autocomplete="off"
            spellcheck="false"
            value={draft.content().to_owned()}
            oninput={typed(ui, Action::Edit)}
        />
    }
}

fn ending(ui: Ui<'_>) -> Html {
    let draft = &ui.state.draft;
    let is_wrong = draft.error == Some(DraftError::CloseCode);
    html! {
        <div class="ending">
            if matches!(ui.state.link, Link::Open | Link::Closing) {
                <input
                    class="code"
                    type="text"
                    inputmode="numeric"
                    maxlength="5"
                    aria-label={ui.t(Key::CloseCodeLabel)}
                    title={ui.t(Key::CloseCodeLabel)}
                    aria-invalid={is_wrong.then_some("true")}
                    aria-describedby={is_wrong.then_some("draft-error")}
                    autocomplete="off"
                    value={draft.code.clone()}
                    oninput={typed(ui, Action::EditCode)}
                />
                { button(ui.t(Key::Close), ui.on(Action::Close)) }
            } else {
                <button type="button" disabled={ui.state.link == Link::Opening} onclick={ui.on(Action::Reconnect)}>
                    { ui.t(Key::Reconnect) }
                </button>
            }
        </div>
    }
}

fn typed(ui: Ui<'_>, action: fn(String) -> Action) -> Callback<InputEvent> {
    let link = ui.link.clone();
    Callback::from(move |event: InputEvent| {
        link.emit(action(event.target_unchecked_into::<HtmlInputElement>().value()));
    })
}

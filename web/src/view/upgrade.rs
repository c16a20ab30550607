//! ① The opening handshake.

use ws101_lesson::text::Key;
use ws101_trace::Direction;
use yew::prelude::*;

use super::element::{h2, p_of};
use super::{Ui, head, session, steps, switch, voice};

pub(super) fn upgrade(ui: Ui<'_>) -> Html {
    let Some(session) = session(&ui).filter(|session| !session.is_empty()) else {
        return html! {
            <section class="view" data-test="upgrade">
                { h2(ui.t(Key::UpgradeTitle)) }
                { p_of("empty", ui.t(Key::UpgradeWaiting)) }
            </section>
        };
    };
    html! {
        <section class="view" data-test="upgrade">
            { h2(ui.t(Key::UpgradeTitle)) }
            { p_of("idea hint", ui.t(Key::UpgradeIdea)) }
            <div class="columns">
                <div class="heads">
                    for direction in Direction::BOTH {
                        { head::head(ui, session, direction) }
                    }
                </div>
                { voice::voice(ui, session) }
            </div>
            <div class="columns even">
                { steps::steps(ui, session) }
                { switch::switch(ui, session) }
            </div>
            <details class="note">
                <summary>{ ui.t(Key::NoteTitle) }</summary>
                <ul>
                    for key in [Key::NoteUpgrate, Key::NoteAccept, Key::NoteKey, Key::NoteSwitch] {
                        <li>{ ui.t(key) }</li>
                    }
                </ul>
            </details>
        </section>
    }
}

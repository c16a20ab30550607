//! The byte at which HTTP ends, in both directions.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words, item, say};
use ws101_trace::Direction;
use yew::prelude::*;

use super::Ui;

pub(super) fn switch(ui: Ui<'_>, session: &Session) -> Html {
    let Some(switch) = session.dissection.switch() else { return Html::default() };
    html! {
        <section class="switch" data-test="switch">
            <h3>{ ui.t(Key::SwitchTitle) }</h3>
            <p>{ ui.t(Key::SwitchIdea) }</p>
            { boundary(ui, session, Direction::ClientToServer, switch.client) }
            { boundary(ui, session, Direction::ServerToClient, switch.server) }
        </section>
    }
}

fn boundary(ui: Ui<'_>, session: &Session, direction: Direction, at: usize) -> Html {
    let stream = session.trace.stream(direction);
    let http = &stream[at.saturating_sub(AROUND)..at];
    let frames = &stream[at..stream.len().min(at + AROUND)];
    let side = if direction == Direction::ClientToServer { "client" } else { "server" };
    html! {
        <div class={classes!("boundary", side)} data-at={at.to_string()}>
            <p><span class="glyph">{ item::glyph(direction) }</span>{ say::http_ends(at, ui.language()) }</p>
            <p class="cells">
                <span class="group http">
                    for byte in http { <span class="cell">{ words::hex_byte(*byte) }</span> }
                </span>
                <span class="cut" aria-hidden="true"></span>
                <span class="group frames">
                    if frames.is_empty() {
                        <span class="none">{ ui.t(Key::NothingYet) }</span>
                    } else {
                        for byte in frames { <span class="cell">{ words::hex_byte(*byte) }</span> }
                    }
                </span>
            </p>
        </div>
    }
}

/// How many bytes are shown on either side.
const AROUND: usize = 4;

//! The byte at which HTTP ends, in both directions.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words, item, say};
use ws101_trace::Direction;
use yew::prelude::*;

use super::Ui;
use super::element::{h3, p, piece};

pub(super) fn switch(ui: Ui<'_>, session: &Session) -> Html {
    let Some(switch) = session.dissection.switch() else { return Html::default() };
    html! {
        <section class="switch" data-test="switch">
            { h3(ui.t(Key::SwitchTitle)) }
            { p(ui.t(Key::SwitchIdea)) }
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
        <div class={classes!("boundary", side)}>
            <p>
                { piece("glyph", item::glyph(direction).into()) }
                <b>{ ui.t(if side == "client" { Key::Browser } else { Key::Server }) }</b>{ " " }{ say::http_ends(at, ui.language()) }
            </p>
            <p class="cells">
                <span class="group http">
                    for byte in http { { piece("cell", words::hex_byte(*byte).into()) } }
                </span>
                <span class="cut" aria-hidden="true"></span>
                <span class="group frames">
                    if frames.is_empty() {
                        { piece("none", ui.t(Key::NothingYet).into()) }
                    } else {
                        for byte in frames { { piece("cell", words::hex_byte(*byte).into()) } }
                    }
                </span>
            </p>
        </div>
    }
}

/// How many bytes are shown on either side.
const AROUND: usize = 4;

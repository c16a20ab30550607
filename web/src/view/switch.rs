//! The byte at which HTTP ends, in both directions.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words, say};
use ws101_trace::Direction;
use yew::prelude::*;

use super::Ui;
use super::element::{glyph, h3, p, part, side, words as piece_of};
use super::tag::{Tag, tag};

pub(super) fn switch(ui: Ui<'_>, session: &Session) -> Html {
    let Some(switch) = session.dissection.switch() else { return Html::default() };
    tag("section")
        .class("switch")
        .set("data-test", "switch")
        .add(h3(ui.t(Key::SwitchTitle)))
        .add(p(ui.t(Key::SwitchIdea)))
        .add(boundary(ui, session, Direction::ClientToServer, switch.client))
        .add(boundary(ui, session, Direction::ServerToClient, switch.server))
        .into()
}

fn boundary(ui: Ui<'_>, session: &Session, direction: Direction, at: usize) -> Tag {
    let stream = session.trace.stream(direction);
    let (http, frames) = stream.split_at(at);
    let http = &http[at.saturating_sub(AROUND)..];
    let frames = &frames[..frames.len().min(AROUND)];
    let group = |class, bytes: &[u8]| {
        tag("span").class(class).add_all(bytes.iter().map(|byte| part("cell", words::hex_byte(*byte))))
    };
    let nothing = || piece_of("none", ui.t(Key::NothingYet));
    let who = if direction == Direction::ClientToServer { Key::Browser } else { Key::Server };
    let cells = tag("p")
        .class("cells")
        .add(group("group http", http))
        .add(tag("span").class("cut").set("aria-hidden", "true"))
        .add(group("group frames", frames).add(frames.is_empty().then(nothing)));
    tag("div")
        .classes(&["boundary", side(direction)])
        .add(
            tag("p").add(glyph(direction)).add(tag("b").add(ui.t(who))).add(" ").add(say::http_ends(at, ui.language())),
        )
        .add(cells)
}

/// How many bytes are shown on either side.
const AROUND: usize = 4;

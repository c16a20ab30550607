//! The wire: every item a block, in the order of time; the client's above the line, the server's below.

use super::block::block;
use super::element::{class_if, does, listbox, p_of, side, words};
use super::tag::{Tag, tag};
use super::{Ui, session};
use ws101_lesson::live::{Action, Life, Session};
use ws101_lesson::text::{Key, say};
use ws101_trace::ItemKind;

pub(super) fn ribbon(ui: Ui<'_>) -> Tag {
    // Of a lesson all is drawn, what is still to come as well: one can go there.
    let stage = ui.state.stage.as_ref();
    let drawn = stage.map(|stage| &stage.whole).or_else(|| session(&ui)).filter(|session| !session.is_empty());
    let end = |class, key| tag("p").class(class).add(words("", ui.t(key)));
    let wire = tag("section").class("wire").set("aria-label", ui.t(Key::Ribbon)).add(end("end browser", Key::Browser));
    let wire = match drawn {
        Some(drawn) => wire.add(lane(ui, drawn, stage.map_or(usize::MAX, |stage| stage.session.len()))),
        None => wire.add(p_of("lane empty", ui.t(Key::WireEmpty))),
    };
    let newer = || {
        does(ui, Action::Follow)
            .class("newer")
            .set("data-test", "newer")
            .add(say::unseen(ui.state.unseen, ui.language()))
    };
    wire.add(end("end server", Key::Server)).add((ui.state.unseen > 0 && stage.is_none()).then(newer))
}

/// The first `crossed` items have crossed the wire.
fn lane(ui: Ui<'_>, session: &Session, crossed: usize) -> Tag {
    let selected = ui.state.selected_item().map(|(index, _)| index);
    let from = window_start(session.len(), selected);
    let switched = session.dissection.switch().is_some();
    let mut is_http = true;
    let mut lane = listbox(ui.t(Key::Ribbon), "ribbon").class("lane").set("aria-orientation", "horizontal");
    if from > 0 {
        lane = lane.add(slot("p", "earlier", false).add(say::earlier(from, ui.language())));
    }
    for (index, item) in session.items().enumerate().skip(from) {
        is_http = is_http && item.frame().is_none();
        let is_later = index >= crossed;
        let nature = if is_http { "http" } else { "frames" };
        let block = block(ui, session, (index, item), selected.unwrap_or(0) == index, is_later);
        lane = lane.add(slot("div", &[side(item.direction), " ", nature].concat(), is_later).add(block));
        let is_accepted = item.kind == (ItemKind::ResponseHead { status: 101 }) && item.findings.is_empty();
        if switched && is_accepted {
            lane = lane.add(turn(ui, is_later));
        }
    }
    let is_later = ui.state.stage.as_ref().is_some_and(|stage| stage.session.life() == Life::Open);
    lane.add(match session.life() {
        Life::Open => slot("p", "rest", false),
        Life::Closed => ending(ui, Key::WireClosed, is_later),
        Life::Cut => ending(ui, Key::WireCut, is_later),
    })
}

fn slot(name: &'static str, class: &str, is_later: bool) -> Tag {
    tag(name).classes(&["slot", class, class_if(is_later, "later")]).set("role", "presentation")
}

/// Where the wire changes its nature.
fn turn(ui: Ui<'_>, is_later: bool) -> Tag {
    let turn = slot("p", "turn", is_later).set("data-test", "turn").set("title", ui.t(Key::HttpEndsHere));
    turn.add(tag("b").add("101")).add(words("", ui.t(Key::SameWire)))
}

fn ending(ui: Ui<'_>, key: Key, is_later: bool) -> Tag {
    slot("p", "ending", is_later).set("data-test", "ending").add(words("", ui.t(key)))
}

/// The first item that is drawn: the newest ones are, and what is selected.
pub(super) fn window_start(len: usize, selected: Option<usize>) -> usize {
    let newest = len.saturating_sub(DRAWN);
    selected.map_or(newest, |selected| selected.saturating_sub(5).min(newest))
}

/// How many items are drawn at once.
const DRAWN: usize = 120;

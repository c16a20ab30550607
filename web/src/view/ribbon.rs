//! The wire: every item a block, in the order of time; the client's above the line, the server's below.

use ws101_lesson::live::{Action, Life, Session};
use ws101_lesson::text::{Key, say};
use ws101_trace::{Direction, Item, ItemKind};
use yew::prelude::*;

use super::block::block;
use super::element::{p_of, piece};
use super::{Ui, session};

pub(super) fn ribbon(ui: Ui<'_>) -> Html {
    // Of a lesson all is drawn, what is still to come as well: one can go there.
    let stage = ui.state.stage.as_ref();
    let drawn = stage.map(|stage| &stage.whole).or_else(|| session(&ui)).filter(|session| !session.is_empty());
    html! {
        <section class="wire" aria-label={ui.t(Key::Ribbon)}>
            <p class="end browser">{ piece("", ui.t(Key::Browser).into()) }</p>
            if let Some(drawn) = drawn {
                <div class="lane" role="listbox" aria-orientation="horizontal" aria-label={ui.t(Key::Ribbon)} data-zone="ribbon">
                    { lane(ui, drawn, stage.map_or(usize::MAX, |stage| stage.session.len())) }
                </div>
            } else {
                { p_of("lane empty", ui.t(Key::WireEmpty)) }
            }
            <p class="end server">{ piece("", ui.t(Key::Server).into()) }</p>
            if ui.state.unseen > 0 && stage.is_none() {
                <button type="button" class="newer" data-test="newer" onclick={ui.on(Action::Follow)}>
                    { say::unseen(ui.state.unseen, ui.language()) }
                </button>
            }
        </section>
    }
}

/// The first `crossed` items have crossed the wire.
fn lane(ui: Ui<'_>, session: &Session, crossed: usize) -> Html {
    let selected = ui.state.selected_item().map(|(index, _)| index);
    let from = window_start(session.len(), selected);
    let switched = session.dissection.switch().is_some();
    let mut is_http = true;
    let mut slots: Vec<Html> = Vec::with_capacity(session.len() + 3);
    if from > 0 {
        slots.push(html! { <p class="slot earlier" role="presentation">{ say::earlier(from, ui.language()) }</p> });
    }
    for (index, item) in session.items().enumerate() {
        is_http &= item.frame().is_none();
        let later = (index >= crossed).then_some("later");
        if index >= from {
            slots.push(slot(ui, session, (index, item), is_http, later, selected));
        }
        let is_accepted = item.kind == (ItemKind::ResponseHead { status: 101 }) && item.findings.is_empty();
        if switched && is_accepted && index >= from {
            slots.push(turn(ui, later));
        }
    }
    let later = ui.state.stage.as_ref().filter(|stage| stage.session.life() == Life::Open).and(Some("later"));
    match session.life() {
        Life::Open => slots.push(html! { <p class="slot rest" role="presentation"></p> }),
        Life::Closed => slots.push(ending(ui, Key::WireClosed, later)),
        Life::Cut => slots.push(ending(ui, Key::WireCut, later)),
    }
    slots.into_iter().collect()
}

fn slot(
    ui: Ui<'_>,
    session: &Session,
    (index, item): (usize, &Item),
    is_http: bool,
    later: Option<&'static str>,
    selected: Option<usize>,
) -> Html {
    let side = if item.direction == Direction::ClientToServer { "client" } else { "server" };
    let nature = if is_http { "http" } else { "frames" };
    let is_tab_stop = selected.unwrap_or(0) == index;
    html! {
        <div class={classes!("slot", side, nature, later)} role="presentation">
            { block(ui, session, (index, item), is_tab_stop, later.is_some()) }
        </div>
    }
}

/// Where the wire changes its nature.
fn turn(ui: Ui<'_>, later: Option<&'static str>) -> Html {
    html! {
        <p class={classes!("slot", "turn", later)} role="presentation" data-test="turn" title={ui.t(Key::HttpEndsHere)}>
            <b>{ "101" }</b>
            { piece("", ui.t(Key::SameWire).into()) }
        </p>
    }
}

fn ending(ui: Ui<'_>, key: Key, later: Option<&'static str>) -> Html {
    html! { <p class={classes!("slot", "ending", later)} role="presentation" data-test="ending">{ piece("", ui.t(key).into()) }</p> }
}

/// The first item that is drawn: the newest ones are, and what is selected.
pub(super) fn window_start(len: usize, selected: Option<usize>) -> usize {
    let newest = len.saturating_sub(DRAWN);
    selected.map_or(newest, |selected| selected.saturating_sub(5).min(newest))
}

/// How many items are drawn at once.
const DRAWN: usize = 120;

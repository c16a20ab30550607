//! The list of frames.

use ws101_lesson::live::{Session, is_unseen_by_script};
use ws101_lesson::text::{Key, item as words, say};
use ws101_trace::{Direction, Item};
use yew::prelude::*;

use super::element::piece;
use super::frames::eye_icon;
use super::ribbon::window_start;
use super::top::pressed;
use super::{Ui, preview, violation_icon};

pub(super) fn list(ui: Ui<'_>, session: &Session, staged: usize) -> Html {
    let from = window_start(session.len(), Some(staged));
    html! {
        <div class="list" role="listbox" aria-label={ui.t(Key::FrameList)} data-zone="list" data-test="frame-list">
            for (index, item) in session.frames().filter(|(index, _)| *index >= from) {
                { row(ui, session, (index, item), index == staged) }
            }
        </div>
    }
}

fn row(ui: Ui<'_>, session: &Session, (index, item): (usize, &Item), is_staged: bool) -> Html {
    let Some(frame) = item.frame() else { return Html::default() };
    let language = ui.language();
    let side = if item.direction == Direction::ClientToServer { "client" } else { "server" };
    let header = frame.header.map_or(0, |header| header.len());
    let is_marked = ui.state.marked().is_some_and(|marked| marked.is_in(item));
    html! {
        <div
            class={classes!("row", side, is_marked.then_some("marked"))}
            role="option"
            tabindex={if is_staged { "0" } else { "-1" }}
            aria-selected={pressed(is_staged)}
            data-item={index.to_string()}
            data-sel={ui.item_code(item)}
        >
            { piece("glyph", words::glyph(item.direction).into()) }
            { piece("kind", words::label(item, &session.trace, language).into()) }
            <span class="sizes">{ format!("{header} + {} B", frame.payload.len()) }</span>
            { piece("preview", preview(&frame.unmasked, PREVIEW).into()) }
            { piece("time", say::time(item.at).into()) }
            if is_unseen_by_script(item) {
                <span class="unseen-note">{ eye_icon() }{ ui.t(Key::UnseenShort) }</span>
            }
            if !item.findings.is_empty() {
                <span class="broken">{ violation_icon() }{ ui.t(Key::Violations) }</span>
            }
        </div>
    }
}

/// The most characters of a content in the list.
const PREVIEW: usize = 24;

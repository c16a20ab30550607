//! The list of frames.

use ws101_lesson::live::{Session, is_unseen_by_script};
use ws101_lesson::text::{Key, item as words, say};
use ws101_trace::Item;

use super::element::{class_if, eye_icon, glyph, listbox, option, part, side, violation_icon};
use super::ribbon::window_start;
use super::tag::{Tag, tag};
use super::{Ui, preview};

pub(super) fn list(ui: Ui<'_>, session: &Session, staged: usize) -> Tag {
    let from = window_start(session.len(), Some(staged));
    let rows = session.frames().filter(|(index, _)| *index >= from);
    listbox(ui.t(Key::FrameList), "list")
        .class("list")
        .set("data-test", "frame-list")
        .add_all(rows.map(|(index, item)| row(ui, session, (index, item), index == staged)))
}

fn row(ui: Ui<'_>, session: &Session, (index, item): (usize, &Item), is_staged: bool) -> Option<Tag> {
    let frame = item.frame()?;
    let header = frame.header.map_or(0, |header| header.len());
    let is_marked = ui.state.marked().is_some_and(|marked| marked.is_in(item));
    let note = |class, icon, key| tag("span").class(class).add(icon).add(ui.t(key));
    let row = option(is_staged, is_staged, ui.item_code(item))
        .classes(&["row", side(item.direction), class_if(is_marked, "marked")])
        .set("data-item", index.to_string())
        .add(glyph(item.direction))
        .add(part("kind", words::label(item, &session.trace, ui.language())))
        .add(part("sizes", format!("{header} + {} B", frame.payload.len())))
        .add(part("preview", preview(&frame.unmasked, PREVIEW)))
        .add(part("time", say::time(item.at)))
        .add(is_unseen_by_script(item).then(|| note("unseen-note", eye_icon(), Key::UnseenShort)))
        .add((!item.findings.is_empty()).then(|| note("broken", violation_icon(), Key::Violations)));
    Some(row)
}

/// The most characters of a content in the list.
const PREVIEW: usize = 24;

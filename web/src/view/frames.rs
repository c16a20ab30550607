//! ② The frames.

use ws101_lesson::live::{Session, is_unseen_by_script, opcode};
use ws101_lesson::text::{Key, item as words, say};
use ws101_trace::{Direction, Item};
use yew::prelude::*;

use super::element::{eye_icon, glyph, p_of, part, side, view, words as piece_of};
use super::tag::{Tag, tag};
use super::{Ui, bits, fields, findings, hex, list, preview, session, xor};

pub(super) fn frames(ui: Ui<'_>) -> Tag {
    let staged = session(&ui).zip(ui.state.staged_frame());
    let columns = staged.map(|(session, (index, item))| {
        let columns = tag("div").class("columns frames");
        columns.add(list::list(ui, session, index)).add(frame(ui, session, index, item))
    });
    view("frames", ui.t(Key::FramesTitle))
        .add(p_of("idea hint", ui.t(Key::FramesIdea)))
        .add(columns.map_or_else(|| p_of("empty", ui.t(Key::FramesEmpty)), Html::from))
        .add(p_of("note-line", ui.t(Key::NoteTwoBytes)))
}

fn frame(ui: Ui<'_>, session: &Session, index: usize, item: &Item) -> Option<Tag> {
    let frame = item.frame()?;
    let language = ui.language();
    let header = frame.header.map_or(0, |header| header.len());
    let direction = match item.direction {
        Direction::ClientToServer => "c",
        Direction::ServerToClient => "s",
    };
    let facts = part("facts", say::frame_sizes(header, frame.payload.len(), language))
        .add(" · ")
        .add(say::time(item.at))
        .add(" · ")
        .add(ui.source(session.source));
    let title = tag("h3")
        .add(glyph(item.direction))
        .add(part("kind", words::label(item, &session.trace, language)))
        .add(content(ui, item))
        .add(facts);
    let unseen = || tag("p").class("unseen-note").add(eye_icon()).add(ui.t(Key::UnseenByScript));
    let bytes = tag("div")
        .class("bytes")
        .add(bits::bits(ui, session, item))
        .add(hex::hex(ui, session, item))
        .add(xor::xor(ui, session, item));
    let article = tag("article")
        .classes(&["frame", side(item.direction)])
        .set("data-test", "frame")
        .set("data-item", index.to_string())
        .set("data-direction", direction)
        .set("data-opcode", opcode(item).map(|opcode| opcode.value().to_string()))
        .add(title)
        .add(is_unseen_by_script(item).then(unseen))
        .add(findings(ui, &item.findings))
        .add(tag("div").class("anatomy").add(bytes).add(fields::fields(ui, session, item)));
    Some(article)
}

fn content(ui: Ui<'_>, item: &Item) -> Option<Tag> {
    let unmasked = item.frame().map(|frame| frame.unmasked.as_slice()).filter(|bytes| !bytes.is_empty())?;
    let is_shown = item.payload_len() > 0 || is_unseen_by_script(item);
    is_shown.then(|| {
        let name = piece_of("unseen", ui.t(Key::ContentWord)).add(": ");
        let quoted = tag("q").set("data-test", "content").add(preview(unmasked, CONTENT));
        tag("span").class("content").add(name).add(quoted)
    })
}

/// The most characters of a content that are shown.
const CONTENT: usize = 120;

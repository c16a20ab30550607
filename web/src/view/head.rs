//! The head of a request or a response, byte by byte as it went over the wire.

use ws101_core::Span;
use ws101_lesson::live::{Session, Zone};
use ws101_lesson::text::{Key, say};
use ws101_trace::{Direction, Field, Item, Part};
use yew::prelude::*;

use super::element::{class_if, glyph, h3, listbox, option, p_of, part};
use super::tag::{Tag, tag};
use super::{Ui, findings};

pub(super) fn head(ui: Ui<'_>, session: &Session, direction: Direction) -> Html {
    let (title, test) = match direction {
        Direction::ClientToServer => (Key::Request, "request"),
        Direction::ServerToClient => (Key::Response, "response"),
    };
    let title = ui.t(title);
    let head = tag("div").class("head");
    let Some((index, item)) = session.head(direction) else {
        return head.add(h3(title)).add(p_of("empty", ui.t(Key::ResponseWaiting))).into();
    };
    let facts = part("facts", say::bytes(item.span.len())).add(" · ").add(ui.source(session.source));
    let raw = listbox(title, Zone::Head(direction).code())
        .class("raw")
        .set("data-test", test)
        .set("data-item", index.to_string())
        .set("lang", "en");
    head.add(tag("h3").add(glyph(direction)).add(title).add(facts))
        .add(lines(raw, ui, session.trace.stream(direction), item))
        .add(findings(ui, &item.findings))
        .into()
}

/// Every byte is in a text node, in order; what no field has stands between the fields.
fn lines(mut raw: Tag, ui: Ui<'_>, stream: &[u8], item: &Item) -> Tag {
    let tab_stop = ui.tab_stop(item);
    let mut at = item.span.start;
    // Until a field is a line of its own, all is part of the first one.
    let mut first_line = Some(tag("div").class("line first").set("role", "presentation"));
    for (number, field) in item.fields.iter().enumerate() {
        let span = field.bits.bytes();
        let between = Span::new(at.min(span.start), span.start);
        at = span.end;
        let is_line = is_line(field);
        let one = one(ui, stream, item, field, number == tab_stop);
        raw = match first_line.take() {
            Some(line) if is_line => raw.add(bytes(line, stream, between)).add(one),
            Some(line) => {
                first_line = Some(bytes(line, stream, between).add(one));
                raw
            }
            None => bytes(raw, stream, between).add(one),
        };
    }
    raw
}

/// Whether it is a line of its own.
fn is_line(field: &Field) -> bool {
    matches!(field.part, Part::HeadField { .. } | Part::HeadEnd)
}

fn one(ui: Ui<'_>, stream: &[u8], item: &Item, field: &Field, is_tab_stop: bool) -> Tag {
    let span = field.bits.bytes();
    let is_end = field.part == Part::HeadEnd;
    let is_broken = item.findings.iter().any(|finding| finding.span.start < span.end && span.start < finding.span.end);
    let one = option(is_tab_stop, ui.is_pinned(item, field.bits), ui.field_code(item, field))
        .classes(&[
            if is_line(field) { "line" } else { "part" },
            class_if(ui.marks(item, field.bits), "marked"),
            class_if(is_end, "end"),
            class_if(is_broken, "broken"),
        ])
        .set("aria-label", is_end.then(|| ui.t(Key::HttpEndsHere)));
    match field.part {
        Part::HeadField { name, .. } => {
            let rest = Span::new(name.end.max(span.start), span.end);
            bytes(one.add(bytes(tag("b"), stream, name)), stream, rest)
        }
        _ => bytes(one, stream, span),
    }
}

/// The bytes as text; a line end as an element of its own, before which the style sheet puts a sign that one can see.
#[inline(never)]
fn bytes(tag: Tag, stream: &[u8], span: Span) -> Tag {
    let mut text = String::from_utf8_lossy(span.of(stream)).into_owned();
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let line_end = text.split_off(end);
    tag.add(text).add((!line_end.is_empty()).then(|| part("line-end", line_end)))
}

//! The first two bytes as the RFC draws them.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words};
use ws101_trace::{Field, Item};

use super::Ui;
use super::element::{class_if, listbox, option, part, section};
use super::tag::{Tag, tag};

pub(super) fn bits(ui: Ui<'_>, session: &Session, item: &Item) -> Option<Tag> {
    let stream = session.trace.stream(item.direction);
    let first = 8 * item.span.start;
    let tab_stop = ui.tab_stop(item).min(LAST);
    if item.fields.is_empty() {
        return None;
    }
    let octet = |byte: usize| {
        let within = |field: &Field| (field.bits.start - first) / 8 == byte && field.bits.start - first < 16;
        let fields = item.fields.iter().enumerate().filter(|(_, field)| within(field));
        let fields = fields.map(|(number, field)| field_bits(ui, session, item, field, stream, number == tab_stop));
        tag("div").class("octet").set("role", "presentation").add_all(fields)
    };
    let title = ui.t(Key::FirstTwoBytes);
    let octets = listbox(title, "bits").class("octets").set("aria-orientation", "horizontal");
    Some(section(title).add(octets.add_all([0, 1].map(octet))))
}

fn field_bits(ui: Ui<'_>, session: &Session, item: &Item, field: &Field, stream: &[u8], is_tab_stop: bool) -> Tag {
    let name = words::name(field, item, &session.trace, ui.language());
    let value = words::value(field, item, &session.trace);
    let digits = (field.bits.start..field.bits.end).map(|bit| {
        let digit = if is_set(stream, bit) { "1" } else { "0" };
        tag("span").class("bit").set("data-bit", digit).add(digit)
    });
    let width = ["n", &field.bits.len().to_string()].concat();
    option(is_tab_stop, ui.is_pinned(item, field.bits), ui.field_code(item, field))
        .classes(&["bits", &width, class_if(ui.marks(item, field.bits), "marked")])
        .set("aria-label", [&name, " ", &value].concat())
        .add(tag("span").class("digits").add_all(digits))
        .add(part("name", name))
}

fn is_set(stream: &[u8], bit: usize) -> bool {
    stream.get(bit / 8).is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1)
}

/// The number of the last field in the first two bytes.
const LAST: usize = 6;

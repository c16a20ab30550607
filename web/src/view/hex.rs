//! A frame's bytes in hexadecimal, grouped by what they are.

use ws101_core::frame::HeaderField;
use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words};
use ws101_trace::{Bits, Field, Item, Part};

use super::Ui;
use super::element::{class_if, listbox, more, option, part, section};
use super::tag::{Tag, tag};

pub(super) fn hex(ui: Ui<'_>, session: &Session, item: &Item) -> Tag {
    let shown = 8 * ui.state.unmasked;
    let tab_stop = ui.tab_stop(item);
    let hidden = item.frame().map_or(0, |frame| frame.payload.len().saturating_sub(shown));
    let title = ui.t(Key::FrameBytes);
    let groups = groups(item).into_iter();
    let groups = groups.map(|(from, to)| group(ui, session, item, (from, to), shown, (from..to).contains(&tab_stop)));
    let row = listbox(title, "hex").class("hex").set("aria-orientation", "horizontal").set("data-test", "hex");
    section(title).add(row.add_all(groups)).add((hidden > 0).then(|| more(ui, hidden)))
}

/// Fields that share a byte are one group: their numbers, from and to.
fn groups(item: &Item) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (number, field) in item.fields.iter().enumerate() {
        let byte = field.bits.bytes().start;
        match groups.last_mut() {
            Some((from, to)) if item.fields[*from].bits.bytes().start == byte => *to = number + 1,
            _ => groups.push((number, number + 1)),
        }
    }
    groups
}

fn group(
    ui: Ui<'_>,
    session: &Session,
    item: &Item,
    (from, to): (usize, usize),
    shown: usize,
    is_tab_stop: bool,
) -> Tag {
    let stream = session.trace.stream(item.direction);
    let fields = &item.fields[from..to];
    let span = fields[0].bits.bytes();
    let names: Vec<String> =
        fields.iter().map(|field| words::name(field, item, &session.trace, ui.language())).collect();
    let name = match names.as_slice() {
        [only] => only.clone(),
        // FIN and its neighbours, MASK and the length: the bits above have the rest.
        [first, .., last] => format!("{first} … {last}"),
        [] => String::new(),
    };
    let bits = Bits::of_bytes(span);
    let cells = span.range().take(shown).map(|at| cell(ui, item, at, stream[at]));
    option(is_tab_stop, ui.is_pinned(item, bits), ui.field_code(item, &fields[0]))
        .classes(&["group", kind(&fields[0]), class_if(ui.marks(item, bits), "marked")])
        .add(part("name", name))
        .add(tag("span").class("cells").add_all(cells))
}

fn cell(ui: Ui<'_>, item: &Item, at: usize, byte: u8) -> Tag {
    let is_marked = ui.marks(item, Bits { start: 8 * at, end: 8 * at + 8 });
    tag("span")
        .classes(&["cell", class_if(is_marked, "marked")])
        .set("data-byte", (at - item.span.start).to_string())
        .set("data-sel", ui.byte_code(item, at))
        .add(words::hex_byte(byte))
}

fn kind(field: &Field) -> &'static str {
    match field.part {
        Part::Header(HeaderField::MaskingKey) => "key",
        Part::Header(_) => "header",
        _ => "payload",
    }
}

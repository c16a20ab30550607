//! A frame's bytes in hexadecimal, grouped by what they are.

use ws101_core::frame::HeaderField;
use ws101_lesson::live::{Action, Session};
use ws101_lesson::text::{Key, field as words, say};
use ws101_trace::{Bits, Field, Item, Part};
use yew::prelude::*;

use super::Ui;
use super::element::{h4, piece};
use super::top::pressed;

pub(super) fn hex(ui: Ui<'_>, session: &Session, item: &Item) -> Html {
    let shown = 8 * ui.state.unmasked;
    let tab_stop = ui.tab_stop(item);
    let hidden = item.frame().map_or(0, |frame| frame.payload.len().saturating_sub(shown));
    html! {
        <section class="part">
            { h4(ui.t(Key::FrameBytes)) }
            <div class="hex" role="listbox" aria-orientation="horizontal" aria-label={ui.t(Key::FrameBytes)} data-zone="hex" data-test="hex">
                for (from, to) in groups(item) {
                    { group(ui, session, item, (from, to), shown, (from..to).contains(&tab_stop)) }
                }
            </div>
            if hidden > 0 {
                <button type="button" class="more" onclick={ui.on(Action::More)}>
                    { say::more_bytes(hidden, ui.language()) }
                </button>
            }
        </section>
    }
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
) -> Html {
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
    let is_pinned = ui.state.pinned().is_some_and(|pinned| pinned.marks(item, Bits::of_bytes(span)));
    let is_marked = ui.marks(item, Bits::of_bytes(span));
    html! {
        <div
            class={classes!("group", kind(&fields[0]), is_marked.then_some("marked"))}
            role="option"
            tabindex={if is_tab_stop { "0" } else { "-1" }}
            aria-selected={pressed(is_pinned)}
            data-sel={ui.field_code(item, &fields[0])}
        >
            { piece("name", name.into()) }
            <span class="cells">
                for at in span.range().take(shown) {
                    <span
                        class={classes!("cell", ui.marks(item, Bits { start: 8 * at, end: 8 * at + 8 }).then_some("marked"))}
                        data-byte={(at - item.span.start).to_string()}
                        data-sel={ui.byte_code(item, at)}
                    >
                        { words::hex_byte(stream[at]) }
                    </span>
                }
            </span>
        </div>
    }
}

fn kind(field: &Field) -> &'static str {
    match field.part {
        Part::Header(HeaderField::MaskingKey) => "key",
        Part::Header(_) => "header",
        _ => "payload",
    }
}

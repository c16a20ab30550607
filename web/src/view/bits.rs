//! The first two bytes as the RFC draws them.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words};
use ws101_trace::{Field, Item};
use yew::prelude::*;

use super::Ui;
use super::element::{h4, piece};
use super::top::pressed;

pub(super) fn bits(ui: Ui<'_>, session: &Session, item: &Item) -> Html {
    let stream = session.trace.stream(item.direction);
    let first = 8 * item.span.start;
    let tab_stop = ui.tab_stop(item);
    let fields = |byte: usize| {
        let within = move |field: &Field| (field.bits.start - first) / 8 == byte && field.bits.start - first < 16;
        item.fields.iter().enumerate().filter(move |(_, field)| within(field))
    };
    if item.fields.is_empty() {
        return Html::default();
    }
    html! {
        <section class="part">
            { h4(ui.t(Key::FirstTwoBytes)) }
            <div class="octets" role="listbox" aria-orientation="horizontal" aria-label={ui.t(Key::FirstTwoBytes)} data-zone="bits">
                for byte in 0..2_usize {
                    <div class="octet" role="presentation">
                        for (number, field) in fields(byte) {
                            { field_bits(ui, session, item, field, stream, number == tab_stop.min(LAST)) }
                        }
                    </div>
                }
            </div>
        </section>
    }
}

fn field_bits(ui: Ui<'_>, session: &Session, item: &Item, field: &Field, stream: &[u8], is_tab_stop: bool) -> Html {
    let name = words::name(field, item, &session.trace, ui.language());
    let value = words::value(field, item, &session.trace);
    let is_marked = ui.marks(item, field.bits);
    let is_pinned = ui.state.pinned().is_some_and(|pinned| pinned.marks(item, field.bits));
    html! {
        <div
            class={classes!("bits", format!("n{}", field.bits.len()), is_marked.then_some("marked"))}
            role="option"
            tabindex={if is_tab_stop { "0" } else { "-1" }}
            aria-selected={pressed(is_pinned)}
            aria-label={format!("{name} {value}")}
            data-sel={ui.field_code(item, field)}
        >
            <span class="digits">
                for bit in field.bits.start..field.bits.end {
                    <span class="bit" data-bit={if is_set(stream, bit) { "1" } else { "0" }}>
                        { if is_set(stream, bit) { "1" } else { "0" } }
                    </span>
                }
            </span>
            { piece("name", (&name).into()) }
        </div>
    }
}

fn is_set(stream: &[u8], bit: usize) -> bool {
    stream.get(bit / 8).is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1)
}

/// The number of the last field in the first two bytes.
const LAST: usize = 6;

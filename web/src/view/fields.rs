//! A frame's fields, one sentence each.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words};
use ws101_trace::{Field, Item};
use yew::prelude::*;

use super::Ui;
use super::element::{h4, piece};
use super::top::pressed;

pub(super) fn fields(ui: Ui<'_>, session: &Session, item: &Item) -> Html {
    let tab_stop = ui.tab_stop(item);
    html! {
        <section class="part">
            { h4(ui.t(Key::FrameFields)) }
            <div class="fields" role="listbox" aria-label={ui.t(Key::FrameFields)} data-zone="fields" data-test="fields">
                for (number, field) in item.fields.iter().enumerate() {
                    { row(ui, session, item, field, number == tab_stop) }
                }
            </div>
        </section>
    }
}

fn row(ui: Ui<'_>, session: &Session, item: &Item, field: &Field, is_tab_stop: bool) -> Html {
    let language = ui.language();
    let is_marked = ui.marks(item, field.bits);
    let is_pinned = ui.state.pinned().is_some_and(|pinned| pinned.marks(item, field.bits));
    let value = words::value(field, item, &session.trace);
    html! {
        <div
            class={classes!("field", is_marked.then_some("marked"))}
            role="option"
            tabindex={if is_tab_stop { "0" } else { "-1" }}
            aria-selected={pressed(is_pinned)}
            data-sel={ui.field_code(item, field)}
        >
            <b class="name">{ words::name(field, item, &session.trace, language) }</b>
            { piece("value", value.into()) }
            { piece("sentence", words::sentence(field, item, &session.trace, language).into()) }
        </div>
    }
}

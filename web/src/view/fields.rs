//! A frame's fields, one sentence each.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words};
use ws101_trace::{Field, Item};

use super::Ui;
use super::element::{class_if, listbox, option, part, section};
use super::tag::{Tag, tag};

pub(super) fn fields(ui: Ui<'_>, session: &Session, item: &Item) -> Tag {
    let tab_stop = ui.tab_stop(item);
    let title = ui.t(Key::FrameFields);
    let rows = item.fields.iter().enumerate();
    let rows = rows.map(|(number, field)| row(ui, session, item, field, number == tab_stop));
    let list = listbox(title, "fields").class("fields").set("data-test", "fields").add_all(rows);
    section(title).add(list)
}

fn row(ui: Ui<'_>, session: &Session, item: &Item, field: &Field, is_tab_stop: bool) -> Tag {
    let language = ui.language();
    option(is_tab_stop, ui.is_pinned(item, field.bits), ui.field_code(item, field))
        .classes(&["field", class_if(ui.marks(item, field.bits), "marked")])
        .add(tag("b").class("name").add(words::name(field, item, &session.trace, language)))
        .add(part("value", words::value(field, item, &session.trace)))
        .add(part("sentence", words::sentence(field, item, &session.trace, language)))
}

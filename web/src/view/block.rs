//! One item on the ribbon.

use ws101_lesson::live::{Session, is_unseen_by_script, scale};
use ws101_lesson::text::{Key, item as words, say};
use ws101_trace::Item;

use super::Ui;
use super::element::{class_if, glyph, option, part, violation_icon, words as words_of};
use super::tag::{Tag, tag};

pub(super) fn block(
    ui: Ui<'_>,
    session: &Session,
    (index, item): (usize, &Item),
    is_tab_stop: bool,
    is_later: bool,
) -> Tag {
    let language = ui.language();
    let is_selected = ui.state.selected_item().is_some_and(|(selected, _)| selected == index);
    // What is wrong with it would be half the answer.
    let is_broken =
        !item.findings.is_empty() && !ui.state.stage.as_ref().is_some_and(|stage| stage.scene().is_waiting());
    let is_crossing = ui.state.stage.as_ref().is_some_and(|stage| stage.is_crossing(item));
    let is_marked = ui.state.marked().is_some_and(|marked| marked.is_in(item));
    let seen = tag("span")
        .class("seen")
        .set("aria-hidden", "true")
        .add(glyph(item.direction))
        .add(is_broken.then(violation_icon))
        .add(part("label", words::label(item, &session.trace, language)))
        .add(part("size", say::bytes(item.span.len())))
        .add(is_crossing.then(|| words_of("crossing", ui.t(Key::OnItsWay))));
    option(is_tab_stop, is_selected, ui.item_code(item))
        .classes(&[
            "block",
            &["w", &scale::width(item.span.len()).to_string()].concat(),
            class_if(is_marked, "marked"),
            class_if(is_unseen_by_script(item), "unseen-by-script"),
            class_if(!item.complete, "incomplete"),
            class_if(is_broken, "broken"),
            class_if(is_crossing, "crossing"),
        ])
        .set("data-item", index.to_string())
        .add(part("unseen", words::name(item, &session.trace, language)))
        .add(is_later.then(|| part("unseen", [", ", ui.t(Key::RunLater)].concat())))
        .add(seen)
}

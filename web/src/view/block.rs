//! One item on the ribbon.

use ws101_lesson::live::{Session, is_unseen_by_script, scale};
use ws101_lesson::text::{Key, item as words, say};
use ws101_trace::Item;
use yew::prelude::*;

use super::element::piece;
use super::top::pressed;
use super::{Ui, violation_icon};

pub(super) fn block(
    ui: Ui<'_>,
    session: &Session,
    (index, item): (usize, &Item),
    is_tab_stop: bool,
    is_later: bool,
) -> Html {
    let language = ui.language();
    let is_selected = ui.state.selected_item().is_some_and(|(selected, _)| selected == index);
    // What is wrong with it would be half the answer.
    let is_broken =
        !item.findings.is_empty() && !ui.state.stage.as_ref().is_some_and(|stage| stage.scene().is_waiting());
    let is_marked = ui.state.marked().is_some_and(|marked| marked.is_in(item));
    let class = classes!(
        "block",
        format!("w{}", scale::width(item.span.len())),
        is_marked.then_some("marked"),
        is_unseen_by_script(item).then_some("unseen-by-script"),
        (!item.complete).then_some("incomplete"),
        is_broken.then_some("broken"),
    );
    html! {
        <div
            {class}
            role="option"
            tabindex={if is_tab_stop { "0" } else { "-1" }}
            aria-selected={pressed(is_selected)}
            data-item={index.to_string()}
            data-sel={ui.item_code(item)}
        >
            { piece("unseen", words::name(item, &session.trace, language).into()) }
            if is_later { { piece("unseen", [", ", ui.t(Key::RunLater)].concat().into()) } }
            <span class="seen" aria-hidden="true">
                { piece("glyph", words::glyph(item.direction).into()) }
                if is_broken { { violation_icon() } }
                { piece("label", words::label(item, &session.trace, language).into()) }
                { piece("size", say::bytes(item.span.len()).into()) }
            </span>
        </div>
    }
}

//! Elements that recur. Each is a function, and not a tag in every place, because what is written once is sent once.

use ws101_lesson::live::Action;
use ws101_lesson::text::{item, say};
use ws101_trace::Direction;
use yew::prelude::*;

use super::Ui;
use super::tag::{Tag, tag};
use super::top::pressed;

#[inline(never)]
pub(super) fn h2(text: &'static str) -> Html {
    tag("h2").add(text).into()
}

#[inline(never)]
pub(super) fn h3(text: &'static str) -> Html {
    tag("h3").add(text).into()
}

#[inline(never)]
pub(super) fn h4(text: &'static str) -> Html {
    tag("h4").add(text).into()
}

#[inline(never)]
pub(super) fn dt(text: &'static str) -> Html {
    tag("dt").add(text).into()
}

#[inline(never)]
pub(super) fn p(text: &'static str) -> Html {
    p_of("", text)
}

/// A paragraph of this class.
#[inline(never)]
pub(super) fn p_of(class: &'static str, text: &'static str) -> Html {
    tag("p").class(class).add(text).into()
}

/// Two things side by side, each under its name.
pub(super) fn compared(pairs: [(&'static str, Html); 2]) -> Html {
    let pair = |(name, thing)| tag("div").add(dt(name)).add(tag("dd").add(thing));
    tag("dl").class("compared").add_all(pairs.map(pair)).into()
}

/// What is written in code.
#[inline(never)]
pub(super) fn code(text: String) -> Html {
    tag("code").add(text).into()
}

/// A part of a line with a text that is made.
#[inline(never)]
pub(super) fn part(class: &'static str, text: String) -> Tag {
    tag("span").class(class).add(text)
}

/// A part of a line with one of the page's own texts.
#[inline(never)]
pub(super) fn words(class: &'static str, text: &'static str) -> Tag {
    tag("span").class(class).add(text)
}

/// One of the live page's views.
pub(super) fn view(test: &'static str, title: &'static str) -> Tag {
    tag("section").class("view").set("data-test", test).add(h2(title))
}

/// A part of a frame's anatomy.
#[inline(never)]
pub(super) fn section(title: &'static str) -> Tag {
    tag("section").class("part").add(h4(title))
}

/// A row of things to choose from, in which keys move (gesture.rs).
#[inline(never)]
pub(super) fn listbox(label: &'static str, zone: &'static str) -> Tag {
    tag("div").set("role", "listbox").set("aria-label", label).set("data-zone", zone)
}

/// One of them; `code` says what it stands for.
#[inline(never)]
pub(super) fn option(is_tab_stop: bool, is_selected: bool, code: String) -> Tag {
    let tabindex = if is_tab_stop { "0" } else { "-1" };
    let option = tag("div").set("role", "option").set("tabindex", tabindex);
    option.set("aria-selected", pressed(is_selected)).set("data-sel", code)
}

/// A button that does this.
#[inline(never)]
pub(super) fn does(ui: Ui<'_>, action: Action) -> Tag {
    tag("button").set("type", "button").does(ui, action)
}

/// Shows more bytes.
pub(super) fn more(ui: Ui<'_>, hidden: usize) -> Tag {
    does(ui, Action::More).class("more").add(say::more_bytes(hidden, ui.language()))
}

/// A button. One function for all of them, as what is written once is sent once.
#[inline(never)]
pub(super) fn button(text: &'static str, onclick: Callback<Event>) -> Html {
    tag("button").set("type", "button").on_click(onclick).add(text).into()
}

/// A button that stays pressed.
#[inline(never)]
pub(super) fn switch_button(text: &'static str, is_on: bool, onclick: Callback<Event>) -> Html {
    let button = tag("button").set("type", "button").set("aria-pressed", pressed(is_on));
    button.on_click(onclick).add(text).into()
}

/// A class where this is so.
pub(super) fn class_if(is_so: bool, class: &'static str) -> &'static str {
    if is_so { class } else { "" }
}

/// A drawing of lines, with round ends or not.
#[inline(never)]
pub(super) fn icon(drawing: &'static str, width: &'static str, is_round: bool) -> Html {
    let path =
        tag("path").set("d", drawing).set("fill", "none").set("stroke", "currentColor").set("stroke-width", width);
    let round = is_round.then_some("round");
    let path = path.set("stroke-linecap", round).set("stroke-linejoin", round);
    tag("svg").class("icon").set("viewBox", "0 0 16 16").set("aria-hidden", "true").add(path).into()
}

pub(super) fn check_icon() -> Html {
    icon("M2.5 8.5 6.5 12.5 13.5 4", "2", false)
}

#[inline(never)]
pub(super) fn violation_icon() -> Html {
    icon("M8 1.5 15 14.5 1 14.5Z M8 6v4 M8 12v.6", "1.5", false)
}

/// An eye that is shut.
pub(super) fn eye_icon() -> Html {
    icon("M1.5 6.5C4 10.5 12 10.5 14.5 6.5M4 9.3 2.8 11.5M8 10.2V12.8M12 9.3 13.2 11.5", "1.5", true)
}

/// The sign of who speaks.
pub(super) fn glyph(direction: Direction) -> Tag {
    words("glyph", item::glyph(direction))
}

/// The class of who speaks.
pub(super) fn side(direction: Direction) -> &'static str {
    match direction {
        Direction::ClientToServer => "client",
        Direction::ServerToClient => "server",
    }
}

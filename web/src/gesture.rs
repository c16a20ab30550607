//! What pointer and keyboard mean, for the whole page at once.
//!
//! An element says what it stands for in `data-sel` (a selection), a row of such elements which one it is in `data-zone`. So no
//! element has a handler of its own, and all of them behave alike.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, KeyboardEvent};
use ws101_lesson::live::{Action, Panel, Selection, Step, Zone};

/// A click: pins.
pub(crate) fn click(event: &Event) -> Option<Action> {
    selection(event).map(Action::Select)
}

/// The pointer or the focus has come: previews, or no longer. What a preview would push from under the pointer has `data-only="click"`.
pub(crate) fn over(event: &Event) -> Option<Action> {
    let only_click = target(event)?.closest("[data-only=click]").ok()?.is_some();
    Some(Action::Preview(selection(event).filter(|_| !only_click)))
}

/// The pointer or the focus has left.
pub(crate) fn out(_: &Event) -> Option<Action> {
    Some(Action::Preview(None))
}

/// A key.
pub(crate) fn key(event: &KeyboardEvent) -> Option<Action> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
        return None;
    }
    let key = event.key();
    let element = target(event)?;
    if element.closest("input, textarea, select").ok()?.is_some() {
        return None;
    }
    let action = match (key.as_str(), step(&key)) {
        ("Enter" | " ", _) => Action::Select(selection(event)?),
        (_, Some(step)) => {
            let code = element.closest("[data-zone]").ok()??.get_attribute("data-zone")?;
            let zone = match Zone::from_code(&code)? {
                Zone::Hex if event.shift_key() => Zone::Bytes,
                zone => zone,
            };
            Action::Move(zone, step)
        }
        _ => return None,
    };
    event.prevent_default();
    Some(action)
}

/// A key wherever the focus is: Escape; and those of a clicker, or of who presents, only in projector mode, so that everywhere else
/// they scroll and reload as ever.
pub(crate) fn anywhere(event: &KeyboardEvent) -> Option<Action> {
    if event.default_prevented() || event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
        return None;
    }
    let key = event.key();
    if key == "Escape" {
        return Some(Action::Release);
    }
    if !crate::io::page::is_projector() {
        return None;
    }
    let is_taken = |row: &str| target(event).is_some_and(|element| element.closest(row).ok().flatten().is_some());
    let action = match key.as_str() {
        "PageDown" => Action::Present(Step::Next),
        "PageUp" => Action::Present(Step::Previous),
        _ if is_taken("input, textarea, select") => return None,
        "ArrowRight" if !is_taken("[data-zone]") => Action::Present(Step::Next),
        "ArrowLeft" if !is_taken("[data-zone]") => Action::Present(Step::Previous),
        "?" => Action::Panel(Panel::Keys),
        "." => Action::Curtain,
        "F5" => Action::FullScreen,
        _ => return None,
    };
    event.prevent_default();
    Some(action)
}

fn step(key: &str) -> Option<Step> {
    Some(match key {
        "ArrowLeft" | "ArrowUp" => Step::Previous,
        "ArrowRight" | "ArrowDown" => Step::Next,
        "Home" => Step::First,
        "End" => Step::Last,
        _ => return None,
    })
}

fn selection(event: &Event) -> Option<Selection> {
    let element = target(event)?.closest("[data-sel]").ok()??;
    Selection::from_code(&element.get_attribute("data-sel")?)
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

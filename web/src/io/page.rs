//! The document around the page: its attributes, its address, its focus, its clock.

use std::time::Duration;

use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, HtmlElement, Window};
use ws101_lesson::live::{State, Zone};

/// The window.
#[expect(clippy::expect_used, reason = "the page runs in a window, or not at all")]
pub(crate) fn window() -> Window {
    web_sys::window().expect("a window")
}

fn document() -> Option<Document> {
    window().document()
}

fn find(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// Where the page is drawn.
pub(crate) fn root() -> Option<Element> {
    document()?.get_element_by_id("page")
}

/// Since the page was opened.
pub(crate) fn now() -> Duration {
    let millis = window().performance().map_or(0.0, |performance| performance.now());
    Duration::from_micros((millis.max(0.0) * 1000.0) as u64)
}

/// The URL's fragment.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Puts another fragment into the URL.
pub(crate) fn set_fragment(fragment: &str) {
    let _ = window().location().set_hash(fragment);
}

/// Puts another fragment into the URL, in place of the one that is there.
pub(crate) fn amend_fragment(fragment: &str) {
    let _ = window().location().replace(&["#", fragment].concat());
}

/// Whether the page is shown to a whole room.
pub(crate) fn is_projector() -> bool {
    find("[data-projector=on]").is_some()
}

/// Shows the page from its top; to a room, from the notices and the wire on: what is above them is for the one in front.
pub(crate) fn to_top() {
    let notices =
        find(".notices").filter(|_| is_projector()).and_then(|notices| notices.dyn_into::<HtmlElement>().ok());
    let top = notices.map_or(0, |notices| notices.offset_top());
    window().scroll_to_with_x_and_y(0.0, f64::from(top));
}

/// Shows a room the question from its top; a reader's page stays where it is.
pub(crate) fn show_question() {
    if let Some(question) = find("#question").filter(|_| is_projector()) {
        question.scroll_into_view_with_bool(true);
    }
}

/// Puts onto the document what the style sheet, and tests, go by.
pub(crate) fn mark(state: &State) {
    let Some(html) = document().and_then(|document| document.document_element()) else { return };
    let projector = if state.prefs.projector { "on" } else { "off" };
    for (name, value) in [
        ("lang", state.prefs.language.code()),
        ("data-theme", state.prefs.theme.code()),
        ("data-size", state.prefs.size.code()),
        ("data-projector", projector),
        ("data-motion", if state.prefs.still { "off" } else { "auto" }),
        ("data-mode", state.mode.code()),
    ] {
        if html.get_attribute(name).as_deref() != Some(value) {
            let _ = html.set_attribute(name, value);
        }
    }
}

/// Moves the focus to the one element of a row that the tab key would reach.
pub(crate) fn focus(zone: Zone) {
    focus_on(&["[data-zone=", zone.code(), "] [tabindex=\"0\"]"].concat());
}

/// Moves the focus to an element.
pub(crate) fn focus_on(selector: &str) {
    if let Some(element) = find(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Brings the newest of the wire into sight: what is on its way or has just crossed, of a run that has more to come, or else its end.
pub(crate) fn reveal_newest() {
    let Some(row) = find("[data-zone=ribbon]") else { return };
    let slot = find("[data-zone=ribbon] .slot:has(.block.crossing)")
        .or_else(|| find("[data-zone=ribbon] .slot:has([aria-selected=true]):has(~ .later)"));
    let left = match slot.and_then(|slot| slot.dyn_into::<HtmlElement>().ok()) {
        Some(slot) => slot.offset_left() + slot.offset_width() - row.client_width() * 3 / 4,
        // A lesson is read from its beginning.
        None if find("[data-test=moment]").is_some() => 0,
        None => row.scroll_width(),
    };
    row.set_scroll_left(left);
}

/// Fills the screen, or no longer. A browser that refuses leaves all as it is.
pub(crate) fn toggle_full_screen() {
    let Some(document) = document() else { return };
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Some(page) = document.document_element() {
        let _ = page.request_fullscreen();
    }
}

/// Opens the browser's dialogue for printing.
pub(crate) fn print() {
    let _ = window().print();
}

/// A page whose code has panicked is dead. Then it says so, by a card that is in the document from the beginning.
pub(crate) fn show_card_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        let Some(card) = document().and_then(|document| document.get_element_by_id("failure")) else { return };
        let _ = card.remove_attribute("hidden");
        // In its place, not below it.
        if let Some(page) = root() {
            let _ = page.set_attribute("hidden", "");
        }
        if let Some(detail) = find("#failure-detail") {
            detail.set_text_content(Some(&panic.to_string()));
        }
    }));
}

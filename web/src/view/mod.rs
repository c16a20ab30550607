//! The page, drawn from the state. Nothing here decides anything.

mod bits;
mod block;
mod blocks;
mod controls;
mod element;
mod fields;
mod frames;
mod head;
mod hex;
mod lesson;
mod list;
mod overhead;
mod panel;
mod probe;
mod question;
mod ribbon;
mod run;
mod status;
mod steps;
mod switch;
mod tabs;
mod tag;
mod top;
mod upgrade;
mod voice;
mod xor;

use wasm_bindgen::JsCast as _;
use ws101_core::rules::Finding;
use ws101_lesson::live::{Act, Action, Selection, Session, Source, State, View};
use ws101_lesson::text::{Key, Language, violation};
use ws101_trace::{Bits, Field, Item};
use yew::prelude::*;
use yew::virtual_dom::ListenerKind;

use crate::gesture;
use element::{does, violation_icon, words};
use tag::{Tag, tag};

/// What every part of the page is drawn from, and where its actions go.
#[derive(Clone, Copy)]
struct Ui<'a> {
    state: &'a State,
    link: &'a Callback<Action>,
}

impl<'a> Ui<'a> {
    fn language(&self) -> Language {
        self.state.prefs.language
    }

    fn t(&self, key: Key) -> &'static str {
        key.text(self.language())
    }

    /// A handler that does this, whatever the event says.
    fn on(&self, action: Action) -> Callback<Event> {
        let link = self.link.clone();
        Callback::from(move |_| link.emit(action.clone()))
    }

    /// A handler that does something to the lesson.
    fn act(&self, act: Act) -> Callback<Event> {
        self.on(Action::Lesson(act))
    }

    /// A handler that sets an input of the lesson.
    fn set(&self, name: &str, value: String) -> Callback<Event> {
        self.act(Act::Set(name.to_owned(), value))
    }

    /// A handler that does what the event means.
    fn meaning(&self, meaning: impl Fn(&Event) -> Option<Action> + 'static) -> Callback<Event> {
        let link = self.link.clone();
        Callback::from(move |event: Event| {
            if let Some(action) = meaning(&event) {
                link.emit(action);
            }
        })
    }

    fn shown(&self) -> usize {
        self.state.on_display().unwrap_or_default()
    }

    fn item_code(&self, item: &Item) -> String {
        Selection::of_item(self.shown(), item).to_code()
    }

    fn field_code(&self, item: &Item, field: &Field) -> String {
        Selection::of_field(self.shown(), item, field).to_code()
    }

    fn byte_code(&self, item: &Item, byte: usize) -> String {
        Selection::of_byte(self.shown(), item, byte).to_code()
    }

    fn marks(&self, item: &Item, bits: Bits) -> bool {
        self.state.marks(item, bits)
    }

    /// The number of the field that the tab key reaches: the pinned one, or the first.
    fn tab_stop(&self, item: &Item) -> usize {
        self.state.pinned().and_then(|pinned| pinned.field(item)).unwrap_or(0)
    }

    fn is_pinned(&self, item: &Item, bits: Bits) -> bool {
        self.state.pinned().is_some_and(|pinned| pinned.marks(item, bits))
    }

    /// "measured" or "simulated".
    fn source(&self, source: Source) -> Tag {
        let (key, class) = match source {
            Source::Measured => (Key::Measured, "source measured"),
            Source::Simulated => (Key::Simulated, "source simulated"),
        };
        words(class, self.t(key))
    }
}

/// The whole page.
pub(crate) fn page(state: &State, link: &Callback<Action>) -> Html {
    let ui = Ui { state, link };
    let page = tag("div")
        .class("page")
        .on(|| ListenerKind::onclick, ui.meaning(gesture::click))
        .on(|| ListenerKind::onmouseover, ui.meaning(gesture::over))
        .on(|| ListenerKind::onmouseleave, ui.meaning(gesture::out))
        .on(|| ListenerKind::onfocusin, ui.meaning(gesture::over))
        .on(|| ListenerKind::onfocusout, ui.meaning(gesture::out))
        .on(|| ListenerKind::onkeydown, ui.meaning(|event| gesture::key(event.unchecked_ref())))
        .add(top::top(ui))
        .add(panel::panel(ui))
        .add(panel::route_bar(ui))
        .add(status::notice(ui))
        .add(
            tag("div")
                .class("track")
                .add(ribbon::ribbon(ui))
                .add(
                    state
                        .stage
                        .as_ref()
                        .and_then(|stage| stage.original.as_ref())
                        .map(|original| run::ghost(ui, original)),
                )
                .add(state.stage.as_ref().map(|stage| run::moment(ui, stage))),
        );
    let page = match &state.stage {
        Some(stage) => lesson::lesson(page, ui, stage),
        None => live(page, ui),
    };
    let curtain = || does(ui, Action::Curtain).class("curtain").set("aria-label", ui.t(Key::Curtain));
    let announcement = tag("p").class("unseen").set("aria-live", "polite").set("data-test", "announcement");
    page.add(state.curtain.then(curtain)).add(announcement.add(state.announcement.clone())).into()
}

/// The live page, below the wire.
fn live(page: Tag, ui: Ui<'_>) -> Tag {
    let view = ui.state.view;
    let stage = tag("main")
        .class("stage")
        .set("id", "stage")
        .set("role", "tabpanel")
        .set("aria-labelledby", tabs::id(view))
        .add(view.shows(View::Upgrade).then(|| upgrade::upgrade(ui)))
        .add(view.shows(View::Frames).then(|| frames::frames(ui)))
        .add(view.shows(View::Overhead).then(|| overhead::overhead(ui)));
    page.add(tabs::tabs(ui)).add(stage).add(controls::controls(ui))
}

/// Broken rules, each with its section.
fn findings(ui: Ui<'_>, findings: &[Finding]) -> Option<Tag> {
    let rules = findings.iter().map(|finding| {
        let section = words("section", finding.violation.section()).set("lang", "en");
        let rule = tag("li").set("data-violation", finding.violation.key());
        rule.add(violation::sentence(finding.violation, ui.language())).add(section)
    });
    let title = tag("h4").add(violation_icon()).add(ui.t(Key::Violations));
    let all = tag("div").class("findings").set("data-test", "violations").add(title).add(tag("ul").add_all(rules));
    (!findings.is_empty()).then_some(all)
}

/// A text for people from bytes: UTF-8, or else hexadecimal.
fn preview(bytes: &[u8], most: usize) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => {
            let mut short: String = text.chars().take(most).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            short
        }
        _ => {
            let short = &bytes[..bytes.len().min(most / 3 + 1)];
            let mut text = ws101_lesson::text::field::hex(short);
            if short.len() < bytes.len() {
                text.push_str(" …");
            }
            text
        }
    }
}

/// The session on display.
fn session<'a>(ui: &Ui<'a>) -> Option<&'a Session> {
    ui.state.session()
}

//! The page, drawn from the state. Nothing here decides anything.

mod bits;
mod block;
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
mod top;
mod upgrade;
mod voice;
mod xor;

use web_sys::{FocusEvent, MouseEvent};
use ws101_core::rules::Finding;
use ws101_lesson::live::{Act, Action, Selection, Session, Source, State, View};
use ws101_lesson::text::{Key, Language, violation};
use ws101_trace::{Bits, Field, Item};
use yew::prelude::*;

use crate::gesture;

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
    fn on<E: 'static>(&self, action: Action) -> Callback<E> {
        let link = self.link.clone();
        Callback::from(move |_: E| link.emit(action.clone()))
    }

    /// A handler that does something to the lesson.
    fn act<E: 'static>(&self, act: Act) -> Callback<E> {
        self.on(Action::Lesson(act))
    }

    /// A handler that sets an input of the lesson.
    fn set<E: 'static>(&self, name: &str, value: String) -> Callback<E> {
        self.act(Act::Set(name.to_owned(), value))
    }

    /// A handler that does what the event means.
    fn meaning<E: 'static>(&self, meaning: impl Fn(&E) -> Option<Action> + 'static) -> Callback<E> {
        let link = self.link.clone();
        Callback::from(move |event: E| {
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

    /// "measured" or "simulated".
    fn source(&self, source: Source) -> Html {
        let (key, class) = match source {
            Source::Measured => (Key::Measured, "source measured"),
            Source::Simulated => (Key::Simulated, "source simulated"),
        };
        html! { <span {class}>{ self.t(key) }</span> }
    }
}

/// The whole page.
pub(crate) fn page(state: &State, link: &Callback<Action>) -> Html {
    let ui = Ui { state, link };
    html! {
        <div
            class="page"
            onclick={ui.meaning(|event: &MouseEvent| gesture::click(event))}
            onmouseover={ui.meaning(|event: &MouseEvent| gesture::over(event))}
            onmouseleave={ui.meaning(|event: &MouseEvent| gesture::out(event))}
            onfocusin={ui.meaning(|event: &FocusEvent| gesture::over(event))}
            onfocusout={ui.meaning(|event: &FocusEvent| gesture::out(event))}
            onkeydown={ui.meaning(gesture::key)}
        >
            { top::top(ui) }
            { panel::panel(ui) }
            { panel::route_bar(ui) }
            { status::notice(ui) }
            <div class="track">
                { ribbon::ribbon(ui) }
                if let Some(stage) = &state.stage { { run::moment(ui, stage) } }
            </div>
            if let Some(stage) = &state.stage { { lesson::lesson(ui, stage) } } else { { live(ui) } }
            if state.curtain {
                <button type="button" class="curtain" aria-label={ui.t(Key::Curtain)} onclick={ui.on(Action::Curtain)}></button>
            }
            <p class="unseen" aria-live="polite" data-test="announcement">{ &state.announcement }</p>
        </div>
    }
}

/// The live page, below the wire.
fn live(ui: Ui<'_>) -> Html {
    let view = ui.state.view;
    html! {
        <>
            { tabs::tabs(ui) }
            <main class="stage" id="stage" role="tabpanel" aria-labelledby={tabs::id(view)}>
                if view.shows(View::Upgrade) { { upgrade::upgrade(ui) } }
                if view.shows(View::Frames) { { frames::frames(ui) } }
                if view.shows(View::Overhead) { { overhead::overhead(ui) } }
            </main>
            { controls::controls(ui) }
        </>
    }
}

/// Broken rules, each with its section.
fn findings(ui: Ui<'_>, findings: &[Finding]) -> Html {
    if findings.is_empty() {
        return Html::default();
    }
    html! {
        <div class="findings" data-test="violations">
            <h4>{ violation_icon() }{ ui.t(Key::Violations) }</h4>
            <ul>
                for finding in findings {
                    <li data-violation={finding.violation.key()}>
                        { violation::sentence(finding.violation, ui.language()) }
                        <span class="section" lang="en">{ finding.violation.section() }</span>
                    </li>
                }
            </ul>
        </div>
    }
}

/// A button. One function for all of them, as what is written once is sent once.
#[inline(never)]
fn button(text: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" {onclick}>{ text }</button> }
}

/// A button that stays pressed.
#[inline(never)]
fn switch_button(text: &'static str, is_on: bool, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" aria-pressed={top::pressed(is_on)} {onclick}>{ text }</button> }
}

fn check_icon() -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2.5 8.5 6.5 12.5 13.5 4" fill="none" stroke="currentColor" stroke-width="2" />
        </svg>
    }
}

fn violation_icon() -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M8 1.5 15 14.5 1 14.5Z M8 6v4 M8 12v.6" fill="none" stroke="currentColor" stroke-width="1.5" />
        </svg>
    }
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

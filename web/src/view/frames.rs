//! ② The frames.

use ws101_lesson::live::{Session, is_unseen_by_script, opcode};
use ws101_lesson::text::{Key, item as words, say};
use ws101_trace::{Direction, Item};
use yew::prelude::*;

use super::element::{h2, p_of, piece};
use super::{Ui, bits, fields, findings, hex, list, preview, session, xor};

pub(super) fn frames(ui: Ui<'_>) -> Html {
    let staged = ui.state.staged_frame();
    html! {
        <section class="view" data-test="frames">
            { h2(ui.t(Key::FramesTitle)) }
            { p_of("idea hint", ui.t(Key::FramesIdea)) }
            if let (Some(session), Some((index, item))) = (session(&ui), staged) {
                <div class="columns frames">
                    { list::list(ui, session, index) }
                    { frame(ui, session, index, item) }
                </div>
            } else {
                { p_of("empty", ui.t(Key::FramesEmpty)) }
            }
            { p_of("note-line", ui.t(Key::NoteTwoBytes)) }
        </section>
    }
}

fn frame(ui: Ui<'_>, session: &Session, index: usize, item: &Item) -> Html {
    let Some(frame) = item.frame() else { return Html::default() };
    let language = ui.language();
    let header = frame.header.map_or(0, |header| header.len());
    let (side, direction) = match item.direction {
        Direction::ClientToServer => ("client", "c"),
        Direction::ServerToClient => ("server", "s"),
    };
    html! {
        <article
            class={classes!("frame", side)}
            data-test="frame"
            data-item={index.to_string()}
            data-direction={direction}
            data-opcode={opcode(item).map(|opcode| opcode.value().to_string())}
        >
            <h3>
                { piece("glyph", words::glyph(item.direction).into()) }
                { piece("kind", words::label(item, &session.trace, language).into()) }
                { content(ui, item) }
                <span class="facts">
                    { say::frame_sizes(header, frame.payload.len(), language) }{ " · " }{ say::time(item.at) }{ " · " }
                    { ui.source(session.source) }
                </span>
            </h3>
            if is_unseen_by_script(item) { <p class="unseen-note">{ eye_icon() }{ ui.t(Key::UnseenByScript) }</p> }
            { findings(ui, &item.findings) }
            <div class="anatomy">
                <div class="bytes">
                    { bits::bits(ui, session, item) }
                    { hex::hex(ui, session, item) }
                    { xor::xor(ui, session, item) }
                </div>
                { fields::fields(ui, session, item) }
            </div>
        </article>
    }
}

fn content(ui: Ui<'_>, item: &Item) -> Html {
    let unmasked = item.frame().map(|frame| frame.unmasked.as_slice()).filter(|bytes| !bytes.is_empty());
    let Some(unmasked) = unmasked.filter(|_| item.payload_len() > 0 || is_unseen_by_script(item)) else {
        return Html::default();
    };
    html! {
        <span class="content">
            <span class="unseen">{ ui.t(Key::ContentWord) }{ ": " }</span>
            <q data-test="content">{ preview(unmasked, CONTENT) }</q>
        </span>
    }
}

/// An eye that is shut.
pub(super) fn eye_icon() -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M1.5 6.5C4 10.5 12 10.5 14.5 6.5M4 9.3 2.8 11.5M8 10.2V12.8M12 9.3 13.2 11.5" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
        </svg>
    }
}

/// The most characters of a content that are shown.
const CONTENT: usize = 120;

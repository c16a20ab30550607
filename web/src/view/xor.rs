//! Unmasking, byte by byte: masked XOR key = original.

use ws101_lesson::live::{Action, Session};
use ws101_lesson::text::{Key, field as words, say};
use ws101_trace::{Bits, Item};
use yew::prelude::*;

use super::Ui;
use super::element::{h4, p_of, piece};

pub(super) fn xor(ui: Ui<'_>, session: &Session, item: &Item) -> Html {
    let Some(frame) = item.frame() else { return Html::default() };
    let Some(header) = frame.header else { return Html::default() };
    let Some(key) = header.mask else {
        return html! { <p class="aside">{ ui.t(if frame.payload.is_empty() { Key::EmptyPayload } else { Key::NotMasked }) }</p> };
    };
    if frame.payload.is_empty() {
        return html! { { p_of("aside", ui.t(Key::EmptyPayload)) } };
    }
    let masked = frame.payload.of(session.trace.stream(item.direction));
    let characters = characters(&frame.unmasked);
    let shown = masked.len().min(ui.state.unmasked);
    let one = chosen(ui, item).unwrap_or(0).min(masked.len() - 1);
    html! {
        <section class="part" data-test="xor">
            { h4(ui.t(Key::UnmaskTitle)) }
            { p_of("aside", ui.t(Key::UnmaskIdea)) }
            <div class="xor">
                <p class="column labels" aria-hidden="true">
                    for key in [Key::MaskedByte, Key::KeyByte, Key::PlainByte, Key::Character] { { piece("", ui.t(key).into()) } }
                </p>
                // Lines break where the key begins anew.
                <div class="rounds">
                    for round in (0..shown).step_by(4) {
                        <ol start={(round + 1).to_string()}>
                            for at in round..shown.min(round + 4) {
                                { column(ui, item, at, masked[at], key[at % 4], frame.unmasked[at], &characters[at]) }
                            }
                        </ol>
                    }
                </div>
            </div>
            if shown < masked.len() {
                <button type="button" class="more" onclick={ui.on(Action::More)}>
                    { say::more_bytes(masked.len() - shown, ui.language()) }
                </button>
            }
            <p class="worked" data-test="worked">
                { piece("which", say::byte_number(one, ui.language()).into()) }
                <code>
                    { words::bits(masked[one]) }{ " ⊕ " }{ words::bits(key[one % 4]) }{ " = " }{ words::bits(frame.unmasked[one]) }
                </code>
            </p>
        </section>
    }
}

fn column(ui: Ui<'_>, item: &Item, at: usize, masked: u8, key: u8, plain: u8, character: &str) -> Html {
    let Some(frame) = item.frame() else { return Html::default() };
    let byte = frame.payload.start + at;
    let is_marked = ui.marks(item, Bits { start: 8 * byte, end: 8 * byte + 8 });
    let [masked, key, plain] = [masked, key, plain].map(words::hex_byte);
    html! {
        <li class={classes!("column", is_marked.then_some("marked"))} data-sel={ui.byte_code(item, byte)} data-xor={at.to_string()}>
            { piece("masked", masked.into()) }
            { piece("key", key.into()) }
            { piece("plain", plain.into()) }
            { piece("character", character.to_owned().into()) }
        </li>
    }
}

/// The payload's byte that is marked, if one is.
fn chosen(ui: Ui<'_>, item: &Item) -> Option<usize> {
    let marked = ui.state.marked_part(item).filter(|marked| marked.bits.len() == 8)?;
    marked.bits.bytes().start.checked_sub(item.frame()?.payload.start)
}

/// For every byte the character that begins there; a dash for those that go on with one.
fn characters(plain: &[u8]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(plain) else { return vec!["·".into(); plain.len()] };
    let mut characters = vec!["–".to_owned(); plain.len()];
    for (at, character) in text.char_indices() {
        characters[at] = match character {
            ' ' => "␣".into(),
            character if character.is_control() => "·".into(),
            character => character.into(),
        };
    }
    characters
}

//! Unmasking, byte by byte: masked XOR key = original.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words, say};
use ws101_trace::{Bits, Item};
use yew::prelude::*;

use super::Ui;
use super::element::{class_if, code, more, p_of, part, section, words as piece_of};
use super::tag::{Tag, tag};

pub(super) fn xor(ui: Ui<'_>, session: &Session, item: &Item) -> Option<Html> {
    let frame = item.frame()?;
    let header = frame.header?;
    let nothing = |key| Some(p_of("aside", ui.t(key)));
    if frame.payload.is_empty() {
        return nothing(Key::EmptyPayload);
    }
    let Some(key) = header.mask else { return nothing(Key::NotMasked) };
    let masked = frame.payload.of(session.trace.stream(item.direction));
    let characters = characters(&frame.unmasked);
    let shown = masked.len().min(ui.state.unmasked);
    let hidden = masked.len() - shown;
    let one = chosen(ui, item).unwrap_or(0).min(masked.len() - 1);
    let labels = [Key::MaskedByte, Key::KeyByte, Key::PlainByte, Key::Character].map(|key| piece_of("", ui.t(key)));
    // Lines break where the key begins anew.
    let rounds = (0..shown).step_by(4).map(|round| {
        let columns = (round..shown.min(round + 4)).map(|at| {
            let bytes = [masked[at], key[at % 4], frame.unmasked[at]];
            column(ui, item, frame.payload.start, at, bytes, &characters[at])
        });
        tag("ol").set("start", (round + 1).to_string()).add_all(columns)
    });
    let labels = tag("p").class("column labels").set("aria-hidden", "true").add_all(labels);
    let [left, right, result] = [masked[one], key[one % 4], frame.unmasked[one]].map(words::bits);
    let worked = tag("p").class("worked").set("data-test", "worked");
    Some(
        section(ui.t(Key::UnmaskTitle))
            .set("data-test", "xor")
            .add(p_of("aside", ui.t(Key::UnmaskIdea)))
            .add(tag("div").class("xor").add(labels).add(tag("div").class("rounds").add_all(rounds)))
            .add((hidden > 0).then(|| more(ui, hidden)))
            .add(
                worked
                    .add(part("which", say::byte_number(one, ui.language())))
                    .add(code([&left, " ⊕ ", &right, " = ", &result].concat())),
            )
            .into(),
    )
}

fn column(ui: Ui<'_>, item: &Item, payload: usize, at: usize, bytes: [u8; 3], character: &str) -> Tag {
    let byte = payload + at;
    let is_marked = ui.marks(item, Bits { start: 8 * byte, end: 8 * byte + 8 });
    let [masked, key, plain] = bytes.map(words::hex_byte);
    tag("li")
        .classes(&["column", class_if(is_marked, "marked")])
        .set("data-sel", ui.byte_code(item, byte))
        .set("data-xor", at.to_string())
        .add(part("masked", masked))
        .add(part("key", key))
        .add(part("plain", plain))
        .add(part("character", character.to_owned()))
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

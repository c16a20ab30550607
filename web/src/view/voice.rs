//! The explanation beside the bytes.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words, header};
use ws101_trace::{Direction, Field, Item, Part};

use super::element::{dt, h4, p_of};
use super::tag::{Tag, tag};
use super::{Ui, findings};

/// What is said of the marked line of a head.
pub(super) fn voice(ui: Ui<'_>, session: &Session) -> Tag {
    let marked = Direction::BOTH.into_iter().find_map(|direction| {
        let (_, item) = session.head(direction)?;
        let marked = ui.state.marked_part(item)?;
        Some((item, &item.fields[marked.field(item)?]))
    });
    let voice = tag("aside").class("voice").set("aria-label", ui.t(Key::Explanation)).set("data-test", "voice");
    match marked {
        Some((item, field)) => explanation(voice, ui, session, item, field),
        None => essentials(voice, ui, session),
    }
}

/// While no line is marked: those that an upgrade cannot do without, to choose from.
fn essentials(voice: Tag, ui: Ui<'_>, session: &Session) -> Tag {
    let directions =
        [(Direction::ClientToServer, Key::EssentialAsked), (Direction::ServerToClient, Key::EssentialAnswered)];
    voice.add(p_of("empty", ui.t(Key::ChooseLine))).add_all(directions.map(|(direction, key)| {
        let (_, item) = session.head(direction)?;
        let buttons = item.fields.iter().filter_map(|field| {
            let name = essential(field, session.trace.stream(direction))?;
            let button = tag("button").set("type", "button").set("data-only", "click");
            Some(button.set("data-sel", ui.field_code(item, field)).add(name))
        });
        Some(tag("div").class("essentials").add(h4(ui.t(key))).add(tag("p").set("lang", "en").add_all(buttons)))
    }))
}

fn essential(field: &Field, stream: &[u8]) -> Option<String> {
    let Part::HeadField { name, .. } = field.part else { return None };
    let name = String::from_utf8_lossy(name.of(stream)).into_owned();
    header::is_essential(&name).then_some(name)
}

fn explanation(voice: Tag, ui: Ui<'_>, session: &Session, item: &Item, field: &Field) -> Tag {
    let language = ui.language();
    let name = words::name(field, item, &session.trace, language);
    let is_header = matches!(field.part, Part::HeadField { .. });
    let span = field.bits.bytes();
    let here: Vec<_> = item
        .findings
        .iter()
        .copied()
        .filter(|finding| finding.span.start < span.end && span.start < finding.span.end)
        .collect();
    let said = if is_header {
        let explanation = header::explain(&name);
        tag("dl")
            .add(dt(ui.t(Key::WhatFor)))
            .add(tag("dd").add(explanation.purpose(language)))
            .add(dt(ui.t(Key::Without)))
            .add(tag("dd").add(explanation.without(language)))
    } else {
        tag("p").add(words::sentence(field, item, &session.trace, language))
    };
    voice.add(tag("h3").set("lang", is_header.then_some("en")).add(name)).add(said).add(findings(ui, &here))
}

//! The explanation beside the bytes.

use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words, header};
use ws101_trace::{Direction, Field, Item, Part};
use yew::prelude::*;

use super::element::{dt, h4, p_of};
use super::{Ui, findings};

/// What is said of the marked line of a head.
pub(super) fn voice(ui: Ui<'_>, session: &Session) -> Html {
    let marked = Direction::BOTH.into_iter().find_map(|direction| {
        let (_, item) = session.head(direction)?;
        let marked = ui.state.marked_part(item)?;
        Some((item, &item.fields[marked.field(item)?]))
    });
    html! {
        <aside class="voice" aria-label={ui.t(Key::Explanation)} data-test="voice">
            if let Some((item, field)) = marked {
                { explanation(ui, session, item, field) }
            } else {
                { essentials(ui, session) }
            }
        </aside>
    }
}

/// While no line is marked: those that an upgrade cannot do without, to choose from.
fn essentials(ui: Ui<'_>, session: &Session) -> Html {
    html! {
        <>
            { p_of("empty", ui.t(Key::ChooseLine)) }
            for (direction, key) in [(Direction::ClientToServer, Key::EssentialAsked), (Direction::ServerToClient, Key::EssentialAnswered)] {
                if let Some((_, item)) = session.head(direction) {
                    <div class="essentials">
                        { h4(ui.t(key)) }
                        <p lang="en">
                            for field in item.fields.iter() {
                                if let Some(name) = essential(field, session.trace.stream(direction)) {
                                    <button type="button" data-only="click" data-sel={ui.field_code(item, field)}>{ name }</button>
                                }
                            }
                        </p>
                    </div>
                }
            }
        </>
    }
}

fn essential(field: &Field, stream: &[u8]) -> Option<String> {
    let Part::HeadField { name, .. } = field.part else { return None };
    let name = String::from_utf8_lossy(name.of(stream)).into_owned();
    header::is_essential(&name).then_some(name)
}

fn explanation(ui: Ui<'_>, session: &Session, item: &Item, field: &Field) -> Html {
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
    html! {
        <>
            <h3 lang={is_header.then_some("en")}>{ &name }</h3>
            if is_header {
                <dl>
                    { dt(ui.t(Key::WhatFor)) }
                    <dd>{ header::explain(&name).purpose(language) }</dd>
                    { dt(ui.t(Key::Without)) }
                    <dd>{ header::explain(&name).without(language) }</dd>
                </dl>
            } else {
                <p>{ words::sentence(field, item, &session.trace, language) }</p>
            }
            { findings(ui, &here) }
        </>
    }
}

//! The head of a request or a response, byte by byte as it went over the wire.

use ws101_core::Span;
use ws101_lesson::live::{Session, Zone};
use ws101_lesson::text::{Key, item as words, say};
use ws101_trace::{Direction, Field, Item, Part};
use yew::prelude::*;

use super::element::{h3, p_of, piece};
use super::top::pressed;
use super::{Ui, findings};

pub(super) fn head(ui: Ui<'_>, session: &Session, direction: Direction) -> Html {
    let (title, test) = match direction {
        Direction::ClientToServer => (Key::Request, "request"),
        Direction::ServerToClient => (Key::Response, "response"),
    };
    let Some((index, item)) = session.head(direction) else {
        return html! { <div class="head">{ h3(ui.t(title)) }{ p_of("empty", ui.t(Key::ResponseWaiting)) }</div> };
    };
    html! {
        <div class="head">
            <h3>
                { piece("glyph", words::glyph(direction).into()) }
                { ui.t(title) }
                <span class="facts">{ say::bytes(item.span.len()) }{ " · " }{ ui.source(session.source) }</span>
            </h3>
            <div
                class="raw"
                role="listbox"
                aria-label={ui.t(title)}
                data-zone={Zone::Head(direction).code()}
                data-test={test}
                data-item={index.to_string()}
                lang="en"
            >
                { lines(ui, session.trace.stream(direction), item) }
            </div>
            { findings(ui, &item.findings) }
        </div>
    }
}

/// Every byte is in a text node, in order; what no field has stands between the fields.
fn lines(ui: Ui<'_>, stream: &[u8], item: &Item) -> Html {
    let mut at = item.span.start;
    let mut first_line: Vec<Html> = Vec::new();
    let mut lines: Vec<Html> = Vec::new();
    let tab_stop = ui.tab_stop(item);
    let mut gap = |to: usize| {
        let span = Span::new(at.min(to), to);
        at = to;
        text(stream, span)
    };
    for (number, field) in item.fields.iter().enumerate() {
        let span = field.bits.bytes();
        let between = gap(span.start);
        let _ = gap(span.end);
        let is_tab_stop = number == tab_stop;
        let is_in_first_line = !matches!(field.part, Part::HeadField { .. } | Part::HeadEnd);
        if is_in_first_line || lines.is_empty() {
            first_line.push(between);
        } else {
            lines.push(between);
        }
        if is_in_first_line {
            first_line.push(option(ui, item, field, is_tab_stop, "part", text(stream, span)));
            continue;
        }
        if lines.is_empty() {
            let parts = std::mem::take(&mut first_line);
            lines.push(html! { <div class="line first" role="presentation">{ for parts }</div> });
        }
        let content = match field.part {
            Part::HeadField { name, .. } => html! {
                <><b>{ text(stream, name) }</b>{ text(stream, Span::new(name.end.max(span.start), span.end)) }</>
            },
            _ => text(stream, span),
        };
        lines.push(option(ui, item, field, is_tab_stop, "line", content));
    }
    first_line.into_iter().chain(lines).collect()
}

fn option(ui: Ui<'_>, item: &Item, field: &Field, is_tab_stop: bool, class: &'static str, content: Html) -> Html {
    let is_marked = ui.marks(item, field.bits);
    let is_pinned = ui.state.pinned().is_some_and(|pinned| pinned.marks(item, field.bits));
    let is_end = field.part == Part::HeadEnd;
    let is_broken = item.findings.iter().any(|finding| {
        let span = field.bits.bytes();
        finding.span.start < span.end && span.start < finding.span.end
    });
    html! {
        <div
            class={classes!(class, is_marked.then_some("marked"), is_end.then_some("end"), is_broken.then_some("broken"))}
            role="option"
            tabindex={if is_tab_stop { "0" } else { "-1" }}
            aria-selected={pressed(is_pinned)}
            aria-label={is_end.then(|| ui.t(Key::HttpEndsHere))}
            data-sel={ui.field_code(item, field)}
        >
            { content }
        </div>
    }
}

/// The bytes as text; a line end as an element of its own, before which the style sheet puts a sign that one can see.
fn text(stream: &[u8], span: Span) -> Html {
    let text = String::from_utf8_lossy(span.of(stream)).into_owned();
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    html! {
        <>
            { &text[..end] }
            if end < text.len() { { piece("line-end", (&text[end..]).into()) } }
        </>
    }
}

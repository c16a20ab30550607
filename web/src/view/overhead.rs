//! ③ What it costs.

use ws101_lesson::live::{Counts, RoundTrip};
use ws101_lesson::text::{Key, say};
use ws101_trace::Direction;

use super::element::{class_if, glyph, p_of, part, side, view, words as piece_of};
use super::tag::{Tag, tag};
use super::{Ui, preview};

pub(super) fn overhead(ui: Ui<'_>) -> Tag {
    let view = view("overhead", ui.t(Key::OverheadTitle));
    match ui.state.counts() {
        Some(counts) => result(view, ui, &counts),
        None if ui.state.comparison.is_some() => view.add(p_of("empty", ui.t(Key::OverheadWaiting))),
        None => view.add(p_of("empty", ui.t(Key::OverheadEmpty))),
    }
}

fn result(view: Tag, ui: Ui<'_>, counts: &Counts) -> Tag {
    let language = ui.language();
    let (request, response) = counts.handshake;
    let content = ui.state.comparison.as_ref().map(|comparison| preview(&comparison.payload, 60)).unwrap_or_default();
    let facts = part("facts", say::bytes(counts.websocket.out_content)).add(" · ").add(ui.source(counts.source));
    let (http, websocket) = (counts.http.overhead(), counts.websocket.overhead());
    let answer = tag("p")
        .class("answer")
        .set("data-test", "ratio")
        .set("data-http", http.to_string())
        .set("data-websocket", websocket.to_string())
        .add(say::ratio(http, websocket, language));
    let remarks = tag("ul")
        .class("remarks")
        .add(tag("li").add(say::handshake_once(request, response, language)))
        .add(tag("li").add(say::break_even(counts.break_even(), language)))
        .add(tag("li").add(ui.t(Key::OverheadReuse)))
        .add(tag("li").add(ui.t(Key::TcpNotCounted)));
    view.add(tag("p").class("idea").add(tag("q").add(content)).add(facts))
        .add(answer)
        .add(chart(ui, counts))
        .add(table(ui, counts))
        .add(remarks)
}

fn chart(ui: Ui<'_>, counts: &Counts) -> Tag {
    let most = counts.http.total().max(counts.websocket.total()).max(1);
    let patterns = tag("svg").class("patterns").set("aria-hidden", "true").set("width", "0").set("height", "0");
    let hatches = tag("defs").add(hatch("hatch-client", "client")).add(hatch("hatch-server", "server"));
    let speaks = |direction, key| tag("span").add(glyph(direction)).add(ui.t(key));
    let legend = tag("figcaption")
        .add(piece_of("unseen", ui.t(Key::OverheadChart)))
        .add(speaks(Direction::ClientToServer, Key::ClientSpeaks))
        .add(speaks(Direction::ServerToClient, Key::ServerSpeaks))
        .add(piece_of("", ui.t(Key::LegendAdded)))
        .add(piece_of("", ui.t(Key::LegendContent)));
    tag("figure")
        .class("chart")
        .set("data-test", "chart")
        .add(patterns.add(hatches))
        .add(bar(ui, Key::Http, &counts.http, most))
        .add(bar(ui, Key::WebSocket, &counts.websocket, most))
        .add(legend)
}

fn hatch(id: &'static str, side: &'static str) -> Tag {
    let rect = |class, width| tag("rect").class(class).set("width", width).set("height", "6");
    tag("pattern")
        .set("id", id)
        .class(side)
        .set("width", "6")
        .set("height", "6")
        .set("patternUnits", "userSpaceOnUse")
        .set("patternTransform", "rotate(45)")
        .add(rect("ground", "6"))
        .add(rect("stripe", "2.4"))
}

fn bar(ui: Ui<'_>, name: Key, trip: &RoundTrip, most: usize) -> Tag {
    // Without fractions as such: what formats them would be a fiftieth of the page.
    let percent = |bytes: usize| {
        let hundredths = bytes * 10_000 / most.max(1);
        format!("{}.{:02}%", hundredths / 100, hundredths % 100)
    };
    let mut at = 0;
    let parts = trip.parts().into_iter().map(|(bytes, direction, is_content)| {
        let x = at;
        at += bytes;
        let pattern = match direction {
            Direction::ClientToServer => "url(#hatch-client)",
            Direction::ServerToClient => "url(#hatch-server)",
        };
        tag("rect")
            .classes(&[side(direction), class_if(is_content, "content")])
            .set("fill", (!is_content).then_some(pattern))
            .set("x", percent(x))
            .set("width", percent(bytes))
            .set("y", "0")
            .set("height", "100%")
    });
    tag("div")
        .class("bar-row")
        .add(piece_of("name", ui.t(name)))
        .add(tag("svg").class("bytes-bar").set("aria-hidden", "true").add_all(parts))
        .add(part("total", say::bytes(trip.total())))
}

/// What of a round trip a row counts.
type Count = fn(&RoundTrip) -> usize;

fn table(ui: Ui<'_>, counts: &Counts) -> Tag {
    let rows: [(Key, Count, &str); 6] = [
        (Key::RowOutHead, |trip| trip.out_added, "out-added"),
        (Key::RowOutBody, |trip| trip.out_content, "out-content"),
        (Key::RowInHead, |trip| trip.back_added, "back-added"),
        (Key::RowInBody, |trip| trip.back_content, "back-content"),
        (Key::RowTotal, RoundTrip::total, "total"),
        (Key::RowOverhead, RoundTrip::overhead, "overhead"),
    ];
    let heading = |scope, key| tag("th").set("scope", scope).add(ui.t(key));
    let rows = rows.map(|(key, count, code)| {
        let (http, websocket) = (count(&counts.http), count(&counts.websocket));
        tag("tr")
            .set("data-row", code)
            .set("data-http", http.to_string())
            .set("data-websocket", websocket.to_string())
            .add(heading("row", key))
            .add(tag("td").add(say::bytes(http)))
            .add(tag("td").add(say::bytes(websocket)))
    });
    let columns = [Key::Part, Key::Http, Key::WebSocket].map(|key| heading("col", key));
    tag("table")
        .class("counts")
        .set("data-test", "counts")
        .add(tag("thead").add(tag("tr").add_all(columns)))
        .add(tag("tbody").add_all(rows))
}

//! ③ What it costs.

use ws101_lesson::live::{Counts, RoundTrip};
use ws101_lesson::text::{Key, say};
use ws101_trace::Direction;
use yew::prelude::*;

use super::{Ui, preview};

pub(super) fn overhead(ui: Ui<'_>) -> Html {
    html! {
        <section class="view" data-test="overhead">
            <h2>{ ui.t(Key::OverheadTitle) }</h2>
            if let Some(counts) = ui.state.counts() {
                { result(ui, &counts) }
            } else {
                <p class="empty">
                    { ui.t(if ui.state.comparison.is_some() { Key::OverheadWaiting } else { Key::OverheadEmpty }) }
                </p>
            }
        </section>
    }
}

fn result(ui: Ui<'_>, counts: &Counts) -> Html {
    let language = ui.language();
    let (request, response) = counts.handshake;
    let content = ui.state.comparison.as_ref().map(|comparison| preview(&comparison.payload, 60)).unwrap_or_default();
    html! {
        <>
            <p class="idea">
                <q>{ content }</q>
                <span class="facts">{ say::bytes(counts.websocket.out_content) }{ " · " }{ ui.source(counts.source) }</span>
            </p>
            <p
                class="answer"
                data-test="ratio"
                data-http={counts.http.overhead().to_string()}
                data-websocket={counts.websocket.overhead().to_string()}
            >
                { say::ratio(counts.http.overhead(), counts.websocket.overhead(), language) }
            </p>
            { chart(ui, counts) }
            { table(ui, counts) }
            <ul class="remarks">
                <li>{ say::handshake_once(request, response, language) }</li>
                <li>{ say::break_even(counts.break_even(), language) }</li>
                <li>{ ui.t(Key::OverheadReuse) }</li>
                <li>{ ui.t(Key::TcpNotCounted) }</li>
            </ul>
        </>
    }
}

fn chart(ui: Ui<'_>, counts: &Counts) -> Html {
    let most = counts.http.total().max(counts.websocket.total()).max(1);
    html! {
        <figure class="chart" data-test="chart">
            <svg class="patterns" aria-hidden="true" width="0" height="0">
                <defs>
                    { hatch("hatch-client", "client") }
                    { hatch("hatch-server", "server") }
                </defs>
            </svg>
            { bar(ui, Key::Http, &counts.http, most) }
            { bar(ui, Key::WebSocket, &counts.websocket, most) }
            <figcaption>
                <span class="unseen">{ ui.t(Key::OverheadChart) }</span>
                <span><span class="glyph">{ "▶" }</span>{ ui.t(Key::ClientSpeaks) }</span>
                <span><span class="glyph">{ "◀" }</span>{ ui.t(Key::ServerSpeaks) }</span>
                <span>{ ui.t(Key::LegendAdded) }</span>
                <span>{ ui.t(Key::LegendContent) }</span>
            </figcaption>
        </figure>
    }
}

fn hatch(id: &'static str, side: &'static str) -> Html {
    html! {
        <pattern {id} class={side} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" class="ground" />
            <rect width="2.4" height="6" class="stripe" />
        </pattern>
    }
}

fn bar(ui: Ui<'_>, name: Key, trip: &RoundTrip, most: usize) -> Html {
    // Without fractions as such: what formats them would be a fiftieth of the page.
    let percent = |bytes: usize| {
        let hundredths = bytes * 10_000 / most.max(1);
        format!("{}.{:02}%", hundredths / 100, hundredths % 100)
    };
    let mut at = 0;
    let parts: Vec<Html> = trip
        .parts()
        .into_iter()
        .map(|(bytes, direction, is_content)| {
            let x = at;
            at += bytes;
            let (side, pattern) = match direction {
                Direction::ClientToServer => ("client", "url(#hatch-client)"),
                Direction::ServerToClient => ("server", "url(#hatch-server)"),
            };
            let class = classes!(side, is_content.then_some("content"));
            let fill = (!is_content).then_some(pattern);
            html! { <rect {class} {fill} x={percent(x)} width={percent(bytes)} y="0" height="100%" /> }
        })
        .collect();
    html! {
        <div class="bar-row">
            <span class="name">{ ui.t(name) }</span>
            <svg class="bytes-bar" aria-hidden="true">{ for parts }</svg>
            <span class="total">{ say::bytes(trip.total()) }</span>
        </div>
    }
}

/// What of a round trip a row counts.
type Count = fn(&RoundTrip) -> usize;

fn table(ui: Ui<'_>, counts: &Counts) -> Html {
    let rows: [(Key, Count, &str); 6] = [
        (Key::RowOutHead, |trip| trip.out_added, "out-added"),
        (Key::RowOutBody, |trip| trip.out_content, "out-content"),
        (Key::RowInHead, |trip| trip.back_added, "back-added"),
        (Key::RowInBody, |trip| trip.back_content, "back-content"),
        (Key::RowTotal, RoundTrip::total, "total"),
        (Key::RowOverhead, RoundTrip::overhead, "overhead"),
    ];
    html! {
        <table class="counts" data-test="counts">
            <thead>
                <tr>
                    <th scope="col">{ ui.t(Key::Part) }</th>
                    <th scope="col">{ ui.t(Key::Http) }</th>
                    <th scope="col">{ ui.t(Key::WebSocket) }</th>
                </tr>
            </thead>
            <tbody>
                for (key, count, code) in rows {
                    <tr data-row={code} data-http={count(&counts.http).to_string()} data-websocket={count(&counts.websocket).to_string()}>
                        <th scope="row">{ ui.t(key) }</th>
                        <td>{ say::bytes(count(&counts.http)) }</td>
                        <td>{ say::bytes(count(&counts.websocket)) }</td>
                    </tr>
                }
            </tbody>
        </table>
    }
}

//! `Sec-WebSocket-Accept` in four steps, with this connection's own key.

use ws101_core::handshake::accept::{AcceptSteps, GUID};
use ws101_core::rules::Violation;
use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words};
use ws101_trace::{Direction, Part};
use yew::prelude::*;

use super::element::{h3, p, p_of};
use super::{Ui, check_icon, violation_icon};

pub(super) fn steps(ui: Ui<'_>, session: &Session) -> Html {
    let Some(key) = value(session, Direction::ClientToServer, "sec-websocket-key") else { return Html::default() };
    let steps = AcceptSteps::new(&key);
    let command = format!("printf '%s' \"{}\" | openssl sha1 -binary | base64", steps.concatenated);
    html! {
        <section class="accept" data-test="accept">
            { h3(ui.t(Key::AcceptTitle)) }
            <ol>
                <li>
                    { p(ui.t(Key::AcceptStepKey)) }
                    <code data-step="key">{ &key }</code>
                </li>
                <li>
                    { p(ui.t(Key::AcceptStepJoin)) }
                    <code data-step="concatenated">{ &key }<u>{ GUID }</u></code>
                </li>
                <li>
                    { p(ui.t(Key::AcceptStepSha1)) }
                    <code class="bytes" data-step="sha1">{ words::hex(&steps.sha1) }</code>
                </li>
                <li>
                    { p(ui.t(Key::AcceptStepBase64)) }
                    <code data-step="accept">{ &steps.accept }</code>
                </li>
            </ol>
            { verdict(ui, session, &steps.accept) }
            { p(ui.t(Key::AcceptMeaning)) }
            { p_of("verify", ui.t(Key::VerifyYourself)) }
            <code class="command" data-test="command" lang="en">{ command }</code>
        </section>
    }
}

fn verdict(ui: Ui<'_>, session: &Session, computed: &str) -> Html {
    let Some((_, response)) = session.head(Direction::ServerToClient) else { return Html::default() };
    let received = value(session, Direction::ServerToClient, "sec-websocket-accept");
    let is_wrong = response.findings.iter().any(|finding| finding.violation == Violation::AcceptWrong);
    let key = match &received {
        None => Key::AcceptAbsent,
        Some(received) if received == computed && !is_wrong => Key::AcceptMatches,
        Some(_) => Key::AcceptDiffers,
    };
    let matches = key == Key::AcceptMatches;
    html! {
        <p class={classes!("verdict", (!matches).then_some("broken"))} data-test="verdict" data-matches={if matches { "true" } else { "false" }}>
            if let Some(received) = received {
                <span class="received">{ ui.t(Key::AcceptReceived) }{ ": " }<code>{ received }</code></span>
            }
            <span>
                if matches { { check_icon() } } else { { violation_icon() } }
                { ui.t(key) }
            </span>
        </p>
    }
}

/// The value of a header of a direction's first head.
fn value(session: &Session, direction: Direction, wanted: &str) -> Option<String> {
    let (_, item) = session.head(direction)?;
    let stream = session.trace.stream(direction);
    item.fields.iter().find_map(|field| match field.part {
        Part::HeadField { name, value } if name.of(stream).eq_ignore_ascii_case(wanted.as_bytes()) => {
            Some(String::from_utf8_lossy(value.of(stream)).into_owned())
        }
        _ => None,
    })
}

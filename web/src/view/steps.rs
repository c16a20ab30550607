//! `Sec-WebSocket-Accept` in four steps, with this connection's own key.

use ws101_core::handshake::accept::{AcceptSteps, GUID};
use ws101_core::rules::Violation;
use ws101_lesson::live::Session;
use ws101_lesson::text::{Key, field as words};
use ws101_trace::{Direction, Part};
use yew::prelude::*;

use super::Ui;
use super::element::{check_icon, class_if, h3, p, p_of, violation_icon};
use super::tag::{Tag, tag};
use super::top::pressed;

pub(super) fn steps(ui: Ui<'_>, session: &Session) -> Html {
    let Some(key) = value(session, Direction::ClientToServer, "sec-websocket-key") else { return Html::default() };
    let steps = AcceptSteps::new(&key);
    let command = ["printf '%s' \"", &steps.concatenated, "\" | openssl sha1 -binary | base64"].concat();
    let verdict = verdict(ui, session, &steps.accept);
    let step = |title, code: Tag, name| tag("li").add(p(ui.t(title))).add(code.set("data-step", name));
    let code = |text: String| tag("code").add(text);
    let list = tag("ol")
        .add(step(Key::AcceptStepKey, code(key.clone()), "key"))
        .add(step(Key::AcceptStepJoin, code(key).add(tag("u").add(GUID)), "concatenated"))
        .add(step(Key::AcceptStepSha1, code(words::hex(&steps.sha1)).class("bytes"), "sha1"))
        .add(step(Key::AcceptStepBase64, code(steps.accept), "accept"));
    tag("section")
        .class("accept")
        .set("data-test", "accept")
        .add(h3(ui.t(Key::AcceptTitle)))
        .add(list)
        .add(verdict)
        .add(p(ui.t(Key::AcceptMeaning)))
        .add(p_of("verify", ui.t(Key::VerifyYourself)))
        .add(code(command).class("command").set("data-test", "command").set("lang", "en"))
        .into()
}

fn verdict(ui: Ui<'_>, session: &Session, computed: &str) -> Option<Tag> {
    let (_, response) = session.head(Direction::ServerToClient)?;
    let received = value(session, Direction::ServerToClient, "sec-websocket-accept");
    let is_wrong = response.findings.iter().any(|finding| finding.violation == Violation::AcceptWrong);
    let key = match &received {
        None => Key::AcceptAbsent,
        Some(received) if received == computed && !is_wrong => Key::AcceptMatches,
        Some(_) => Key::AcceptDiffers,
    };
    let matches = key == Key::AcceptMatches;
    let said =
        |value| tag("span").class("received").add(ui.t(Key::AcceptReceived)).add(": ").add(tag("code").add(value));
    let verdict = tag("p")
        .classes(&["verdict", class_if(!matches, "broken")])
        .set("data-test", "verdict")
        .set("data-matches", pressed(matches))
        .add(received.map(said))
        .add(tag("span").add(if matches { check_icon() } else { violation_icon() }).add(ui.t(key)));
    Some(verdict)
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

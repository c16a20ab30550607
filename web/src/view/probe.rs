//! What a page cannot send, the server's own client sends; the true answer stands beside the simulated one.

use ws101_lesson::live::{Act, Mode};
use ws101_lesson::text::Key;
use yew::prelude::*;

use super::Ui;
use super::element::{button, code, compared, h3, p, p_of};
use super::tag::{Tag, tag};

pub(super) fn probe(ui: Ui<'_>, sent: &[u8], expected: &[u8]) -> Html {
    let answer = ui.state.probe.as_ref().filter(|probe| probe.sent == sent).and_then(|probe| probe.received.as_ref());
    let asks = if ui.state.mode == Mode::Live {
        tag("div").class("toggles").add(button(ui.t(Key::ProbeSend), ui.act(Act::Probe(sent.to_vec())))).into()
    } else {
        p_of("empty", ui.t(Key::ProbeNoServer))
    };
    let heard = tag("div").set("aria-live", "polite");
    let heard = match answer {
        Some(Ok(answer)) => received(heard, ui, answer, expected),
        Some(Err(_)) => heard.add(p_of("error", ui.t(Key::NoticeHttpFailed))),
        None => heard,
    };
    tag("section")
        .class("probe")
        .set("data-test", "probe")
        .add(h3(ui.t(Key::ProbeTitle)))
        .add(p(ui.t(Key::ProbeWhy)))
        .add(asks)
        .add(heard)
        .into()
}

fn received(heard: Tag, ui: Ui<'_>, answer: &[u8], expected: &[u8]) -> Tag {
    let verdict = ui.t(if answer == expected { Key::ProbeSame } else { Key::ProbeDiffers });
    let raw = String::from_utf8_lossy(answer).into_owned();
    heard
        .add(compared([
            (ui.t(Key::Simulated), first_line(ui, expected)),
            (ui.t(Key::Measured), first_line(ui, answer)),
        ]))
        .add(tag("p").set("data-test", "probed").add(verdict))
        .add(tag("pre").class("raw").set("lang", "en").add(raw))
}

fn first_line(ui: Ui<'_>, bytes: &[u8]) -> Html {
    let line = bytes.split(|&byte| byte == b'\r').next().unwrap_or_default();
    if line.is_empty() { ui.t(Key::ProbeSilent).into() } else { code(String::from_utf8_lossy(line).into_owned()) }
}

//! What a person should know.

use ws101_lesson::live::{Action, Notice};
use ws101_lesson::text::{Key, say};
use yew::prelude::*;

use super::element::{button, code};
use super::tag::{Tag, tag};
use super::{Ui, session};

pub(super) fn notice(ui: Ui<'_>) -> Tag {
    let lost = session(&ui).map(|session| session.lost).filter(|&lost| lost > 0);
    let lost = lost.map(|lost| paragraph("lost").add(say::lost(lost, ui.language())));
    // A lesson goes on as it was: its bytes are simulated either way.
    let is_told = |notice: &Notice| *notice != Notice::Back || ui.state.stage.is_none();
    let notice = ui.state.notice.filter(is_told).map(|notice| one(ui, notice));
    tag("div").class("notices").set("role", "status").add(notice).add(lost)
}

fn paragraph(code: &'static str) -> Tag {
    tag("p").class("notice").set("data-notice", code)
}

fn one(ui: Ui<'_>, notice: Notice) -> Tag {
    let try_now = || Some((Key::TryNow, ui.on(Action::Retry)));
    let (key, name, does) = match notice {
        Notice::NoServer => (Key::NoticeNoServer, "no-server", try_now()),
        Notice::ServerGone => (Key::NoticeServerGone, "server-gone", try_now()),
        Notice::Back => {
            let elsewhere = ui.state.is_elsewhere().then(|| (Key::ShowNewest, ui.on(Action::Follow)));
            (Key::NoticeBack, "back", elsewhere)
        }
        Notice::Version => (Key::NoticeVersion, "version", Some((Key::Reload, reload()))),
        Notice::NoSocket => (Key::NoticeNoSocket, "no-socket", None),
        Notice::HttpFailed => (Key::NoticeHttpFailed, "http-failed", None),
        Notice::Address => (Key::NoticeAddress, "address", None),
        Notice::TooLong => (Key::NoticeTooLong, "too-long", None),
    };
    let said = tag("span").add(ui.t(key));
    let said = if notice == Notice::Address { said.add(": ").add(code(ui.state.misread.clone())) } else { said };
    let actions = tag("span")
        .class("notice-actions")
        .add(does.map(|(key, onclick)| button(ui.t(key), onclick)))
        .add(button(ui.t(Key::Dismiss), ui.on(Action::Dismiss)));
    paragraph(name).add(said).add(actions)
}

fn reload() -> Callback<Event> {
    Callback::from(|_| {
        let _ = crate::io::page::window().location().reload();
    })
}

//! What a person should know.

use ws101_lesson::live::{Action, Notice};
use ws101_lesson::text::{Key, say};
use yew::prelude::*;

use super::{Ui, button, session};

pub(super) fn notice(ui: Ui<'_>) -> Html {
    html! {
        <div class="notices" role="status">
            if let Some(notice) = ui.state.notice { { one(ui, notice) } }
            if let Some(lost) = session(&ui).map(|session| session.lost).filter(|&lost| lost > 0) {
                <p class="notice" data-notice="lost">{ say::lost(lost, ui.language()) }</p>
            }
        </div>
    }
}

fn one(ui: Ui<'_>, notice: Notice) -> Html {
    let (key, code, does) = match notice {
        Notice::NoServer => (Key::NoticeNoServer, "no-server", Some((Key::TryNow, ui.on(Action::Retry)))),
        Notice::ServerGone => (Key::NoticeServerGone, "server-gone", Some((Key::TryNow, ui.on(Action::Retry)))),
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
    html! {
        <p class="notice" data-notice={code}>
            <span>
                { ui.t(key) }
                if notice == Notice::Address { { ": " }<code>{ &ui.state.misread }</code> }
            </span>
            <span class="notice-actions">
                if let Some((key, onclick)) = does { { button(ui.t(key), onclick) } }
                { button(ui.t(Key::Dismiss), ui.on(Action::Dismiss)) }
            </span>
        </p>
    }
}

fn reload() -> Callback<MouseEvent> {
    Callback::from(|_| {
        let _ = crate::io::page::window().location().reload();
    })
}

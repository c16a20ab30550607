//! ① The opening handshake.

use super::element::{p_of, view};
use super::tag::{Tag, tag};
use super::{Ui, head, session, steps, switch, voice};
use ws101_lesson::text::Key;
use ws101_trace::Direction;

pub(super) fn upgrade(ui: Ui<'_>) -> Tag {
    let view = view("upgrade", ui.t(Key::UpgradeTitle));
    let Some(session) = session(&ui).filter(|session| !session.is_empty()) else {
        return view.add(p_of("empty", ui.t(Key::UpgradeWaiting)));
    };
    let heads = Direction::BOTH.map(|direction| head::head(ui, session, direction));
    let columns = tag("div").class("columns").add(tag("div").class("heads").add_all(heads));
    let even = tag("div").class("columns even").add(steps::steps(ui, session)).add(switch::switch(ui, session));
    let notes = [Key::NoteUpgrate, Key::NoteAccept, Key::NoteKey, Key::NoteSwitch];
    let notes = tag("ul").add_all(notes.map(|key| tag("li").add(ui.t(key))));
    view.add(p_of("idea hint", ui.t(Key::UpgradeIdea)))
        .add(columns.add(voice::voice(ui, session)))
        .add(even)
        .add(tag("details").class("note").add(tag("summary").add(ui.t(Key::NoteTitle))).add(notes))
}

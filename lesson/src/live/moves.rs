//! Looking around: selecting, letting go, arrow keys, views.

use super::selection::{Step, Zone};
use super::state::UNMASKED;
use super::{Effect, LESSON, Selection, State, View};

impl State {
    pub(super) fn select(&mut self, selection: Selection, effects: &mut Vec<Effect>) {
        if let Some(stage) = self.stage.as_mut().filter(|_| selection.session == LESSON) {
            // Who looks into something wants the time to do so.
            stage.is_playing = false;
            if let Some((item, _)) = selection.item(&stage.whole) {
                self.seek_item(item, effects);
            }
        }
        let Some(session) = self.session_of(selection.session) else { return };
        let Some((index, item)) = selection.item(session) else { return };
        let (view, is_newest) = (Self::view_of(item), index + 1 == session.len());
        if self.selected_item().is_none_or(|(old, _)| old != index) {
            self.unmasked = UNMASKED;
        }
        self.selection = Some(selection);
        self.preview = None;
        if self.stage.is_some() {
            return;
        }
        self.shown = Some(selection.session);
        self.following = is_newest && self.shown == self.active;
        if self.following {
            self.unseen = 0;
        }
        if !self.view.shows(view) {
            self.go_to(view, effects);
        }
    }

    /// First the preview goes, then a part gives way to its item.
    pub(super) fn release(&mut self) {
        if self.preview.take().is_some_and(|preview| Some(preview) != self.selection) {
            return;
        }
        if self.panel.take().is_some() {
            return;
        }
        let whole = match (self.on_display(), self.selected_item()) {
            (Some(shown), Some((_, item))) => Some(Selection::of_item(shown, item)),
            _ => None,
        };
        self.selection = whole;
    }

    pub(super) fn step(&mut self, zone: Zone, step: Step, effects: &mut Vec<Effect>) {
        if zone == Zone::Tabs {
            let at = View::ALL.iter().position(|&view| view == self.view);
            if let Some(next) = step.from(at, View::ALL.len()) {
                self.go_to(View::ALL[next], effects);
            }
        } else if let Some(next) = self.next_selection(zone, step) {
            let view = self.view;
            self.select(next, effects);
            // Frames are looked at beside their list even where the item is a head's neighbour.
            if matches!(zone, Zone::Bits | Zone::Hex | Zone::Bytes | Zone::Fields | Zone::Head(_)) && self.view != view
            {
                self.go_to(view, effects);
            }
        } else {
            return;
        }
        effects.push(Effect::Focus(zone));
    }

    fn next_selection(&self, zone: Zone, step: Step) -> Option<Selection> {
        let session = self.session()?;
        let shown = self.on_display()?;
        let selected = self.selected_item().map(|(index, _)| index);
        match zone {
            Zone::Tabs => None,
            Zone::Ribbon => {
                // Of a lesson, what is still to come as well.
                let session = self.stage.as_ref().map_or(session, |stage| &stage.whole);
                let next = step.from(selected, session.len())?;
                Some(Selection::of_item(shown, session.item(next)?))
            }
            Zone::List => {
                let frames: Vec<usize> = session.frames().map(|(index, _)| index).collect();
                let staged = self.staged_frame().map(|(index, _)| index);
                let at = frames.iter().position(|&index| Some(index) == staged);
                Some(Selection::of_item(shown, session.item(frames[step.from(at, frames.len())?])?))
            }
            Zone::Head(direction) => self.next_field(session.head(direction)?.1, usize::MAX, step),
            Zone::Bits => self.next_field(self.staged_frame()?.1, 16, step),
            Zone::Hex | Zone::Fields => self.next_field(self.staged_frame()?.1, usize::MAX, step),
            Zone::Bytes => {
                let item = self.staged_frame()?.1;
                let at = self.selection.filter(|pinned| pinned.is_in(item) && !pinned.is_whole(item));
                let at = at.map(|pinned| pinned.bits.bytes().start - item.span.start);
                Some(Selection::of_byte(shown, item, item.span.start + step.from(at, item.span.len())?))
            }
        }
    }

    /// The next field that begins within the first `bits` of an item.
    fn next_field(&self, item: &ws101_trace::Item, bits: usize, step: Step) -> Option<Selection> {
        let first = 8 * item.span.start;
        let len = item.fields.iter().take_while(|field| field.bits.start - first < bits).count();
        let at = self.pinned().and_then(|pinned| pinned.field(item)).filter(|&at| at < len);
        Some(Selection::of_field(self.on_display()?, item, &item.fields[step.from(at, len)?]))
    }

    pub(super) fn show(&mut self, session: usize, effects: &mut Vec<Effect>) {
        if session >= self.sessions.len() {
            return;
        }
        self.shown = Some(session);
        self.selection = self.sessions[session].item(0).map(|item| Selection::of_item(session, item));
        self.preview = None;
        self.unseen = 0;
        self.following = false;
        if self.active == Some(session) {
            self.follow(effects);
            effects.retain(|effect| !matches!(effect, Effect::Focus(_)));
        } else if !self.sessions[session].is_websocket() && self.view == View::Frames {
            self.go_to(View::Upgrade, effects);
        }
    }

    pub(super) fn go_to(&mut self, view: View, effects: &mut Vec<Effect>) {
        if self.view == View::All && view != View::All && !effects.is_empty() {
            return;
        }
        if self.view != view {
            self.view = view;
            self.preview = None;
            effects.push(Effect::Address(view.fragment().into()));
        }
    }
}

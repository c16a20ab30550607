//! The feed, the echo connection, and what happens when there is no server.

use std::time::Duration;

use ws101_trace::Trace;
use ws101_trace::feed::{FromServer, VERSION};

use super::session::{answers, is_keep_alive};
use super::{Effect, Link, Mode, Notice, Selection, Session, Source, State, Zone};
use crate::sim::Sim;
use crate::text::{item, say};

impl State {
    pub(super) fn hear(&mut self, message: FromServer, now: Duration, effects: &mut Vec<Effect>) {
        match message {
            FromServer::Hello { version: VERSION } => self.go_live(effects),
            FromServer::Hello { .. } => {
                self.notice = Some(Notice::Version);
                self.simulate(now, effects);
            }
            FromServer::Opened { trace, path } => {
                let session = Session::new(Source::Measured, path, Trace::new(), Some(trace));
                self.add(session, effects);
            }
            FromServer::Bytes { trace, at, direction, bytes } => {
                if let Some(index) = self.fed_by(trace) {
                    self.sessions[index].trace.push(Duration::from_micros(at), direction, &bytes);
                    self.grown(index, effects);
                }
            }
            FromServer::Closed { trace, at } => {
                if let Some(index) = self.fed_by(trace) {
                    self.sessions[index].trace.close(Duration::from_micros(at));
                    self.grown(index, effects);
                }
            }
            FromServer::Lost { bytes } => {
                if let Some(session) = self.active.and_then(|active| self.sessions.get_mut(active)) {
                    session.lost += bytes;
                }
            }
        }
    }

    fn fed_by(&self, trace: u64) -> Option<usize> {
        self.sessions.iter().rposition(|session| session.feed == Some(trace))
    }

    fn go_live(&mut self, effects: &mut Vec<Effect>) {
        let was_here = self.server_was_met || self.mode == Mode::Simulated;
        let was_asked = std::mem::take(&mut self.was_asked);
        if was_here || self.notice != Some(Notice::Address) {
            self.notice = (was_here && !was_asked).then_some(Notice::Back);
        }
        // Nobody's bytes are taken from the stage while they are looked at; who has asked for others gets them.
        self.following = was_asked || self.following && !was_here;
        self.mode = Mode::Live;
        self.server_was_met = true;
        self.attempt = 0;
        self.end_simulation();
        self.link = Link::Opening;
        self.sent = 0;
        effects.push(Effect::OpenSocket);
    }

    pub(super) fn lose_feed(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        if self.notice == Some(Notice::Version) {
            return;
        }
        if self.mode != Mode::Simulated {
            let was_live = self.mode == Mode::Live;
            self.notice = Some(if was_live { Notice::ServerGone } else { Notice::NoServer });
            self.following &= !was_live;
            for session in self.sessions.iter_mut().filter(|session| session.feed.is_some()) {
                session.cut();
            }
            effects.push(Effect::DropSocket);
            self.simulate(now, effects);
        }
        // Who has asked is told; who has not, already knows.
        if std::mem::take(&mut self.was_asked) {
            self.notice = Some(if self.server_was_met { Notice::ServerGone } else { Notice::NoServer });
        }
        let longest = if self.server_was_met { LONGEST_WAIT } else { LONGEST_WAIT_FOR_A_STRANGER };
        let wait = Duration::from_secs(1 << self.attempt.min(6)).min(longest);
        self.attempt += 1;
        effects.push(Effect::RetryIn(wait));
    }

    pub(super) fn lose_socket(&mut self) {
        if self.mode == Mode::Live {
            if self.link == Link::Opening {
                self.notice = Some(Notice::NoSocket);
            }
            self.link = Link::Closed;
        }
    }

    /// Somebody chooses whose bytes are shown.
    pub(super) fn switch(&mut self, simulate: bool, now: Duration, effects: &mut Vec<Effect>) {
        self.prefers_simulation = simulate;
        self.notice = None;
        if simulate && self.mode != Mode::Simulated {
            for session in self.sessions.iter_mut().filter(|session| session.feed.is_some()) {
                session.cut();
            }
            effects.extend([Effect::DropSocket, Effect::DropFeed]);
            self.watch_newest();
            self.simulate(now, effects);
        } else if !simulate && self.mode == Mode::Simulated {
            self.was_asked = true;
            self.attempt = 0;
            effects.push(Effect::OpenFeed);
        }
    }

    /// Goes on without a server.
    fn simulate(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        self.mode = Mode::Simulated;
        self.open_simulation(now, effects);
    }

    pub(super) fn open_simulation(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        self.end_simulation();
        let (sim, trace) = Sim::open(self.random.number(), now);
        self.sim = Some(sim);
        self.link = Link::Open;
        self.sent = 0;
        let session = Session::new(Source::Simulated, "/ws/echo".into(), Trace::new(), None);
        let index = self.add(session, effects);
        self.sessions[index].trace = trace;
        self.grown(index, effects);
    }

    fn end_simulation(&mut self) {
        if let (Some(sim), Some(active)) = (self.sim.take(), self.active)
            && sim.is_open()
        {
            self.sessions[active].cut();
        }
    }

    /// A new record. A WebSocket connection is the one on which messages go from now on.
    pub(super) fn add(&mut self, session: Session, effects: &mut Vec<Effect>) -> usize {
        let index = self.sessions.len();
        let is_websocket = session.is_websocket();
        self.sessions.push(session);
        if is_websocket {
            self.active = Some(index);
            if self.following || self.shown.is_none() {
                self.shown = Some(index);
                if self.stage.is_none() {
                    self.selection = None;
                    self.preview = None;
                }
                self.unseen = 0;
                effects.push(Effect::RevealNewest);
            }
        } else if let Some(comparison) = self.comparison.as_mut().filter(|comparison| comparison.exchange.is_none()) {
            comparison.exchange = Some(index);
        }
        index
    }

    /// A record has grown.
    pub(super) fn grown(&mut self, index: usize, effects: &mut Vec<Effect>) {
        let new = self.sessions[index].update();
        if new == 0 || !self.sessions[index].is_websocket() {
            return;
        }
        if self.stage.is_some() {
            return;
        }
        self.arrived += new;
        effects.push(Effect::AnnounceSoon);
        if self.shown != Some(index) {
            return;
        }
        if !self.following {
            self.unseen += new;
            return;
        }
        let items = self.sessions[index].dissection.items();
        for item in &items[items.len() - new..] {
            // What is on the stage stays there while it is answered.
            let selected = self.selection.and_then(|selection| items.iter().find(|other| selection.is_in(other)));
            let is_unasked = selected.is_some() && is_keep_alive(item);
            if !is_unasked && !selected.is_some_and(|question| answers(question, item)) {
                self.selection = Some(Selection::of_item(index, item));
            }
        }
        effects.push(Effect::RevealNewest);
    }

    pub(super) fn announce(&mut self) {
        let arrived = std::mem::take(&mut self.arrived);
        let Some(session) = self.active.and_then(|active| self.sessions.get(active)) else { return };
        if let Some(newest) = session.dissection.items().last().filter(|_| arrived > 0) {
            let language = self.prefs.language;
            self.announcement = say::announcement(arrived, &item::name(newest, &session.trace, language), language);
        }
    }

    pub(super) fn follow(&mut self, effects: &mut Vec<Effect>) {
        self.following = true;
        self.unseen = 0;
        if self.active.is_some() {
            self.shown = self.active;
        }
        if let (Some(index), Some(session)) = (self.shown, self.session()) {
            let newest = session.dissection.items().last().map(|item| Selection::of_item(index, item));
            self.selection = newest;
        }
        effects.push(Effect::RevealNewest);
        effects.push(Effect::Focus(Zone::Ribbon));
    }
}

const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Where no server ever was, none need come: on a plain file server each try is a request for a missing file.
const LONGEST_WAIT_FOR_A_STRANGER: Duration = Duration::from_secs(60);

//! Sending, pinging, comparing, closing.

use std::time::Duration;

use ws101_core::MessageKind;
use ws101_core::connection::SendError;
use ws101_trace::Trace;

use super::{Comparison, DraftError, Effect, Link, Mode, Session, Source, State, View};
use crate::sim::{self, Sim};

impl State {
    pub(super) fn send(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        let Some(payload) = self.ready() else { return };
        self.go_to(View::Frames, effects);
        self.watch_newest();
        self.say(payload, now, effects);
    }

    pub(super) fn compare(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        let Some(payload) = self.ready() else { return };
        let Some(websocket) = self.active else { return };
        let kind = self.draft.kind;
        self.go_to(View::Overhead, effects);
        self.watch_newest();
        self.comparison =
            Some(Comparison { payload: payload.clone(), kind, websocket, message: self.sent, exchange: None });
        if self.mode == Mode::Simulated {
            let trace = sim::exchange(kind, &payload);
            self.add(Session::new(Source::Simulated, "/lab/echo".into(), trace, None), effects);
        } else {
            effects.push(Effect::Post(kind, payload.clone()));
        }
        self.say(payload, now, effects);
    }

    pub(super) fn ping(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        if !self.is_connected() {
            return;
        }
        if self.view == View::Upgrade {
            self.go_to(View::Frames, effects);
        }
        self.watch_newest();
        match self.mode {
            Mode::Simulated => self.simulated(effects, |sim, trace| sim.server_ping(PING.as_bytes(), now, trace)),
            _ => effects.push(Effect::AskPing(PING.into())),
        }
    }

    pub(super) fn close(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        let code = match self.draft.close_code() {
            Ok(code) => code,
            Err(error) => return self.draft.error = Some(error),
        };
        if !self.is_connected() {
            return;
        }
        self.watch_newest();
        self.link = Link::Closing;
        if self.mode == Mode::Simulated {
            self.simulated(effects, |sim, trace| sim.close(code, now, trace));
            self.link = Link::Closed;
        } else {
            effects.push(Effect::CloseSocket(code));
        }
    }

    pub(super) fn reconnect(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        self.draft.error = None;
        self.notice = None;
        self.watch_newest();
        match self.mode {
            Mode::Simulated => self.open_simulation(now, effects),
            _ => {
                self.link = Link::Opening;
                self.sent = 0;
                effects.push(Effect::OpenSocket);
            }
        }
    }

    /// What is composed, if it can be sent; else the reason is shown.
    fn ready(&mut self) -> Option<Vec<u8>> {
        match self.draft.payload() {
            Ok(payload) => self.is_connected().then_some(payload),
            Err(error) => {
                self.draft.error = Some(error);
                None
            }
        }
    }

    fn is_connected(&mut self) -> bool {
        let is_connected = self.link == Link::Open;
        self.draft.error = if is_connected { None } else { Some(DraftError::NotConnected) };
        is_connected
    }

    /// Whoever does something wants to see what comes of it.
    pub(super) fn watch_newest(&mut self) {
        self.following = true;
        self.unseen = 0;
        self.preview = None;
        if self.shown != self.active {
            self.shown = self.active;
            self.selection = None;
        }
    }

    fn say(&mut self, payload: Vec<u8>, now: Duration, effects: &mut Vec<Effect>) {
        let kind: MessageKind = self.draft.kind;
        self.sent += 1;
        match self.mode {
            Mode::Simulated => self.simulated(effects, |sim, trace| sim.send(kind, &payload, now, trace)),
            _ => effects.push(Effect::Send(kind, payload)),
        }
    }

    fn simulated(
        &mut self,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut Sim, &mut Trace) -> Result<(), SendError>,
    ) {
        let (Some(sim), Some(active)) = (&mut self.sim, self.active) else { return };
        if act(sim, &mut self.sessions[active].trace).is_err() {
            self.draft.error = Some(DraftError::NotConnected);
        }
        self.grown(active, effects);
    }
}

/// What the server's ping carries.
const PING: &str = "are you there?";

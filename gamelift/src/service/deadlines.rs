//! Time: everything that is due, in one list. Every deadline ends somewhere: handling one removes it or moves it on.

use alloc::borrow::Cow;
use core::time::Duration;

use super::{Effect, EventCode, PlacementStatus, ProcessKey, ProcessStatus, ServerProcess, Service, TerminationReason};
use crate::message::{GameSessionStatus, PlayerSessionStatus};

/// What is due.
///
/// Borrowed while the list is walked, which is after every message; owned while it is handled.
#[derive(Clone, Debug)]
enum Due<'a> {
    /// An answer that was held back.
    Send,
    /// A state's limit.
    Limit(Cow<'a, ProcessKey>),
    /// Without a connection for too long.
    Lost(Cow<'a, ProcessKey>),
    /// Without a healthy report for too long.
    Unhealthy(Cow<'a, ProcessKey>),
    /// A report is late.
    Late(Cow<'a, ProcessKey>),
    /// RefreshConnection, again or for the first time.
    Refresh(Cow<'a, ProcessKey>),
    /// `ActivateGameSession` is late.
    Activation(Cow<'a, str>),
    /// The player did not come.
    Reservation(Cow<'a, str>),
    /// No process for it.
    Placement(Cow<'a, str>),
}

impl Service {
    /// When [`on_deadline`](Self::on_deadline) wants to be called, if ever.
    pub fn deadline(&self) -> Option<Duration> {
        self.all_due().map(|(at, _)| at).min()
    }

    /// Does everything that is due by `now`, in the order of time.
    pub fn on_deadline(&mut self, now: Duration) {
        loop {
            let next = self.all_due().filter(|(at, _)| *at <= now).min_by_key(|(at, _)| *at);
            let Some((_, due)) = next.map(|(at, due)| (at, due.into_owned())) else { return };
            self.on_due(now, due);
        }
    }

    fn all_due(&self) -> impl Iterator<Item = (Duration, Due<'_>)> {
        let sends = self.delayed.front().map(|answer| (answer.at, Due::Send)).into_iter();
        let processes = self.processes.values().flat_map(|process| self.due_of(process));
        let activations = self
            .game_sessions
            .values()
            .filter(|session| session.status == GameSessionStatus::Activating)
            .map(|session| (session.activation_limit, Due::Activation(Cow::Borrowed(&session.id))));
        let reservations = self
            .player_sessions
            .values()
            .filter(|player| player.status == PlayerSessionStatus::Reserved)
            .map(|player| (player.reserved_until, Due::Reservation(Cow::Borrowed(&player.id))));
        let placements = self
            .placements
            .values()
            .filter(|placement| placement.status == PlacementStatus::Pending)
            .map(|placement| (placement.limit, Due::Placement(Cow::Borrowed(&placement.id))));
        sends.chain(processes).chain(activations).chain(reservations).chain(placements)
    }

    fn due_of<'a>(&self, process: &'a ServerProcess) -> impl Iterator<Item = (Duration, Due<'a>)> {
        let key = &process.key;
        let timing = &self.config.timing;
        let watched = process.status == ProcessStatus::Active && process.connection.is_some();
        let reachable = watched || (process.status == ProcessStatus::Terminating && process.connection.is_some());
        let refresh = match &process.refresh {
            Some(refresh) => Some(refresh.repeat_at),
            None => timing.refresh_after.filter(|_| watched).map(|age| process.link_since + age),
        };
        [
            process.limit.map(|at| (at, Due::Limit(Cow::Borrowed(key)))),
            process.lost_since().map(|since| (since + timing.reconnect, Due::Lost(Cow::Borrowed(key)))),
            watched.then_some((process.health.unhealthy_at, Due::Unhealthy(Cow::Borrowed(key)))),
            watched.then_some((process.health.report_due, Due::Late(Cow::Borrowed(key)))),
            refresh.filter(|_| reachable).map(|at| (at, Due::Refresh(Cow::Borrowed(key)))),
        ]
        .into_iter()
        .flatten()
    }

    fn on_due(&mut self, now: Duration, due: Due<'_>) {
        match due {
            Due::Send => self.send_delayed(now),
            Due::Limit(key) => self.on_limit(now, &key),
            Due::Lost(key) => {
                let told = self.processes.get(&*key).and_then(|process| process.reason);
                self.end(now, &key, told.unwrap_or(TerminationReason::Crashed), true);
            }
            Due::Unhealthy(key) => {
                let Some(process) = self.processes.touch(&*key) else { return };
                process.health.misses = process.health.misses.max(3);
                let message = alloc::format!("{key} exceeded 3 minutes without reporting healthy");
                self.process_event(now, EventCode::ProcessUnhealthy, &key, message);
                self.begin_end(now, &key, TerminationReason::Unhealthy, "INTERRUPTED");
            }
            Due::Late(key) => {
                let timing = &self.config.timing;
                let Some(process) = self.processes.touch(&*key) else { return };
                process.health.late(timing);
                let message = alloc::format!("miss {}: no health report of {key}", process.health.misses);
                self.process_event(now, EventCode::Missed, &key, message);
            }
            Due::Refresh(key) => self.on_refresh(now, &key),
            Due::Activation(id) => self.on_activation_timeout(now, &id),
            Due::Reservation(id) => self.on_reservation_timeout(now, &id),
            Due::Placement(id) => self.end_placement(now, &id, PlacementStatus::TimedOut),
        }
    }

    fn on_limit(&mut self, now: Duration, key: &ProcessKey) {
        let Some(process) = self.processes.change(key) else { return };
        process.limit = None;
        let reason = match process.status {
            ProcessStatus::Launched => TerminationReason::InitializationTimeout,
            ProcessStatus::Initialized => TerminationReason::ReadyTimeout,
            ProcessStatus::Active => return,
            ProcessStatus::Terminating => TerminationReason::ForceTerminated,
            ProcessStatus::Terminated => {
                let reason = TerminationReason::ExitTimeout;
                process.reason = Some(reason);
                let message = alloc::format!("{key} did not exit in time after ProcessEnding");
                self.process_event(now, EventCode::ProcessExitTimeout, key, message);
                self.effects.push_back(Effect::Kill { process: key.clone(), reason });
                self.abort_connections(key);
                return;
            }
        };
        self.end(now, key, reason, true);
    }

    fn on_refresh(&mut self, now: Duration, key: &ProcessKey) {
        let repeat_at = now + self.config.timing.refresh_repeat.max(Duration::from_millis(1));
        let token = self.new_token();
        let endpoint = self.config.endpoint.clone();
        let Some(process) = self.processes.change(key) else { return };
        match &mut process.refresh {
            Some(refresh) => refresh.repeat_at = repeat_at,
            none => *none = Some(super::server_process::Refresh { endpoint, token, repeat_at }),
        }
        self.push_refresh(key);
    }

    fn on_activation_timeout(&mut self, now: Duration, id: &str) {
        let Some(key) = self.game_sessions.get(id).map(|session| session.process.clone()) else { return };
        let message = alloc::format!("ActivateGameSession was not called in time for {id}");
        self.event(now, EventCode::ActivationTimeout, &key.fleet_id.clone(), Some(&key), Some(id), message);
        self.end_session(now, id, "INTERRUPTED");
        // A process hosts one session, ever: this one is of no more use.
        self.begin_end(now, &key, TerminationReason::CustomerInitiated, "");
    }

    fn on_reservation_timeout(&mut self, now: Duration, id: &str) {
        let Some(player) = self.player_sessions.change(id) else { return };
        let _possible = player.go(PlayerSessionStatus::TimedOut, now);
        let session = player.game_session_id.clone();
        let Some(key) = self.game_sessions.get(&session).map(|session| session.process.clone()) else { return };
        self.process_event(now, EventCode::PlayerSession, &key, alloc::format!("{id}: the player did not come"));
    }
}

impl Due<'_> {
    fn into_owned(self) -> Due<'static> {
        let key = |key: Cow<'_, ProcessKey>| Cow::Owned(key.into_owned());
        let id = |id: Cow<'_, str>| Cow::Owned(id.into_owned());
        match self {
            Self::Send => Due::Send,
            Self::Limit(of) => Due::Limit(key(of)),
            Self::Lost(of) => Due::Lost(key(of)),
            Self::Unhealthy(of) => Due::Unhealthy(key(of)),
            Self::Late(of) => Due::Late(key(of)),
            Self::Refresh(of) => Due::Refresh(key(of)),
            Self::Activation(of) => Due::Activation(id(of)),
            Self::Reservation(of) => Due::Reservation(id(of)),
            Self::Placement(of) => Due::Placement(id(of)),
        }
    }
}

//! Answers and pushes on their way out.

use alloc::string::String;
use core::time::Duration;

use super::error::ApiError;
use super::player_session::milliseconds;
use super::server_process::Refresh;
use super::{ApiErrorKind, ConnectionId, Effect, ProcessKey, ProcessStatus, Service};
use crate::message::{self, Push, UpdateReason, write_push};

/// An answer that is held back.
pub(super) struct Delayed {
    pub(super) at: Duration,
    connection: ConnectionId,
    text: String,
    readies: bool,
}

impl Service {
    /// An answer, with the process's faults. `readies`: with it the process is ready for pushes.
    pub(super) fn answer(
        &mut self,
        now: Duration,
        connection: ConnectionId,
        key: &ProcessKey,
        text: String,
        readies: bool,
    ) {
        let faults = self.faults(key);
        if faults.mute {
            return;
        }
        let waiting = self.delayed.iter().rev().find(|answer| answer.connection == connection).map(|answer| answer.at);
        if faults.delay.is_zero() && waiting.is_none() {
            self.effects.push_back(Effect::Send { connection, text });
            return;
        }
        // Answers stay in their order on one connection.
        let at = waiting.unwrap_or_default().max(now + faults.delay);
        let index = self.delayed.partition_point(|other| other.at <= at);
        self.delayed.insert(index, Delayed { at, connection, text, readies });
        if let Some(process) = self.processes.touch(key).filter(|_| readies) {
            process.unanswered = true;
        }
    }

    /// Sends the answer that has waited longest.
    pub(super) fn send_delayed(&mut self, now: Duration) {
        let Some(Delayed { connection, text, readies, .. }) = self.delayed.pop_front() else { return };
        self.effects.push_back(Effect::Send { connection, text });
        if let Some(key) = self.connections.get(&connection).cloned().filter(|_| readies) {
            self.answered(now, &key);
        }
    }

    /// Forgets what was to be sent on a connection that is gone: it is lost like whatever was on its way.
    pub(super) fn lose_delayed(&mut self, now: Duration, key: &ProcessKey, connection: ConnectionId) {
        let lost = self.delayed.iter().any(|answer| answer.connection == connection && answer.readies);
        self.delayed.retain(|answer| answer.connection != connection);
        if lost {
            self.answered(now, key);
        }
    }

    /// The answer to ActivateServerProcess went out: what waited for it follows.
    fn answered(&mut self, now: Duration, key: &ProcessKey) {
        let Some(process) = self.processes.touch(key) else { return };
        process.unanswered = false;
        match process.status {
            ProcessStatus::Active => self.place_all(now),
            ProcessStatus::Terminating => self.push_terminate(key),
            _ => {}
        }
    }

    /// A push on the newest connection. Says whether there was one, of a process that is ready (§0.5, §0.6).
    pub(super) fn push(&mut self, key: &ProcessKey, push: &Push) -> bool {
        let Some(process) = self.processes.get(key) else { return false };
        let ready = matches!(process.status, ProcessStatus::Active | ProcessStatus::Terminating) && !process.unanswered;
        let Some(connection) = process.connection.filter(|_| ready) else { return false };
        self.effects.push_back(Effect::Send { connection, text: write_push(push) });
        true
    }

    /// The TerminateProcess push, with the time that the process has.
    pub(super) fn push_terminate(&mut self, key: &ProcessKey) {
        let limit = self.processes.get(key).and_then(|process| process.limit).unwrap_or_default();
        let termination_time = milliseconds(limit);
        self.push(key, &Push::TerminateProcess(message::push::TerminateProcess { termination_time }));
    }

    /// Pushes UpdateGameSession, as a matchmaker does. The push carries the session as it is now. `matchmaker_data`
    /// replaces what the session has.
    ///
    /// # Errors
    /// `NotFound`, or `NotReady` when the session's process cannot be reached.
    pub fn push_update(
        &mut self,
        game_session_id: &str,
        reason: UpdateReason,
        backfill_ticket_id: &str,
        matchmaker_data: Option<String>,
    ) -> Result<(), ApiError> {
        let Some(session) = self.game_sessions.change(game_session_id) else {
            return Err(ApiError::not_found("game session", game_session_id));
        };
        if let Some(data) = matchmaker_data {
            session.matchmaker_data = data;
        }
        if session.backfill_ticket_id.as_deref() == Some(backfill_ticket_id) {
            session.backfill_ticket_id = None;
        }
        let key = session.process.clone();
        let update = message::push::UpdateGameSession {
            game_session: session.on_the_wire(),
            update_reason: reason,
            backfill_ticket_id: backfill_ticket_id.into(),
        };
        if self.push(&key, &Push::UpdateGameSession(update)) { Ok(()) } else { Err(unreachable_process(&key)) }
    }

    /// Pushes RefreshConnection with a new token, and again every minute until a connection with that token came
    /// (§2.3). `endpoint` is the whole URL without a query; `None` is the configured one.
    ///
    /// # Errors
    /// `NotFound`, or `NotReady` when the process cannot be reached.
    pub fn refresh_connection(
        &mut self,
        now: Duration,
        key: &ProcessKey,
        endpoint: Option<String>,
    ) -> Result<(), ApiError> {
        let token = self.new_token();
        let endpoint = endpoint.unwrap_or_else(|| self.config.endpoint.clone());
        let repeat_at = now + self.config.timing.refresh_repeat;
        let Some(process) = self.processes.change(key) else {
            return Err(ApiError::not_found("server process", &key.process_id));
        };
        process.refresh = Some(Refresh { endpoint, token, repeat_at });
        if self.push_refresh(key) {
            return Ok(());
        }
        if let Some(process) = self.processes.change(key) {
            process.refresh = None;
        }
        Err(unreachable_process(key))
    }

    pub(super) fn push_refresh(&mut self, key: &ProcessKey) -> bool {
        let Some(refresh) = self.processes.get(key).and_then(|process| process.refresh.clone()) else { return false };
        let push = message::push::RefreshConnection {
            refresh_connection_endpoint: refresh.endpoint,
            auth_token: refresh.token,
        };
        self.push(key, &Push::RefreshConnection(push))
    }

    /// A token of letters, digits and dashes: any other could not be compared reliably (§1.2).
    pub(super) fn new_token(&mut self) -> String {
        let first = self.new_id("");
        self.new_id(&alloc::format!("{first}-"))
    }
}

fn unreachable_process(key: &ProcessKey) -> ApiError {
    ApiError::new(ApiErrorKind::NotReady, alloc::format!("{key} is not ready, or has no connection now"))
}

//! How processes and game sessions end.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::error::ApiError;
use super::{Effect, EventCode, ProcessKey, ProcessStatus, Service, TerminationReason};
use crate::message::{GameSessionStatus, PlayerSessionStatus};

impl Service {
    /// Tells a process to end, as TerminateGameSession does: TerminateProcess is pushed, and `ProcessEnding` is due in 5 min.
    ///
    /// # Errors
    /// `NotFound`, or `Conflict` when it has ended or was told before.
    pub fn terminate_process(&mut self, now: Duration, key: &ProcessKey) -> Result<(), ApiError> {
        let Some(process) = self.processes.get(key) else {
            return Err(ApiError::not_found("server process", &key.process_id));
        };
        if matches!(process.status, ProcessStatus::Terminating | ProcessStatus::Terminated) {
            let message = alloc::format!("{key} is {} and cannot become TERMINATING", process.status);
            return Err(ApiError::new(super::ApiErrorKind::Conflict, message));
        }
        self.begin_end(now, key, TerminationReason::CustomerInitiated, "TRIGGERED_ON_PROCESS_TERMINATE");
        Ok(())
    }

    /// The process is to end. One that is not ready has nobody to tell: it ends at once.
    pub(super) fn begin_end(
        &mut self,
        now: Duration,
        key: &ProcessKey,
        reason: TerminationReason,
        session_reason: &'static str,
    ) {
        let limit = now + self.config.timing.termination;
        let Some(process) = self.processes.change(key) else { return };
        if process.status != ProcessStatus::Active {
            if process.status != ProcessStatus::Terminating {
                self.end(now, key, reason, true);
            }
            return;
        }
        process.reason = Some(reason);
        process.limit = Some(limit);
        // From ACTIVE there is such a step.
        let _possible = process.go(ProcessStatus::Terminating);
        let session_id = process.game_session_id.clone();
        self.process_event(now, EventCode::Terminating, key, alloc::format!("{key} is told to end: {reason}"));
        if let Some(session) = session_id.and_then(|id| self.game_sessions.change(&id))
            && session.go(GameSessionStatus::Terminating).is_ok()
        {
            session.status_reason = session_reason.into();
        }
        self.push_terminate(key);
    }

    /// The process has ended, and with it its game session. `kill`: make sure of it.
    pub(super) fn end(&mut self, now: Duration, key: &ProcessKey, reason: TerminationReason, kill: bool) {
        let exit = now + self.config.timing.exit;
        let Some(process) = self.processes.change(key) else { return };
        if process.go(ProcessStatus::Terminated).is_err() {
            return;
        }
        process.reason = Some(reason);
        process.refresh = None;
        // Somebody still has to see it go: the supervisor, or its connections.
        let stays = process.supervised || self.connections.values().any(|of| of == key);
        process.limit = (stays && !kill).then_some(exit);
        let session_id = process.game_session_id.clone();
        let (code, message) = self.epitaph(key, reason);
        self.process_event(now, code, key, message);
        if let Some(id) = session_id {
            let why = match reason {
                TerminationReason::Normal | TerminationReason::CustomerInitiated => "",
                TerminationReason::ForceTerminated => "FORCE_TERMINATED",
                _ => "INTERRUPTED",
            };
            self.end_session(now, &id, why);
        }
        if kill {
            self.effects.push_back(Effect::Kill { process: key.clone(), reason });
            self.abort_connections(key);
        }
        self.want_processes(&key.fleet_id.clone(), &key.compute_name.clone());
    }

    /// The game session is over; whoever was to come does not, whoever was there is gone.
    pub(super) fn end_session(&mut self, now: Duration, id: &str, why: &str) {
        let Some(session) = self.game_sessions.change(id) else { return };
        if session.go(GameSessionStatus::Terminated).is_err() {
            return;
        }
        session.ended = Some(now);
        session.backfill_ticket_id = None;
        if session.status_reason.is_empty() {
            session.status_reason = why.into();
        }
        let key = session.process.clone();
        let players: Vec<String> = self
            .player_sessions
            .values()
            .filter(|player| player.game_session_id == id && player.takes_a_slot())
            .map(|player| player.id.clone())
            .collect();
        for player in players {
            let Some(player) = self.player_sessions.change(&player) else { continue };
            let next = match player.status {
                PlayerSessionStatus::Reserved => PlayerSessionStatus::TimedOut,
                _ => PlayerSessionStatus::Completed,
            };
            let _possible = player.go(next, now);
        }
        self.process_event(now, EventCode::SessionTerminated, &key, alloc::format!("game session {id} is over"));
        self.session_lost(now, id);
    }

    pub(super) fn abort_connections(&mut self, key: &ProcessKey) {
        let connections = self.connections.iter().filter(|(_, of)| *of == key).map(|(connection, _)| *connection);
        self.effects.extend(connections.map(|connection| Effect::Abort { connection }));
    }

    fn epitaph(&self, key: &ProcessKey, reason: TerminationReason) -> (EventCode, String) {
        let (code, what) = match reason {
            TerminationReason::Crashed => (EventCode::ProcessCrashed, "ended without ProcessEnding"),
            TerminationReason::ForceTerminated => (EventCode::ProcessForceTerminated, "was ended by force"),
            TerminationReason::ExitTimeout => {
                (EventCode::ProcessExitTimeout, "did not exit in time after ProcessEnding")
            }
            TerminationReason::ReadyTimeout => (EventCode::ProcessReadyTimeout, "did not call ProcessReady in time"),
            TerminationReason::InitializationTimeout => {
                (EventCode::SdkInitializationTimeout, "did not call InitSDK in time")
            }
            // That it was unhealthy has been said when it was told to end.
            TerminationReason::Unhealthy
            | TerminationReason::Normal
            | TerminationReason::CustomerInitiated
            | TerminationReason::ComputeShuttingDown => (EventCode::Terminated, "ended"),
        };
        (code, alloc::format!("{key} {what}"))
    }
}

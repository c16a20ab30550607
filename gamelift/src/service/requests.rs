//! What server processes ask for, and what they are answered (§2.2).

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::time::Duration;

use super::error::Denied;
use super::{ConnectionId, EventCode, Health, ProcessKey, ProcessStatus, Service, TerminationReason};
use crate::message::{
    GameSessionStatus, Outcome, PlayerSessionPolicy, PlayerSessionStatus, Request, RequestAction, Response, limits,
    read_request, request, response, write_error, write_response,
};

/// So many answers of a process are kept, for requests that are repeated.
const ANSWERS_KEPT: usize = 8;

/// So many player sessions are in one answer, if the process does not say.
const PAGE: usize = 50;

impl Service {
    /// A text message came. The answer goes out on the same connection, be it the newest or not: Go lets the old one drain.
    /// What cannot be understood is answered with 400, or not at all if it has no RequestId.
    pub fn message(&mut self, now: Duration, connection: ConnectionId, text: &str) {
        let Some(key) = self.connections.get(&connection).cloned() else { return };
        let (request_id, request) = match read_request(text) {
            Ok(read) => read,
            Err(unreadable) => {
                self.process_event(now, EventCode::Rejected, &key, unreadable.why.clone());
                if !unreadable.request_id.is_empty() {
                    let (action, id) = (&unreadable.action, &unreadable.request_id);
                    let answer = write_error(action, id, Outcome::BadRequest, &unreadable.why);
                    self.answer(now, connection, &key, answer, false);
                }
                return;
            }
        };
        if let Some(answer) = self.answered_before(&key, &request_id) {
            self.answer(now, connection, &key, answer, false);
            return;
        }
        let action = request.action();
        let activates = action == RequestAction::ActivateServerProcess;
        if activates && self.faults(&key).mute {
            return;
        }
        let mut activated = false;
        let answer = match self.carry_out(now, &key, request) {
            Ok(response) => {
                activated = activates;
                write_response(action, &request_id, &response)
            }
            Err(denied) => {
                let message = alloc::format!("{}: {}", action.name(), denied.why);
                self.process_event(now, EventCode::Rejected, &key, message);
                write_error(action.name(), &request_id, denied.outcome, &denied.why)
            }
        };
        if let Some(process) = self.processes.touch(&key) {
            if process.answers.len() == ANSWERS_KEPT {
                process.answers.remove(0);
            }
            process.answers.push((request_id, answer.clone()));
        }
        // The answer precedes whatever the request made possible: nothing is pushed before it (§0.5).
        self.answer(now, connection, &key, answer, activated);
        if activated {
            self.place_all(now);
        }
    }

    fn answered_before(&self, key: &ProcessKey, request_id: &str) -> Option<String> {
        let answers = &self.processes.get(key)?.answers;
        answers.iter().find(|(id, _)| id == request_id).map(|(_, answer)| answer.clone())
    }

    fn carry_out(&mut self, now: Duration, key: &ProcessKey, request: Request) -> Result<Response, Denied> {
        match request {
            Request::ActivateServerProcess(request) => self.activate_process(now, key, request)?,
            Request::HeartbeatServerProcess(request) => self.heartbeat(now, key, request.health_status),
            Request::ActivateGameSession(request) => self.activate_session(now, key, &request.game_session_id)?,
            Request::UpdatePlayerSessionCreationPolicy(request) => self.set_policy(key, &request)?,
            Request::AcceptPlayerSession(request) => {
                let ids = (&*request.game_session_id, &*request.player_session_id);
                self.move_player(now, key, ids, PlayerSessionStatus::Active)?;
            }
            Request::RemovePlayerSession(request) => {
                let ids = (&*request.game_session_id, &*request.player_session_id);
                self.move_player(now, key, ids, PlayerSessionStatus::Completed)?;
            }
            Request::DescribePlayerSessions(request) => return self.describe_players(&request),
            Request::StartMatchBackfill(request) => return self.start_backfill(key, request),
            Request::StopMatchBackfill(request) => self.stop_backfill(key, &request)?,
            Request::GetComputeCertificate(_) => {
                let compute = self.computes.get(&(key.fleet_id.clone(), key.compute_name.clone()));
                return Ok(Response::ComputeCertificate(response::ComputeCertificate {
                    certificate_path: compute.map(|compute| compute.certificate_path.clone()).unwrap_or_default(),
                    compute_name: key.compute_name.clone(),
                }));
            }
            // An empty access key means "not a managed fleet"; the SDK stops asking then.
            Request::GetFleetRoleCredentials(_) => return Ok(Response::FleetRoleCredentials(Default::default())),
            Request::TerminateServerProcess(_) => {
                let told = self.processes.get(key).and_then(|process| process.reason);
                self.end(now, key, told.unwrap_or(TerminationReason::Normal), false);
            }
        }
        Ok(Response::Nothing(response::Nothing {}))
    }

    fn activate_process(
        &mut self,
        now: Duration,
        key: &ProcessKey,
        request: request::ActivateServerProcess,
    ) -> Result<(), Denied> {
        if request.port > 65_535 {
            return Err(Denied::bad_request(alloc::format!("Port cannot be {}", request.port)));
        }
        let timing = self.config.timing.clone();
        let Some(process) = self.processes.change(key) else { return Err(Denied::not_found("no such process")) };
        process.go(ProcessStatus::Active)?;
        process.limit = None;
        process.port = request.port;
        process.log_paths = request.log_paths;
        process.health = Health::start(now, &timing);
        self.process_event(now, EventCode::Ready, key, alloc::format!("{key} is ready on port {}", request.port));
        Ok(())
    }

    fn heartbeat(&mut self, now: Duration, key: &ProcessKey, healthy: bool) {
        let timing = self.config.timing.clone();
        // A restart gives every process a new limit, so no heartbeat needs the journal.
        let Some(process) = self.processes.touch(key) else { return };
        process.health.report(now, healthy, &timing);
        if !healthy {
            let message = alloc::format!("miss {}: {key} reports itself unhealthy", process.health.misses);
            self.process_event(now, EventCode::Missed, key, message);
        }
    }

    fn activate_session(&mut self, now: Duration, key: &ProcessKey, id: &str) -> Result<(), Denied> {
        self.own_session(key, id)?;
        let Some(session) = self.game_sessions.change(id) else { return Err(no_session(id)) };
        session.go(GameSessionStatus::Active)?;
        self.process_event(now, EventCode::SessionActive, key, alloc::format!("game session {id} is active"));
        self.session_active(now, id);
        Ok(())
    }

    fn set_policy(
        &mut self,
        key: &ProcessKey,
        request: &request::UpdatePlayerSessionCreationPolicy,
    ) -> Result<(), Denied> {
        if request.policy == PlayerSessionPolicy::NotSet {
            return Err(Denied::bad_request("PlayerSessionPolicy is missing"));
        }
        self.own_session(key, &request.game_session_id)?;
        if let Some(session) = self.game_sessions.change(&request.game_session_id) {
            session.policy = request.policy;
        }
        Ok(())
    }

    fn move_player(
        &mut self,
        now: Duration,
        key: &ProcessKey,
        (session, id): (&str, &str),
        next: PlayerSessionStatus,
    ) -> Result<(), Denied> {
        self.own_session(key, session)?;
        let player = self.player_sessions.change(id).filter(|player| player.game_session_id == session);
        let Some(player) = player else {
            return Err(Denied::not_found(alloc::format!("no such player session: {id}")));
        };
        player.go(next, now)?;
        self.process_event(now, EventCode::PlayerSession, key, alloc::format!("{id} is {next}"));
        Ok(())
    }

    fn describe_players(&self, request: &request::DescribePlayerSessions) -> Result<Response, Denied> {
        let ids = [&request.game_session_id, &request.player_id, &request.player_session_id];
        if ids.iter().filter(|id| !id.is_empty()).count() != 1 {
            let why = "exactly one of GameSessionId, PlayerId and PlayerSessionId is needed";
            return Err(Denied::bad_request(why));
        }
        if !request.game_session_id.is_empty() && self.game_sessions.get(&request.game_session_id).is_none() {
            return Err(no_session(&request.game_session_id));
        }
        let limit = usize::try_from(request.limit).unwrap_or(PAGE);
        let limit = if limit == 0 { PAGE } else { limit };
        let mut found: Vec<_> = self
            .player_sessions
            .values()
            .filter(|player| {
                let named = [&player.game_session_id, &player.player_id, &player.id];
                let status = request.status_filter;
                ids.iter().zip(named).all(|(wanted, is)| wanted.is_empty() || *wanted == is)
                    && (status == PlayerSessionStatus::NotSet || status == player.status)
                    && player.id.as_str() > request.next_token.as_str()
            })
            .filter_map(|player| Some(player.on_the_wire(self.game_sessions.get(&player.game_session_id)?)))
            .take(limit + 1)
            .collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more).map(|player| player.player_session_id.clone());
        Ok(Response::PlayerSessions(response::PlayerSessions {
            next_token: last.unwrap_or_default(),
            player_sessions: found,
        }))
    }

    fn start_backfill(&mut self, key: &ProcessKey, request: request::StartMatchBackfill) -> Result<Response, Denied> {
        let session = self.own_session(key, &request.game_session_arn)?;
        let ticket_id = if request.ticket_id.is_empty() { self.new_id("ticket-") } else { request.ticket_id };
        if ticket_id.len() > limits::ID_LENGTH {
            return Err(Denied::bad_request("TicketId is too long"));
        }
        if let Some(session) = self.game_sessions.change(&session) {
            session.backfill_ticket_id = Some(ticket_id.clone());
        }
        Ok(Response::BackfillTicket(response::BackfillTicket { ticket_id }))
    }

    fn stop_backfill(&mut self, key: &ProcessKey, request: &request::StopMatchBackfill) -> Result<(), Denied> {
        let id = self.own_session(key, &request.game_session_arn)?;
        let session = self.game_sessions.change(&id);
        let Some(session) = session.filter(|session| session.backfill_ticket_id.as_ref() == Some(&request.ticket_id))
        else {
            return Err(Denied::not_found(alloc::format!("no such ticket: {}", request.ticket_id)));
        };
        session.backfill_ticket_id = None;
        Ok(())
    }

    /// The game session, if it is this process's. A foreign one is as unknown as one that never was.
    fn own_session(&self, key: &ProcessKey, id: &str) -> Result<String, Denied> {
        if id.is_empty() {
            return Err(Denied::bad_request("the game session's id is missing"));
        }
        // Backfill knows a session by an ARN with an account in it; its last part is the same.
        let own = self.processes.get(key).and_then(|process| process.game_session_id.as_ref());
        let last = |id: &str| id.rsplit('/').next().unwrap_or_default().to_string();
        own.filter(|own| *own == id || last(own) == last(id)).cloned().ok_or_else(|| no_session(id))
    }
}

fn no_session(id: &str) -> Denied {
    Denied::not_found(alloc::format!("no such game session on this process: {id}"))
}

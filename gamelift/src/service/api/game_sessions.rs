//! Creating, changing and ending game sessions.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::shape::{Timestamp, shape};
use super::{ApiError, Service, needed, short};
use crate::message::{GameSessionId, GameSessionStatus, PlayerSessionPolicy, limits};
use crate::service::{ApiErrorKind, GameSession, ProcessStatus, TerminationReason};

shape! { /// A property: the API has a list of pairs where the wire has an object (§0.9).
GameProperty { key: String, value: String, } }
shape! { /// CreateGameSession.
CreateGameSessionInput { maximum_player_session_count: u32, }
optional { fleet_id: String, alias_id: String, location: String, name: String, game_properties: Vec<GameProperty>,
    game_session_data: String, game_session_id: String, idempotency_token: String, creator_id: String, } }
shape! { /// A game session.
GameSessionShape { game_session_id: String, fleet_id: String, fleet_arn: String, location: String, creation_time: Timestamp,
    current_player_session_count: u32, maximum_player_session_count: u32, status: GameSessionStatus,
    game_properties: Vec<GameProperty>, ip_address: String, port: u32,
    player_session_creation_policy: PlayerSessionPolicy, }
optional { name: String, dns_name: String, status_reason: String, termination_time: Timestamp, game_session_data: String,
    matchmaker_data: String, creator_id: String, } }
shape! { /// CreateGameSession, UpdateGameSession and TerminateGameSession.
GameSessionOutput { game_session: GameSessionShape, } }
shape! { /// DescribeGameSessions, DescribeGameSessionDetails and SearchGameSessions.
GameSessionsInput {} optional { fleet_id: String, alias_id: String, game_session_id: String, location: String, status_filter: String,
    filter_expression: String, sort_expression: String, limit: u32, next_token: String, } }
shape! { /// DescribeGameSessions and SearchGameSessions.
GameSessionsOutput { game_sessions: Vec<GameSessionShape>, } optional { next_token: String, } }
shape! { /// A game session with its protection.
GameSessionDetail { game_session: GameSessionShape, protection_policy: String, } }
shape! { /// DescribeGameSessionDetails.
GameSessionDetailsOutput { game_session_details: Vec<GameSessionDetail>, } optional { next_token: String, } }
shape! { /// UpdateGameSession. What is absent stays as it is.
UpdateGameSessionInput { game_session_id: String, }
optional { maximum_player_session_count: u32, name: String, player_session_creation_policy: PlayerSessionPolicy,
    protection_policy: String, game_properties: Vec<GameProperty>, } }
shape! { /// TerminateGameSession.
TerminateGameSessionInput { game_session_id: String, termination_mode: String, } }

impl CreateGameSessionInput {
    pub(crate) fn properties(&self) -> BTreeMap<String, String> {
        let pairs = self.game_properties.iter().flatten();
        pairs.map(|property| (property.key.clone(), property.value.clone())).collect()
    }

    /// What the API model says of each member (§2.5).
    pub(super) fn check(&self) -> Result<(), ApiError> {
        check_players(self.maximum_player_session_count)?;
        check_properties(self.game_properties.as_deref())?;
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
        for id in [&self.game_session_id, &self.idempotency_token].into_iter().flatten() {
            if id.is_empty() || id.len() > 48 || !id.chars().all(legal) {
                let message = "GameSessionId and IdempotencyToken must be 1 to 48 letters, digits or dashes";
                return Err(ApiError::invalid(message));
            }
        }
        if self.game_session_data.as_ref().is_some_and(|data| data.len() > limits::GAME_SESSION_DATA) {
            return Err(ApiError::invalid("GameSessionData is too long"));
        }
        Ok(())
    }
}

impl Service {
    /// CreateGameSession: the idle process that has waited longest gets it. Errors: wrong input; no such fleet; no idle process
    /// (`FleetCapacityExceeded`); the same token with other parameters.
    pub fn create_game_session(
        &mut self,
        now: Duration,
        input: CreateGameSessionInput,
    ) -> Result<GameSessionOutput, ApiError> {
        input.check()?;
        let fleet = self.fleet(input.fleet_id.as_deref().unwrap_or_default())?.clone();
        let location = input.location.as_deref().map(short).unwrap_or_default();
        if !location.is_empty() && !fleet.locations.iter().any(|of_fleet| of_fleet == location) {
            return Err(ApiError::invalid(alloc::format!("{} has no location {location}", fleet.id)));
        }
        if let Some(earlier) = self.earlier(&fleet.id, &input)? {
            return Ok(GameSessionOutput { game_session: self.game_session_shape(earlier) });
        }
        let Some(key) = self.idle_process(&fleet.id, location) else {
            let message = alloc::format!("no server process of {} is idle", fleet.id);
            return Err(ApiError::new(ApiErrorKind::FleetCapacityExceeded, message));
        };
        let id = self.start_session(now, &key, &input);
        Ok(GameSessionOutput { game_session: self.game_session_shape(self.game_session(&id)?) })
    }

    /// UpdateGameSession. The process is not told: it gets UpdateGameSession from matchmaking alone. Errors: no such session; one
    /// that is not active.
    pub fn update_game_session(
        &mut self,
        _: Duration,
        input: UpdateGameSessionInput,
    ) -> Result<GameSessionOutput, ApiError> {
        if let Some(players) = input.maximum_player_session_count {
            check_players(players)?;
        }
        check_properties(input.game_properties.as_deref())?;
        let protection = input.protection_policy.as_deref();
        if protection.is_some_and(|policy| !matches!(policy, "NoProtection" | "FullProtection")) {
            return Err(ApiError::invalid("ProtectionPolicy must be NoProtection or FullProtection"));
        }
        let session = self.game_session(&input.game_session_id)?;
        if session.status != GameSessionStatus::Active {
            return Err(not_active(session));
        }
        let id = session.id.clone();
        if let Some(session) = self.game_sessions.change(&id) {
            session.maximum_players = input.maximum_player_session_count.unwrap_or(session.maximum_players);
            session.policy = input.player_session_creation_policy.unwrap_or(session.policy);
            if let Some(name) = input.name {
                session.name = name;
            }
            if let Some(policy) = input.protection_policy {
                session.protection_policy = policy;
            }
            for property in input.game_properties.unwrap_or_default() {
                session.properties.insert(property.key, property.value);
            }
        }
        Ok(GameSessionOutput { game_session: self.game_session_shape(self.game_session(&id)?) })
    }

    /// TerminateGameSession. `TRIGGER_ON_PROCESS_TERMINATE` tells the process to end, `FORCE_TERMINATE` ends it now. Errors: no such
    /// session; another mode; a session that is over.
    pub fn terminate_game_session(
        &mut self,
        now: Duration,
        input: TerminateGameSessionInput,
    ) -> Result<GameSessionOutput, ApiError> {
        let force = match &*input.termination_mode {
            "TRIGGER_ON_PROCESS_TERMINATE" => false,
            "FORCE_TERMINATE" => true,
            _ => {
                let message = "TerminationMode must be TRIGGER_ON_PROCESS_TERMINATE or FORCE_TERMINATE";
                return Err(ApiError::invalid(message));
            }
        };
        let session = self.game_session(&input.game_session_id)?;
        let (id, key, status) = (session.id.clone(), session.process.clone(), session.status);
        if status == GameSessionStatus::Terminated || (!force && status == GameSessionStatus::Terminating) {
            let message = alloc::format!("game session {id} is {status} and cannot become TERMINATING");
            return Err(ApiError::new(ApiErrorKind::InvalidGameSessionStatus, message));
        }
        if force {
            if let Some(session) = self.game_sessions.change(&id) {
                session.status_reason = "FORCE_TERMINATED".into();
            }
            self.end(now, &key, TerminationReason::ForceTerminated, true);
        } else {
            self.begin_end(now, &key, TerminationReason::CustomerInitiated, "TRIGGERED_ON_PROCESS_TERMINATE");
        }
        Ok(GameSessionOutput { game_session: self.game_session_shape(self.game_session(&id)?) })
    }

    /// A game session by its ARN.
    pub(super) fn game_session(&self, id: &str) -> Result<&GameSession, ApiError> {
        needed(id, "GameSessionId")?;
        if GameSessionId::parse(id).is_err() {
            return Err(ApiError::invalid(alloc::format!("`{id}` is {}", crate::message::NotAnId)));
        }
        self.game_sessions.get(id).ok_or_else(|| ApiError::not_found("game session", id))
    }

    pub(super) fn game_session_shape(&self, session: &GameSession) -> GameSessionShape {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        GameSessionShape {
            game_session_id: session.id.clone(),
            fleet_id: session.process.fleet_id.clone(),
            fleet_arn: self.fleet_arn(&session.process.fleet_id),
            location: session.location.clone(),
            creation_time: Timestamp(session.created),
            current_player_session_count: u32::try_from(self.slots_taken(&session.id)).unwrap_or(u32::MAX),
            maximum_player_session_count: session.maximum_players,
            status: session.status,
            game_properties: pairs(&session.properties),
            ip_address: session.ip_address.clone(),
            port: session.port,
            player_session_creation_policy: session.policy,
            name: some(&session.name),
            dns_name: some(&session.dns_name),
            status_reason: some(&session.status_reason),
            termination_time: session.ended.map(Timestamp),
            game_session_data: some(&session.data),
            matchmaker_data: some(&session.matchmaker_data),
            creator_id: some(&session.creator_id),
        }
    }

    /// The session that the same token, or the same chosen id, made before.
    fn earlier(&self, fleet: &str, input: &CreateGameSessionInput) -> Result<Option<&GameSession>, ApiError> {
        let Some(last) = input.game_session_id.as_deref().or(input.idempotency_token.as_deref()) else {
            return Ok(None);
        };
        let earlier =
            self.game_sessions.values().find(|session| session.process.fleet_id == fleet && short(&session.id) == last);
        let Some(session) = earlier else { return Ok(None) };
        let running = self.processes.get(&session.process).is_some_and(|p| p.status != ProcessStatus::Terminated);
        let same = session.maximum_players == input.maximum_player_session_count
            && session.name == input.name.clone().unwrap_or_default()
            && session.data == input.game_session_data.clone().unwrap_or_default()
            && session.properties == input.properties();
        if same && running {
            return Ok(Some(session));
        }
        let message = alloc::format!("{last} was used for another game session");
        Err(ApiError::new(ApiErrorKind::IdempotentParameterMismatch, message))
    }
}

/// As the API writes properties.
pub(super) fn pairs(properties: &BTreeMap<String, String>) -> Vec<GameProperty> {
    let pair = |(key, value): (&String, &String)| GameProperty { key: key.clone(), value: value.clone() };
    properties.iter().map(pair).collect()
}

pub(super) fn not_active(session: &GameSession) -> ApiError {
    let message = alloc::format!("game session {} is {}, not ACTIVE", session.id, session.status);
    ApiError::new(ApiErrorKind::InvalidGameSessionStatus, message)
}

pub(super) fn check_players(players: u32) -> Result<(), ApiError> {
    if (1..=limits::PLAYERS).contains(&players) {
        Ok(())
    } else {
        Err(ApiError::invalid(alloc::format!("MaximumPlayerSessionCount must be 1 to {}", limits::PLAYERS)))
    }
}

fn check_properties(properties: Option<&[GameProperty]>) -> Result<(), ApiError> {
    let properties = properties.unwrap_or_default();
    let long = properties.iter().any(|property| {
        property.key.is_empty()
            || property.key.len() > limits::GAME_PROPERTY_KEY
            || property.value.len() > limits::GAME_PROPERTY_VALUE
    });
    if long || properties.len() > limits::GAME_PROPERTIES {
        let message = "at most 16 GameProperties, with keys of 1 to 32 and values of up to 96 characters";
        return Err(ApiError::invalid(message));
    }
    Ok(())
}

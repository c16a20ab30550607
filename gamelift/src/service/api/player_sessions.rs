//! Player sessions, from the players' side.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::game_sessions::not_active;
use super::shape::{Timestamp, shape};
use super::{ApiError, Service, needed, page};
use crate::message::{GameSessionStatus, PlayerSessionPolicy, PlayerSessionStatus, limits};
use crate::service::{ApiErrorKind, PlayerSession};

shape! { /// CreatePlayerSession.
CreatePlayerSessionInput { game_session_id: String, player_id: String, } optional { player_data: String, } }
shape! { /// CreatePlayerSession.
PlayerSessionOutput { player_session: PlayerSessionShape, } }
shape! { /// CreatePlayerSessions.
CreatePlayerSessionsInput { game_session_id: String, player_ids: Vec<String>, }
optional { player_data_map: BTreeMap<String, String>, } }
shape! { /// DescribePlayerSessions.
PlayerSessionsInput {} optional { game_session_id: String, player_id: String, player_session_id: String,
    player_session_status_filter: String, limit: u32, next_token: String, } }
shape! { /// CreatePlayerSessions and DescribePlayerSessions.
PlayerSessionsOutput { player_sessions: Vec<PlayerSessionShape>, } optional { next_token: String, } }
shape! { /// A player session.
PlayerSessionShape { player_session_id: String, player_id: String, game_session_id: String, fleet_id: String,
    fleet_arn: String, creation_time: Timestamp, status: PlayerSessionStatus, ip_address: String, port: u32, }
optional { termination_time: Timestamp, dns_name: String, player_data: String, } }

impl Service {
    /// CreatePlayerSession. Errors: as CreatePlayerSessions.
    pub fn create_player_session(
        &mut self,
        now: Duration,
        input: CreatePlayerSessionInput,
    ) -> Result<PlayerSessionOutput, ApiError> {
        let data = input.player_data.map(|data| [(input.player_id.clone(), data)].into());
        let many = CreatePlayerSessionsInput {
            game_session_id: input.game_session_id,
            player_ids: alloc::vec![input.player_id],
            player_data_map: data,
        };
        let player_session = self.create_player_sessions(now, many)?.player_sessions.pop().unwrap_or_default();
        Ok(PlayerSessionOutput { player_session })
    }

    /// CreatePlayerSessions: a slot each, for 60 s. All or none. Errors: no such game session; one that is not active or does not
    /// take players; not enough slots.
    pub fn create_player_sessions(
        &mut self,
        now: Duration,
        input: CreatePlayerSessionsInput,
    ) -> Result<PlayerSessionsOutput, ApiError> {
        if !(1..=25).contains(&input.player_ids.len()) || input.player_ids.iter().any(String::is_empty) {
            return Err(ApiError::invalid("PlayerIds must be 1 to 25 ids"));
        }
        let data = input.player_data_map.unwrap_or_default();
        if data.values().any(|data| data.is_empty() || data.len() > limits::PLAYER_DATA) {
            return Err(ApiError::invalid("PlayerData must be 1 to 2048 characters"));
        }
        let session = self.game_session(&input.game_session_id)?;
        if session.status != GameSessionStatus::Active {
            return Err(not_active(session));
        }
        if session.policy != PlayerSessionPolicy::AcceptAll {
            let message = alloc::format!("game session {} does not take players: {}", session.id, session.policy);
            return Err(ApiError::new(ApiErrorKind::InvalidGameSessionStatus, message));
        }
        let free = (session.maximum_players as usize).saturating_sub(self.slots_taken(&session.id));
        if input.player_ids.len() > free {
            let message = alloc::format!("game session {} has {free} free slots", session.id);
            return Err(ApiError::new(ApiErrorKind::GameSessionFull, message));
        }
        let mut made = Vec::new();
        for player in &input.player_ids {
            let data = data.get(player).map(String::as_str).unwrap_or_default();
            made.push(self.add_player(now, &input.game_session_id, player, data));
        }
        let made = made.iter().filter_map(|id| self.player_sessions.get(id));
        let player_sessions = made.map(|player| self.player_session_shape(player)).collect();
        Ok(PlayerSessionsOutput { player_sessions, next_token: None })
    }

    /// DescribePlayerSessions, by exactly one of the three ids. Errors: none or several of them; nothing has this id.
    pub fn describe_player_sessions(
        &mut self,
        _: Duration,
        input: PlayerSessionsInput,
    ) -> Result<PlayerSessionsOutput, ApiError> {
        let ids = [&input.game_session_id, &input.player_id, &input.player_session_id].map(Option::as_deref);
        if ids.iter().flatten().count() != 1 {
            return Err(ApiError::invalid("exactly one of GameSessionId, PlayerId and PlayerSessionId is needed"));
        }
        if let [Some(session), ..] = ids {
            self.game_session(session)?;
        }
        if let [.., Some(player)] = ids
            && self.player_sessions.get(needed(player, "PlayerSessionId")?).is_none()
        {
            return Err(ApiError::not_found("player session", player));
        }
        let status = input.player_session_status_filter.as_deref().filter(|status| !status.is_empty());
        if status.is_some_and(|status| PlayerSessionStatus::from_word(status).is_none()) {
            return Err(ApiError::invalid("PlayerSessionStatusFilter is not a status of player sessions"));
        }
        let mut found: Vec<&PlayerSession> = self
            .player_sessions
            .values()
            .filter(|player| {
                let named = [&player.game_session_id, &player.player_id, &player.id];
                ids.iter().zip(named).all(|(wanted, is)| wanted.is_none_or(|wanted| wanted == is))
                    && status.is_none_or(|status| player.status.word() == status)
            })
            .collect();
        found.sort_by_key(|player| player.created);
        let shapes = found.into_iter().map(|player| self.player_session_shape(player));
        let (player_sessions, next_token) = page(shapes, input.limit, input.next_token.as_deref())?;
        Ok(PlayerSessionsOutput { player_sessions, next_token })
    }

    fn player_session_shape(&self, player: &PlayerSession) -> PlayerSessionShape {
        let session = self.game_sessions.get(&player.game_session_id);
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let fleet_id = session.map(|session| session.process.fleet_id.clone()).unwrap_or_default();
        PlayerSessionShape {
            player_session_id: player.id.clone(),
            player_id: player.player_id.clone(),
            game_session_id: player.game_session_id.clone(),
            fleet_arn: self.fleet_arn(&fleet_id),
            fleet_id,
            creation_time: Timestamp(player.created),
            status: player.status,
            ip_address: session.map(|session| session.ip_address.clone()).unwrap_or_default(),
            port: session.map(|session| session.port).unwrap_or_default(),
            termination_time: player.ended.map(Timestamp),
            dns_name: session.and_then(|session| some(&session.dns_name)),
            player_data: some(&player.data),
        }
    }
}

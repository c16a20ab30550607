//! Listing game sessions.

use alloc::vec::Vec;
use core::time::Duration;

use super::game_sessions::{
    GameSessionDetail, GameSessionDetailsOutput, GameSessionShape, GameSessionsInput, GameSessionsOutput,
};
use super::search::{Filter, sort};
use super::{ApiError, Service, page, short};
use crate::message::{GameSessionStatus, PlayerSessionPolicy};
use crate::service::GameSession;

impl Service {
    /// DescribeGameSessions, by fleet or by id. Errors: neither is given; no such fleet or session.
    pub fn describe_game_sessions(
        &mut self,
        _: Duration,
        input: GameSessionsInput,
    ) -> Result<GameSessionsOutput, ApiError> {
        let found = self.chosen(&input)?.into_iter().map(|session| self.game_session_shape(session));
        let (game_sessions, next_token) = page(found, input.limit, input.next_token.as_deref())?;
        Ok(GameSessionsOutput { game_sessions, next_token })
    }

    /// DescribeGameSessionDetails: with the protection policy. Errors: as DescribeGameSessions.
    pub fn describe_game_session_details(
        &mut self,
        _: Duration,
        input: GameSessionsInput,
    ) -> Result<GameSessionDetailsOutput, ApiError> {
        let found = self.chosen(&input)?.into_iter().map(|session| GameSessionDetail {
            game_session: self.game_session_shape(session),
            protection_policy: session.protection_policy.clone(),
        });
        let (game_session_details, next_token) = page(found, input.limit, input.next_token.as_deref())?;
        Ok(GameSessionDetailsOutput { game_session_details, next_token })
    }

    /// SearchGameSessions: active ones that players may come to, by a filter. Errors: no such fleet; an expression that cannot be
    /// read.
    pub fn search_game_sessions(
        &mut self,
        _: Duration,
        input: GameSessionsInput,
    ) -> Result<GameSessionsOutput, ApiError> {
        let filter = Filter::parse(input.filter_expression.as_deref().unwrap_or_default())?;
        let by_fleet = GameSessionsInput { game_session_id: None, status_filter: None, ..input.clone() };
        let mut found: Vec<GameSessionShape> = self
            .chosen(&by_fleet)?
            .into_iter()
            .filter(|session| session.status == GameSessionStatus::Active)
            .filter(|session| session.policy == PlayerSessionPolicy::AcceptAll)
            .map(|session| self.game_session_shape(session))
            .filter(|shape| filter.matches(shape))
            .collect();
        sort(&mut found, input.sort_expression.as_deref().unwrap_or_default())?;
        let (game_sessions, next_token) = page(found.into_iter(), input.limit, input.next_token.as_deref())?;
        Ok(GameSessionsOutput { game_sessions, next_token })
    }

    fn chosen(&self, input: &GameSessionsInput) -> Result<Vec<&GameSession>, ApiError> {
        if input.alias_id.is_some() {
            return Err(ApiError::invalid("aliases are not in this simulator; use FleetId"));
        }
        if let Some(id) = &input.game_session_id {
            return Ok(alloc::vec![self.game_session(id)?]);
        }
        let fleet = &self.fleet(input.fleet_id.as_deref().unwrap_or_default())?.id;
        let location = input.location.as_deref().map(short);
        let status = input.status_filter.as_deref().filter(|status| !status.is_empty());
        if status.is_some_and(|status| GameSessionStatus::from_word(status).is_none()) {
            return Err(ApiError::invalid("StatusFilter is not a status of game sessions"));
        }
        let mut found: Vec<&GameSession> = self
            .game_sessions
            .values()
            .filter(|session| session.process.fleet_id == *fleet)
            .filter(|session| location.is_none_or(|location| session.location == location))
            .filter(|session| status.is_none_or(|status| session.status.word() == status))
            .collect();
        found.sort_by_key(|session| session.created);
        Ok(found)
    }
}

//! Placements: game sessions that wait for a process. One queue over all fleets answers to every queue name.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::game_sessions::{CreateGameSessionInput, GameProperty};
use super::shape::{Timestamp, shape};
use super::{ApiError, Service, needed};
use crate::service::{EventCode, Placement, PlacementStatus};

shape! { /// A player who is to get a slot.
DesiredPlayerSession { player_id: String, } optional { player_data: String, } }
shape! { /// StartGameSessionPlacement.
StartPlacementInput { placement_id: String, game_session_queue_name: String, maximum_player_session_count: u32, }
optional { game_session_name: String, game_session_data: String, game_properties: Vec<GameProperty>,
    desired_player_sessions: Vec<DesiredPlayerSession>, } }
shape! { /// DescribeGameSessionPlacement and StopGameSessionPlacement.
PlacementInput { placement_id: String, } }
shape! { /// A player who got a slot.
PlacedPlayerSession { player_id: String, player_session_id: String, } }
shape! { /// A placement.
PlacementShape { placement_id: String, game_session_queue_name: String, status: PlacementStatus,
    maximum_player_session_count: u32, game_properties: Vec<GameProperty>, start_time: Timestamp, }
optional { game_session_name: String, game_session_id: String, game_session_arn: String, game_session_region: String,
    game_session_data: String, end_time: Timestamp, ip_address: String, dns_name: String, port: u32,
    placed_player_sessions: Vec<PlacedPlayerSession>, } }
shape! { /// All three operations.
PlacementOutput { game_session_placement: PlacementShape, } }

impl Service {
    /// StartGameSessionPlacement: fulfilled when a process has activated the session. Errors: wrong input; an id that is used.
    pub fn start_game_session_placement(
        &mut self,
        now: Duration,
        input: StartPlacementInput,
    ) -> Result<PlacementOutput, ApiError> {
        let id = needed(&input.placement_id, "PlacementId")?;
        needed(&input.game_session_queue_name, "GameSessionQueueName")?;
        if self.placements.get(id).is_some() {
            return Err(ApiError::invalid(alloc::format!("placement {id} is there already")));
        }
        let wanted = CreateGameSessionInput {
            maximum_player_session_count: input.maximum_player_session_count,
            name: input.game_session_name,
            game_session_data: input.game_session_data,
            game_properties: input.game_properties,
            ..Default::default()
        };
        wanted.check()?;
        let players: Vec<(String, String)> = input
            .desired_player_sessions
            .unwrap_or_default()
            .into_iter()
            .map(|player| (player.player_id, player.player_data.unwrap_or_default()))
            .collect();
        if players.len() > wanted.maximum_player_session_count as usize {
            return Err(ApiError::invalid("more DesiredPlayerSessions than MaximumPlayerSessionCount"));
        }
        let id: String = id.into();
        let placement = Placement {
            id: id.clone(),
            queue: input.game_session_queue_name,
            status: PlacementStatus::Pending,
            wanted,
            players,
            game_session_id: None,
            placed: Vec::new(),
            started: now,
            ended: None,
            limit: now + self.config.timing.placement,
        };
        self.placements.insert(id.clone(), placement);
        let fleet = self.config.fleet_id.clone();
        self.event(now, EventCode::Placement, &fleet, None, None, alloc::format!("placement {id} is PENDING"));
        self.place_all(now);
        self.placement_output(&id)
    }

    /// DescribeGameSessionPlacement. Errors: no such placement.
    pub fn describe_game_session_placement(
        &mut self,
        _: Duration,
        input: PlacementInput,
    ) -> Result<PlacementOutput, ApiError> {
        self.placement_output(&input.placement_id)
    }

    /// StopGameSessionPlacement. A session that is being activated for it goes on without it. Errors: no such placement; one that
    /// is not pending.
    pub fn stop_game_session_placement(
        &mut self,
        now: Duration,
        input: PlacementInput,
    ) -> Result<PlacementOutput, ApiError> {
        let id = needed(&input.placement_id, "PlacementId")?;
        let status = self.placements.get(id).map(|placement| placement.status);
        match status {
            None => return Err(ApiError::not_found("placement", id)),
            Some(PlacementStatus::Pending) => self.end_placement(now, id, PlacementStatus::Cancelled),
            Some(status) => {
                return Err(ApiError::invalid(alloc::format!(
                    "placement {id} is {status} and cannot become CANCELLED"
                )));
            }
        }
        self.placement_output(id)
    }

    fn placement_output(&self, id: &str) -> Result<PlacementOutput, ApiError> {
        let placement = self.placements.get(needed(id, "PlacementId")?);
        let placement = placement.ok_or_else(|| ApiError::not_found("placement", id))?;
        // Where it went is told only when it is sure.
        let fulfilled = placement.status == PlacementStatus::Fulfilled;
        let session =
            placement.game_session_id.as_ref().filter(|_| fulfilled).and_then(|id| self.game_sessions.get(id));
        let placed = placement.placed.iter().map(|(player_id, player_session_id)| PlacedPlayerSession {
            player_id: player_id.clone(),
            player_session_id: player_session_id.clone(),
        });
        Ok(PlacementOutput {
            game_session_placement: PlacementShape {
                placement_id: placement.id.clone(),
                game_session_queue_name: placement.queue.clone(),
                status: placement.status,
                maximum_player_session_count: placement.wanted.maximum_player_session_count,
                game_properties: placement.wanted.game_properties.clone().unwrap_or_default(),
                start_time: Timestamp(placement.started),
                game_session_name: placement.wanted.name.clone(),
                game_session_id: session.map(|session| session.id.clone()),
                game_session_arn: session.map(|session| session.id.clone()),
                game_session_region: session.map(|_| self.config.region.clone()),
                game_session_data: placement.wanted.game_session_data.clone(),
                end_time: placement.ended.map(Timestamp),
                ip_address: session.map(|session| session.ip_address.clone()),
                dns_name: session.map(|session| session.dns_name.clone()).filter(|name| !name.is_empty()),
                port: session.map(|session| session.port),
                placed_player_sessions: fulfilled.then(|| placed.collect()),
            },
        })
    }
}

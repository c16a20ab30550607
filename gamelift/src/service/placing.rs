//! Which process gets a game session, at once or when one becomes idle.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::api::CreateGameSessionInput;
use super::{EventCode, GameSession, PlacementStatus, PlayerSession, ProcessKey, Service};
use crate::message::{GameSessionId, GameSessionStatus, PlayerSessionPolicy, PlayerSessionStatus, Push};

impl Service {
    /// The idle process that has waited longest, in the fleet and at the location if they are given.
    pub(super) fn idle_process(&self, fleet_id: &str, location: &str) -> Option<ProcessKey> {
        let fits = |key: &ProcessKey| {
            (fleet_id.is_empty() || key.fleet_id == fleet_id)
                && (location.is_empty() || self.location_of(key) == location)
        };
        let idle = self.processes.values().filter(|process| process.is_idle() && fits(&process.key));
        idle.min_by_key(|process| process.since).map(|process| process.key.clone())
    }

    pub(super) fn location_of(&self, key: &ProcessKey) -> &str {
        let compute = self.computes.get(&(key.fleet_id.clone(), key.compute_name.clone()));
        compute.map_or(&*self.config.location, |compute| &compute.location)
    }

    /// Gives an idle process its one game session, and tells it. Returns the session's id.
    pub(super) fn start_session(&mut self, now: Duration, key: &ProcessKey, wanted: &CreateGameSessionInput) -> String {
        let location = String::from(self.location_of(key));
        let last = match wanted.game_session_id.as_deref().or(wanted.idempotency_token.as_deref()) {
            Some(chosen) => chosen.into(),
            None => self.new_id("gsess-"),
        };
        let id = GameSessionId {
            region: self.config.region.clone(),
            fleet_id: key.fleet_id.clone(),
            location: Some(location.clone()),
            id: last,
        };
        let id = alloc::format!("{id}");
        let compute = self.computes.get(&(key.fleet_id.clone(), key.compute_name.clone())).cloned();
        let Some(process) = self.processes.change(key) else { return id };
        process.game_session_id = Some(id.clone());
        let session = GameSession {
            id: id.clone(),
            name: wanted.name.clone().unwrap_or_default(),
            process: key.clone(),
            location,
            status: GameSessionStatus::Activating,
            status_reason: String::new(),
            maximum_players: wanted.maximum_player_session_count,
            policy: PlayerSessionPolicy::AcceptAll,
            ip_address: compute
                .as_ref()
                .map_or_else(|| self.config.default_ip_address.clone(), |compute| compute.ip_address.clone()),
            dns_name: compute.map(|compute| compute.dns_name).unwrap_or_default(),
            port: process.port,
            data: wanted.game_session_data.clone().unwrap_or_default(),
            matchmaker_data: String::new(),
            properties: wanted.properties(),
            creator_id: wanted.creator_id.clone().unwrap_or_default(),
            protection_policy: "NoProtection".into(),
            idempotency_token: wanted.idempotency_token.clone().unwrap_or_default(),
            backfill_ticket_id: None,
            created: now,
            ended: None,
            activation_limit: now + self.config.timing.activation,
        };
        let push = Push::CreateGameSession(session.create_push());
        self.game_sessions.insert(id.clone(), session);
        self.process_event(now, EventCode::SessionCreated, key, alloc::format!("game session {id} is created"));
        self.push(key, &push);
        id
    }

    /// Takes a slot for a player. The caller has seen that there is one.
    pub(super) fn add_player(&mut self, now: Duration, game_session_id: &str, player_id: &str, data: &str) -> String {
        let id = self.new_id("psess-");
        let player = PlayerSession {
            id: id.clone(),
            game_session_id: game_session_id.into(),
            player_id: player_id.into(),
            data: data.into(),
            status: PlayerSessionStatus::Reserved,
            created: now,
            ended: None,
            reserved_until: now + self.config.timing.reservation,
        };
        self.player_sessions.insert(id.clone(), player);
        if let Some(key) = self.game_sessions.get(game_session_id).map(|session| session.process.clone()) {
            self.process_event(now, EventCode::PlayerSession, &key, alloc::format!("{id} is reserved for {player_id}"));
        }
        id
    }

    /// How many slots are taken.
    pub(super) fn slots_taken(&self, game_session_id: &str) -> usize {
        let here = |player: &&PlayerSession| player.game_session_id == game_session_id && player.takes_a_slot();
        self.player_sessions.values().filter(here).count()
    }

    /// Tries every placement that waits for a process, the oldest first.
    pub(super) fn place_all(&mut self, now: Duration) {
        let mut waiting: Vec<(Duration, String)> = self
            .placements
            .values()
            .filter(|placement| placement.status == PlacementStatus::Pending && placement.game_session_id.is_none())
            .map(|placement| (placement.started, placement.id.clone()))
            .collect();
        waiting.sort();
        for (_, id) in waiting {
            let Some(key) = self.idle_process("", "") else { return };
            let Some(wanted) = self.placements.get(&id).map(|placement| placement.wanted.clone()) else { continue };
            let session = self.start_session(now, &key, &wanted);
            if let Some(placement) = self.placements.change(&id) {
                placement.game_session_id = Some(session);
            }
        }
    }

    /// A game session became active: if a placement waited for it, its players get their slots.
    pub(super) fn session_active(&mut self, now: Duration, game_session_id: &str) {
        let Some((id, players)) = self.placement_of(game_session_id) else { return };
        let mut placed = Vec::new();
        for (player, data) in players {
            let session = self.add_player(now, game_session_id, &player, &data);
            placed.push((player, session));
        }
        if let Some(placement) = self.placements.change(&id) {
            placement.placed = placed;
        }
        self.end_placement(now, &id, PlacementStatus::Fulfilled);
    }

    /// A game session ended before it was active: its placement looks for another process.
    pub(super) fn session_lost(&mut self, now: Duration, game_session_id: &str) {
        let Some((id, _)) = self.placement_of(game_session_id) else { return };
        if let Some(placement) = self.placements.change(&id) {
            placement.game_session_id = None;
        }
        self.place_all(now);
    }

    pub(super) fn end_placement(&mut self, now: Duration, id: &str, status: PlacementStatus) {
        let Some(placement) = self.placements.change(id) else { return };
        placement.status = status;
        placement.ended = Some(now);
        let message = alloc::format!("placement {id} is {status}");
        let fleet = self.config.fleet_id.clone();
        self.event(now, EventCode::Placement, &fleet, None, None, message);
    }

    fn placement_of(&self, game_session_id: &str) -> Option<(String, Vec<(String, String)>)> {
        let placement = self.placements.values().find(|placement| {
            placement.status == PlacementStatus::Pending
                && placement.game_session_id.as_deref() == Some(game_session_id)
        })?;
        Some((placement.id.clone(), placement.players.clone()))
    }
}

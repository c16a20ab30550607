//! The game session: its states, and what the service remembers of it (§4.2).

use alloc::collections::BTreeMap;
use alloc::string::String;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::ProcessKey;
use super::error::Impossible;
use crate::message::{self, GameSessionStatus, PlayerSessionPolicy};

/// A game session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GameSession {
    /// An ARN (§2.5).
    pub id: String,
    /// Its name.
    pub name: String,
    /// The process that hosts it, in whose fleet it is.
    pub process: ProcessKey,
    /// Where it is.
    pub location: String,
    /// Where it stands.
    pub status: GameSessionStatus,
    /// `INTERRUPTED`, `TRIGGERED_ON_PROCESS_TERMINATE`, `FORCE_TERMINATED`, or empty.
    pub status_reason: String,
    /// How many players fit.
    pub maximum_players: u32,
    /// Whether player sessions may be created.
    pub policy: PlayerSessionPolicy,
    /// Where players connect to.
    pub ip_address: String,
    /// Where players connect to.
    pub dns_name: String,
    /// Where players connect to.
    pub port: u32,
    /// Whatever whoever created it passed along.
    pub data: String,
    /// JSON text from the matchmaker.
    pub matchmaker_data: String,
    /// Pairs of words.
    pub properties: BTreeMap<String, String>,
    /// Who created it.
    pub creator_id: String,
    /// `NoProtection` or `FullProtection`.
    pub protection_policy: String,
    /// What made its creation repeatable.
    pub(crate) idempotency_token: String,
    /// The backfill that runs.
    pub backfill_ticket_id: Option<String>,
    /// When it was created.
    pub created: Duration,
    /// When it ended.
    pub ended: Option<Duration>,
    /// By when the game has to call `ActivateGameSession`.
    pub(crate) activation_limit: Duration,
}

impl GameSession {
    /// Goes to another state, if there is such a step. `TERMINATED` can be reached from anywhere, and is left by nothing.
    pub(crate) fn go(&mut self, next: GameSessionStatus) -> Result<(), Impossible> {
        use GameSessionStatus::{Activating, Active, Terminated, Terminating};
        let possible = matches!(
            (self.status, next),
            (Activating, Active | Terminating | Terminated)
                | (Active, Terminating | Terminated)
                | (Terminating, Terminated)
        );
        if !possible {
            return Err(Impossible {
                what: "game session",
                id: self.id.clone(),
                from: self.status.word(),
                to: next.word(),
            });
        }
        self.status = next;
        Ok(())
    }

    /// The push that starts it.
    pub(crate) fn create_push(&self) -> message::push::CreateGameSession {
        message::push::CreateGameSession {
            game_session_id: self.id.clone(),
            game_session_name: self.name.clone(),
            maximum_player_session_count: self.maximum_players,
            port: self.port,
            ip_address: self.ip_address.clone(),
            dns_name: self.dns_name.clone(),
            game_session_data: self.data.clone(),
            matchmaker_data: self.matchmaker_data.clone(),
            game_properties: self.properties.clone(),
        }
    }

    /// As it is in the UpdateGameSession push.
    pub(crate) fn on_the_wire(&self) -> message::GameSession {
        message::GameSession {
            game_session_id: self.id.clone(),
            name: self.name.clone(),
            fleet_id: self.process.fleet_id.clone(),
            location: self.location.clone(),
            maximum_player_session_count: self.maximum_players,
            port: self.port,
            ip_address: self.ip_address.clone(),
            dns_name: self.dns_name.clone(),
            game_session_data: self.data.clone(),
            matchmaker_data: self.matchmaker_data.clone(),
            game_properties: self.properties.clone(),
            status: self.status,
            status_reason: self.status_reason.clone(),
        }
    }
}

//! The player session: its states, and what the service remembers of it (§4.3).

use alloc::string::String;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::GameSession;
use super::error::Impossible;
use crate::message::{self, PlayerSessionStatus};

/// A player's place in a game session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayerSession {
    /// `psess-…`.
    pub id: String,
    /// The game session.
    pub game_session_id: String,
    /// The player.
    pub player_id: String,
    /// Whatever whoever created it passed along.
    pub data: String,
    /// Where it stands.
    pub status: PlayerSessionStatus,
    /// When it was created.
    pub created: Duration,
    /// When it ended.
    pub ended: Option<Duration>,
    /// By when the player has to be accepted.
    pub(crate) reserved_until: Duration,
}

impl PlayerSession {
    /// Goes to another state, if there is such a step.
    pub(crate) fn go(&mut self, next: PlayerSessionStatus, now: Duration) -> Result<(), Impossible> {
        use PlayerSessionStatus::{Active, Completed, Reserved, TimedOut};
        if !matches!((self.status, next), (Reserved, Active | TimedOut) | (Active, Completed)) {
            return Err(Impossible {
                what: "player session",
                id: self.id.clone(),
                from: self.status.word(),
                to: next.word(),
            });
        }
        self.status = next;
        if next != Active {
            self.ended = Some(now);
        }
        Ok(())
    }

    /// Whether it takes a slot.
    pub fn takes_a_slot(&self) -> bool {
        matches!(self.status, PlayerSessionStatus::Reserved | PlayerSessionStatus::Active)
    }

    /// As it is in the answer to DescribePlayerSessions.
    pub(crate) fn on_the_wire(&self, game_session: &GameSession) -> message::PlayerSession {
        message::PlayerSession {
            player_id: self.player_id.clone(),
            player_session_id: self.id.clone(),
            game_session_id: self.game_session_id.clone(),
            fleet_id: game_session.process.fleet_id.clone(),
            player_data: self.data.clone(),
            ip_address: game_session.ip_address.clone(),
            port: game_session.port,
            creation_time: milliseconds(self.created),
            termination_time: self.ended.map_or(0, milliseconds),
            status: self.status,
            dns_name: game_session.dns_name.clone(),
        }
    }
}

/// Milliseconds since the epoch, as the wire has them.
pub(crate) fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

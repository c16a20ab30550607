//! A placement: a game session that waits for a process.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::api::CreateGameSessionInput;
use crate::words::words;

words! {
    /// Where a placement stands.
    PlacementStatus {
        /// It waits for a process, or for that process to activate.
        Pending = "PENDING",
        /// The game session is active.
        Fulfilled = "FULFILLED",
        /// Somebody took it back.
        Cancelled = "CANCELLED",
        /// No process in time.
        TimedOut = "TIMED_OUT",
        /// It cannot be.
        Failed = "FAILED",
    }
}

/// A placement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// Chosen by whoever asked for it.
    pub id: String,
    /// The queue's name. One queue over all fleets answers to every name.
    pub queue: String,
    /// Where it stands.
    pub status: PlacementStatus,
    /// What is to be created.
    pub wanted: CreateGameSessionInput,
    /// Players who get a slot each: id and data.
    pub players: Vec<(String, String)>,
    /// The game session, once there is one.
    pub game_session_id: Option<String>,
    /// The player sessions that were made: player and player session.
    pub placed: Vec<(String, String)>,
    /// When it was asked for.
    pub started: Duration,
    /// When it ended.
    pub ended: Option<Duration>,
    /// When it has waited long enough.
    pub(crate) limit: Duration,
}

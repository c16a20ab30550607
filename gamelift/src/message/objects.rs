//! Objects inside messages (§2.4).

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::AttributeValue;
use super::dialect::{Dialect, Fields, Rule, speak_as_object, wire};
use crate::words::words;

words! {
    /// Whether new player sessions may be created.
    PlayerSessionPolicy {
        /// The process did not say. Never accepted from a process.
        NotSet = "",
        /// They may.
        AcceptAll = "ACCEPT_ALL",
        /// They may not.
        DenyAll = "DENY_ALL",
    }
}

words! {
    /// Where a player session stands (§4.3).
    PlayerSessionStatus {
        /// Unknown, or no filter.
        NotSet = "NOT_SET",
        /// It has a slot, the player has 60 s to come.
        Reserved = "RESERVED",
        /// The player is in the game.
        Active = "ACTIVE",
        /// The player left, or the game session ended.
        Completed = "COMPLETED",
        /// The player did not come in time.
        TimedOut = "TIMEDOUT",
    }
}

words! {
    /// Where a game session stands (§4.2).
    GameSessionStatus {
        /// Unknown.
        NotSet = "NOT_SET",
        /// Pushed to the process, which has not said that it is ready.
        Activating = "ACTIVATING",
        /// Players may come.
        Active = "ACTIVE",
        /// Its process was told to end.
        Terminating = "TERMINATING",
        /// It is over.
        Terminated = "TERMINATED",
        /// It never came to be.
        Error = "ERROR",
    }
}

words! {
    /// Why a game session was updated.
    UpdateReason {
        /// Any word that the SDK does not know.
        Unknown = "UNKNOWN",
        /// The matchmaker found players.
        MatchmakingDataUpdated = "MATCHMAKING_DATA_UPDATED",
        /// The backfill failed.
        BackfillFailed = "BACKFILL_FAILED",
        /// The backfill took too long.
        BackfillTimedOut = "BACKFILL_TIMED_OUT",
        /// The backfill was taken back.
        BackfillCancelled = "BACKFILL_CANCELLED",
    }
    else Unknown
}

wire! {
    /// A player's place in a game session.
    PlayerSession {
        /// The player.
        player_id: String = "PlayerId" Always,
        /// The player session.
        player_session_id: String = "PlayerSessionId" Always,
        /// The game session.
        game_session_id: String = "GameSessionId" Always,
        /// Its fleet.
        fleet_id: String = "FleetId" Always,
        /// Whatever whoever created it passed along.
        player_data: String = "PlayerData" Always,
        /// Where the player connects to.
        ip_address: String = "IpAddress" Always,
        /// Where the player connects to.
        port: u32 = "Port" Always,
        /// Milliseconds since 1970.
        creation_time: i64 = "CreationTime" Always,
        /// Milliseconds since 1970; absent while it lasts.
        termination_time: i64 = "TerminationTime" Omit,
        /// Where it stands.
        status: PlayerSessionStatus = "Status" Always,
        /// Where the player connects to.
        dns_name: String = "DnsName" Always,
    }
}

wire! {
    /// A game session, as in the UpdateGameSession push.
    GameSession {
        /// An ARN (§2.5).
        game_session_id: String = "GameSessionId" Always,
        /// Its name. (In the CreateGameSession push the key is `GameSessionName`.)
        name: String = "Name" Always,
        /// Its fleet.
        fleet_id: String = "FleetId" Always,
        /// Where it is; only Go reads it.
        location: String = "Location" Omit,
        /// How many players fit.
        maximum_player_session_count: u32 = "MaximumPlayerSessionCount" Always,
        /// Where players connect to.
        port: u32 = "Port" Always,
        /// Where players connect to.
        ip_address: String = "IpAddress" Always,
        /// Where players connect to.
        dns_name: String = "DnsName" Always,
        /// Whatever whoever created it passed along.
        game_session_data: String = "GameSessionData" Always,
        /// JSON text in a string, from the matchmaker.
        matchmaker_data: String = "MatchmakerData" Always,
        /// An object of strings.
        game_properties: BTreeMap<String, String> = "GameProperties" Always,
        /// Where it stands; only Go reads it.
        status: GameSessionStatus = "Status" Omit,
        /// Why it stands there; only Go reads it.
        status_reason: String = "StatusReason" Omit,
    }
}

/// A player, as matchmaking knows one.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Player {
    /// The player.
    #[serde(deserialize_with = "super::dialect::null_as_default")]
    pub player_id: String,
    /// The team.
    #[serde(deserialize_with = "super::dialect::null_as_default")]
    pub team: String,
    /// What matchmaking rules look at, by name.
    #[serde(deserialize_with = "super::dialect::null_as_default")]
    pub player_attributes: BTreeMap<String, AttributeValue>,
    /// Milliseconds to each region.
    #[serde(deserialize_with = "super::dialect::null_as_default")]
    pub latency_in_ms: BTreeMap<String, i64>,
}

impl Fields for Player {
    fn fields<M: serde::ser::SerializeMap>(&self, dialect: Dialect, object: &mut M) -> Result<(), M::Error> {
        dialect.entry(object, "PlayerId", &self.player_id, Rule::Always)?;
        if dialect != Dialect::Cpp {
            dialect.entry(object, "Team", &self.team, Rule::Always)?;
        }
        dialect.entry(object, "PlayerAttributes", &self.player_attributes, Rule::Always)?;
        dialect.entry(object, "LatencyInMs", &self.latency_in_ms, Rule::Always)?;
        if dialect == Dialect::Cpp {
            dialect.entry(object, "Team", &self.team, Rule::Always)?;
        }
        Ok(())
    }
}

speak_as_object!(Player);

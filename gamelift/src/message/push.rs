//! What the service sends unasked (§2.3).

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::dialect::wire;
use super::{GameSession, UpdateReason};

wire! {
    /// Start a game session: the SDK calls `OnStartGameSession`.
    CreateGameSession {
        /// An ARN (§2.5).
        game_session_id: String = "GameSessionId" Always,
        /// Its name. (In [`GameSession`] the key is `Name`.)
        game_session_name: String = "GameSessionName" Always,
        /// How many players fit, 1–200.
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
        /// An object of strings; the AWS API's list of pairs breaks Go and C++ (§0.9).
        game_properties: BTreeMap<String, String> = "GameProperties" Always,
    }
}

wire! {
    /// The game session changed, by the matchmaker: the SDK calls `OnUpdateGameSession`.
    UpdateGameSession {
        /// The game session as it is now.
        game_session: GameSession = "GameSession" Always,
        /// Why.
        update_reason: UpdateReason = "UpdateReason" Always,
        /// The backfill ticket that it belongs to.
        backfill_ticket_id: String = "BackfillTicketId" Always,
    }
}

wire! {
    /// End: the SDK calls `OnProcessTerminate`, which is to call `ProcessEnding`.
    TerminateProcess {
        /// The time by which the process has to be gone, in milliseconds since 1970.
        termination_time: i64 = "TerminationTime" Always,
    }
}

wire! {
    /// Open a new connection, then close this one. There is no answer; the new connection is the answer.
    RefreshConnection {
        /// A full `ws://` or `wss://` URL, without a query.
        refresh_connection_endpoint: String = "RefreshConnectionEndpoint" Always,
        /// The token for the new connection.
        auth_token: String = "AuthToken" Always,
    }
}

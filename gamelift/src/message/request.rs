//! What a server process asks of the service (§2.2).

use alloc::string::String;
use alloc::vec::Vec;

use super::dialect::wire;
use super::{Player, PlayerSessionPolicy, PlayerSessionStatus};

wire! {
    /// `ProcessReady`: the process can host a game session from now on.
    ActivateServerProcess {
        /// The SDK's version, such as `5.6.0`.
        sdk_version: String = "SdkVersion" Always,
        /// `Go`, `Cpp` or `CSharp`.
        sdk_language: String = "SdkLanguage" Always,
        /// A tool on the host that the SDK found, such as `Metrics`. Often absent.
        sdk_tool_name: String = "SdkToolName" Omit,
        /// That tool's version.
        sdk_tool_version: String = "SdkToolVersion" Omit,
        /// The port that players connect to, 1–60000 (C++ lets 0–65535 pass).
        port: u32 = "Port" Always,
        /// Paths of logs on the host. Go writes `null` when there are none, C++ nothing.
        log_paths: Vec<String> = "LogPaths" Nil,
    }
}

wire! {
    /// The report of the health loop, every 60 s ± 10 s (§3).
    HeartbeatServerProcess {
        /// What `OnHealthCheck` said, `false` if it took longer than 50 s.
        health_status: bool = "HealthStatus" Always,
    }
}

wire! {
    /// The game map is loaded; players may come.
    ActivateGameSession {
        /// The id from the CreateGameSession push.
        game_session_id: String = "GameSessionId" Always,
    }
}

wire! {
    /// Opens or closes the game session for new player sessions.
    UpdatePlayerSessionCreationPolicy {
        /// Which game session.
        game_session_id: String = "GameSessionId" Always,
        /// The key on the wire is `PlayerSessionPolicy`, without `Creation`.
        policy: PlayerSessionPolicy = "PlayerSessionPolicy" Always,
    }
}

wire! {
    /// A player connected with this player session id: is it right?
    AcceptPlayerSession {
        /// Which game session.
        game_session_id: String = "GameSessionId" Always,
        /// Which player session.
        player_session_id: String = "PlayerSessionId" Always,
    }
}

wire! {
    /// A player left.
    RemovePlayerSession {
        /// Which game session.
        game_session_id: String = "GameSessionId" Always,
        /// Which player session.
        player_session_id: String = "PlayerSessionId" Always,
    }
}

wire! {
    /// Lists player sessions by exactly one of the three ids.
    DescribePlayerSessions {
        /// All of this game session.
        game_session_id: String = "GameSessionId" Omit,
        /// All of this player.
        player_id: String = "PlayerId" Omit,
        /// This one alone.
        player_session_id: String = "PlayerSessionId" Omit,
        /// Only those with this status.
        status_filter: PlayerSessionStatus = "PlayerSessionStatusFilter" Omit,
        /// From the last answer, to go on behind it.
        next_token: String = "NextToken" Omit,
        /// At most so many in one answer; 0 leaves it to the service.
        limit: u32 = "Limit" Omit,
    }
}

wire! {
    /// Asks matchmaking for players in free slots.
    StartMatchBackfill {
        /// The game session.
        game_session_arn: String = "GameSessionArn" Always,
        /// The matchmaker.
        matchmaking_configuration_arn: String = "MatchmakingConfigurationArn" Always,
        /// The ticket's id; if it is empty or absent, the service makes one.
        ticket_id: String = "TicketId" Always,
        /// The players that are in the game.
        players: Vec<Player> = "Players" Nil,
    }
}

wire! {
    /// Takes a backfill request back.
    StopMatchBackfill {
        /// The game session.
        game_session_arn: String = "GameSessionArn" Always,
        /// The matchmaker.
        matchmaking_configuration_arn: String = "MatchmakingConfigurationArn" Always,
        /// The ticket's id.
        ticket_id: String = "TicketId" Always,
    }
}

wire! {
    /// Asks for the path of the compute's TLS certificate.
    GetComputeCertificate {}
}

wire! {
    /// Asks for credentials of a role. A fleet that is not managed has none.
    GetFleetRoleCredentials {
        /// The role.
        role_arn: String = "RoleArn" Always,
        /// The SDK fills in `<fleet>-<host>`, cut to 64 characters.
        role_session_name: String = "RoleSessionName" Omit,
    }
}

wire! {
    /// `ProcessEnding`: the process is about to exit.
    TerminateServerProcess {}
}

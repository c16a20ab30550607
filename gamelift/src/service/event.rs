//! What happened, for logs, for DescribeFleetEvents, and for whoever watches.

use alloc::string::String;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::ProcessKey;
use crate::words::words;

words! {
    /// What kind of thing happened. The first block are GameLift's own event codes, the second block is this simulator's.
    EventCode {
        /// Anything else.
        Generic = "GENERIC_EVENT",
        /// A fleet was made.
        FleetCreated = "FLEET_CREATED",
        /// The process ended without `ProcessEnding`.
        ProcessCrashed = "SERVER_PROCESS_CRASHED",
        /// It did not call `ProcessEnding` in time after TerminateProcess, or was ended by force.
        ProcessForceTerminated = "SERVER_PROCESS_FORCE_TERMINATED",
        /// It did not exit in time after `ProcessEnding`.
        ProcessExitTimeout = "SERVER_PROCESS_PROCESS_EXIT_TIMEOUT",
        /// It did not call `ProcessReady` in time.
        ProcessReadyTimeout = "SERVER_PROCESS_PROCESS_READY_TIMEOUT",
        /// It did not call `InitSDK` in time.
        SdkInitializationTimeout = "SERVER_PROCESS_SDK_INITIALIZATION_TIMEOUT",
        /// It exceeded 3 minutes without reporting healthy.
        ProcessUnhealthy = "SERVER_PROCESS_TERMINATED_UNHEALTHY",
        /// The game did not call `ActivateGameSession` in time.
        ActivationTimeout = "GAME_SESSION_ACTIVATION_TIMEOUT",

        /// A process connected for the first time.
        Initialized = "PROCESS_INITIALIZED",
        /// A process connected once more.
        Reconnected = "PROCESS_RECONNECTED",
        /// The newest connection of a process was lost.
        Disconnected = "PROCESS_DISCONNECTED",
        /// `ProcessReady`.
        Ready = "PROCESS_READY",
        /// A health report said `false`, or did not come.
        Missed = "HEALTH_REPORT_MISSED",
        /// TerminateProcess was decided upon.
        Terminating = "PROCESS_TERMINATING",
        /// The process ended as it should.
        Terminated = "PROCESS_TERMINATED",
        /// A game session came to be.
        SessionCreated = "GAME_SESSION_CREATED",
        /// A game session is open for players.
        SessionActive = "GAME_SESSION_ACTIVE",
        /// A game session is over.
        SessionTerminated = "GAME_SESSION_TERMINATED",
        /// A player session changed.
        PlayerSession = "PLAYER_SESSION",
        /// A placement changed.
        Placement = "PLACEMENT",
        /// An upgrade was refused.
        Refused = "CONNECTION_REFUSED",
        /// A message could not be understood, or was answered with an error.
        Rejected = "REQUEST_REJECTED",
    }
}

impl EventCode {
    /// Whether GameLift itself has an event of this code.
    pub fn is_gamelift(self) -> bool {
        self <= Self::ActivationTimeout
    }
}

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Counted from 1 over the service's life.
    pub number: u64,
    /// When.
    pub at: Duration,
    /// What.
    pub code: EventCode,
    /// In which fleet.
    pub fleet_id: String,
    /// To which process.
    pub process: Option<ProcessKey>,
    /// To which game session.
    pub game_session_id: Option<String>,
    /// A sentence.
    pub message: String,
}

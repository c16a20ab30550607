//! The server process: its identity, its states, and what the service remembers of it (§4.1).

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::Impossible;
use super::{ConnectionId, Health};
use crate::words::words;

/// What a server process is known by: `pID`, `FleetId` and `ComputeId` (§1.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProcessKey {
    /// `FleetId`.
    pub fleet_id: String,
    /// `ComputeId`, the compute's name.
    pub compute_name: String,
    /// `pID`.
    pub process_id: String,
}

impl core::fmt::Display for ProcessKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} on {} in {}", self.process_id, self.compute_name, self.fleet_id)
    }
}

words! {
    /// Where a server process stands.
    ProcessStatus {
        /// Started by a supervisor, has not connected.
        Launched = "LAUNCHED",
        /// Connected (InitSDK), not ready.
        Initialized = "INITIALIZED",
        /// Ready (ProcessReady), with or without a game session.
        Active = "ACTIVE",
        /// Told to end.
        Terminating = "TERMINATING",
        /// Over. Its id is used up.
        Terminated = "TERMINATED",
    }
}

impl ProcessStatus {
    /// Whether the state machine has this step. `Terminated` can be reached from anywhere, and is left by nothing.
    pub const fn leads_to(self, next: Self) -> bool {
        use ProcessStatus::{Active, Initialized, Launched, Terminated, Terminating};
        matches!(
            (self, next),
            (Launched, Initialized | Terminated)
                | (Initialized, Active | Terminating | Terminated)
                | (Active, Terminating | Terminated)
                | (Terminating, Terminated)
        )
    }
}

words! {
    /// Why a process ended, in the words of AWS's agent (§4.1).
    TerminationReason {
        /// The game called `ProcessEnding` itself.
        Normal = "NORMAL_TERMINATION",
        /// Somebody asked for it.
        CustomerInitiated = "CUSTOMER_INITIATED",
        /// Its compute goes away.
        ComputeShuttingDown = "COMPUTE_SHUTTING_DOWN",
        /// It exited, or its connection was gone and did not come back, without `ProcessEnding`.
        Crashed = "SERVER_PROCESS_CRASHED",
        /// It did not end in time when told to.
        ForceTerminated = "SERVER_PROCESS_FORCE_TERMINATED",
        /// It did not exit in time after `ProcessEnding`.
        ExitTimeout = "SERVER_PROCESS_PROCESS_EXIT_TIMEOUT",
        /// It did not call `ProcessReady` in time.
        ReadyTimeout = "SERVER_PROCESS_PROCESS_READY_TIMEOUT",
        /// It did not call `InitSDK` in time.
        InitializationTimeout = "SERVER_PROCESS_SDK_INITIALIZATION_TIMEOUT",
        /// Three misses.
        Unhealthy = "SERVER_PROCESS_TERMINATED_UNHEALTHY",
    }
}

/// A server process, as far as the endpoint can see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerProcess {
    /// Its identity.
    pub key: ProcessKey,
    /// Where it stands.
    pub status: ProcessStatus,
    /// Why it ends or ended; set from `Terminating` on.
    pub reason: Option<TerminationReason>,
    /// Such as `5.6.0`.
    pub sdk_version: String,
    /// `Go`, `Cpp` or `CSharp`.
    pub sdk_language: String,
    /// The port of its game, known from `ProcessReady` on.
    pub port: u32,
    /// Paths of its logs.
    pub log_paths: Vec<String>,
    /// When it was launched, or connected for the first time.
    pub since: Duration,
    /// Its health, kept from `ProcessReady` on.
    pub health: Health,
    /// Its one game session, once it has one. It never gets another.
    pub game_session_id: Option<String>,
    /// The newest connection: the only one for pushes. A restart forgets it.
    #[serde(skip)]
    pub connection: Option<ConnectionId>,
    /// When the newest connection was opened or lost.
    pub(crate) link_since: Duration,
    /// The token of its first connection, good for its reconnects, which use the same URL.
    pub(crate) token: String,
    /// A refresh that waits for its new connection.
    pub(crate) refresh: Option<Refresh>,
    /// A limit of the present state: for InitSDK, ProcessReady, ProcessEnding or the exit.
    pub(crate) limit: Option<Duration>,
    /// A supervisor started it, and says when it exits.
    pub(crate) supervised: bool,
    /// The answer to ActivateServerProcess is held back: nothing may be pushed before it (§0.5).
    #[serde(skip)]
    pub(crate) unanswered: bool,
    /// Answers of late, by request: SDKs repeat a request whose answer was lost.
    #[serde(skip)]
    pub(crate) answers: Vec<(String, String)>,
}

/// A RefreshConnection push that is repeated until it works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refresh {
    pub(crate) endpoint: String,
    pub(crate) token: String,
    pub(crate) repeat_at: Duration,
}

impl ServerProcess {
    pub(crate) fn new(key: ProcessKey, status: ProcessStatus, now: Duration) -> Self {
        Self {
            key,
            status,
            reason: None,
            sdk_version: String::new(),
            sdk_language: String::new(),
            port: 0,
            log_paths: Vec::new(),
            since: now,
            health: Health::default(),
            game_session_id: None,
            connection: None,
            link_since: now,
            token: String::new(),
            refresh: None,
            limit: None,
            supervised: false,
            unanswered: false,
            answers: Vec::new(),
        }
    }

    /// Goes to another state, if there is such a step.
    pub(crate) fn go(&mut self, next: ProcessStatus) -> Result<(), Impossible> {
        if !self.status.leads_to(next) {
            return Err(Impossible {
                what: "server process",
                id: self.key.process_id.clone(),
                from: self.status.word(),
                to: next.word(),
            });
        }
        self.status = next;
        Ok(())
    }

    /// Whether a game session can be pushed to it now: ready, connected, and never used.
    pub fn is_idle(&self) -> bool {
        let reachable = self.status == ProcessStatus::Active && self.connection.is_some() && !self.unanswered;
        reachable && self.game_session_id.is_none()
    }

    /// Whether a supervisor started it, and says when it exits.
    pub fn is_supervised(&self) -> bool {
        self.supervised
    }

    /// When its connection was lost, if it has none now.
    pub fn lost_since(&self) -> Option<Duration> {
        let could_connect = !matches!(self.status, ProcessStatus::Launched | ProcessStatus::Terminated);
        (could_connect && self.connection.is_none()).then_some(self.link_since)
    }
}

//! Who a process is, how its SDK behaves, and how its game does.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::message::Dialect;

/// What a process is started with: what the five environment variables of §1.5 say, and the rest of its nature.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Which SDK it has.
    pub dialect: Dialect,
    /// Its version.
    pub sdk_version: String,
    /// The WebSocket URL, without a query.
    pub endpoint: String,
    /// `pID`.
    pub process_id: String,
    /// `ComputeId`.
    pub compute_id: String,
    /// `FleetId`.
    pub fleet_id: String,
    /// The auth token; empty if there is none.
    pub auth_token: String,
    /// The port of its game.
    pub port: u32,
    /// Paths of its logs.
    pub log_paths: Vec<String>,
    /// The SDK's times.
    pub timing: SdkTiming,
    /// The game.
    pub behaviour: Behaviour,
}

impl Settings {
    /// A healthy process on a compute of the fleet that is there from the start.
    pub fn new(dialect: Dialect, process_id: impl Into<String>) -> Self {
        Self {
            dialect,
            sdk_version: match dialect {
                Dialect::Go => "5.6.0",
                Dialect::Cpp => "5.4.0",
                Dialect::CSharp => "5.5.0",
            }
            .into(),
            endpoint: "ws://127.0.0.1:8101/gamelift".into(),
            process_id: process_id.into(),
            compute_id: "host-1".into(),
            fleet_id: "fleet-local-1".into(),
            auth_token: String::new(),
            port: 7777,
            log_paths: Vec::new(),
            timing: SdkTiming::of(dialect),
            behaviour: Behaviour::default(),
        }
    }
}

/// The SDK's times (§1.4, §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdkTiming {
    /// Between two health reports: 60 s …
    pub heartbeat: Duration,
    /// … plus or minus up to 10 s, a new draw each time.
    pub jitter: Duration,
    /// How long `OnHealthCheck` may take before the report says `false`: 50 s.
    pub health_check: Duration,
    /// How long an answer is waited for: 20 s.
    pub request: Duration,
    /// The same for ActivateServerProcess: 6 s in Go and C#.
    pub activation: Duration,
    /// So long nothing is written after a re- or refreshed connection: 5 s in Go, else nothing.
    pub drain: Duration,
    /// The waits between attempts to connect. One attempt more than there are waits.
    pub retries: Vec<Duration>,
}

impl SdkTiming {
    /// As the SDKs have them.
    pub fn of(dialect: Dialect) -> Self {
        let s = Duration::from_secs;
        let retries: &[u64] = match dialect {
            Dialect::Go => &[8, 16, 32, 32, 32, 32, 32],
            Dialect::Cpp => &[4, 8, 16, 32, 32, 32],
            Dialect::CSharp => &[4, 8, 16, 32, 32, 32, 32],
        };
        Self {
            heartbeat: s(60),
            jitter: s(10),
            health_check: s(50),
            request: s(20),
            activation: if dialect == Dialect::Cpp { s(20) } else { s(6) },
            drain: if dialect == Dialect::Go { s(5) } else { Duration::ZERO },
            retries: retries.iter().copied().map(s).collect(),
        }
    }

    /// Every time divided by `factor` (at least 1). Of the real SDKs only Go can do so, by its environment variables.
    pub fn faster(&self, factor: u32) -> Self {
        let scaled = |time: Duration| time / factor.max(1);
        Self {
            heartbeat: scaled(self.heartbeat),
            jitter: scaled(self.jitter),
            health_check: scaled(self.health_check),
            request: scaled(self.request),
            activation: scaled(self.activation),
            drain: scaled(self.drain),
            retries: self.retries.iter().copied().map(scaled).collect(),
        }
    }
}

/// How the game behaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Behaviour {
    /// From launch to `InitSDK`.
    pub start: Duration,
    /// From `InitSDK` to `ProcessReady`.
    pub ready: Duration,
    /// From `OnStartGameSession` to `ActivateGameSession`: loading the map.
    pub load: Duration,
    /// From `OnProcessTerminate` to `ProcessEnding`.
    pub shutdown: Duration,
    /// From `ProcessEnding` to the exit.
    pub exit: Duration,
    /// What `OnHealthCheck` does.
    pub health_check: HealthCheck,
    /// Whether `ActivateGameSession` is called at all.
    pub activates: bool,
    /// What goes wrong, so long after `ProcessReady`.
    pub fault: Option<(Duration, Fault)>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            start: Duration::ZERO,
            ready: Duration::ZERO,
            load: Duration::from_millis(200),
            shutdown: Duration::from_millis(100),
            exit: Duration::from_millis(100),
            health_check: HealthCheck::Healthy,
            activates: true,
            fault: None,
        }
    }
}

/// What `OnHealthCheck` does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum HealthCheck {
    /// It says `true`.
    #[default]
    Healthy,
    /// It says `false`.
    Unhealthy,
    /// The game has none: Go and C# report `false`, C++ `true` (§3).
    Absent,
}

/// What goes wrong in a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// It is gone, without `ProcessEnding`; the operating system closes its connection.
    Crash,
    /// `OnHealthCheck` never returns: reported unhealthy after 50 s.
    CallbackBlocks,
    /// The whole process is frozen: reports stop, the connection stays.
    Frozen,
    /// The main loop is stuck while `OnHealthCheck` still says `true`: never found.
    MainLoopStuck,
}

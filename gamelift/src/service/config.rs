//! What a service is configured with. Every time limit is here, and nowhere else.

use alloc::string::String;
use core::time::Duration;

/// The service's settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Time limits.
    pub timing: Timing,
    /// So many times as fast they pass; see [`scale_time`](super::Service::scale_time).
    pub time_factor: u32,
    /// In ARNs. It must look like a real region (§2.5).
    pub region: String,
    /// The WebSocket URL that RegisterCompute hands out, without a query (C++ needs that, §1.1).
    pub endpoint: String,
    /// Who may connect.
    pub admission: Admission,
    /// The fleet that is there from the start.
    pub fleet_id: String,
    /// That fleet's location. Locations of one's own begin with `custom-`.
    pub location: String,
    /// What players are told to connect to when a process's compute was never registered.
    pub default_ip_address: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            timing: Timing::default(),
            time_factor: 1,
            region: "us-west-2".into(),
            endpoint: "ws://127.0.0.1:8101/gamelift".into(),
            admission: Admission::Open,
            fleet_id: "fleet-local-1".into(),
            location: "custom-location-1".into(),
            default_ip_address: "127.0.0.1".into(),
        }
    }
}

/// Which processes may connect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Admission {
    /// Any: fleets and computes that are not known are made. A token is checked only on a compute for which one was handed out.
    #[default]
    Open,
    /// Only processes on registered computes.
    Registered,
}

/// Time limits (§3), each with its real value as the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Between two health reports, 60 s.
    pub heartbeat: Duration,
    /// How much later than `heartbeat` a report may come before it is a miss: 10 s of jitter and 5 s of transport.
    pub heartbeat_tolerance: Duration,
    /// So long without a healthy report is unhealthy: three misses, 180 s.
    pub unhealthy: Duration,
    /// Added to both after a new connection: Go writes nothing for 5 s then (§1.7).
    pub reconnect_stall: Duration,
    /// So long a process may be without a connection before it is taken for crashed. Go tries for 216 s (§1.4).
    pub reconnect: Duration,
    /// From launch to InitSDK, 5 min.
    pub initialization: Duration,
    /// From InitSDK to ProcessReady, 5 min.
    pub ready: Duration,
    /// From the CreateGameSession push to ActivateGameSession, 1–600 s.
    pub activation: Duration,
    /// From a player session's creation to its acceptance, 60 s.
    pub reservation: Duration,
    /// From the TerminateProcess push to ProcessEnding, 5 min.
    pub termination: Duration,
    /// From ProcessEnding to the process's exit, 30 s.
    pub exit: Duration,
    /// Between two RefreshConnection pushes, until a new connection came: 1 min.
    pub refresh_repeat: Duration,
    /// A connection of this age is refreshed by the service itself. `None`: never. The real service must do so within API
    /// Gateway's 2 h.
    pub refresh_after: Option<Duration>,
    /// How long an auth token lasts, 15 min.
    pub token: Duration,
    /// How long a placement waits for a process, 10 min.
    pub placement: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            heartbeat: s(60),
            heartbeat_tolerance: s(15),
            unhealthy: s(180),
            reconnect_stall: s(5),
            reconnect: s(220),
            initialization: s(300),
            ready: s(300),
            activation: s(300),
            reservation: s(60),
            termination: s(300),
            exit: s(30),
            refresh_repeat: s(60),
            refresh_after: None,
            token: s(900),
            placement: s(600),
        }
    }
}

impl Timing {
    /// Every limit divided by `factor` (at least 1), for a class that cannot wait. The processes have to be scaled alike.
    pub fn faster(&self, factor: u32) -> Self {
        let scaled = |limit: Duration| limit / factor.max(1);
        Self {
            heartbeat: scaled(self.heartbeat),
            heartbeat_tolerance: scaled(self.heartbeat_tolerance),
            unhealthy: scaled(self.unhealthy),
            reconnect_stall: scaled(self.reconnect_stall),
            reconnect: scaled(self.reconnect),
            initialization: scaled(self.initialization),
            ready: scaled(self.ready),
            activation: scaled(self.activation),
            reservation: scaled(self.reservation),
            termination: scaled(self.termination),
            exit: scaled(self.exit),
            refresh_repeat: scaled(self.refresh_repeat),
            refresh_after: self.refresh_after.map(scaled),
            token: scaled(self.token),
            placement: scaled(self.placement),
        }
    }
}

//! The service's side: fleets, computes, server processes, game sessions and player sessions.
//!
//! **A [`Service`] does no I/O and has no clock: what happens is passed in with its time, and what is to be done comes out
//! as [`Effect`]s.** The caller's loop, whoever it is:
//!
//! 1. An upgrade request came: [`connected`](Service::connected). `Err` is answered with its HTTP status, `Ok` with 101.
//! 2. A text message came: [`message`](Service::message). The connection is gone: [`disconnected`](Service::disconnected).
//! 3. Somebody asks for something: [`call`](Service::call) with the AWS API's operation and JSON, or the typed methods behind it;
//!    what AWS does not have is in [`Faults`], [`push_update`](Service::push_update), [`terminate_process`](Service::terminate_process),
//!    [`refresh_connection`](Service::refresh_connection) and [`close_connection`](Service::close_connection).
//! 4. A supervisor says [`supervise`](Service::supervise), [`launched`](Service::launched) and [`exited`](Service::exited).
//! 5. After each of these: if a journal is kept, write [`take_changes`](Service::take_changes) first; then do what
//!    [`poll`](Service::poll) gives, until it gives nothing.
//! 6. At [`deadline`](Service::deadline), call [`on_deadline`](Service::on_deadline), and go on with 5.
//!
//! Time is a `Duration` since an epoch of the caller's that never goes back. Dates on the wire and in the API count from the same
//! epoch: a live endpoint counts from 1970.
//!
//! ```
//! use core::time::Duration;
//! use ws101_gamelift::message::ConnectQuery;
//! use ws101_gamelift::random::Seeded;
//! use ws101_gamelift::service::{Config, ConnectionId, Effect, Service};
//!
//! let now = Duration::from_secs(1_700_000_000);
//! let mut service = Service::new(Config::default(), Seeded(1), now);
//! let query = ConnectQuery::parse("pID=p1&ComputeId=host-1&FleetId=fleet-local-1&sdkVersion=5.6.0&sdkLanguage=Go").unwrap();
//! service.connected(now, ConnectionId(1), &query).unwrap();
//! service.message(now, ConnectionId(1), r#"{"Action":"ActivateServerProcess","RequestId":"1","Port":7777}"#);
//! let mut sent = Vec::new();
//! while let Some(effect) = service.poll() {
//!     if let Effect::Send { text, .. } = effect {
//!         sent.push(text);
//!     }
//! }
//! assert_eq!(sent, [r#"{"Action":"ActivateServerProcess","RequestId":"1","StatusCode":200}"#]);
//! ```

pub mod api;
mod config;
mod connect;
mod deadlines;
mod effect;
mod ending;
mod error;
mod event;
mod faults;
mod fleet;
mod game_session;
mod health;
mod journal;
mod placement;
mod placing;
mod player_session;
mod requests;
mod scale;
mod sending;
mod server_process;
mod supervise;
mod table;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

pub use config::{Admission, Config, Timing};
pub use effect::{ConnectionId, Effect};
pub use error::{ApiError, ApiErrorKind, Impossible, Refused};
pub use event::{Event, EventCode};
pub use faults::Faults;
pub use fleet::{Compute, Fleet};
pub use game_session::GameSession;
pub use health::Health;
pub use journal::Change;
pub use placement::{Placement, PlacementStatus};
pub use player_session::PlayerSession;
pub use server_process::{ProcessKey, ProcessStatus, ServerProcess, TerminationReason};

use crate::random::{Random, uuid};
use sending::Delayed;
use table::Table;

/// So many events are kept for DescribeFleetEvents,
const EVENTS_KEPT: usize = 2000;
/// and so many processes that have ended, with their sessions.
const ENDED_KEPT: usize = 1000;

/// The service. See the [module's documentation](self) for the contract.
pub struct Service {
    config: Config,
    /// The time limits at the speed of the day.
    unscaled: Timing,
    random: Box<dyn Random + Send>,
    fleets: Table<String, Fleet>,
    locations: Table<String, Duration>,
    computes: Table<(String, String), Compute>,
    processes: Table<ProcessKey, ServerProcess>,
    game_sessions: Table<String, GameSession>,
    player_sessions: Table<String, PlayerSession>,
    placements: Table<String, Placement>,
    events: VecDeque<Event>,
    event_number: u64,
    events_journalled: u64,
    connections: BTreeMap<ConnectionId, ProcessKey>,
    faults: BTreeMap<ProcessKey, Faults>,
    delayed: VecDeque<Delayed>,
    effects: VecDeque<Effect>,
}

impl core::fmt::Debug for Service {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Service")
            .field("processes", &self.processes.values().collect::<Vec<_>>())
            .field("game_sessions", &self.game_sessions.values().collect::<Vec<_>>())
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

impl Service {
    /// A service with one fleet and one location in it.
    pub fn new(config: Config, random: impl Random + Send + 'static, now: Duration) -> Self {
        let mut service = Self::empty(config, Box::new(random));
        let (fleet_id, location) = (service.config.fleet_id.clone(), service.config.location.clone());
        service.locations.insert(location.clone(), now);
        service.add_fleet(now, fleet_id.clone(), fleet_id, String::new(), alloc::vec![location]);
        service
    }

    fn empty(config: Config, random: Box<dyn Random + Send>) -> Self {
        Self {
            unscaled: config.timing.clone(),
            config: Config { timing: config.timing.faster(config.time_factor), ..config },
            random,
            fleets: Table::new(),
            locations: Table::new(),
            computes: Table::new(),
            processes: Table::new(),
            game_sessions: Table::new(),
            player_sessions: Table::new(),
            placements: Table::new(),
            events: VecDeque::new(),
            event_number: 0,
            events_journalled: 0,
            connections: BTreeMap::new(),
            faults: BTreeMap::new(),
            delayed: VecDeque::new(),
            effects: VecDeque::new(),
        }
    }

    /// The next thing to do, if there is one.
    pub fn poll(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// All fleets.
    pub fn fleets(&self) -> impl Iterator<Item = &Fleet> {
        self.fleets.values()
    }

    /// All computes.
    pub fn computes(&self) -> impl Iterator<Item = &Compute> {
        self.computes.values()
    }

    /// All server processes, those that ended too.
    pub fn processes(&self) -> impl Iterator<Item = &ServerProcess> {
        self.processes.values()
    }

    /// A server process.
    pub fn process(&self, key: &ProcessKey) -> Option<&ServerProcess> {
        self.processes.get(key)
    }

    /// Whose connection it is.
    pub fn process_of(&self, connection: ConnectionId) -> Option<&ProcessKey> {
        self.connections.get(&connection)
    }

    /// All game sessions, those that ended too.
    pub fn game_sessions(&self) -> impl Iterator<Item = &GameSession> {
        self.game_sessions.values()
    }

    /// All player sessions, those that ended too.
    pub fn player_sessions(&self) -> impl Iterator<Item = &PlayerSession> {
        self.player_sessions.values()
    }

    /// All placements, those that ended too.
    pub fn placements(&self) -> impl Iterator<Item = &Placement> {
        self.placements.values()
    }

    /// The events of late, oldest first.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }

    fn add_fleet(&mut self, now: Duration, id: String, name: String, description: String, locations: Vec<String>) {
        let message = alloc::format!("fleet {id} is there");
        self.fleets.insert(id.clone(), Fleet { id: id.clone(), name, description, locations, created: now });
        self.event(now, EventCode::FleetCreated, &id, None, None, message);
    }

    /// A new process is there; the oldest of those that have ended makes room.
    fn add_process(&mut self, process: ServerProcess) {
        self.processes.insert(process.key.clone(), process);
        let connected: Vec<&ProcessKey> = self.connections.values().collect();
        let ended = self.processes.values().filter(|process| {
            process.status == ProcessStatus::Terminated && process.limit.is_none() && !connected.contains(&&process.key)
        });
        let ended: Vec<&ServerProcess> = ended.collect();
        let oldest = ended.iter().min_by_key(|process| process.since).filter(|_| ended.len() > ENDED_KEPT);
        if let Some(key) = oldest.map(|process| process.key.clone()) {
            self.forget_process(&key);
        }
    }

    /// Forgets a process, with its session and the session's players.
    fn forget_process(&mut self, key: &ProcessKey) {
        self.faults.remove(key);
        let process = self.processes.remove(key);
        if let Some(session) = process.and_then(|process| process.game_session_id) {
            self.game_sessions.remove(&session);
            let of_it = self.player_sessions.values().filter(|player| player.game_session_id == session);
            let players: Vec<String> = of_it.map(|player| player.id.clone()).collect();
            for id in players {
                self.player_sessions.remove(&id);
            }
        }
    }

    fn new_id(&mut self, prefix: &str) -> String {
        alloc::format!("{prefix}{}", uuid(self.random.bits()))
    }

    fn event(
        &mut self,
        now: Duration,
        code: EventCode,
        fleet_id: &str,
        process: Option<&ProcessKey>,
        game_session_id: Option<&str>,
        message: impl Into<String>,
    ) {
        self.event_number += 1;
        let event = Event {
            number: self.event_number,
            at: now,
            code,
            fleet_id: fleet_id.into(),
            process: process.cloned(),
            game_session_id: game_session_id.map(Into::into),
            message: message.into(),
        };
        if self.events.len() == EVENTS_KEPT {
            self.events.pop_front();
        }
        self.events.push_back(event.clone());
        self.effects.push_back(Effect::Event(event));
    }

    fn process_event(&mut self, now: Duration, code: EventCode, key: &ProcessKey, message: impl Into<String>) {
        let session = self.processes.get(key).and_then(|process| process.game_session_id.clone());
        self.event(now, code, &key.fleet_id, Some(key), session.as_deref(), message);
    }
}

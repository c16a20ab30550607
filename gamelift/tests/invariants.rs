//! Any order of messages, losses and timeouts keeps the service's invariants.
#![cfg(not(target_arch = "wasm32"))]
// A test that cannot go on says so by panicking.
#![allow(clippy::unwrap_used)]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use support::*;
use ws101_gamelift::message::{GameSessionStatus, PlayerSessionStatus};
use ws101_gamelift::random::Seeded;
use ws101_gamelift::service::{
    Change, Config, ConnectionId, Effect, Faults, PlacementStatus, ProcessKey, ProcessStatus, Service,
};

/// Something happens. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Step {
    Connect { process: u8 },
    Disconnect { connection: u8 },
    Request { connection: u8, action: &'static str, healthy: bool },
    Nonsense { connection: u8, text: &'static str },
    Api { operation: &'static str, number: u8 },
    Launched { process: u8 },
    Exited { process: u8 },
    Supervise { concurrent: u32 },
    Faults { process: u8, refuse: bool, mute: bool, delay: u64 },
    Refresh { process: u8 },
    Terminate { process: u8 },
    Pass { milliseconds: u64 },
    Restart,
}

const REQUESTS: &[&str] = &[
    "ActivateServerProcess",
    "HeartbeatServerProcess",
    "ActivateGameSession",
    "AcceptPlayerSession",
    "RemovePlayerSession",
    "StartMatchBackfill",
    "TerminateServerProcess",
];

const OPERATIONS: &[&str] = &[
    "CreateGameSession",
    "CreatePlayerSession",
    "TerminateGameSession",
    "UpdateGameSession",
    "StartGameSessionPlacement",
    "StopGameSessionPlacement",
    "RegisterCompute",
    "DeregisterCompute",
    "GetComputeAuthToken",
];

const NONSENSE: &[&str] =
    &["", "[]", "{}", r#"{"Action":"Fly","RequestId":"x"}"#, r#"{"Action":"HeartbeatServerProcess"}"#];

fn step() -> impl Strategy<Value = Step> {
    let process = 0..4_u8;
    prop_oneof![
        4 => process.clone().prop_map(|process| Step::Connect { process }),
        2 => any::<u8>().prop_map(|connection| Step::Disconnect { connection }),
        8 => (any::<u8>(), prop::sample::select(REQUESTS), any::<bool>())
            .prop_map(|(connection, action, healthy)| Step::Request { connection, action, healthy }),
        1 => (any::<u8>(), prop::sample::select(NONSENSE))
            .prop_map(|(connection, text)| Step::Nonsense { connection, text }),
        6 => (prop::sample::select(OPERATIONS), any::<u8>())
            .prop_map(|(operation, number)| Step::Api { operation, number }),
        1 => process.clone().prop_map(|process| Step::Launched { process }),
        1 => process.clone().prop_map(|process| Step::Exited { process }),
        1 => (0..3_u32).prop_map(|concurrent| Step::Supervise { concurrent }),
        1 => (process.clone(), any::<bool>(), any::<bool>(), 0..30_000_u64)
            .prop_map(|(process, refuse, mute, delay)| Step::Faults { process, refuse, mute, delay }),
        1 => process.clone().prop_map(|process| Step::Refresh { process }),
        1 => process.prop_map(|process| Step::Terminate { process }),
        5 => prop_oneof![0..2_000_u64, 0..400_000_u64].prop_map(|milliseconds| Step::Pass { milliseconds }),
        1 => Just(Step::Restart),
    ]
}

/// The service, and what an observer on the wire knows about it.
struct Watched {
    service: Service,
    now: Duration,
    last: u64,
    open: BTreeMap<u64, ProcessKey>,
    newest: BTreeMap<ProcessKey, u64>,
    /// Processes whose ActivateServerProcess was answered with 200, as far as anybody can know after a restart.
    ready: BTreeSet<ProcessKey>,
    statuses: BTreeMap<ProcessKey, ProcessStatus>,
    sessions: BTreeMap<String, GameSessionStatus>,
    journal: Vec<Change>,
}

impl Watched {
    fn new() -> Self {
        Self {
            service: service(),
            now: s(0),
            last: 0,
            open: BTreeMap::new(),
            newest: BTreeMap::new(),
            ready: BTreeSet::new(),
            statuses: BTreeMap::new(),
            sessions: BTreeMap::new(),
            journal: service().snapshot(s(0)),
        }
    }

    fn step(&mut self, step: &Step) {
        let now = self.now;
        match *step {
            Step::Connect { process } => {
                let key = key_of(process);
                self.last += 1;
                let query = query(&key.process_id, "");
                if self.service.connected(now, ConnectionId(self.last), &query).is_ok() {
                    self.open.insert(self.last, key.clone());
                    self.newest.insert(key, self.last);
                }
            }
            Step::Disconnect { connection } => {
                if let Some(connection) = self.pick(connection) {
                    self.disconnect(connection);
                }
            }
            Step::Request { connection, action, healthy } => {
                if let Some(connection) = self.pick(connection) {
                    let key = self.open[&connection].clone();
                    let session = self.service.process(&key).and_then(|process| process.game_session_id.clone());
                    let player = self.service.player_sessions().next().map(|player| player.id.clone());
                    let request = json!({
                        "Action": action, "RequestId": format!("r{}", self.journal.len() * 1000 + self.last as usize),
                        "HealthStatus": healthy, "Port": 7777, "GameSessionId": session, "GameSessionArn": session,
                        "PlayerSessionId": player, "TicketId": "t",
                    });
                    self.service.message(now, ConnectionId(connection), &request.to_string());
                }
            }
            Step::Nonsense { connection, text } => {
                if let Some(connection) = self.pick(connection) {
                    self.service.message(now, ConnectionId(connection), text);
                }
            }
            Step::Api { operation, number } => drop(self.api(operation, number)),
            Step::Launched { process } => self.service.launched(now, &key_of(process)),
            Step::Exited { process } => self.exit(&key_of(process)),
            Step::Supervise { concurrent } => drop(self.service.supervise(FLEET, "host-1", concurrent)),
            Step::Faults { process, refuse, mute, delay } => {
                let faults = Faults { refuse, mute, delay: Duration::from_millis(delay) };
                self.service.set_faults(key_of(process), faults);
            }
            Step::Refresh { process } => drop(self.service.refresh_connection(now, &key_of(process), None)),
            Step::Terminate { process } => drop(self.service.terminate_process(now, &key_of(process))),
            Step::Pass { milliseconds } => {
                self.now += Duration::from_millis(milliseconds);
                self.service.on_deadline(self.now);
                assert!(self.service.deadline().is_none_or(|next| next > self.now), "time always moves on");
            }
            Step::Restart => {
                self.settle();
                self.service = Service::restore(Config::default(), Seeded(1000 + self.last), self.journal.clone(), now);
                self.journal = self.service.snapshot(now);
                let active = self.service.processes().filter(|process| process.status == ProcessStatus::Active);
                self.ready.extend(active.map(|process| process.key.clone()));
                self.open.clear();
                self.newest.clear();
            }
        }
        self.settle();
    }

    fn api(&mut self, operation: &'static str, number: u8) -> Option<Value> {
        let sessions: Vec<_> = self.service.game_sessions().map(|session| session.id.clone()).collect();
        let session = (!sessions.is_empty()).then(|| sessions[usize::from(number) % sessions.len()].clone());
        let mode = if number.is_multiple_of(3) { "FORCE_TERMINATE" } else { "TRIGGER_ON_PROCESS_TERMINATE" };
        let input = json!({
            "FleetId": FLEET, "MaximumPlayerSessionCount": 2, "PlayerId": format!("player-{number}"),
            "GameSessionQueueName": "queue", "PlacementId": format!("placement-{}", number % 5),
            "TerminationMode": mode,
            "ComputeName": "host-1", "Location": "custom-location-1", "IpAddress": "127.0.0.1",
        });
        let mut input = input.as_object().unwrap().clone();
        if let Some(session) = session.filter(|_| operation != "CreateGameSession") {
            input.insert("GameSessionId".into(), session.into());
        }
        self.service.call(self.now, operation, input.into()).ok()
    }

    fn exit(&mut self, key: &ProcessKey) {
        let gone: Vec<_> = self.open.iter().filter(|(_, of)| *of == key).map(|(connection, _)| *connection).collect();
        for connection in gone {
            self.disconnect(connection);
        }
        self.service.exited(self.now, key);
    }

    fn disconnect(&mut self, connection: u64) {
        let key = self.open.remove(&connection).unwrap();
        let is_ready = |status| matches!(status, ProcessStatus::Active | ProcessStatus::Terminating);
        if self.service.process(&key).is_some_and(|process| is_ready(process.status)) {
            // An answer that was held back is lost with its connection, like one that was on its way.
            self.ready.insert(key.clone());
        }
        if self.newest.get(&key) == Some(&connection) {
            self.newest.remove(&key);
        }
        self.service.disconnected(self.now, ConnectionId(connection));
    }

    fn pick(&self, number: u8) -> Option<u64> {
        let open: Vec<_> = self.open.keys().copied().collect();
        (!open.is_empty()).then(|| open[usize::from(number) % open.len()])
    }

    /// Takes what is to be written and done, and looks at everything.
    fn settle(&mut self) {
        loop {
            self.journal.extend(self.service.take_changes(self.now));
            let Some(effect) = self.service.poll() else { break };
            match effect {
                Effect::Send { connection, text } => self.on_send(connection.0, &serde_json::from_str(&text).unwrap()),
                Effect::Close { connection, .. } | Effect::Abort { connection } => {
                    if self.open.contains_key(&connection.0) {
                        self.disconnect(connection.0);
                    }
                }
                Effect::Kill { process, .. } => self.exit(&process),
                Effect::Spawn { .. } | Effect::Event(_) => {}
            }
        }
        self.look();
    }

    fn on_send(&mut self, connection: u64, text: &Value) {
        let Some(key) = self.open.get(&connection) else { return };
        let action = text["Action"].as_str().unwrap();
        if text.get("RequestId").is_some() {
            if action == "ActivateServerProcess" && text["StatusCode"] == 200 {
                self.ready.insert(key.clone());
            }
            return;
        }
        assert_eq!(self.newest.get(key), Some(&connection), "{action} is pushed on the newest connection only");
        assert!(self.ready.contains(key), "{action} is pushed before the process was ready");
    }

    fn look(&mut self) {
        let mut hosts = BTreeMap::new();
        for session in self.service.game_sessions() {
            let other = hosts.insert(session.process.clone(), session.id.clone());
            assert_eq!(other, None, "one session per process, ever");
            let process = self.service.process(&session.process).unwrap();
            assert_eq!(process.game_session_id.as_ref(), Some(&session.id));
            let over = session.status == GameSessionStatus::Terminated;
            assert!(over || process.status != ProcessStatus::Terminated, "no session outlives its process");
            assert_eq!(over, session.ended.is_some());
            if let Some(before) = self.sessions.insert(session.id.clone(), session.status) {
                assert!(session.status >= before, "{before} became {}", session.status);
            }
        }
        for process in self.service.processes() {
            let newest = self.newest.get(&process.key).map(|connection| ConnectionId(*connection));
            assert_eq!(process.connection, newest);
            if let Some(before) = self.statuses.insert(process.key.clone(), process.status) {
                assert!(process.status >= before, "{before} became {}", process.status);
            }
        }
        for player in self.service.player_sessions() {
            let session = self.service.game_sessions().find(|session| session.id == player.game_session_id).unwrap();
            let over = session.status == GameSessionStatus::Terminated;
            assert!(!over || !player.takes_a_slot(), "no player outlives the session");
        }
    }

    /// Nothing more happens but time: every deadline ends somewhere.
    fn run_out(&mut self) {
        for _ in 0..10_000 {
            let Some(next) = self.service.deadline() else { break };
            self.now = self.now.max(next);
            self.service.on_deadline(self.now);
            self.settle();
        }
        assert_eq!(self.service.deadline(), None);
        for process in self.service.processes() {
            assert_eq!(process.status, ProcessStatus::Terminated);
            assert!(process.reason.is_some());
        }
        assert!(self.service.game_sessions().all(|session| session.status == GameSessionStatus::Terminated));
        assert!(self.service.player_sessions().all(|player| player.status != PlayerSessionStatus::Reserved));
        assert!(self.service.placements().all(|placement| placement.status != PlacementStatus::Pending));
    }

    /// A restart would know what the service knows.
    fn compare_with_the_journal(&self) {
        // At the time of its last entry, so that no limit has moved.
        let last = self.journal.iter().rev().find_map(|change| match change {
            Change::Time(at) => Some(*at),
            _ => None,
        });
        let restored = Service::restore(Config::default(), Seeded(0), self.journal.clone(), last.unwrap());
        let processes = |service: &Service| -> Vec<_> {
            service.processes().map(|p| (p.key.clone(), p.status, p.reason, p.game_session_id.clone())).collect()
        };
        assert_eq!(processes(&restored), processes(&self.service));
        assert!(restored.game_sessions().eq(self.service.game_sessions()));
        assert!(restored.player_sessions().eq(self.service.player_sessions()));
        assert!(restored.placements().eq(self.service.placements()));
        assert!(restored.fleets().eq(self.service.fleets()));
        assert!(restored.computes().eq(self.service.computes()));
    }
}

fn key_of(process: u8) -> ProcessKey {
    key(&format!("p{process}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_messages_losses_and_timeouts_keeps_the_invariants(steps in prop::collection::vec(step(), 0..120)) {
        let mut watched = Watched::new();
        for step in &steps {
            watched.step(step);
        }
        watched.compare_with_the_journal();
        // The supervisor goes away, or it would have processes started for ever.
        let _ = watched.service.supervise(FLEET, "host-1", 0);
        watched.run_out();
    }
}

//! A service and its processes in virtual time, on links without latency.
#![allow(dead_code, clippy::unwrap_used)] // Each test file uses a part of it; what is wrong in it fails the test.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use ws101_gamelift::message::{ConnectQuery, Dialect};
use ws101_gamelift::process::{LinkId, Output, Process, Settings};
use ws101_gamelift::random::Seeded;
use ws101_gamelift::service::{
    Config, ConnectionId, Effect, Event, EventCode, ProcessKey, ServerProcess, Service, TerminationReason,
};

pub(crate) const FLEET: &str = "fleet-local-1";

pub(crate) fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn key(process_id: &str) -> ProcessKey {
    ProcessKey { fleet_id: FLEET.into(), compute_name: "host-1".into(), process_id: process_id.into() }
}

pub(crate) fn query(process_id: &str, token: &str) -> ConnectQuery {
    let text = format!(
        "Authorization={token}&ComputeId=host-1&FleetId={FLEET}&pID={process_id}&sdkLanguage=Go&sdkVersion=5.6.0"
    );
    ConnectQuery::parse(&text).unwrap()
}

pub(crate) fn seeded() -> Seeded {
    Seeded(7)
}

pub(crate) fn service() -> Service {
    Service::new(Config::default(), Seeded(7), s(0))
}

/// Takes what the service has sent on any connection.
pub(crate) fn sent(service: &mut Service) -> Vec<(u64, Value)> {
    let mut sent = Vec::new();
    while let Some(effect) = service.poll() {
        if let Effect::Send { connection, text } = effect {
            sent.push((connection.0, serde_json::from_str(&text).unwrap()));
        }
    }
    sent
}

/// Connects and becomes ready; leaves no effects behind.
pub(crate) fn ready(service: &mut Service, now: Duration, connection: u64, process_id: &str) {
    service.connected(now, ConnectionId(connection), &query(process_id, "")).unwrap();
    let text = format!(r#"{{"Action":"ActivateServerProcess","RequestId":"ready-{process_id}","Port":7777}}"#);
    service.message(now, ConnectionId(connection), &text);
    assert_eq!(sent(service)[0].1["StatusCode"], 200);
}

/// Sends a request and gives its answer.
pub(crate) fn ask(service: &mut Service, now: Duration, connection: u64, mut request: Value) -> Value {
    static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let id = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    request["RequestId"] = json!(format!("ask-{id}"));
    service.message(now, ConnectionId(connection), &request.to_string());
    let answers = sent(service);
    let answer = answers.into_iter().find(|(_, answer)| answer["RequestId"] == request["RequestId"]);
    answer.expect("an answer").1
}

/// Creates a game session and gives its id.
pub(crate) fn create(service: &mut Service, now: Duration) -> String {
    let input = json!({"FleetId": FLEET, "MaximumPlayerSessionCount": 2, "Name": "n"});
    let output = service.call(now, "CreateGameSession", input).unwrap();
    output["GameSession"]["GameSessionId"].as_str().unwrap().into()
}

pub(crate) struct Peer {
    pub(crate) process: Process,
    pub(crate) key: ProcessKey,
    pub(crate) links: BTreeMap<LinkId, ConnectionId>,
    pub(crate) supervised: bool,
    pub(crate) exit: Option<i32>,
}

pub(crate) struct World {
    pub(crate) now: Duration,
    pub(crate) service: Service,
    pub(crate) peers: Vec<Peer>,
    pub(crate) connections: u64,
    /// The endpoint does not answer.
    pub(crate) down: bool,
    /// Every message: when, by which peer (`true`: to it), and what.
    pub(crate) wire: Vec<(Duration, usize, bool, Value)>,
    pub(crate) events: Vec<Event>,
    pub(crate) kills: Vec<(ProcessKey, TerminationReason)>,
    pub(crate) connects: Vec<(Duration, usize, String)>,
}

impl World {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            now: s(0),
            service: Service::new(config, Seeded(7), s(0)),
            peers: Vec::new(),
            connections: 0,
            down: false,
            wire: Vec::new(),
            events: Vec::new(),
            kills: Vec::new(),
            connects: Vec::new(),
        }
    }

    /// Starts a process, and gives its number.
    pub(crate) fn start(&mut self, settings: Settings, supervised: bool) -> usize {
        let key = ProcessKey {
            fleet_id: settings.fleet_id.clone(),
            compute_name: settings.compute_id.clone(),
            process_id: settings.process_id.clone(),
        };
        if supervised {
            self.service.launched(self.now, &key);
        }
        let mut process = Process::new(settings, Seeded(self.peers.len() as u64));
        process.start(self.now);
        self.peers.push(Peer { process, key, links: BTreeMap::new(), supervised, exit: None });
        self.run_until(self.now);
        self.peers.len() - 1
    }

    pub(crate) fn go(dialect: Dialect) -> (Self, usize) {
        let mut world = Self::new(Config::default());
        let peer = world.start(Settings::new(dialect, "p1"), false);
        (world, peer)
    }

    /// Lets time pass until then.
    pub(crate) fn run_until(&mut self, until: Duration) {
        self.pump();
        loop {
            let peers = self.peers.iter().filter_map(|peer| peer.process.deadline());
            let next = peers.chain(self.service.deadline()).min();
            let Some(next) = next.filter(|next| *next <= until) else { break };
            self.now = self.now.max(next);
            self.service.on_deadline(self.now);
            for peer in &mut self.peers {
                peer.process.on_deadline(self.now);
            }
            self.pump();
        }
        self.now = until;
    }

    pub(crate) fn run_for(&mut self, time: Duration) {
        self.run_until(self.now + time);
    }

    /// Does everything that anybody wants to have done.
    pub(crate) fn pump(&mut self) {
        loop {
            if let Some(effect) = self.service.poll() {
                self.on_effect(effect);
            } else if let Some((peer, output)) = self.output() {
                self.on_output(peer, output);
            } else {
                return;
            }
        }
    }

    fn output(&mut self) -> Option<(usize, Output)> {
        self.peers.iter_mut().enumerate().find_map(|(index, peer)| Some((index, peer.process.poll()?)))
    }

    pub(crate) fn on_effect(&mut self, effect: Effect) {
        match effect {
            Effect::Send { connection, text } => {
                if let Some((peer, link)) = self.whose(connection) {
                    self.wire.push((self.now, peer, true, serde_json::from_str(&text).unwrap()));
                    self.peers[peer].process.received(self.now, link, &text);
                }
            }
            Effect::Close { connection, code, .. } => self.cut(connection, Some(code)),
            Effect::Abort { connection } => self.cut(connection, None),
            Effect::Kill { process, reason } => {
                if let Some(peer) = self.peers.iter().position(|peer| peer.key == process) {
                    self.gone(peer, 137);
                }
                self.kills.push((process, reason));
            }
            Effect::Spawn { .. } => {}
            Effect::Event(event) => self.events.push(event),
        }
    }

    fn on_output(&mut self, index: usize, output: Output) {
        match output {
            Output::Connect { link, url } => {
                self.connects.push((self.now, index, url.clone()));
                if self.down {
                    return self.peers[index].process.refused(self.now, link, None);
                }
                self.connections += 1;
                let connection = ConnectionId(self.connections);
                let query = ConnectQuery::parse(url.split_once('?').unwrap().1).unwrap();
                match self.service.connected(self.now, connection, &query) {
                    Ok(_) => {
                        self.peers[index].links.insert(link, connection);
                        self.peers[index].process.opened(self.now, link);
                    }
                    Err(refused) => self.peers[index].process.refused(self.now, link, Some(refused.status)),
                }
            }
            Output::Send { link, text } => {
                if let Some(connection) = self.peers[index].links.get(&link) {
                    self.wire.push((self.now, index, false, serde_json::from_str(&text).unwrap()));
                    self.service.message(self.now, *connection, &text);
                }
            }
            Output::Close { link, .. } => {
                if let Some(connection) = self.peers[index].links.remove(&link) {
                    self.service.disconnected(self.now, connection);
                }
            }
            Output::Exit { code } => self.gone(index, code),
            Output::Callback(_) | Output::Failed { .. } => {}
        }
    }

    /// The process is gone, and the operating system closes its connections.
    pub(crate) fn gone(&mut self, index: usize, code: i32) {
        let peer = &mut self.peers[index];
        if peer.exit.replace(code).is_some() {
            return;
        }
        peer.process.break_it(self.now, ws101_gamelift::process::Fault::Crash);
        while peer.process.poll().is_some() {}
        for connection in std::mem::take(&mut peer.links).into_values() {
            self.service.disconnected(self.now, connection);
        }
        if peer.supervised {
            let key = peer.key.clone();
            self.service.exited(self.now, &key);
        }
    }

    /// The connection ends; both sides see it.
    pub(crate) fn cut(&mut self, connection: ConnectionId, code: Option<u16>) {
        if let Some((peer, link)) = self.whose(connection) {
            self.peers[peer].links.remove(&link);
            self.service.disconnected(self.now, connection);
            self.peers[peer].process.lost(link, code);
        }
    }

    pub(crate) fn whose(&self, connection: ConnectionId) -> Option<(usize, LinkId)> {
        self.peers.iter().enumerate().find_map(|(index, peer)| {
            let link = peer.links.iter().find(|(_, of)| **of == connection)?;
            Some((index, *link.0))
        })
    }

    pub(crate) fn record(&self, peer: usize) -> &ServerProcess {
        self.service.process(&self.peers[peer].key).unwrap()
    }

    pub(crate) fn newest(&self, peer: usize) -> ConnectionId {
        self.record(peer).connection.unwrap()
    }

    pub(crate) fn create(&mut self) -> String {
        let id = create(&mut self.service, self.now);
        self.pump();
        id
    }

    /// When the peer sent this Action.
    pub(crate) fn times(&self, peer: usize, action: &str) -> Vec<Duration> {
        let own = self.wire.iter().filter(|(_, of, to_it, text)| *of == peer && !to_it && text["Action"] == action);
        own.map(|(at, ..)| *at).collect()
    }

    pub(crate) fn pushed(&self, peer: usize, action: &str) -> Vec<Duration> {
        let pushes = self.wire.iter().filter(|(_, of, to_it, text)| {
            *of == peer && *to_it && text["Action"] == action && text.get("RequestId").is_none()
        });
        pushes.map(|(at, ..)| *at).collect()
    }

    pub(crate) fn event(&self, code: EventCode) -> Option<&Event> {
        self.events.iter().find(|event| event.code == code)
    }
}

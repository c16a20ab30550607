//! The service with what it lacks: a clock, randomness, a timer, connections, and a journal.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};
use tracing::{debug, error, info};
use ws101_gamelift::message::ConnectQuery;
use ws101_gamelift::service::{Config, ConnectionId, Effect, ProcessKey, Refused, Service};

use super::journal::Journal;
use super::{ENDPOINT_PATH, Options};
use crate::greeting;

/// GameLift, as far as this server has it.
pub(crate) struct Hub {
    inner: Mutex<Inner>,
    /// The service counts time from 1970; it never goes back.
    started: (Instant, Duration),
    /// The timer must look again.
    woken: Notify,
}

struct Inner {
    service: Service,
    last_connection: u64,
    connections: HashMap<ConnectionId, UnboundedSender<Command>>,
    agents: HashMap<Place, UnboundedSender<Order>>,
    journal: Option<Journal>,
    /// For when the timer is set.
    armed: Option<Duration>,
}

/// Where a supervisor runs processes: fleet and compute.
pub(super) type Place = (String, String);

/// What a game server's connection is to do.
pub(super) enum Command {
    Send(String),
    Close(u16, String),
    Abort,
}

/// What a supervisor is to do, in terms of process ids.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) enum Order {
    /// Start a process with these variables in its environment.
    Start { process_id: String, environment: Vec<(String, String)> },
    /// End it, whether it wants to or not.
    End { process_id: String },
}

impl Hub {
    /// The endpoint of a server that listens on `address`, with what its journal knows.
    pub(crate) fn new(options: &Options, address: SocketAddr) -> anyhow::Result<Arc<Self>> {
        let reached = greeting::reachable(address);
        let own = reached.get(1).or(reached.first()).copied().unwrap_or(address);
        let config = Config {
            time_factor: options.gamelift_time,
            endpoint: format!("ws://{own}{ENDPOINT_PATH}"),
            default_ip_address: own.ip().to_string(),
            ..Config::default()
        };
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = since_1970.context("The clock of this machine is before 1970: set it")?;
        getrandom::fill(&mut [0; 16]).context("The system has no randomness")?;
        let (service, journal) = match &options.gamelift_journal {
            None => (Service::new(config, random_bits, now), None),
            Some(path) => {
                let (service, journal) = Journal::open(path, config, now)
                    .with_context(|| format!("The journal {} cannot be kept", path.display()))?;
                (service, Some(journal))
            }
        };
        Ok(Arc::new(Self {
            inner: Mutex::new(Inner {
                service,
                last_connection: 0,
                connections: HashMap::new(),
                agents: HashMap::new(),
                journal,
                armed: None,
            }),
            started: (Instant::now(), now),
            woken: Notify::new(),
        }))
    }

    /// Does what is due, for ever.
    pub(crate) async fn run(&self) {
        loop {
            let due = {
                let mut inner = self.lock();
                inner.armed = inner.service.deadline();
                inner.armed
            };
            let alarm = async {
                match due {
                    Some(due) => sleep_until(self.started.0 + due.saturating_sub(self.started.1)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = alarm => self.act(Service::on_deadline),
                () = self.woken.notified() => {}
            }
        }
    }

    /// Does something with the service, then what follows from it.
    pub(super) fn act<T>(&self, act: impl FnOnce(&mut Service, Duration) -> T) -> T {
        let mut inner = self.lock();
        let now = self.started.1 + self.started.0.elapsed();
        let outcome = act(&mut inner.service, now);
        inner.settle(now);
        if let Some(due) = inner.service.deadline()
            && inner.armed.is_none_or(|armed| due < armed)
        {
            self.woken.notify_one();
        }
        outcome
    }

    /// A game server wants to connect.
    pub(super) fn connect(&self, query: &ConnectQuery) -> Result<(ConnectionId, UnboundedReceiver<Command>), Refused> {
        let (to, commands) = unbounded_channel();
        let id = {
            let mut inner = self.lock();
            inner.last_connection += 1;
            let id = ConnectionId(inner.last_connection);
            inner.connections.insert(id, to);
            id
        };
        match self.act(|service, now| service.connected(now, id, query)) {
            Ok(_) => Ok((id, commands)),
            Err(refused) => {
                self.lock().connections.remove(&id);
                Err(refused)
            }
        }
    }

    /// A game server's connection is gone.
    pub(super) fn disconnect(&self, id: ConnectionId) {
        self.lock().connections.remove(&id);
        self.act(|service, now| service.disconnected(now, id));
    }

    /// A supervisor is there for a compute; the newest one is listened to.
    pub(super) fn enter_agent(&self, place: Place) -> UnboundedReceiver<Order> {
        let (to, orders) = unbounded_channel();
        self.lock().agents.insert(place, to);
        orders
    }

    /// A supervisor is gone.
    pub(super) fn leave_agent(&self, place: &Place) {
        let mut inner = self.lock();
        // Another one may have come in the meantime.
        if inner.agents.get(place).is_some_and(UnboundedSender::is_closed) {
            inner.agents.remove(place);
        }
    }

    /// Has a supervisor end a process.
    pub(super) fn order_end(&self, process: &ProcessKey) {
        self.lock().order(process, Order::End { process_id: process.process_id.clone() });
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// First the journal, then everything else: what was answered is not forgotten.
    fn settle(&mut self, now: Duration) {
        loop {
            self.write_journal(now);
            let Some(effect) = self.service.poll() else { return };
            match effect {
                Effect::Send { connection, text } => self.command(connection, Command::Send(text)),
                Effect::Close { connection, code, reason } => self.command(connection, Command::Close(code, reason)),
                Effect::Abort { connection } => self.command(connection, Command::Abort),
                Effect::Spawn { fleet_id, compute_name } => self.spawn(now, fleet_id, compute_name),
                Effect::Kill { process, .. } => {
                    let process_id = process.process_id.clone();
                    self.order(&process, Order::End { process_id });
                }
                Effect::Event(event) if event.code.is_gamelift() => info!(code = %event.code, "{}", event.message),
                Effect::Event(event) => debug!(code = %event.code, "{}", event.message),
            }
        }
    }

    fn write_journal(&mut self, now: Duration) {
        let Some(journal) = &mut self.journal else { return };
        if let Err(error) = journal.write(&self.service.take_changes(now)) {
            error!(%error, "the journal cannot be written: a restart will have forgotten what happens now");
        }
    }

    fn command(&self, connection: ConnectionId, command: Command) {
        if let Some(to) = self.connections.get(&connection) {
            // Whoever is leaving is left.
            let _ = to.send(command);
        }
    }

    /// A process gets its id here, and counts from now on: so nobody asks for it twice.
    fn spawn(&mut self, now: Duration, fleet_id: String, compute_name: String) {
        if !self.agents.contains_key(&(fleet_id.clone(), compute_name.clone())) {
            // Whoever supervises this compute asks again when it comes back.
            return;
        }
        let process_id = format!("process-{:032x}", random_bits());
        let key = ProcessKey { fleet_id, compute_name, process_id };
        self.service.launched(now, &key);
        let environment = super::command::environment(&mut self.service, now, &key);
        self.order(&key, Order::Start { process_id: key.process_id.clone(), environment });
    }

    fn order(&self, process: &ProcessKey, order: Order) {
        if let Some(to) = self.agents.get(&(process.fleet_id.clone(), process.compute_name.clone())) {
            let _ = to.send(order);
        }
    }
}

/// 128 bits that nobody guesses.
pub(super) fn random_bits() -> u128 {
    let mut bytes = [0; 16];
    // It worked when the server started, and does not stop to.
    let _ = getrandom::fill(&mut bytes);
    u128::from_ne_bytes(bytes)
}

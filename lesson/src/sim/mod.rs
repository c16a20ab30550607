//! Both ends of a connection in one place: two `core` endpoints on a simulated link in virtual time. What crosses the link goes
//! into the same [`Trace`] as what a real server's tap records, stamped where that tap sits: at the server.

mod heads;

use std::time::Duration;

use ws101_core::MessageKind;
use ws101_core::connection::{Client, Config, Connection, Event, Failure, Input, SendError, Server};
use ws101_core::frame::CloseCode;
use ws101_core::message::Joiner;
use ws101_trace::{Direction, Trace};

pub use crate::engine::Random;

/// What a simulated client masks with.
type Keys = Box<dyn FnMut() -> [u8; 4]>;

/// A simulated connection, its opening handshake complete. The server echoes.
pub struct Sim {
    client: Connection<Client<Keys>>,
    server: Connection<Server>,
    joiner: Joiner,
    /// Bytes under way to the server, and to the client.
    to_server: Vec<u8>,
    to_client: Vec<u8>,
    /// Since the connection was opened.
    clock: Duration,
    opened: Duration,
}

impl Sim {
    /// Opens a connection at `now`; its record so far has the request and the 101. The same seed makes the same bytes.
    pub fn open(seed: u64, now: Duration) -> (Self, Trace) {
        let mut random = Random::new(seed);
        let (request, response) = heads::handshake(&mut random);
        let mut trace = Trace::new();
        trace.push(Duration::ZERO, Direction::ClientToServer, &request);
        trace.push(THINKING, Direction::ServerToClient, &response);
        let clock = THINKING + LATENCY;
        let keys: Keys = Box::new(move || random.key());
        let sim = Self {
            client: Connection::new(Client(keys), Config::default(), clock),
            server: Connection::new(Server, Config::default(), clock),
            joiner: Joiner::default(),
            to_server: Vec::new(),
            to_client: Vec::new(),
            clock,
            opened: now,
        };
        (sim, trace)
    }

    /// The client sends a message at `now`; the server's echo follows.
    pub fn send(
        &mut self,
        kind: MessageKind,
        payload: &[u8],
        now: Duration,
        trace: &mut Trace,
    ) -> Result<(), SendError> {
        self.wait_until(now);
        self.client.send(kind, payload, &mut self.to_server)?;
        self.run(trace);
        Ok(())
    }

    /// The server sends a ping at `now`; the client's pong follows.
    pub fn server_ping(&mut self, payload: &[u8], now: Duration, trace: &mut Trace) -> Result<(), SendError> {
        self.wait_until(now);
        self.server.ping(payload, &mut self.to_client)?;
        self.run(trace);
        Ok(())
    }

    /// The client begins the closing handshake at `now`.
    pub fn close(&mut self, code: CloseCode, now: Duration, trace: &mut Trace) -> Result<(), SendError> {
        self.wait_until(now);
        self.client.close(Some(code), "", self.clock, &mut self.to_server)?;
        self.run(trace);
        Ok(())
    }

    /// Messages may be sent.
    pub fn is_open(&self) -> bool {
        self.client.is_open()
    }

    /// The time since the connection was opened, as the record counts it.
    pub fn clock(&self) -> Duration {
        self.clock
    }

    fn wait_until(&mut self, now: Duration) {
        self.clock = self.clock.max(now.saturating_sub(self.opened));
    }

    /// Carries bytes until the link is quiet.
    fn run(&mut self, trace: &mut Trace) {
        while !(self.to_server.is_empty() && self.to_client.is_empty()) {
            if !self.to_client.is_empty() {
                trace.push(self.clock, Direction::ServerToClient, &self.to_client);
                self.clock += LATENCY;
                let mut bytes = std::mem::take(&mut self.to_client);
                self.at_client(&mut bytes);
            }
            if !self.to_server.is_empty() {
                self.clock += LATENCY;
                trace.push(self.clock, Direction::ClientToServer, &self.to_server);
                let mut bytes = std::mem::take(&mut self.to_server);
                self.clock += THINKING;
                self.at_server(&mut bytes);
            }
        }
        if self.server.is_done() && self.client.is_done() {
            trace.close(self.clock);
        }
    }

    fn at_client(&mut self, bytes: &mut [u8]) {
        let mut input = Input::new(bytes);
        while let Ok(Some(_)) = self.client.receive(&mut input, self.clock, &mut self.to_server) {}
    }

    fn at_server(&mut self, bytes: &mut [u8]) {
        // Both ends are `core`, which sends nothing that `core` refuses; were it otherwise, the Close in `to_client` would tell.
        let _ = self.echo(bytes);
    }

    fn echo(&mut self, bytes: &mut [u8]) -> Result<(), Failure> {
        let mut input = Input::new(bytes);
        while let Some(event) = self.server.receive(&mut input, self.clock, &mut self.to_client)? {
            let Event::Data(piece) = event else { continue };
            if let Some(message) = self.joiner.push(&piece)? {
                // Refused only once a Close was sent, when an echo is no longer wanted.
                let _ = self.server.send(piece.kind, message, &mut self.to_client);
            }
        }
        Ok(())
    }
}

/// A simulated `POST /lab/echo` with this body, and its answer.
pub fn exchange(kind: MessageKind, body: &[u8]) -> Trace {
    let mut trace = Trace::new();
    trace.push(Duration::ZERO, Direction::ClientToServer, &heads::post(kind, body));
    trace.push(THINKING, Direction::ServerToClient, &heads::answer(body));
    trace.close(THINKING);
    trace
}

/// One way, as in a class room's network.
const LATENCY: Duration = Duration::from_micros(1_800);
/// What the server takes to answer.
const THINKING: Duration = Duration::from_micros(120);

#[cfg(test)]
mod tests;

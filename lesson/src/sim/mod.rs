//! What the live page shows where there is no server: a connection that goes on in the [engine](crate::engine) as the page's buttons
//! are pressed, and an HTTP exchange beside it.

mod heads;

use std::time::Duration;

use ws101_core::connection::SendError;
use ws101_core::frame::CloseCode;
use ws101_core::{MessageKind, Role};
use ws101_trace::{Direction, Trace};

use crate::engine::{Act, Fact, NotSent, Run, Scenario, Stage};

pub use crate::engine::Random;

/// A simulated connection, its opening handshake complete. The server echoes.
pub struct Sim {
    scenario: Scenario,
    run: Run,
    opened: Duration,
}

impl Sim {
    /// Opens a connection at `now`; its record so far has the request and the 101. The same seed makes the same bytes.
    pub fn open(seed: u64, now: Duration) -> (Self, Trace) {
        let mut sim = Self { scenario: Scenario::new(seed), run: Run::new(seed), opened: now };
        let mut trace = Trace::new();
        // There is a request that was not sent before.
        let _ = sim.act(Role::Client, Act::Open, now, &mut trace);
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
        self.act(Role::Client, Act::Message { kind, payload: payload.to_vec(), last: true }, now, trace)
    }

    /// The server sends a ping at `now`; the client's pong follows.
    pub fn server_ping(&mut self, payload: &[u8], now: Duration, trace: &mut Trace) -> Result<(), SendError> {
        self.act(Role::Server, Act::Ping(payload.to_vec()), now, trace)
    }

    /// The client begins the closing handshake at `now`.
    pub fn close(&mut self, code: CloseCode, now: Duration, trace: &mut Trace) -> Result<(), SendError> {
        self.act(Role::Client, Act::Close(Some(code), String::new()), now, trace)
    }

    /// Messages may be sent.
    pub fn is_open(&self) -> bool {
        self.run.stage(Role::Client) == Stage::Open
    }

    /// The time since the connection was opened, as the record counts it.
    pub fn clock(&self) -> Duration {
        self.run.clock()
    }

    /// An end acts at `now`, or as soon as the link is quiet; then the run goes on until it is, and `trace` has what was recorded.
    fn act(&mut self, role: Role, act: Act, now: Duration, trace: &mut Trace) -> Result<(), SendError> {
        let (known, recorded) = (self.run.learned().len(), self.run.trace().runs().len());
        self.scenario.push(self.clock().max(now.saturating_sub(self.opened)), role, act);
        while self.run.step(&self.scenario).is_some() {}
        let record = self.run.trace();
        for run in &record.runs()[recorded..] {
            trace.push(run.at, run.direction, record.bytes_of(run));
        }
        if let Some(at) = record.closed() {
            trace.close(at);
        }
        match self.run.learned()[known..].first().map(|learned| &learned.fact) {
            Some(Fact::NotSent(NotSent::Refused(reason))) => Err(*reason),
            Some(Fact::NotSent(NotSent::NotOpen)) => Err(SendError::Closing),
            _ => Ok(()),
        }
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

/// What the server takes to answer.
const THINKING: Duration = Duration::from_micros(120);

#[cfg(test)]
mod tests;

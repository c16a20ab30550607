//! The record of one connection.

use alloc::vec::Vec;
use core::ops::Range;
use core::time::Duration;

use serde::{Deserialize, Serialize};

/// Which way bytes went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// From the client (the browser) to the server.
    #[serde(rename = "c")]
    ClientToServer,
    /// From the server to the client.
    #[serde(rename = "s")]
    ServerToClient,
}

impl Direction {
    /// Both, the client's first.
    pub const BOTH: [Self; 2] = [Self::ClientToServer, Self::ServerToClient];

    /// The other one.
    pub fn opposite(self) -> Self {
        match self {
            Self::ClientToServer => Self::ServerToClient,
            Self::ServerToClient => Self::ClientToServer,
        }
    }
}

/// Bytes that were read or written at once, one way.
///
/// A run is what the recorder saw, e.g. one `read`: neither a frame nor a TCP segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When, since the connection was opened.
    pub at: Duration,
    /// Which way.
    pub direction: Direction,
    /// Which bytes of that direction's stream.
    pub bytes: Range<usize>,
}

/// The record of one connection: two byte streams and the runs in which they came, in order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    client: Vec<u8>,
    server: Vec<u8>,
    runs: Vec<Run>,
    closed: Option<Duration>,
}

impl Trace {
    /// An empty record.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends bytes that crossed the wire at `at` (since the connection was opened). Nothing is appended for no bytes.
    pub fn push(&mut self, at: Duration, direction: Direction, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let stream = match direction {
            Direction::ClientToServer => &mut self.client,
            Direction::ServerToClient => &mut self.server,
        };
        let start = stream.len();
        stream.extend_from_slice(bytes);
        self.runs.push(Run { at, direction, bytes: start..stream.len() });
    }

    /// Notes that the connection ended at `at`. The first call counts.
    pub fn close(&mut self, at: Duration) {
        self.closed.get_or_insert(at);
    }

    /// All bytes that went one way.
    pub fn stream(&self, direction: Direction) -> &[u8] {
        match direction {
            Direction::ClientToServer => &self.client,
            Direction::ServerToClient => &self.server,
        }
    }

    /// The runs of both directions in order of time.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The bytes of a run of this trace.
    pub fn bytes_of(&self, run: &Run) -> &[u8] {
        &self.stream(run.direction)[run.bytes.clone()]
    }

    /// When the byte at `offset` of a direction's stream crossed the wire. Zero for one of an empty stream.
    pub fn time_of(&self, direction: Direction, offset: usize) -> Duration {
        // From the end: who asks mostly asks about what has just come.
        let mut runs = self.runs.iter().rev().filter(|run| run.direction == direction);
        runs.find(|run| run.bytes.start <= offset).map_or(Duration::ZERO, |run| run.at)
    }

    /// When the connection ended, if it did.
    pub fn closed(&self) -> Option<Duration> {
        self.closed
    }
}

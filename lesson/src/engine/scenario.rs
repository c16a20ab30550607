//! What is put into a run: a seed and a list of inputs.

use std::time::Duration;

use ws101_core::frame::CloseCode;
use ws101_core::{MessageKind, Role};

use super::Random;
use super::request::request;

/// A seed and inputs in order of time: all that a run depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// Masking keys, the handshake's nonce, jitter and losses come from it.
    pub seed: u64,
    inputs: Vec<Input>,
}

/// Something that is done to an end, or to the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// When, since the TCP connection was opened.
    pub at: Duration,
    /// What.
    pub cause: Cause,
}

/// Who it is done to, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// An end acts.
    End(Role, Act),
    /// The link changes.
    Link(Change),
}

/// What an end is told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The client sends its upgrade request. Before it nothing happens.
    Open,
    /// The same with this request, in place of a browser's. The answer is measured by the key in it.
    OpenWith(Vec<u8>),
    /// Sends a message in one frame, or a fragment of one: `last` ends it.
    Message {
        /// What the message is.
        kind: MessageKind,
        /// The bytes; whether a text is UTF-8 is not looked at.
        payload: Vec<u8>,
        /// Nothing of this message follows.
        last: bool,
    },
    /// Sends a ping.
    Ping(Vec<u8>),
    /// Sends a pong that nobody asked for.
    Pong(Vec<u8>),
    /// Begins the closing handshake.
    Close(Option<CloseCode>, String),
    /// Writes these bytes as they are, past `core`.
    Bytes(Vec<u8>),
    /// What this end writes next is changed on its way out.
    Edit(Edit),
    /// A ping when nothing was heard for `interval`, and the connection given up `timeout` after it. Counts from the opening
    /// handshake on: later it comes too late.
    KeepAlive {
        /// [`Config::ping_interval`](ws101_core::connection::Config::ping_interval)
        interval: Duration,
        /// [`Config::pong_timeout`](ws101_core::connection::Config::pong_timeout)
        timeout: Duration,
    },
    /// Whether every message is sent back. The server does from the start, the client does not.
    Echo(bool),
    /// The process is killed: its kernel ends the TCP connection, and no Close frame is sent.
    Die,
}

/// What becomes different about the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The cable is pulled: silence, which nobody is told of.
    Cut,
    /// The cable is back. TCP tries again when its timers say so.
    Mend,
    /// How long bytes take, one way; at most 30 s.
    Latency(Duration),
    /// How much longer they may take, by chance; at most 30 s.
    Jitter(Duration),
    /// How many of 1000 segments are lost. TCP sends them again, so no byte is missing or out of order, only late.
    Loss(u16),
    /// The most bytes of a segment (TCP's MSS), at least 1.
    SegmentSize(u16),
    /// A proxy between the ends closes both connections when nothing has crossed for so long.
    IdleLimit(Duration),
}

/// Bytes that are about to be written, changed: how a lesson breaks what `core` would never send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// How many bytes of the write stay as they are.
    pub skip: u16,
    /// How many after these are left out.
    pub remove: u16,
    /// What stands there instead.
    pub insert: Vec<u8>,
}

impl Edit {
    /// The smallest single edit that makes `new` of `old`.
    pub fn between(old: &[u8], new: &[u8]) -> Self {
        let same = |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| pairs.take_while(|(old, new)| old == new).count();
        let skip = same(&mut old.iter().zip(new));
        let kept = same(&mut old[skip..].iter().rev().zip(new[skip..].iter().rev()));
        let insert = new[skip..new.len() - kept].to_vec();
        Self { skip: small(skip), remove: small(old.len() - kept - skip), insert }
    }

    /// Where there are fewer bytes than the edit speaks of, it changes those that there are.
    pub(super) fn apply(&self, bytes: &mut Vec<u8>) {
        let start = usize::from(self.skip).min(bytes.len());
        let end = (start + usize::from(self.remove)).min(bytes.len());
        bytes.splice(start..end, self.insert.iter().copied());
    }
}

fn small(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

impl Act {
    /// A text in one frame.
    pub fn text(text: &str) -> Self {
        Self::Message { kind: MessageKind::Text, payload: text.as_bytes().to_vec(), last: true }
    }

    /// Bytes in one frame.
    pub fn binary(bytes: &[u8]) -> Self {
        Self::Message { kind: MessageKind::Binary, payload: bytes.to_vec(), last: true }
    }
}

/// No run goes beyond it.
pub(super) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// TCP's timers stay beyond what bytes take on their way.
const SLOWEST: Duration = Duration::from_secs(30);

impl Scenario {
    /// No inputs yet.
    pub fn new(seed: u64) -> Self {
        Self { seed, inputs: Vec::new() }
    }

    /// The inputs in order of time.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The request that the client sends, for an [`Edit`] of it to be made.
    pub fn request(&self) -> Vec<u8> {
        request(&mut Random::new(self.seed)).1
    }

    /// An end acts at `at`, after all that was to happen until then.
    pub fn push(&mut self, at: Duration, role: Role, act: Act) {
        self.insert(Input { at, cause: Cause::End(role, act) });
    }

    /// The link changes at `at`, after all that was to happen until then.
    pub fn change(&mut self, at: Duration, change: Change) {
        self.insert(Input { at, cause: Cause::Link(change) });
    }

    /// Adds an input behind those of the same time. Numbers are brought into their limits, times to whole microseconds: so an
    /// address holds a scenario exactly, and none that it holds makes a run go astray.
    pub fn insert(&mut self, mut input: Input) {
        input.at = whole(input.at, Duration::ZERO, LONGEST);
        match &mut input.cause {
            Cause::End(_, Act::KeepAlive { interval, timeout }) => {
                *interval = whole(*interval, LEAST, LONGEST);
                *timeout = whole(*timeout, LEAST, LONGEST);
            }
            Cause::Link(Change::Latency(time) | Change::Jitter(time)) => *time = whole(*time, Duration::ZERO, SLOWEST),
            Cause::Link(Change::IdleLimit(time)) => *time = whole(*time, LEAST, LONGEST),
            Cause::Link(Change::Loss(loss)) => *loss = (*loss).min(1000),
            Cause::Link(Change::SegmentSize(size)) => *size = (*size).max(1),
            _ => {}
        }
        let behind = self.inputs.partition_point(|other| other.at <= input.at);
        self.inputs.insert(behind, input);
    }

    /// Keeps the first inputs only.
    pub(super) fn truncate(&mut self, len: usize) {
        self.inputs.truncate(len);
    }
}

/// No deadline comes again and again at the same time.
const LEAST: Duration = Duration::from_millis(1);

/// Within limits, and whole microseconds.
fn whole(time: Duration, least: Duration, most: Duration) -> Duration {
    let time = time.clamp(least, most);
    Duration::new(time.as_secs(), time.subsec_micros() * 1000)
}

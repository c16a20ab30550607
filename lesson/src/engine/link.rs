//! The simulated link: one [`Pipe`] each way, which delays bytes as TCP over a network does, and never loses or reorders any.

use std::ops::Range;
use std::time::Duration;

use super::{Change, Random};

/// What holds for both ways.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    latency: Duration,
    jitter: Duration,
    /// Of 1000 segments.
    loss: u16,
    segment: u16,
    is_cut: bool,
    pub(super) idle_limit: Option<Duration>,
}

impl Default for Link {
    /// As in a class room's network; segments as on Ethernet (with the timestamps that most use).
    fn default() -> Self {
        Self {
            latency: Duration::from_micros(1_800),
            jitter: Duration::ZERO,
            loss: 0,
            segment: 1448,
            is_cut: false,
            idle_limit: None,
        }
    }
}

impl Link {
    pub(super) fn change(&mut self, change: Change) {
        match change {
            Change::Cut => self.is_cut = true,
            Change::Mend => self.is_cut = false,
            Change::Latency(time) => self.latency = time,
            Change::Jitter(time) => self.jitter = time,
            Change::Loss(loss) => self.loss = loss,
            Change::SegmentSize(size) => self.segment = size,
            Change::IdleLimit(time) => self.idle_limit = Some(time),
        }
    }

    /// TCP's retransmission timeout (RFC 6298) on a path whose round trip is known: that, and the least margin that Linux takes;
    /// doubled with every attempt, up to two minutes.
    fn retransmission_timeout(&self, resent: u32) -> Duration {
        let round_trip = (self.latency + self.jitter) * 2;
        (round_trip + Duration::from_millis(200)).saturating_mul(1 << resent.min(10)).min(Duration::from_secs(120))
    }
}

/// After so many attempts (about a quarter of an hour) TCP gives up: Linux's `tcp_retries2`.
const ATTEMPTS: u32 = 15;

/// A segment on its way, once or again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Which bytes of all that were [written](super::Run::written) this way. None: it says that nothing follows (FIN).
    pub bytes: Range<usize>,
    /// When it was written.
    pub sent: Duration,
    /// When the other end could read it; later than it came, where something before it was missing.
    pub arrived: Option<Duration>,
    /// How often it was lost and sent again.
    pub resent: u32,
    /// It comes then, or is sent again then.
    due: Duration,
    /// When it is sent again unless it arrives.
    retry: Duration,
    lost: bool,
}

/// What comes out of a pipe.
pub(super) enum Arrival {
    /// These bytes, and then perhaps the end of the stream; or nothing yet.
    Bytes(Range<usize>, bool),
    /// Nothing ever: the sender's TCP gives up.
    TimedOut,
}

/// One way. Acknowledgements are not simulated: the sender's TCP knows what was lost. There is no limit to the rate either.
pub(super) struct Pipe {
    dice: Random,
    pub(super) stream: Vec<u8>,
    pub(super) flights: Vec<Flight>,
    /// So many flights are over.
    over: usize,
    /// Nothing more goes in.
    closed: bool,
}

impl Pipe {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Random::new(seed), stream: Vec::new(), flights: Vec::new(), over: 0, closed: false }
    }

    /// Sends bytes, and then, if it is `last`, the end of the stream.
    pub(super) fn write(&mut self, bytes: &[u8], last: bool, now: Duration, link: &Link) {
        if self.closed {
            return;
        }
        for segment in bytes.chunks(usize::from(link.segment)) {
            let start = self.stream.len();
            self.stream.extend_from_slice(segment);
            self.launch(start, now, link);
        }
        if last {
            self.launch(self.stream.len(), now, link);
            self.closed = true;
        }
    }

    fn launch(&mut self, start: usize, now: Duration, link: &Link) {
        let bytes = start..self.stream.len();
        let flight = Flight { bytes, sent: now, arrived: None, resent: 0, due: now, retry: now, lost: false };
        self.flights.push(flight);
        self.attempt(self.flights.len() - 1, now, link);
    }

    fn attempt(&mut self, index: usize, now: Duration, link: &Link) {
        // One number per attempt, whatever the link is like: so a change of the link leaves the other numbers as they were.
        let number = self.dice.number();
        let flight = &mut self.flights[index];
        flight.retry = now + link.retransmission_timeout(flight.resent);
        flight.lost = link.is_cut || number % 1000 < u64::from(link.loss);
        let jitter = (number >> 32) % (link.jitter.as_micros() as u64 + 1);
        let arrives = now + link.latency + Duration::from_micros(jitter);
        flight.due = if flight.lost { flight.retry } else { arrives };
    }

    /// When [`turn`](Self::turn) has something to do.
    pub(super) fn due(&self) -> Option<Duration> {
        let waiting = &self.flights[self.over..];
        let first = waiting.first().filter(|flight| !flight.lost);
        waiting.iter().filter(|flight| flight.lost).chain(first).map(|flight| flight.due).min()
    }

    /// Sends again what was lost, and hands over what has come with nothing missing before it.
    pub(super) fn turn(&mut self, now: Duration, link: &Link) -> Arrival {
        for index in self.over..self.flights.len() {
            let flight = &mut self.flights[index];
            if flight.lost && flight.due <= now {
                if flight.resent == ATTEMPTS {
                    self.sever();
                    return Arrival::TimedOut;
                }
                flight.resent += 1;
                self.attempt(index, now, link);
            }
        }
        let waiting = &mut self.flights[self.over..];
        let start = waiting.first().map_or(0, |flight| flight.bytes.start);
        let (mut end, mut last) = (start, false);
        // What is lost is due later again.
        for flight in waiting.iter_mut().take_while(|flight| flight.due <= now) {
            flight.arrived = Some(now);
            end = flight.bytes.end;
            last = flight.bytes.is_empty();
            self.over += 1;
        }
        Arrival::Bytes(start..end, last)
    }

    /// The cable is pulled: what is in it never comes, until it is sent again.
    pub(super) fn cut(&mut self, now: Duration) {
        for flight in &mut self.flights[self.over..] {
            if !flight.lost && flight.due > now {
                flight.lost = true;
                flight.due = flight.retry;
            }
        }
    }

    /// Someone between the ends closes: what is not there yet never comes, the end of the stream does.
    pub(super) fn close_between(&mut self, now: Duration, link: &Link) {
        self.sever();
        self.launch(self.stream.len(), now, link);
    }

    fn sever(&mut self) {
        self.over = self.flights.len();
        self.closed = true;
    }
}

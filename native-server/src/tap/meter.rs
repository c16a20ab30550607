//! How much went over a connection that a page claimed something of.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::WatchId;
use crate::segments::{Segments, counted};
use crate::tls::Ciphertext;

/// The counts of one connection, from its first byte on.
pub(super) struct Meter {
    path: Arc<str>,
    /// Both ends, where they are known.
    ends: Option<(SocketAddr, SocketAddr)>,
    state: Mutex<State>,
}

#[derive(Clone, Copy)]
struct State {
    read: Flow,
    written: Flow,
    ciphertext: Option<Ciphertext>,
    /// What was counted at last.
    counted: Option<Segments>,
    closed: bool,
}

/// One direction.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Flow {
    bytes: u64,
    /// Computed: how many segments these reads and writes fill, were they to cross an Ethernet.
    computed_segments: u64,
}

/// `GET /api/counts`, for a connection.
#[derive(Serialize)]
pub(super) struct Counts {
    /// The path of its first request that was claimed.
    path: String,
    open: bool,
    read: Flow,
    written: Flow,
    /// What `computed_segments` supposes: Ethernet's 1,500 bytes less 20 of IP, 20 of TCP and 12 of its timestamps.
    computed_mss: u64,
    /// The bytes of a connection in TLS, handshake included: what TLS adds is what they have more.
    ciphertext: Option<Ciphertext>,
    /// Counted by the kernel; none where it does not count.
    counted: Option<Segments>,
}

impl Meter {
    pub(super) fn new(path: &str, ends: Option<(SocketAddr, SocketAddr)>, read: u64, written: u64) -> Self {
        let state =
            State { read: Flow::of(read), written: Flow::of(written), ciphertext: None, counted: None, closed: false };
        Self { path: path.into(), ends, state: Mutex::new(state) }
    }

    pub(super) fn on_read(&self, len: usize) {
        self.lock().read.add(len as u64);
    }

    pub(super) fn on_written(&self, len: usize) {
        self.lock().written.add(len as u64);
    }

    pub(super) fn on_ciphertext(&self, ciphertext: Ciphertext) {
        self.lock().ciphertext = Some(ciphertext);
    }

    /// The connection is about to end, and the kernel to forget it: what it has counted is noted.
    pub(super) fn note(&self) {
        let counted = self.ends.and_then(|(local, peer)| counted(local, peer));
        let mut state = self.lock();
        state.counted = counted.or(state.counted);
    }

    /// The connection has ended.
    pub(super) fn close(&self) {
        self.note();
        self.lock().closed = true;
    }

    fn counts(&self) -> Counts {
        if !self.lock().closed {
            self.note();
        }
        let State { read, written, ciphertext, counted, closed } = *self.lock();
        Counts { path: self.path.to_string(), open: !closed, read, written, computed_mss: MSS, ciphertext, counted }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flow {
    fn of(bytes: u64) -> Self {
        Self { bytes, computed_segments: bytes.div_ceil(MSS) }
    }

    fn add(&mut self, bytes: u64) {
        let more = Self::of(bytes);
        self.bytes += more.bytes;
        self.computed_segments += more.computed_segments;
    }
}

/// The newest meters, by the watch id that claimed.
#[derive(Default)]
pub(super) struct Meters(VecDeque<(WatchId, Arc<Meter>)>);

impl Meters {
    /// Keeps a meter for whoever has the id.
    pub(super) fn keep(&mut self, watch: &WatchId, meter: &Arc<Meter>) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back((watch.clone(), meter.clone()));
    }

    /// What can be told to a page, its oldest connection first.
    pub(super) fn of(&self, watch: &WatchId) -> Vec<Arc<Meter>> {
        self.0.iter().filter(|(other, _)| other == watch).map(|(_, meter)| meter.clone()).collect()
    }
}

/// The counts of several.
pub(super) fn counts(meters: &[Arc<Meter>]) -> Vec<Counts> {
    meters.iter().map(|meter| meter.counts()).collect()
}

/// So many meters are kept.
const MOST: usize = 4096;
const MSS: u64 = 1448;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_computed_write_by_write() {
        let meter = Meter::new("/ws/echo", None, 300, 129);
        meter.on_read(26);
        meter.on_written(1449);
        let counts = meter.counts();
        assert_eq!((counts.read.bytes, counts.read.computed_segments), (326, 2));
        assert_eq!((counts.written.bytes, counts.written.computed_segments), (1578, 3));
        assert!(counts.open && counts.counted.is_none());
        meter.close();
        assert!(!meter.counts().open);
    }

    #[test]
    fn each_id_has_its_own_and_the_oldest_make_room() {
        let (a, b): (WatchId, WatchId) = ("a".repeat(16).parse().unwrap(), "b".repeat(16).parse().unwrap());
        let mut meters = Meters::default();
        let meter = || Arc::new(Meter::new("/", None, 0, 0));
        meters.keep(&a, &meter());
        (0..MOST - 1).for_each(|_| meters.keep(&b, &meter()));
        assert_eq!((meters.of(&a).len(), meters.of(&b).len()), (1, MOST - 1));
        meters.keep(&b, &meter());
        assert_eq!((meters.of(&a).len(), meters.of(&b).len()), (0, MOST));
    }
}

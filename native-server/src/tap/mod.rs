//! The tap: what crossed the wires, for pages that ask.
//!
//! Each connection has a [`Tape`], which sees every byte at the moment it is read or written and knows which of them were
//! *claimed*: a request whose target has `watch=ID` claims its bytes for that id, a WebSocket's to the end of the connection,
//! an HTTP exchange's from its request's first byte to its response's last. Only what is claimed goes into the one [`arena`]
//! of the whole server; what precedes the claim (the request itself) is held on the tape until its head has been read.
//!
//! A [`Feed`] is a cursor in the arena, not a queue: a page that reads slowly costs nothing, and is told what it lost. A
//! teacher's feed sees all that is recorded, with others' secrets masked; while there is one, WebSockets and exchanges of the
//! laboratory are recorded that no page claims.

mod arena;
mod feed;
mod happening;
mod mask;
mod meter;
mod ring;
mod tape;
mod watch;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::Serialize;

use self::arena::Arena;
pub(crate) use self::feed::Feed;
use self::meter::Meters;
pub(crate) use self::tape::{Claim, Tape};
pub(crate) use self::watch::WatchId;

/// The server's tap. Clones are the same tap.
#[derive(Clone)]
pub(crate) struct Tap {
    shared: Arc<Shared>,
}

struct Shared {
    started: Instant,
    arena: Mutex<Arena>,
    meters: Mutex<Meters>,
    /// An id that no page has.
    anybody: WatchId,
}

/// How full the tap is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Usage {
    /// The bound.
    pub(crate) memory: usize,
    /// Recorded bytes that are held.
    pub(crate) held: usize,
    /// Records that are held.
    pub(crate) records: usize,
    /// Recorded bytes that made room for newer ones, since the start.
    pub(crate) evicted: u64,
    /// Watch ids of which something is held, or which are being watched.
    pub(crate) watched: usize,
}

impl Tap {
    /// A tap that never holds more than `memory` bytes, its bookkeeping included.
    pub(crate) fn new(memory: usize) -> Self {
        let arena = Mutex::new(Arena::new(memory));
        Self {
            shared: Arc::new(Shared {
                started: Instant::now(),
                arena,
                meters: Mutex::default(),
                anybody: WatchId::nobodys(),
            }),
        }
    }

    /// A tape for a new connection.
    pub(crate) fn tape(&self) -> Tape {
        Tape::new(self.clone())
    }

    /// Everything of a watch id, or of all, from the oldest that is held on.
    pub(crate) fn feed(&self, watch: Option<&WatchId>) -> Feed {
        Feed::new(self.clone(), watch)
    }

    /// For whom that is to be recorded which no page claims: for a teacher who sees all, if there is one.
    pub(crate) fn anybody(&self) -> Option<&WatchId> {
        self.arena().is_all_seen().then_some(&self.shared.anybody)
    }

    /// What went over the connections of a watch id, as JSON.
    pub(crate) fn counts(&self, watch: &WatchId) -> serde_json::Result<Vec<u8>> {
        // The kernel is asked without the lock.
        let meters = self.meters().of(watch);
        serde_json::to_vec(&meter::counts(&meters))
    }

    /// How full it is.
    pub(crate) fn usage(&self) -> Usage {
        self.arena().usage()
    }

    /// Microseconds since the server's start.
    fn now(&self) -> u64 {
        u64::try_from(self.shared.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn meters(&self) -> MutexGuard<'_, Meters> {
        self.shared.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn arena(&self) -> MutexGuard<'_, Arena> {
        // Nothing panics while it holds this lock; and a record is worth more than a poisoned classroom.
        self.shared.arena.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Who is connected, for what concerns them from outside: a ping that a page asked for, the end of the server.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::mpsc;
use ws101_core::frame::CloseCode;

use super::Socket;
use crate::tap::WatchId;

/// All open WebSocket connections.
#[derive(Default)]
pub(crate) struct Registry {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// By id. Ids are given anew.
    entries: Vec<Option<Entry>>,
    free: Vec<usize>,
}

struct Entry {
    kind: Kind,
    watch: Option<WatchId>,
    peer: Peer,
}

/// What a connection is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// To be looked at.
    Shown,
    /// To show others.
    Feed,
}

/// How a connection is reached.
pub(super) enum Peer {
    Socket(Weak<Socket>),
    Reference(mpsc::Sender<Command>),
}

/// What the task of `/ws/reference` is asked to send.
#[derive(Debug)]
pub(super) enum Command {
    Ping(Vec<u8>),
    Close,
}

/// Takes the connection out of the registry when it is dropped.
pub(crate) struct Registration {
    registry: Arc<Registry>,
    id: usize,
}

impl Registry {
    /// Enters a connection on core's state machine.
    pub(crate) fn enter(self: &Arc<Self>, kind: Kind, watch: Option<WatchId>, socket: &Arc<Socket>) -> Registration {
        self.insert(Entry { kind, watch, peer: Peer::Socket(Arc::downgrade(socket)) })
    }

    /// Enters a connection on tungstenite.
    pub(super) fn enter_reference(self: &Arc<Self>, watch: Option<WatchId>, to: mpsc::Sender<Command>) -> Registration {
        self.insert(Entry { kind: Kind::Shown, watch, peer: Peer::Reference(to) })
    }

    /// How many connections of a kind are open.
    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.lock().entries.iter().flatten().filter(|entry| entry.kind == kind).count()
    }

    /// Pings every connection of a watch id.
    pub(crate) fn ping(&self, watch: &WatchId, payload: &[u8]) {
        let payload = &payload[..payload.len().min(125)];
        for peer in self.peers(|entry| entry.kind == Kind::Shown && entry.watch.as_ref() == Some(watch)) {
            match peer {
                // One that is closing needs no ping.
                Reached::Socket(socket) => drop(socket.ping(payload)),
                Reached::Reference(to) => drop(to.try_send(Command::Ping(payload.to_vec()))),
            }
        }
    }

    /// Tells every connection of a kind that the server goes away.
    pub(crate) fn go_away(&self, kind: Kind) {
        for peer in self.peers(|entry| entry.kind == kind) {
            match peer {
                Reached::Socket(socket) => drop(socket.close(CloseCode::GOING_AWAY, "The server is shutting down.")),
                Reached::Reference(to) => drop(to.try_send(Command::Close)),
            }
        }
    }

    /// All connections on core's state machine.
    pub(super) fn sockets(&self) -> Vec<Arc<Socket>> {
        let inner = self.lock();
        let sockets = inner.entries.iter().flatten().filter_map(|entry| match &entry.peer {
            Peer::Socket(socket) => socket.upgrade(),
            Peer::Reference(_) => None,
        });
        sockets.collect()
    }

    /// Those that are still there, so that the lock is not held while something is written to them.
    fn peers(&self, which: impl Fn(&Entry) -> bool) -> Vec<Reached> {
        let inner = self.lock();
        let chosen = inner.entries.iter().flatten().filter(|entry| which(entry));
        chosen
            .filter_map(|entry| match &entry.peer {
                Peer::Socket(socket) => socket.upgrade().map(Reached::Socket),
                Peer::Reference(to) => Some(Reached::Reference(to.clone())),
            })
            .collect()
    }

    fn insert(self: &Arc<Self>, entry: Entry) -> Registration {
        let mut inner = self.lock();
        let id = inner.free.pop().unwrap_or_else(|| {
            inner.entries.push(None);
            inner.entries.len() - 1
        });
        inner.entries[id] = Some(entry);
        Registration { registry: self.clone(), id }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut inner = self.registry.lock();
        inner.entries[self.id] = None;
        inner.free.push(self.id);
    }
}

enum Reached {
    Socket(Arc<Socket>),
    Reference(mpsc::Sender<Command>),
}

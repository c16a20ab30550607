//! `/ws/broadcast`: what one says, all hear, who said it included.
//!
//! What is said waits in one queue and is sent message by message, so that all hear the same order. It is written to every member straight from
//! there: no member's task is woken, unless its socket does not take the whole. A member that has not taken the last message misses
//! the next one. So a slow reader costs the server one message of memory, and the others nothing.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{Mutex, mpsc};
use tokio::task::yield_now;
use tokio::time::Instant;
use ws101_core::MessageKind;
use ws101_core::frame::CloseCode;

use super::drive::{Peer, drive};
use super::{Kind, Registry, Socket};
use crate::rate::Rate;

/// Who hears each other.
pub(crate) struct Broadcast {
    members: Arc<Registry>,
    /// How fast one address may speak; `None`: not at all.
    rate: Option<Rate>,
    queue: mpsc::Sender<Said>,
    said: Mutex<mpsc::Receiver<Said>>,
    sent: AtomicU64,
    missed: AtomicU64,
}

struct Said {
    kind: MessageKind,
    payload: Box<[u8]>,
}

/// Its part of `/api/status`.
#[derive(Serialize)]
pub(crate) struct Usage {
    members: usize,
    /// Messages times members, since the start: those that were sent,
    sent: u64,
    /// and those that were not, since the member had not taken the one before.
    missed: u64,
}

impl Broadcast {
    /// An address may say so many messages a second, and four times as many at once.
    pub(crate) fn new(per_second: u32) -> Self {
        let (queue, said) = mpsc::channel(QUEUE);
        let rate =
            (per_second > 0).then(|| Rate::new(per_second.saturating_mul(BURST), Duration::from_secs(1) / per_second));
        Self {
            members: Arc::default(),
            rate,
            queue,
            said: Mutex::new(said),
            sent: AtomicU64::new(0),
            missed: AtomicU64::new(0),
        }
    }

    /// Runs a member's connection to its end. `teacher`: it may speak as fast as it likes.
    pub(crate) async fn join(&self, socket: &Arc<Socket>, address: IpAddr, teacher: bool) {
        let _registration = self.members.enter(Kind::Shown, None, socket);
        drive(socket, |kind, payload, peer| self.say(address, teacher, kind, payload, peer)).await;
    }

    /// Sends what is said, for ever.
    pub(crate) async fn run(&self) {
        let mut said = self.said.lock().await;
        while let Some(message) = said.recv().await {
            for some in self.members.sockets().chunks(AT_ONCE) {
                let sent = some.iter().filter(|member| member.offer(message.kind, &message.payload)).count();
                self.sent.fetch_add(sent as u64, Ordering::Relaxed);
                self.missed.fetch_add((some.len() - sent) as u64, Ordering::Relaxed);
                // Others have something to do as well.
                yield_now().await;
            }
        }
    }

    pub(crate) fn usage(&self) -> Usage {
        Usage {
            members: self.members.count(Kind::Shown),
            sent: self.sent.load(Ordering::Relaxed),
            missed: self.missed.load(Ordering::Relaxed),
        }
    }

    /// Puts a message into the queue. Its sender's lock is held: nothing may be sent from here.
    fn say(&self, address: IpAddr, teacher: bool, kind: MessageKind, payload: &[u8], peer: &mut Peer<'_>) {
        if !teacher {
            let Some(rate) = &self.rate else {
                return peer.close(CloseCode::POLICY_VIOLATION, "Only the teacher may speak here.");
            };
            if rate.take(address, Instant::now()).is_err() {
                return peer.close(CloseCode::POLICY_VIOLATION, "You speak faster than this server allows: slow down.");
            }
        }
        if self.queue.try_send(Said { kind, payload: payload.into() }).is_err() {
            peer.close(CloseCode::TRY_AGAIN_LATER, "Too much is being said at once: try again soon.");
        }
    }
}

/// The longest message, in bytes: it may wait for each member.
pub(crate) const LONGEST: usize = 4096;
/// How many messages may wait to be sent.
const QUEUE: usize = 256;
/// How many seconds' worth of messages may be said at once.
const BURST: u32 = 4;
/// To how many members a message is written, some 10 µs for each, before others have their turn.
const AT_ONCE: usize = 64;

//! A page's view of its own traces, or a teacher's of all.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Notify;
use ws101_trace::Direction;
use ws101_trace::feed::FromServer;

use super::arena::{Cursor, Scope};
use super::happening::Happening;
use super::mask::Mask;
use super::{Tap, WatchId};

/// A cursor in the tap, for one watch id or for all. It sees what is held already, and what is recorded while it lives.
pub(crate) struct Feed {
    tap: Tap,
    scope: Scope,
    cursor: Cursor,
    changed: Arc<Notify>,
    /// Traces that were announced and not closed yet; with what hides in each direction what is others'.
    open: HashMap<u64, Option<Box<[Mask; 2]>>>,
}

impl Feed {
    /// Of a watch id, or of everything.
    pub(super) fn new(tap: Tap, watch: Option<&WatchId>) -> Self {
        let changed = Arc::new(Notify::new());
        let scope = tap.arena().subscribe(watch, changed.clone());
        Self { tap, scope, cursor: Cursor::default(), changed, open: HashMap::new() }
    }

    /// Messages for what is new, in order, of at most about `limit` bytes; none when nothing is.
    pub(crate) fn take(&mut self, limit: usize) -> Vec<FromServer> {
        let batch = self.tap.arena().read(self.scope, &mut self.cursor, limit);
        let mut messages = Vec::with_capacity(batch.records.len() + batch.pinned.len() + 1);
        for (trace, what) in batch.pinned {
            self.tell(trace, what, &mut messages);
        }
        if batch.lost > 0 {
            messages.push(FromServer::Lost { bytes: batch.lost });
        }
        for (trace, what) in batch.records {
            self.tell(trace, what, &mut messages);
        }
        messages
    }

    /// Returns when there may be something new.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    fn tell(&mut self, trace: u64, what: Happening<Vec<u8>>, messages: &mut Vec<FromServer>) {
        match what {
            Happening::Opened { path } => {
                let masks = (self.scope == Scope::All).then(Box::default);
                self.open.insert(trace, masks);
                messages.push(FromServer::Opened { trace, path: path.to_string() });
            }
            Happening::Bytes { at, direction, mut bytes } => match self.open.get_mut(&trace) {
                // What belongs to a trace whose beginning is gone cannot be dissected: it is lost as well.
                None => messages.push(FromServer::Lost { bytes: bytes.len() as u64 }),
                Some(masks) => {
                    if let Some(masks) = masks {
                        masks[usize::from(direction == Direction::ServerToClient)].hide(&mut bytes);
                    }
                    messages.push(FromServer::Bytes { trace, at, direction, bytes });
                }
            },
            Happening::Closed { at } => {
                if self.open.remove(&trace).is_some() {
                    messages.push(FromServer::Closed { trace, at });
                }
            }
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.tap.arena().unsubscribe(self.scope, &self.changed);
    }
}

//! A page's view of its own traces.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::Notify;
use ws101_trace::feed::FromServer;

use super::arena::{ChannelKey, Cursor};
use super::happening::Happening;
use super::{Tap, WatchId};

/// A cursor in the tap, for one watch id. It sees what is held already, and what is recorded while it lives.
pub(crate) struct Feed {
    tap: Tap,
    key: ChannelKey,
    cursor: Cursor,
    changed: Arc<Notify>,
    /// Traces that were announced and not closed yet.
    open: HashSet<u64>,
}

impl Feed {
    pub(super) fn new(tap: Tap, watch: &WatchId) -> Self {
        let changed = Arc::new(Notify::new());
        let key = tap.arena().subscribe(watch, changed.clone());
        Self { tap, key, cursor: Cursor::default(), changed, open: HashSet::new() }
    }

    /// Messages for what is new, in order, of at most about `limit` bytes; none when nothing is.
    pub(crate) fn take(&mut self, limit: usize) -> Vec<FromServer> {
        let batch = self.tap.arena().read(self.key, &mut self.cursor, limit);
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
                self.open.insert(trace);
                messages.push(FromServer::Opened { trace, path: path.to_string() });
            }
            // What belongs to a trace whose beginning is gone cannot be dissected: it is lost as well.
            Happening::Bytes { bytes, .. } if !self.open.contains(&trace) => {
                messages.push(FromServer::Lost { bytes: bytes.len() as u64 });
            }
            Happening::Bytes { at, direction, bytes } => {
                messages.push(FromServer::Bytes { trace, at, direction, bytes });
            }
            Happening::Closed { at } => {
                if self.open.remove(&trace) {
                    messages.push(FromServer::Closed { trace, at });
                }
            }
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.tap.arena().unsubscribe(self.key, &self.changed);
    }
}

//! Connections that all hear what one of them says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::drive::{Batch, PATIENCE};

/// Ends with this value.
pub struct Audience {
    members: Vec<OwnedWriteHalf>,
    heard: Arc<Heard>,
    _readers: JoinSet<()>,
}

#[derive(Default)]
struct Heard {
    /// Bytes of a message that are still to come, over all connections.
    left: AtomicUsize,
    by_all: Notify,
}

impl Audience {
    pub fn new(streams: Vec<TcpStream>) -> Self {
        let (heard, mut readers) = (Arc::<Heard>::default(), JoinSet::new());
        let members = streams.into_iter().map(|stream| {
            let (mut reader, writer) = stream.into_split();
            let heard = heard.clone();
            readers.spawn(async move {
                let mut buffer = [0; 1024];
                while let Ok(len @ 1..) = reader.read(&mut buffer).await {
                    if heard.left.fetch_sub(len, Ordering::Relaxed) == len {
                        heard.by_all.notify_one();
                    }
                }
            });
            writer
        });
        Self { members: members.collect(), heard, _readers: readers }
    }

    /// Has one of them say something, and all of them hear it.
    pub async fn hear(&mut self, batch: &Batch) -> Result<()> {
        self.heard.left.store(batch.answer * self.members.len(), Ordering::Relaxed);
        self.members.first_mut().context("somebody has to say it")?.write_all(&batch.bytes).await?;
        timeout(PATIENCE, self.heard.by_all.notified()).await.context("somebody did not hear it")
    }
}

//! `/ws/wire`: what the tap recorded for a watch id, or for all, as it is recorded.

use tracing::debug;
use ws101_core::MessageKind;
use ws101_trace::feed::{FromPage, FromServer, VERSION};

use super::drive::drive;
use super::{Registry, Socket};
use crate::tap::{Feed, WatchId};

/// Runs a feed to its end.
pub(crate) async fn feed(socket: &Socket, mut feed: Feed, watch: Option<&WatchId>, registry: &Registry) {
    let on_message = |kind, payload: &[u8]| {
        if kind != MessageKind::Text {
            return;
        }
        match serde_json::from_slice(payload) {
            Ok(FromPage::Ping { payload }) => {
                if let Some(watch) = watch {
                    registry.ping(watch, payload.as_bytes());
                }
            }
            Err(error) => debug!(%error, "a page said what this version does not know"),
        }
    };
    tokio::select! {
        () = drive(socket, |kind, payload, _| on_message(kind, payload)) => {}
        () = tell(socket, &mut feed) => {}
    }
}

async fn tell(socket: &Socket, feed: &mut Feed) {
    send(socket, &FromServer::Hello { version: VERSION });
    loop {
        // What comes meanwhile waits in the tap, where it is bounded.
        socket.room().await;
        let messages = feed.take(BATCH);
        if messages.is_empty() {
            feed.changed().await;
        }
        for message in &messages {
            send(socket, message);
        }
    }
}

fn send(socket: &Socket, message: &FromServer) {
    match serde_json::to_string(message) {
        // A feed that is closing is ended by its driver.
        Ok(json) => drop(socket.send(MessageKind::Text, json.as_bytes())),
        Err(error) => debug!(%error, "a message has no JSON form"),
    }
}

/// About how many recorded bytes are told between two looks at the outbox.
const BATCH: usize = 64 * 1024;

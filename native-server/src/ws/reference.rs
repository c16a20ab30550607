//! `/ws/reference`: the same echo on an independent implementation, its opening handshake included.

use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, WebSocketConfig};
use tracing::debug;

use super::registry::{Command, Registry};
use crate::limits::Limits;
use crate::tap::WatchId;
use crate::wire::Wire;

/// Runs a connection to its end. The wire begins with the request, which was read already.
pub(crate) async fn reference(wire: Wire, limits: &Limits, watch: Option<WatchId>, registry: &Arc<Registry>) {
    let (to, mut commands) = mpsc::channel(4);
    let _registration = registry.enter_reference(watch, to);
    if let Err(error) = echo(wire, limits, &mut commands).await {
        debug!(%error, "the connection broke");
    }
}

async fn echo(
    wire: Wire,
    limits: &Limits,
    commands: &mut mpsc::Receiver<Command>,
) -> Result<(), tokio_tungstenite::tungstenite::Error> {
    // Its default of 128 KiB is set to zero before every read.
    let config = WebSocketConfig::default()
        .read_buffer_size(8 * 1024)
        .max_message_size(Some(limits.max_message))
        .max_frame_size(Some(limits.max_message));
    let Ok(accepted) = timeout(limits.head_time, accept_async_with_config(wire, Some(config))).await else {
        return Ok(());
    };
    let mut socket = accepted?;
    loop {
        tokio::select! {
            message = socket.next() => match message {
                Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => socket.send(message).await?,
                // It answers pings and closes by itself.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => break,
            },
            command = commands.recv() => match command {
                Some(Command::Ping(payload)) => socket.send(Message::Ping(payload.into())).await?,
                Some(Command::Close) => {
                    let reason = "The server is shutting down.".into();
                    socket.close(Some(CloseFrame { code: CloseCode::Away, reason })).await?;
                }
                None => break,
            },
        }
    }
    socket.get_ref().finish().await;
    Ok(())
}

//! `/ws/push` and `/ws/duplex`: the server speaks when it has something to say.

use tokio::time::{MissedTickBehavior, interval};
use ws101_core::MessageKind;

use super::Socket;
use super::drive::{Peer, drive};
use crate::pace::Pace;

/// Sends numbered text messages until the peer has enough of them. What the peer sends is read and ignored.
pub(crate) async fn push(socket: &Socket, pace: Pace) {
    both(socket, pace, |_, _, _| {}).await;
}

/// The same, and each message of the peer comes back: both sides speak at once.
pub(crate) async fn duplex(socket: &Socket, pace: Pace) {
    both(socket, pace, |kind, payload, peer| peer.send(kind, payload)).await;
}

async fn both(socket: &Socket, pace: Pace, on_message: impl FnMut(MessageKind, &[u8], &mut Peer<'_>)) {
    tokio::select! {
        () = drive(socket, on_message) => {}
        () = publish(socket, pace) => {}
    }
}

async fn publish(socket: &Socket, pace: Pace) {
    let mut ticks = interval(pace.every());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 1_u64.. {
        ticks.tick().await;
        socket.room().await;
        if socket.send(MessageKind::Text, pace.text("push", number).as_bytes()).is_err() {
            break;
        }
    }
    // The connection is closing: its driver ends it.
    std::future::pending::<()>().await;
}

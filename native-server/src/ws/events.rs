//! `/ws/events`: the laboratory's messages, which `/lab/poll`, `/lab/long-poll` and `/lab/events` have over HTTP.

use tokio::time::{Instant, sleep_until};
use ws101_core::MessageKind;

use super::Socket;
use super::drive::drive;
use crate::pace::Pace;

/// Sends each message of the laboratory when it arrives. What the peer sends is read and ignored.
pub(crate) async fn events(socket: &Socket, pace: Pace, beginning: Instant) {
    tokio::select! {
        () = drive(socket, |_, _, _| {}) => {}
        () = publish(socket, pace, beginning) => {}
    }
}

async fn publish(socket: &Socket, pace: Pace, beginning: Instant) {
    loop {
        // A peer that reads slowly misses some.
        let next = pace.newest(beginning.elapsed()) + 1;
        sleep_until(beginning + pace.arrival(next)).await;
        socket.room().await;
        if socket.send(MessageKind::Text, pace.text("message", next).as_bytes()).is_err() {
            // The connection is closing: its driver ends it.
            std::future::pending::<()>().await;
        }
    }
}

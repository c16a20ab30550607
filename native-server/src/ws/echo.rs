//! `/ws/echo`: every message comes back.

use super::Socket;
use super::drive::drive;

/// Sends each message back as it came, in one frame.
pub(crate) async fn echo(socket: &Socket, early: Vec<u8>) {
    drive(socket, early, |kind, payload, peer| peer.send(kind, payload)).await;
}

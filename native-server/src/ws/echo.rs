//! `/ws/echo`: every message comes back.

use super::Socket;
use super::drive::drive;

/// Sends each message back as it came, in one frame.
pub(crate) async fn echo(socket: &Socket) {
    drive(socket, |kind, payload, peer| peer.send(kind, payload)).await;
}

//! `/ws/close`: the server closes at once, with a chosen code.

use ws101_core::frame::CloseCode;

use super::Socket;
use super::drive::drive;

/// Begins the closing handshake, and waits for the peer's part of it.
pub(crate) async fn close(socket: &Socket, code: CloseCode) {
    // Nothing can be closing yet.
    let _ = socket.close(code, "");
    drive(socket, |_, _, _| {}).await;
}

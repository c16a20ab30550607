//! Connections whose text messages somebody else answers.

use ws101_core::MessageKind;

use super::Socket;
use super::drive::drive;

/// Runs a connection to its end, and hands its text messages over. Binary ones are ignored.
pub(crate) async fn texts(socket: &Socket, mut on_text: impl FnMut(&str)) {
    drive(socket, |kind, payload, _| {
        if kind == MessageKind::Text
            && let Ok(text) = std::str::from_utf8(payload)
        {
            on_text(text);
        }
    })
    .await;
}

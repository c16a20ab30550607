//! A game server's connection.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use ws101_core::MessageKind;
use ws101_core::frame::CloseCode;
use ws101_gamelift::message::ConnectQuery;
use ws101_gamelift::service::ConnectionId;

use super::hub::{Command, Hub};
use crate::ws::{Socket, texts};

/// A game server that may connect; the service knows its connection as long as this lasts.
pub(crate) struct Joined {
    hub: Arc<Hub>,
    id: ConnectionId,
    commands: UnboundedReceiver<Command>,
}

impl Joined {
    /// `Err` is a sentence, for the 403.
    pub(super) fn new(hub: &Arc<Hub>, query: &str) -> Result<Self, String> {
        let query = ConnectQuery::parse(query).map_err(|missing| {
            format!(
                "{missing}: this is where game servers connect to, with server SDK 5. `ws101 gamelift env` says how."
            )
        })?;
        let (id, commands) = hub.connect(&query).map_err(|refused| format!("{}.", refused.why))?;
        Ok(Self { hub: hub.clone(), id, commands })
    }

    /// Runs the connection to its end.
    pub(super) async fn run(mut self, socket: &Socket) {
        // The service is asked behind the socket's lock, not within it: it may have something to say on other sockets.
        let (to, mut messages) = unbounded_channel();
        tokio::select! {
            () = texts(socket, |text| drop(to.send(text.to_owned()))) => {}
            () = self.talk(socket, &mut messages) => {}
        }
    }

    /// Returns when the connection is to be cut.
    async fn talk(&mut self, socket: &Socket, messages: &mut UnboundedReceiver<String>) {
        loop {
            tokio::select! {
                Some(text) = messages.recv() => {
                    self.hub.act(|service, now| service.message(now, self.id, &text));
                }
                Some(command) = self.commands.recv() => match command {
                    // One that is closing is ended by its driver.
                    Command::Send(text) => {
                        let _ = socket.send(MessageKind::Text, text.as_bytes());
                    }
                    Command::Close(code, reason) => {
                        let _ = socket.close(CloseCode::new(code), &reason);
                    }
                    Command::Abort => return,
                },
                else => return,
            }
        }
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        self.hub.disconnect(self.id);
    }
}

//! What a process does.

use alloc::string::String;
use core::time::Duration;

use crate::message::push;

/// A connection of a process's, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

/// Something that a process does, in this order.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // Short-lived values.
pub enum Output {
    /// Open a WebSocket connection, and say [`opened`](super::Process::opened) or [`refused`](super::Process::refused).
    Connect {
        /// What it will be called.
        link: LinkId,
        /// The whole URL, with its query.
        url: String,
    },
    /// Send this as one text message.
    Send {
        /// On which connection.
        link: LinkId,
        /// One JSON object.
        text: String,
    },
    /// End the connection: with a Close frame of this code, or without one, as Go does.
    Close {
        /// Which connection.
        link: LinkId,
        /// The close code.
        code: Option<u16>,
    },
    /// The SDK calls the game.
    Callback(Callback),
    /// A call of the SDK's failed, and what the game is told.
    Failed {
        /// The call, as in [`RequestAction::sdk_call`](crate::message::RequestAction::sdk_call), or `InitSDK`.
        call: &'static str,
        /// A sentence.
        why: String,
    },
    /// The process is gone, and all of its connections with it.
    Exit {
        /// 0 for an end as it should be.
        code: i32,
    },
}

/// A call of the SDK's into the game.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // As above.
pub enum Callback {
    /// `OnStartGameSession`.
    StartGameSession(push::CreateGameSession),
    /// `OnUpdateGameSession`.
    UpdateGameSession(push::UpdateGameSession),
    /// `OnProcessTerminate`, with the time by which to be gone.
    ProcessTerminate(Duration),
    /// `OnHealthCheck`, with what it says; `None`: it does not return.
    HealthCheck(Option<bool>),
}

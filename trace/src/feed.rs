//! The wire feed: how the server's tap reaches a page.
//!
//! JSON text messages over a WebSocket of its own, which is never part of what it reports. The server begins with
//! [`FromServer::Hello`]; a page that does not know its [`VERSION`] asks to be reloaded.
//!
//! A page finds its own connections by an id that only it knows (the *watch id*): it names the id in the feed's URL
//! (`/ws/wire?watch=ID`) and in the URL of whatever it wants to see (`/ws/echo?watch=ID`, `/lab/echo?watch=ID`).

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::Direction;

/// The version of these messages. A change that an older page would misread raises it.
pub const VERSION: u32 = 1;

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromServer {
    /// The first message.
    Hello {
        /// [`VERSION`] of the server.
        version: u32,
    },
    /// Bytes that belong to the watch id follow: a WebSocket connection from its request on, or one HTTP exchange of a
    /// connection that may have carried others.
    Opened {
        /// Names these bytes in the messages that follow.
        trace: u64,
        /// The request target without its query, e.g. `/ws/echo`.
        path: String,
    },
    /// Bytes crossed the wire.
    Bytes {
        /// As in [`FromServer::Opened`].
        trace: u64,
        /// Microseconds since the first byte of this trace.
        at: u64,
        /// Which way.
        direction: Direction,
        /// The bytes.
        #[serde(with = "base64_bytes")]
        bytes: Vec<u8>,
    },
    /// The connection ended, or the HTTP exchange is complete.
    Closed {
        /// As in [`FromServer::Opened`].
        trace: u64,
        /// Microseconds since the first byte of this trace.
        at: u64,
    },
    /// This feed was read too slowly, and bytes were evicted before they could be sent.
    Lost {
        /// How many bytes.
        bytes: u64,
    },
}

/// What a page sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromPage {
    /// Send a ping frame on every open WebSocket connection of this watch id.
    Ping {
        /// The ping's payload, cut by the server to 125 bytes.
        payload: String,
    },
}

/// Bytes as Base64 text in JSON.
mod base64_bytes {
    use alloc::string::String;
    use alloc::vec::Vec;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(D::Error::custom)
    }
}

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

/// A JSON value, of whatever parser is at hand. The page has the browser's: another one would make its download 13,000
/// bytes larger.
pub trait Json: Sized {
    /// A member of an object.
    fn member(&self, name: &str) -> Option<Self>;
    /// A number that is not negative and whole.
    fn number(&self) -> Option<u64>;
    /// A text.
    fn text(&self) -> Option<String>;
    /// The bytes that a text in Base64 stands for.
    fn bytes(&self) -> Option<Vec<u8>>;
}

impl FromServer {
    /// Reads what serde writes; a test holds the two against each other. `None` for what is no such message.
    pub fn read(message: &impl Json) -> Option<Self> {
        if let Some(hello) = message.member("hello") {
            let version = hello.member("version")?.number()?;
            return Some(Self::Hello { version: u32::try_from(version).ok()? });
        }
        if let Some(lost) = message.member("lost") {
            return Some(Self::Lost { bytes: lost.member("bytes")?.number()? });
        }
        if let Some(opened) = message.member("opened") {
            let trace = opened.member("trace")?.number()?;
            return Some(Self::Opened { trace, path: opened.member("path")?.text()? });
        }
        if let Some(closed) = message.member("closed") {
            return Some(Self::Closed { trace: closed.member("trace")?.number()?, at: closed.member("at")?.number()? });
        }
        let crossed = message.member("bytes")?;
        Some(Self::Bytes {
            trace: crossed.member("trace")?.number()?,
            at: crossed.member("at")?.number()?,
            direction: match crossed.member("direction")?.text()?.as_str() {
                "c" => Direction::ClientToServer,
                "s" => Direction::ServerToClient,
                _ => return None,
            },
            bytes: crossed.member("bytes")?.bytes()?,
        })
    }
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

impl FromPage {
    /// Writes what serde reads; `quote` makes a JSON text of a text.
    pub fn write(&self, quote: impl Fn(&str) -> String) -> String {
        let Self::Ping { payload } = self;
        [r#"{"ping":{"payload":"#, &quote(payload), "}}"].concat()
    }
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    impl Json for Value {
        fn member(&self, name: &str) -> Option<Self> {
            self.get(name).cloned()
        }

        fn number(&self) -> Option<u64> {
            self.as_u64()
        }

        fn text(&self) -> Option<String> {
            self.as_str().map(String::from)
        }

        fn bytes(&self) -> Option<Vec<u8>> {
            base64_bytes::deserialize(self).ok()
        }
    }

    #[test]
    fn what_serde_writes_is_read() {
        let messages = [
            FromServer::Hello { version: VERSION },
            FromServer::Opened { trace: 7, path: "/ws/echo".into() },
            FromServer::Bytes { trace: 7, at: 1, direction: Direction::ClientToServer, bytes: vec![0, 255] },
            FromServer::Bytes { trace: 7, at: 2, direction: Direction::ServerToClient, bytes: Vec::new() },
            FromServer::Closed { trace: 7, at: 3 },
            FromServer::Lost { bytes: 4096 },
        ];
        for message in messages {
            let json = serde_json::to_value(&message).unwrap();
            assert_eq!(FromServer::read(&json), Some(message), "{json}");
        }
    }

    #[test]
    fn what_is_no_message_is_not_read() {
        for json in ["null", "{}", "[]", r#"{"hello":{}}"#, r#"{"bytes":{"trace":1}}"#, r#"{"hello":{"version":-1}}"#] {
            assert_eq!(FromServer::read(&serde_json::from_str::<Value>(json).unwrap()), None, "{json}");
        }
    }

    #[test]
    fn what_a_page_writes_is_read_by_serde() {
        let ping = FromPage::Ping { payload: "\"한\"\n".into() };
        let json = ping.write(|text| serde_json::to_string(text).unwrap());
        assert_eq!(serde_json::from_str::<FromPage>(&json).unwrap(), ping);
    }
}

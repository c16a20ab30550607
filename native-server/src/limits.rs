//! What this server takes, and for how long it waits. All of it is ours, none of it is the protocol's.

use std::time::Duration;

use serde::{Serialize, Serializer};
use ws101_core::connection::Config;

use crate::cli::Serve;
use crate::ws;

/// The server's limits; `/api/status` shows them.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Limits {
    /// Connections that may be open at once,
    pub(crate) connections: usize,
    /// and from one address.
    pub(crate) connections_per_address: usize,
    /// Bytes that all connections may hold together.
    pub(crate) memory: usize,
    /// Bytes of a request's head.
    pub(crate) max_head: usize,
    /// Bytes of a message, or of a request's body.
    pub(crate) max_message: usize,
    /// Bytes of a message of `/ws/broadcast`,
    pub(crate) max_broadcast: usize,
    /// and how many of them an address may send in a second.
    pub(crate) broadcasts_per_second: u32,
    /// permessage-deflate is agreed on where the query does not say otherwise.
    pub(crate) compression: bool,
    /// Connections that may compress at once.
    pub(crate) compressed_connections: usize,
    /// How long a request's head may take, from its first byte on.
    #[serde(serialize_with = "milliseconds", rename = "head_ms")]
    pub(crate) head_time: Duration,
    /// How long a connection may wait for its next request.
    #[serde(serialize_with = "milliseconds", rename = "keep_alive_ms")]
    pub(crate) keep_alive: Duration,
    /// How long a request's body, or what is sent, may make no progress.
    #[serde(serialize_with = "milliseconds", rename = "stall_ms")]
    pub(crate) stall: Duration,
    /// After how long a silence a WebSocket is pinged,
    #[serde(serialize_with = "milliseconds", rename = "ping_interval_ms")]
    pub(crate) ping_interval: Duration,
    /// and how long the pong may take.
    #[serde(serialize_with = "milliseconds", rename = "pong_timeout_ms")]
    pub(crate) pong_timeout: Duration,
}

impl Limits {
    pub(crate) fn new(options: &Serve) -> Self {
        Self {
            connections: options.max_connections as usize,
            connections_per_address: options.max_per_address as usize,
            memory: (options.memory as usize) << 20,
            max_head: 16 << 10,
            max_message: (options.max_message as usize) << 20,
            max_broadcast: ws::LONGEST_BROADCAST,
            broadcasts_per_second: options.max_broadcasts,
            compression: options.compression,
            compressed_connections: 256,
            head_time: options.head_timeout,
            keep_alive: options.keep_alive,
            stall: options.stall_timeout,
            // 45 s by default: below the 60 s after which common proxies cut an idle connection.
            ping_interval: options.ping_interval,
            pong_timeout: options.pong_timeout,
        }
    }

    /// Core's share of them.
    pub(crate) fn websocket(&self, compression: bool) -> Config {
        Config {
            max_frame: self.max_message as u64,
            max_message: self.max_message as u64,
            compression,
            ping_interval: Some(self.ping_interval),
            pong_timeout: self.pong_timeout,
            ..Config::default()
        }
    }
}

fn milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

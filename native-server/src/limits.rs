//! What this server takes, and for how long it waits. All of it is ours, none of it is the protocol's.

use std::time::Duration;

use ws101_core::connection::Config;

use crate::cli::Serve;

/// The server's limits.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Connections that may be open at once.
    pub(crate) connections: usize,
    /// Bytes of a message, or of a request's body.
    pub(crate) max_message: usize,
    /// permessage-deflate is agreed on where the query does not say otherwise.
    pub(crate) compression: bool,
    /// Connections that may compress at once.
    pub(crate) compressed: usize,
    /// How long a request's head may take, from its first byte on.
    pub(crate) head_time: Duration,
    /// How long a connection may wait for its next request.
    pub(crate) keep_alive: Duration,
    /// How long a request's body, or a response, may make no progress.
    pub(crate) stall: Duration,
}

impl Limits {
    pub(crate) fn new(options: &Serve) -> Self {
        Self {
            connections: options.max_connections as usize,
            max_message: (options.max_message as usize) << 20,
            compression: options.compression,
            compressed: 256,
            head_time: options.head_timeout,
            keep_alive: options.keep_alive,
            stall: Duration::from_secs(30),
        }
    }

    /// Core's share of them.
    pub(crate) fn websocket(&self, compression: bool) -> Config {
        Config {
            max_frame: self.max_message as u64,
            max_message: self.max_message as u64,
            compression,
            // Below the 60 s after which common proxies cut an idle connection.
            ping_interval: Some(Duration::from_secs(45)),
            pong_timeout: Duration::from_secs(20),
            ..Config::default()
        }
    }
}

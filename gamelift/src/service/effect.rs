//! What the service wants to have done.

use alloc::string::String;

use super::{Event, ProcessKey, TerminationReason};

/// A connection, by a number of the caller's that it never uses twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// Something to do, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send this as one text message.
    Send {
        /// On which connection.
        connection: ConnectionId,
        /// One JSON object.
        text: String,
    },
    /// Start the closing handshake.
    Close {
        /// Which connection.
        connection: ConnectionId,
        /// The close code. What the SDKs make of it: §1.7.
        code: u16,
        /// The reason.
        reason: String,
    },
    /// End the TCP connection without a Close frame.
    Abort {
        /// Which connection.
        connection: ConnectionId,
    },
    /// A supervised compute has fewer processes than it should: start one, and say [`launched`](super::Service::launched).
    Spawn {
        /// The fleet.
        fleet_id: String,
        /// The compute.
        compute_name: String,
    },
    /// This process must not live on: end it, if you started it.
    Kill {
        /// Which process.
        process: ProcessKey,
        /// Why.
        reason: TerminationReason,
    },
    /// Something happened; for the log.
    Event(Event),
}

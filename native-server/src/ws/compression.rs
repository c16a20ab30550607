//! permessage-deflate on a connection.

use tokio::sync::OwnedSemaphorePermit;
use ws101_core::Role;
use ws101_core::deflate::{Deflater, Inflater};
use ws101_core::handshake::deflate::Parameters;
use ws101_core::message::Joiner;

/// What compresses a connection's messages. Its windows last as long as the connection, some 300 KiB of them: so there is only a
/// bounded number of places, and whoever finds none goes on without compression.
pub(crate) struct Compression {
    parameters: Parameters,
    deflater: Deflater,
    buffer: Vec<u8>,
    _place: OwnedSemaphorePermit,
}

impl Compression {
    pub(crate) fn new(parameters: Parameters, place: OwnedSemaphorePermit) -> Box<Self> {
        let deflater = Deflater::new(Role::Server, &parameters);
        Box::new(Self { parameters, deflater, buffer: Vec::new(), _place: place })
    }

    /// The compressed form of a message, which has to be sent.
    pub(super) fn deflate(&mut self, payload: &[u8]) -> &[u8] {
        self.buffer.clear();
        self.buffer.shrink_to(KEPT);
        self.deflater.message(payload, &mut self.buffer);
        &self.buffer
    }

    /// What inflates the peer's messages, none of them beyond `max_message` bytes.
    pub(super) fn joiner(&self, max_message: usize) -> Joiner {
        Joiner::inflating(Inflater::new(Role::Server, &self.parameters), max_message)
    }
}

/// A buffer of at most so many bytes is kept for the next message.
const KEPT: usize = 4096;

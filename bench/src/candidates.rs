//! What a candidate is: something that receives, sends or shakes hands, and can be compared and timed.

use ws101_core::MessageKind;

use crate::messages::Message;

/// Takes the messages that a receiver gives.
pub trait Seen {
    fn message(&mut self, kind: MessageKind, payload: &[u8]);
}

/// The least that an application does: it looks where the message lies.
#[derive(Default)]
pub struct Touched {
    bytes: usize,
}

impl Seen for Touched {
    #[inline]
    fn message(&mut self, _kind: MessageKind, payload: &[u8]) {
        self.bytes += std::hint::black_box(payload).len();
    }
}

/// Compares with what was sent.
pub struct Compared<'a> {
    pub expected: std::slice::Iter<'a, Message>,
}

impl Seen for Compared<'_> {
    fn message(&mut self, kind: MessageKind, payload: &[u8]) {
        let expected = self.expected.next().expect("no more messages than were sent");
        assert!(expected.kind == kind && expected.payload == payload, "another message than was sent");
    }
}

/// Receives messages from a socket of its own.
pub trait Receiver {
    fn receive(&mut self, count: usize, seen: &mut impl Seen);
}

/// Sends messages into a socket of its own; everything is written when it returns.
pub trait Sender {
    /// All payloads of a batch, to be sent as binary messages. They may stay borrowed for ever.
    fn send(&mut self, batch: &[&'static [u8]]);
}

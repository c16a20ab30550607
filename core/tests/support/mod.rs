//! What the tests of connections share: an owned form of what came out, and ways to feed bytes.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part of it")]

use std::time::Duration;

use ws101_core::connection::{Client, Config, Connection, Event, Failure, Input, Masking, Server};
use ws101_core::{MessageKind, Role};

/// What a receiver saw, without borrows, joined so that it does not depend on how the bytes were cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    Message(MessageKind, Vec<u8>),
    /// The beginning of a message that was never completed.
    Unfinished(MessageKind, Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<u16>, String),
    Failed(Failure),
}

/// Feeds `chunks` one after the other as a socket would, keeping what is not consumed.
pub struct Receiver<M> {
    pub connection: Connection<M>,
    pub out: Vec<u8>,
    pub seen: Vec<Seen>,
    kept: Vec<u8>,
}

pub const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

pub fn server(config: Config) -> Receiver<Server> {
    Receiver::new(Server, config)
}

/// A client whose keys are all the same.
pub type FixedKeyClient = Client<fn() -> [u8; 4]>;

pub fn client(config: Config) -> Receiver<FixedKeyClient> {
    Receiver::new(Client(|| KEY), config)
}

impl<M: Masking> Receiver<M> {
    pub fn new(masking: M, config: Config) -> Self {
        let connection = Connection::new(masking, config, Duration::ZERO);
        Self { connection, out: Vec::new(), seen: Vec::new(), kept: Vec::new() }
    }

    pub fn feed(&mut self, chunk: &[u8]) -> &mut Self {
        if self.seen.iter().any(|seen| matches!(seen, Seen::Failed(_))) {
            return self;
        }
        self.kept.extend_from_slice(chunk);
        let mut input = Input::new(&mut self.kept);
        loop {
            match self.connection.receive(&mut input, Duration::ZERO, &mut self.out) {
                Ok(None) => break,
                Ok(Some(event)) => note(&mut self.seen, event),
                Err(failure) => {
                    self.seen.push(Seen::Failed(failure));
                    break;
                }
            }
        }
        let consumed = input.consumed();
        self.kept.drain(..consumed);
        if !self.seen.iter().any(|seen| matches!(seen, Seen::Failed(_))) {
            assert!(self.kept.len() <= 130, "{} bytes were left", self.kept.len());
        }
        self
    }

    pub fn sent(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

fn note(seen: &mut Vec<Seen>, event: Event<'_>) {
    match event {
        Event::Data(piece) => {
            if piece.first {
                seen.push(Seen::Unfinished(piece.kind, Vec::new()));
            }
            // Control frames may have come in between.
            let open = seen.iter().rposition(|seen| matches!(seen, Seen::Unfinished(..)));
            let Seen::Unfinished(kind, mut bytes) = seen.remove(open.expect("a piece belongs to a message")) else {
                unreachable!("just matched")
            };
            assert_eq!(kind, piece.kind);
            bytes.extend_from_slice(piece.bytes);
            if piece.last {
                seen.push(Seen::Message(kind, bytes));
            } else {
                seen.push(Seen::Unfinished(kind, bytes));
            }
        }
        Event::Ping(payload) => seen.push(Seen::Ping(payload.to_vec())),
        Event::Pong(payload) => seen.push(Seen::Pong(payload.to_vec())),
        Event::Close(close) => {
            seen.push(Seen::Close(close.code.map(|code| code.value()), close.reason.to_owned()));
        }
    }
}

/// A frame as the peer of `reader` would send it, of any header bits.
pub fn frame(reader: Role, first_byte: u8, payload: &[u8]) -> Vec<u8> {
    use ws101_core::frame::{Header, Opcode, encode};
    let key = (reader == Role::Server).then_some(KEY);
    let mut header =
        Header::new(first_byte & 0x80 != 0, Opcode::from_first_byte(first_byte), key, payload.len() as u64);
    header.rsv = first_byte >> 4 & 7;
    let mut bytes = Vec::new();
    encode(header, payload, &mut bytes);
    bytes
}

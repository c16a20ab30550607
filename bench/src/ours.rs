//! This project's codec, in the ways in which it is used.

use std::hint::black_box;
use std::io::IoSlice;
use std::time::Duration;

use ws101_core::Role;
use ws101_core::connection::{Config, Connection, Event, Input, Server};
use ws101_core::dissect::FrameDissector;
use ws101_core::handshake::server::{Policy, judge};
use ws101_core::head::{Limits, RequestHead};
use ws101_core::message::Joiner;
use ws101_core::{Content, MessageKind};

use crate::candidates::{Receiver, Seen, Sender};
use crate::kernel::{READ, Socket};

/// As in the crate's documentation: one buffer, whole messages by the joiner.
pub struct Joined {
    socket: Socket,
    connection: Connection<Server>,
    joiner: Joiner,
    buffer: Vec<u8>,
    kept: usize,
    out: Vec<u8>,
}

fn connection() -> Connection<Server> {
    Connection::new(Server, Config::default(), Duration::ZERO)
}

impl Joined {
    pub fn new(socket: Socket) -> Self {
        Self {
            socket,
            connection: connection(),
            joiner: Joiner::new(),
            buffer: vec![0; READ],
            kept: 0,
            out: Vec::new(),
        }
    }
}

impl Receiver for Joined {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        let mut received = 0;
        while received < count {
            let end = self.kept + self.socket.read(&mut self.buffer[self.kept..]);
            let mut input = Input::new(&mut self.buffer[..end]);
            while let Some(event) =
                self.connection.receive(&mut input, Duration::ZERO, &mut self.out).expect("a peer without fault")
            {
                if let Event::Data(piece) = event
                    && let Some(message) = self.joiner.push(&piece).expect("not compressed")
                {
                    seen.message(piece.kind, message);
                    received += 1;
                }
            }
            let consumed = input.consumed();
            self.buffer.copy_within(consumed..end, 0);
            self.kept = end - consumed;
        }
    }
}

/// Whole messages without a copy: what arrives is read behind what there is of the message, no further than its frame goes.
pub struct InPlace {
    socket: Socket,
    connection: Connection<Server>,
    buffer: Vec<u8>,
    out: Vec<u8>,
}

impl InPlace {
    pub fn new(socket: Socket) -> Self {
        Self { socket, connection: connection(), buffer: vec![0; READ], out: Vec::new() }
    }
}

impl Receiver for InPlace {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        let mut received = 0;
        // Where the message that is not complete lies, what is unread behind it, and where that ends.
        let (mut message, mut unread, mut end) = (0..0, 0, 0);
        while received < count {
            let room = match usize::try_from(self.connection.payload_remaining()).unwrap_or(READ) {
                0 => READ,
                remaining => {
                    if self.buffer.len() < end + remaining {
                        self.buffer.resize(end + remaining, 0);
                    }
                    remaining
                }
            };
            let room = self.buffer.len().min(end + room);
            end += self.socket.read(&mut self.buffer[end..room]);
            let mut input = Input::new(&mut self.buffer[unread..end]);
            let mut whole = None;
            while let Some(event) =
                self.connection.receive(&mut input, Duration::ZERO, &mut self.out).expect("a peer without fault")
            {
                let Event::Data(piece) = event else { continue };
                if piece.first && piece.last {
                    seen.message(piece.kind, piece.bytes);
                    received += 1;
                    continue;
                }
                let at = unread + input.consumed();
                if piece.first {
                    message = at - piece.bytes.len()..at;
                } else {
                    // Nobody fragments here; between fragments, a header would have to be closed over.
                    assert_eq!(message.end, at - piece.bytes.len(), "a fragmented message");
                    message.end = at;
                }
                whole = piece.last.then_some(piece.kind);
            }
            unread += input.consumed();
            if let Some(kind) = whole {
                seen.message(kind, &self.buffer[message.clone()]);
                received += 1;
                message = 0..0;
            }
            if message.is_empty() {
                self.buffer.copy_within(unread..end, 0);
                (unread, end) = (0, end - unread);
            }
        }
    }
}

/// Pieces as they come: for who passes them on, hashes them or writes them to a file. Not whole messages.
pub struct Pieces {
    socket: Socket,
    connection: Connection<Server>,
    buffer: Vec<u8>,
    out: Vec<u8>,
}

impl Pieces {
    pub fn new(socket: Socket) -> Self {
        Self { socket, connection: connection(), buffer: vec![0; READ], out: Vec::new() }
    }

    pub fn receive(&mut self, count: usize, mut seen: impl FnMut(&[u8])) {
        let (mut received, mut kept) = (0, 0);
        while received < count {
            let end = kept + self.socket.read(&mut self.buffer[kept..]);
            let mut input = Input::new(&mut self.buffer[..end]);
            while let Some(event) =
                self.connection.receive(&mut input, Duration::ZERO, &mut self.out).expect("a peer without fault")
            {
                if let Event::Data(piece) = event {
                    seen(black_box(piece.bytes));
                    received += usize::from(piece.last);
                }
            }
            let consumed = input.consumed();
            self.buffer.copy_within(consumed..end, 0);
            kept = end - consumed;
        }
    }
}

/// The lenient reading, which shows instead of refusing: every frame with its spans and findings.
pub struct Lenient {
    pub wire: &'static [u8],
}

impl Receiver for Lenient {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        let mut dissector = FrameDissector::new(Role::Server, 0);
        for _ in 0..count {
            let frame = dissector.next_frame(self.wire).expect("as many frames as messages");
            let Content::Data { kind, .. } = frame.content else { continue };
            seen.message(kind, &frame.unmasked);
        }
    }
}

/// Frames into one buffer, which is written once for the batch.
pub struct Buffered {
    socket: Socket,
    connection: Connection<Server>,
    out: Vec<u8>,
}

impl Buffered {
    pub fn new() -> Self {
        Self { socket: Socket::new(&[]), connection: connection(), out: Vec::new() }
    }
}

impl Sender for Buffered {
    fn send(&mut self, batch: &[&'static [u8]]) {
        for payload in batch {
            self.connection.send(MessageKind::Binary, payload, &mut self.out).expect("it is open");
        }
        self.socket.write(&self.out);
        self.out.clear();
    }
}

/// Only the header is written by the codec; the payload stays where it is.
pub struct Vectored {
    socket: Socket,
    connection: Connection<Server>,
    out: Vec<u8>,
}

impl Vectored {
    pub fn new() -> Self {
        Self { socket: Socket::new(&[]), connection: connection(), out: Vec::new() }
    }
}

impl Sender for Vectored {
    fn send(&mut self, batch: &[&'static [u8]]) {
        for payload in batch {
            self.connection
                .send_header(MessageKind::Binary, payload.len() as u64, true, &mut self.out)
                .expect("it is open");
            self.socket.write_vectored(&[IoSlice::new(&self.out), IoSlice::new(payload)]);
            self.out.clear();
        }
    }
}

/// From the request's bytes to the 101, with everything that the strict verdict looks at.
pub fn handshake(request: &'static [u8]) {
    let mut socket = Socket::new(request);
    let buffer = socket.arrived(READ).to_vec();
    let head = RequestHead::read(&buffer, &Limits::default());
    let head = head.ok().flatten().expect("a whole head");
    let acceptance = judge(&head, &Policy::default()).expect("a request without fault");
    socket.write(&acceptance.response());
}

//! The task of a connection: reads, has core answer, writes once.

use std::io;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::debug;
use ws101_core::MessageKind;
use ws101_core::connection::{Event, Input};
use ws101_core::frame::CloseCode;
use ws101_core::message::Joiner;

use super::Socket;
use super::socket::{End, OUTBOX};
use crate::scratch;
use crate::wire::Wire;

/// Where a handler of messages answers: appended to what is written at the end of the turn.
pub(super) struct Peer<'a> {
    end: &'a mut End,
    wire: &'a Wire,
    now: Duration,
}

impl Peer<'_> {
    /// Sends a message. When the connection is closing, nobody is left to be sent to, and it is dropped.
    pub(super) fn send(&mut self, kind: MessageKind, payload: &[u8]) {
        let _ = self.end.send_over(self.wire, kind, payload);
    }

    /// Begins the closing handshake; if it has begun already, nothing is left to be said.
    pub(super) fn close(&mut self, code: CloseCode, reason: &str) {
        let End { connection, out, .. } = &mut *self.end;
        let _ = connection.close(Some(code), reason, self.now, out);
    }
}

/// Runs a connection to its end.
pub(super) async fn drive(socket: &Socket, mut on_message: impl FnMut(MessageKind, &[u8], &mut Peer<'_>)) {
    let joiner = socket.lock().inflating_joiner(socket.max_message).map(Box::new);
    let mut reader = Reader { rest: Vec::new(), joiner, given_up: false };
    reader.receive(socket, &mut socket.take_early(), &mut on_message);
    match run(socket, &mut reader, &mut on_message).await {
        // A future of its own: it is needed once, and late.
        Ok(()) => Box::pin(socket.wire.finish()).await,
        Err(error) => debug!(%error, "the connection broke"),
    }
}

async fn run(
    socket: &Socket,
    reader: &mut Reader,
    on_message: &mut impl FnMut(MessageKind, &[u8], &mut Peer<'_>),
) -> io::Result<()> {
    // Set when it is first needed: one that rang at once would wake every new connection once more.
    let mut armed = None;
    let mut alarm = std::pin::pin!(sleep_until(Instant::now()));
    loop {
        let waiting = socket.flush()?;
        let done = waiting.done || reader.given_up;
        if done && waiting.unsent == 0 {
            return Ok(());
        }
        let (reads, writes) = (waiting.unsent < OUTBOX && !done, waiting.unsent > 0);
        // An alarm that is too early only rings in vain; to set it anew for each message would cost more.
        if let Some(deadline) = waiting.deadline
            && (armed.is_none_or(|armed| deadline < armed) || alarm.is_elapsed())
        {
            armed = Some(deadline);
            alarm.as_mut().reset(deadline);
        }
        tokio::select! {
            biased;
            ready = socket.wire.readable(), if reads => {
                ready?;
                if !reader.read(socket, on_message)? {
                    return Ok(());
                }
            }
            ready = socket.wire.writable(), if writes => ready?,
            () = socket.woken.notified() => {}
            () = &mut alarm, if waiting.deadline.is_some() => {
                if socket.is_stalled() {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                if let Err(failure) = socket.on_deadline() {
                    debug!(%failure, "given up");
                }
            }
        }
    }
}

/// What a connection keeps of what it read: nothing, as a rule.
struct Reader {
    /// A part of a header or control frame.
    rest: Vec<u8>,
    /// A part of a message, or what inflates them. Most messages come whole, and without.
    joiner: Option<Box<Joiner>>,
    /// Nothing more is read: there was no memory for it.
    given_up: bool,
}

impl Reader {
    /// Reads once. `false`: the stream ended.
    fn read(
        &mut self,
        socket: &Socket,
        on_message: &mut impl FnMut(MessageKind, &[u8], &mut Peer<'_>),
    ) -> io::Result<bool> {
        scratch::with(|scratch| {
            let old = self.rest.len();
            let len = match socket.wire.try_read(&mut scratch[old..]) {
                Ok(0) => return Ok(false),
                Ok(len) => len,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            };
            scratch[..old].copy_from_slice(&self.rest);
            self.receive(socket, &mut scratch[..old + len], on_message);
            Ok(true)
        })
    }

    /// Has everything answered that `bytes` have in them, and keeps the rest.
    fn receive(
        &mut self,
        socket: &Socket,
        bytes: &mut [u8],
        on_message: &mut impl FnMut(MessageKind, &[u8], &mut Peer<'_>),
    ) {
        let now = socket.now();
        let mut end = socket.lock();
        let mut input = Input::new(bytes);
        loop {
            match end.receive(&mut input, now) {
                Ok(Some(Event::Data(piece))) if piece.first && piece.last && !piece.compressed => {
                    on_message(piece.kind, piece.bytes, &mut Peer { end: &mut end, wire: &socket.wire, now });
                }
                Ok(Some(Event::Data(piece))) => {
                    let joiner = self.joiner.get_or_insert_default();
                    match joiner.push(&piece) {
                        Ok(None) => {}
                        Ok(Some(message)) => {
                            on_message(piece.kind, message, &mut Peer { end: &mut end, wire: &socket.wire, now });
                            joiner.clear();
                        }
                        Err(failure) => {
                            debug!(%failure, "the connection is failed");
                            end.fail(failure);
                        }
                    }
                }
                Ok(Some(Event::Ping(_) | Event::Pong(_))) => {}
                Ok(Some(Event::Close(close))) => debug!(code = ?close.code, "the peer closes"),
                Ok(None) => break,
                Err(failure) => {
                    debug!(%failure, "the connection is failed");
                    break;
                }
            }
        }
        let held = self.joiner.as_ref().map_or(0, |joiner| joiner.held());
        if end.account(held).is_err() && held > 0 {
            // Whoever asks for more when nothing is left is asked to come again.
            debug!("no memory is left for the rest of a message");
            self.joiner = None;
            self.given_up = true;
            end.give_up(now);
        }
        let consumed = input.consumed();
        self.rest.clear();
        if !end.connection.is_done() && consumed < bytes.len() {
            self.rest.extend_from_slice(&bytes[consumed..]);
        } else {
            self.rest = Vec::new();
        }
    }
}

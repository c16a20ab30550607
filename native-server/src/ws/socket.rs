//! An open connection: its wire, and everything that changes under one small lock.

use std::io::{self, IoSlice};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use ws101_core::MessageKind;
use ws101_core::connection::{Config, Connection, Event, Failure, Input, SendError, Server};
use ws101_core::frame::CloseCode;
use ws101_core::message::Joiner;

use super::compression::Compression;
use crate::budget::{Exhausted, Share};
use crate::wire::Wire;

/// One end of a connection. Its task [drives](super::drive) it; whoever else has it may send, and writes at once.
pub(crate) struct Socket {
    pub(super) wire: Wire,
    epoch: Instant,
    /// The most bytes that a compressed message may inflate to.
    pub(super) max_message: usize,
    /// How long a peer may take no byte at all.
    stall: Duration,
    end: Mutex<End>,
    /// The task must look again: something is left to be written, or a deadline has changed.
    pub(super) woken: Notify,
    /// The outbox has room again.
    room: Notify,
}

/// What the server's limits say for a connection.
pub(crate) struct Settings {
    pub(crate) config: Config,
    /// How long a peer may take no byte at all.
    pub(crate) stall: Duration,
    pub(crate) share: Share,
}

/// What the lock is over.
pub(super) struct End {
    pub(super) connection: Connection<Server>,
    /// permessage-deflate, if it was agreed on.
    compression: Option<Box<Compression>>,
    /// Bytes to be written; those before `sent` are.
    pub(super) out: Vec<u8>,
    sent: usize,
    /// Encryption has bytes that are not written yet.
    held_back: bool,
    /// What came behind the request's head, until the task takes it.
    early: Vec<u8>,
    /// When a write got on the last time.
    progress: Instant,
    share: Share,
    /// What the reader holds.
    reading: usize,
}

/// What the task has to wait for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    /// Bytes that could not be written yet.
    pub(super) unsent: usize,
    /// Both Closes crossed, or the connection failed.
    pub(super) done: bool,
    /// When something is due even if nothing comes.
    pub(super) deadline: Option<Instant>,
}

impl Socket {
    /// A connection whose opening handshake is complete, but for `response`, which is written first. `early` came behind the
    /// request's head.
    pub(crate) fn new(
        wire: Wire,
        Settings { config, stall, share }: Settings,
        compression: Option<Box<Compression>>,
        response: Vec<u8>,
        early: Vec<u8>,
    ) -> Self {
        let epoch = Instant::now();
        let max_message = usize::try_from(config.max_message).unwrap_or(usize::MAX);
        let connection = Connection::new(Server, config, Duration::ZERO);
        let (out, sent, held_back, progress, reading) = (response, 0, false, epoch, 0);
        let end = End { connection, compression, out, sent, held_back, early, progress, share, reading };
        Self { wire, epoch, max_message, stall, end: Mutex::new(end), woken: Notify::new(), room: Notify::new() }
    }

    /// Sends a message: now if the wire takes it, else as soon as it does.
    pub(crate) fn send(&self, kind: MessageKind, payload: &[u8]) -> Result<(), SendError> {
        self.publish(|end, _| end.send(kind, payload))
    }

    /// Sends a message that others are sent too, unless the peer has not taken all that came before. `false`: it misses this one.
    pub(super) fn offer(&self, kind: MessageKind, payload: &[u8]) -> bool {
        self.publish(|end, _| {
            // What its task was about to write is no sign of slowness.
            let takes = end.flush(&self.wire).is_ok() && end.unsent() == 0;
            if takes {
                // One that is closing misses nothing that it wants to have.
                let _ = end.send_over(&self.wire, kind, payload);
            }
            takes
        })
    }

    /// Sends a ping frame; of the payload the first 125 bytes.
    pub(crate) fn ping(&self, payload: &[u8]) -> Result<(), SendError> {
        self.publish(|end, _| end.connection.ping(&payload[..payload.len().min(125)], &mut end.out))
    }

    /// Begins the closing handshake.
    pub(crate) fn close(&self, code: CloseCode, reason: &str) -> Result<(), SendError> {
        let outcome = self.publish(|end, now| end.connection.close(Some(code), reason, now, &mut end.out));
        self.woken.notify_one();
        outcome
    }

    /// Writes bytes as they are, whatever they do to the protocol.
    pub(super) fn inject(&self, bytes: &[u8]) {
        self.publish(|end, _| end.out.extend_from_slice(bytes));
    }

    /// Returns when the outbox has room for more. Publishers that can wait should.
    pub(crate) async fn room(&self) {
        loop {
            let room = self.room.notified();
            if self.lock().unsent() < OUTBOX {
                return;
            }
            room.await;
        }
    }

    fn publish<T>(&self, act: impl FnOnce(&mut End, Duration) -> T) -> T {
        let mut end = self.lock();
        let outcome = act(&mut end, self.now());
        // A failed write is the task's to notice: it will be told the same.
        if end.flush(&self.wire).is_err() || end.unsent() > 0 {
            self.woken.notify_one();
        }
        outcome
    }

    /// What came behind the request's head.
    pub(super) fn take_early(&self) -> Vec<u8> {
        std::mem::take(&mut self.lock().early)
    }

    /// Writes what is left, and says what is to be waited for.
    pub(super) fn flush(&self) -> io::Result<Waiting> {
        let mut end = self.lock();
        end.flush(&self.wire)?;
        let unsent = end.unsent();
        if unsent < OUTBOX {
            self.room.notify_waiters();
        }
        let due = end.connection.deadline().map(|deadline| self.epoch + deadline);
        let stalled = (unsent > 0).then(|| end.progress + self.stall);
        let deadline = [due, stalled].into_iter().flatten().min();
        Ok(Waiting { unsent, done: end.connection.is_done(), deadline })
    }

    /// Does what is due.
    pub(super) fn on_deadline(&self) -> Result<(), Failure> {
        let mut end = self.lock();
        let End { connection, out, .. } = &mut *end;
        connection.on_deadline(self.now(), out)
    }

    /// Whether the peer has not taken a byte for too long.
    pub(super) fn is_stalled(&self) -> bool {
        let end = self.lock();
        end.unsent() > 0 && end.progress.elapsed() >= self.stall
    }

    /// The time as the connection counts it.
    pub(super) fn now(&self) -> Duration {
        self.epoch.elapsed()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl End {
    /// The next event of what was read.
    pub(super) fn receive<'b>(&mut self, input: &mut Input<'b>, now: Duration) -> Result<Option<Event<'b>>, Failure> {
        self.connection.receive(input, now, &mut self.out)
    }

    /// Fails the connection for what was found in a message.
    pub(super) fn fail(&mut self, failure: Failure) {
        self.connection.fail(failure, &mut self.out);
    }

    /// Appends a message to what is to be written, compressed if that was agreed on.
    pub(super) fn send(&mut self, kind: MessageKind, payload: &[u8]) -> Result<(), SendError> {
        match &mut self.compression {
            None => self.connection.send(kind, payload, &mut self.out),
            // What is compressed must be sent: the next message may refer to it.
            Some(_) if !self.connection.is_open() => Err(SendError::Closing),
            Some(compression) => self.connection.send_compressed(kind, compression.deflate(payload), &mut self.out),
        }
    }

    /// The same, but a large payload is written from where it lies, as far as the wire takes it now.
    pub(super) fn send_over(&mut self, wire: &Wire, kind: MessageKind, payload: &[u8]) -> Result<(), SendError> {
        if payload.len() < LARGE || self.compression.is_some() {
            return self.send(kind, payload);
        }
        self.connection.send_header(kind, payload.len() as u64, true, &mut self.out)?;
        let before = self.out.len() - self.sent;
        // A write that fails is the task's to notice: it will be told the same.
        let written =
            wire.try_write_vectored(&[IoSlice::new(&self.out[self.sent..]), IoSlice::new(payload)]).unwrap_or(0);
        if written > 0 {
            self.progress = Instant::now();
        }
        if written < before {
            self.sent += written;
            self.out.extend_from_slice(payload);
        } else {
            self.sent = 0;
            self.out.clear();
            self.out.extend_from_slice(&payload[written - before..]);
        }
        Ok(())
    }

    /// What inflates and joins messages on this connection, if they are compressed.
    pub(super) fn inflating_joiner(&self, max_message: usize) -> Option<Joiner> {
        self.compression.as_ref().map(|compression| compression.joiner(max_message))
    }

    /// Counts what is held: by the reader so much, by the outbox what it has.
    pub(super) fn account(&mut self, reading: usize) -> Result<(), Exhausted> {
        self.reading = reading;
        self.share.set(reading + self.out.capacity())
    }

    /// The rest of a message cannot be held: says so. Nothing more is to be read.
    pub(super) fn give_up(&mut self, now: Duration) {
        let _ = self.account(0);
        let _ = self.connection.close(Some(CloseCode::TRY_AGAIN_LATER), "No memory is left.", now, &mut self.out);
    }

    fn unsent(&self) -> usize {
        self.out.len() - self.sent + usize::from(self.held_back)
    }

    /// One write, as a rule; an outbox that is empty again is given back.
    pub(super) fn flush(&mut self, wire: &Wire) -> io::Result<()> {
        while self.sent < self.out.len() {
            match wire.try_write(&self.out[self.sent..]) {
                Ok(len) => {
                    self.sent += len;
                    self.progress = Instant::now();
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return self
                        .account(self.reading)
                        .map_err(|error| io::Error::new(io::ErrorKind::OutOfMemory, error));
                }
                Err(error) => return Err(error),
            }
        }
        self.held_back = match wire.try_flush() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => true,
            other => other.map(|()| false)?,
        };
        self.sent = 0;
        if self.out.capacity() > KEPT {
            self.out = Vec::new();
        } else {
            self.out.clear();
        }
        let _ = self.share.set(self.reading);
        Ok(())
    }
}

/// While more than this is unsent, nothing is read, and publishers that can wait do.
pub(super) const OUTBOX: usize = 256 * 1024;
/// An outbox of at most so many bytes is kept for the next answer. The opening handshake's has more.
const KEPT: usize = 128;
/// From so many bytes on, a payload is not copied behind its header.
const LARGE: usize = 8 * 1024;

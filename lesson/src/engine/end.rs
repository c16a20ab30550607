//! One end: its opening handshake, its `core` connection, and what it knows.

use std::time::Duration;

use ws101_core::connection::{Config, Connection, Event, Failure, Input, Masking, SendError};
use ws101_core::frame::CloseCode;
use ws101_core::handshake::client::check;
use ws101_core::handshake::server::{Policy, judge};
use ws101_core::head::{Limits, RequestHead, ResponseHead};
use ws101_core::message::Joiner;
use ws101_core::rules::{Finding, Strict};
use ws101_core::{MessageKind, Role};

use super::request::{key_of, offer, request};
use super::{Act, Edit, Random};

/// What an end learns, by itself or from the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The other's head breaks a rule: the server answers so and closes, the client closes.
    Refused(Finding),
    /// The other's head is larger than this end reads.
    HeadTooLarge,
    /// The opening handshake is complete.
    Opened,
    /// A whole message came.
    Message(MessageKind, Vec<u8>),
    /// A ping came; it is answered.
    Ping(Vec<u8>),
    /// A pong came.
    Pong(Vec<u8>),
    /// Nothing was heard for so long that a ping goes out.
    Silence,
    /// The other's Close frame came: its code and reason.
    CloseFrame(Option<CloseCode>, String),
    /// This end fails the connection: a rule was broken, or a deadline has passed.
    Failed(Failure),
    /// What was sent is not acknowledged, however often TCP sends it again.
    TcpTimedOut,
    /// The TCP connection has ended. The code is the one of a page's `CloseEvent`: what the other's Close frame said, 1005 if
    /// it said nothing, 1006 if there was none.
    Closed(CloseCode),
    /// The process was killed, and knows nothing more.
    Died,
    /// It was told to send what cannot be sent (any more).
    NotSent(NotSent),
}

/// Why an [`Act`] came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// There is no connection yet, or none any more; or the request was sent before.
    NotOpen,
    /// `core` refuses.
    Refused(SendError),
}

/// How far an end is, in its own view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No request was sent, or none has come.
    Waiting,
    /// The client's request is on its way, or the answer.
    Opening,
    /// Messages may be sent.
    Open,
    /// A Close frame was sent or has come, or the connection failed: nothing more may be sent.
    Closing,
    /// The TCP connection has ended here.
    Closed,
}

/// What a simulated end masks with: a client has keys. One type for both roles, so that the page has the codec once.
struct Keys(Option<Random>);

impl Masking for Keys {
    fn role(&self) -> Role {
        if self.0.is_some() { Role::Client } else { Role::Server }
    }

    fn next_key(&mut self) -> Option<[u8; 4]> {
        self.0.as_mut().map(Random::key)
    }
}

enum Phase {
    Waiting,
    /// With the key that was sent.
    Opening(String),
    Open(Connection<Keys>),
    Closed,
}

/// What an end takes to answer.
const THINKING: Duration = Duration::from_micros(120);
/// A client lets the server end the TCP connection (RFC 6455 §7.1.1), and waits for so long.
const LINGER: Duration = Duration::from_secs(2);

pub(super) struct End {
    role: Role,
    random: Random,
    phase: Phase,
    config: Config,
    joiner: Joiner,
    echo: bool,
    /// What `core` has not consumed.
    received: Vec<u8>,
    out: Vec<u8>,
    edits: Vec<Edit>,
    flush_at: Option<Duration>,
    linger: Option<Duration>,
    code: CloseCode,
    /// The TCP connection is ended with the next write.
    ending: bool,
    died: bool,
    /// What it learned since somebody took this away.
    pub(super) learned: Vec<Fact>,
}

impl End {
    pub(super) fn new(role: Role, seed: u64) -> Self {
        Self {
            role,
            random: Random::new(seed),
            phase: Phase::Waiting,
            config: Config::default(),
            joiner: Joiner::new(),
            echo: role == Role::Server,
            received: Vec::new(),
            out: Vec::new(),
            edits: Vec::new(),
            flush_at: None,
            linger: None,
            code: CloseCode::ABNORMAL,
            ending: false,
            died: false,
            learned: Vec::new(),
        }
    }

    pub(super) fn stage(&self) -> Stage {
        match &self.phase {
            Phase::Closed => Stage::Closed,
            _ if self.ending => Stage::Closing,
            Phase::Waiting => Stage::Waiting,
            Phase::Opening(_) => Stage::Opening,
            Phase::Open(connection) if connection.is_open() => Stage::Open,
            Phase::Open(_) => Stage::Closing,
        }
    }

    /// Whether the TCP connection has ended here, so that nothing is read.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// Does what it is told; what is to be written then waits in `out`.
    pub(super) fn act(&mut self, act: &Act, now: Duration) {
        if let Err(reason) = self.try_act(act, now) {
            self.learned.push(Fact::NotSent(reason));
        }
    }

    fn try_act(&mut self, act: &Act, now: Duration) -> Result<(), NotSent> {
        if self.is_closed() {
            return Err(NotSent::NotOpen);
        }
        match act {
            Act::Open | Act::OpenWith(_) => {
                if !matches!((self.role, &self.phase), (Role::Client, Phase::Waiting)) {
                    return Err(NotSent::NotOpen);
                }
                let (key, bytes) = match act {
                    Act::OpenWith(bytes) => (key_of(bytes), bytes.clone()),
                    _ => request(&mut self.random),
                };
                self.out = bytes;
                self.phase = Phase::Opening(key);
            }
            Act::Bytes(bytes) => self.out.extend_from_slice(bytes),
            Act::Edit(edit) => self.edits.push(edit.clone()),
            Act::KeepAlive { interval, timeout } => {
                self.config.ping_interval = Some(*interval);
                self.config.pong_timeout = *timeout;
            }
            Act::Echo(echo) => self.echo = *echo,
            Act::Die => {
                self.out.clear();
                self.died = true;
                self.ending = true;
            }
            Act::Message { .. } | Act::Ping(_) | Act::Pong(_) | Act::Close(..) => {
                let Phase::Open(connection) = &mut self.phase else { return Err(NotSent::NotOpen) };
                let out = &mut self.out;
                match act {
                    Act::Message { kind, payload, last } => connection.send_fragment(*kind, payload, *last, out),
                    Act::Ping(payload) => connection.ping(payload, out),
                    Act::Pong(payload) => connection.pong(payload, out),
                    Act::Close(code, reason) => connection.close(*code, reason, now, out),
                    _ => Ok(()),
                }
                .map_err(NotSent::Refused)?;
            }
        }
        Ok(())
    }

    /// Bytes came, and then perhaps the end of the stream.
    pub(super) fn receive(&mut self, bytes: &[u8], last: bool, now: Duration) {
        self.received.extend_from_slice(bytes);
        if !self.ending {
            self.read(now);
        }
        if last {
            self.ending = true;
        }
        if self.wants_to_write() {
            self.flush_at.get_or_insert(now + THINKING);
        }
    }

    fn read(&mut self, now: Duration) {
        let head = match (&self.phase, self.role) {
            (Phase::Waiting, Role::Server) => self.read_request(),
            (Phase::Opening(key), _) => read_response(&self.received, key),
            (Phase::Open(_), _) => Ok(Some(0)),
            _ => Ok(None),
        };
        match head {
            Ok(None) => return,
            Ok(Some(len)) if len > 0 => self.open(len, now),
            Ok(Some(_)) => {}
            Err(fact) => {
                self.learned.push(fact);
                self.ending = true;
                return;
            }
        }
        if let Err(failure) = self.read_frames(now) {
            self.learned.push(Fact::Failed(failure));
            self.ending = true;
        }
        if let Phase::Open(connection) = &self.phase
            && connection.is_done()
        {
            match self.role {
                Role::Server => self.ending = true,
                Role::Client => _ = self.linger.get_or_insert(now + LINGER),
            }
        }
    }

    /// Answers the request when all of it is there; how long it was if it is accepted.
    fn read_request(&mut self) -> Result<Option<usize>, Fact> {
        let head = match RequestHead::read(&self.received, &Limits::default()) {
            Ok(None) => return Ok(None),
            Ok(Some(head)) => head,
            Err(_) => return Err(Fact::HeadTooLarge),
        };
        match judge(&head, &Policy::default()) {
            Ok(acceptance) => {
                self.out.extend_from_slice(&acceptance.response());
                Ok(Some(head.bytes().len()))
            }
            Err(rejection) => {
                self.out.extend_from_slice(&rejection.response());
                Err(Fact::Refused(rejection.finding))
            }
        }
    }

    /// What lies behind the head of `len` bytes are frames.
    fn open(&mut self, len: usize, now: Duration) {
        self.received.drain(..len);
        let keys = Keys((self.role == Role::Client).then(|| self.random.clone()));
        self.phase = Phase::Open(Connection::new(keys, self.config, now));
        self.learned.push(Fact::Opened);
    }

    fn read_frames(&mut self, now: Duration) -> Result<(), Failure> {
        let Phase::Open(connection) = &mut self.phase else { return Ok(()) };
        let mut input = Input::new(&mut self.received);
        while let Some(event) = connection.receive(&mut input, now, &mut self.out)? {
            self.learned.push(match event {
                Event::Data(piece) => {
                    // It fails for compressed messages only, and compression was not agreed on.
                    let Ok(Some(message)) = self.joiner.push(&piece) else { continue };
                    if self.echo {
                        // Refused only while a fragmented message is open or a Close was sent: then there is no echo.
                        let _ = connection.send(piece.kind, message, &mut self.out);
                    }
                    Fact::Message(piece.kind, message.to_vec())
                }
                Event::Ping(payload) => Fact::Ping(payload.to_vec()),
                Event::Pong(payload) => Fact::Pong(payload.to_vec()),
                Event::Close(close) => {
                    self.code = close.code.unwrap_or(CloseCode::NO_STATUS);
                    Fact::CloseFrame(close.code, close.reason.to_owned())
                }
            });
        }
        let consumed = input.consumed();
        self.received.drain(..consumed);
        Ok(())
    }

    /// When [`on_deadline`](Self::on_deadline) is to be called.
    pub(super) fn deadline(&self) -> Option<Duration> {
        match &self.phase {
            Phase::Open(_) if self.ending => None,
            Phase::Open(connection) => self.linger.or_else(|| connection.deadline()),
            _ => None,
        }
    }

    pub(super) fn on_deadline(&mut self, now: Duration) {
        let Phase::Open(connection) = &mut self.phase else { return };
        if self.linger.is_some() {
            self.ending = true;
            return;
        }
        self.learned.push(match connection.on_deadline(now, &mut self.out) {
            Ok(()) => Fact::Silence,
            Err(failure) => {
                self.ending = true;
                Fact::Failed(failure)
            }
        });
    }

    /// Its TCP has given up.
    pub(super) fn on_tcp_timeout(&mut self) {
        if !self.is_closed() {
            self.learned.push(Fact::TcpTimedOut);
            self.ending = true;
        }
    }

    /// Something between the ends is to be written, or the stream ended.
    pub(super) fn wants_to_write(&self) -> bool {
        !self.is_closed() && (self.ending || !self.out.is_empty())
    }

    /// When an answer is to be written.
    pub(super) fn flush_at(&self) -> Option<Duration> {
        self.flush_at
    }

    /// What is to be written now, and whether the stream ends with it.
    pub(super) fn take_out(&mut self) -> (Vec<u8>, bool) {
        self.flush_at = None;
        let mut bytes = std::mem::take(&mut self.out);
        if !bytes.is_empty() {
            for edit in self.edits.drain(..) {
                edit.apply(&mut bytes);
            }
        }
        if self.ending {
            self.phase = Phase::Closed;
            self.learned.push(if self.died { Fact::Died } else { Fact::Closed(self.code) });
        }
        (bytes, self.ending)
    }
}

/// Checks the response when all of its head is there; how long that was if it is right.
fn read_response(received: &[u8], key: &str) -> Result<Option<usize>, Fact> {
    match ResponseHead::read(received, &Limits::default()) {
        Ok(None) => Ok(None),
        Ok(Some(head)) => match check(&head, &offer(key), &mut Strict) {
            Ok(_) => Ok(Some(head.bytes().len())),
            Err(finding) => Err(Fact::Refused(finding)),
        },
        Err(_) => Err(Fact::HeadTooLarge),
    }
}

//! One end of an open connection: bytes and the time in, events and bytes out.
//!
//! See the crate's documentation for the contract and the loop.

use alloc::vec::Vec;
use core::time::Duration;

use crate::frame::{self, CloseCode, Header, MAX_CONTROL_PAYLOAD, Opcode, apply_mask, rotate_key};
use crate::inbound::{Close, Inbound, MessageKind, RSV1, Role, read_close};
use crate::rules::{Answer, Finding, Strict};
use crate::utf8::is_short_ascii;

/// Which role an end has, and so where its masking keys come from.
pub trait Masking {
    /// The role.
    fn role(&self) -> Role;

    /// The key for the next frame: for a client a fresh one from a source that the peer cannot predict (RFC 6455 §5.3), for a
    /// server none.
    fn next_key(&mut self) -> Option<[u8; 4]>;
}

/// The server's end: it does not mask.
#[derive(Clone, Copy, Debug, Default)]
pub struct Server;

impl Masking for Server {
    fn role(&self) -> Role {
        Role::Server
    }

    #[inline]
    fn next_key(&mut self) -> Option<[u8; 4]> {
        None
    }
}

/// The client's end, with its source of masking keys.
#[derive(Clone, Copy, Debug)]
pub struct Client<K>(pub K);

impl<K: FnMut() -> [u8; 4]> Masking for Client<K> {
    fn role(&self) -> Role {
        Role::Client
    }

    #[inline]
    fn next_key(&mut self) -> Option<[u8; 4]> {
        Some((self.0)())
    }
}

/// Limits and deadlines. They are ours: breaking one is no violation of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// The most payload bytes that a frame may announce.
    pub max_frame: u64,
    /// The most payload bytes that a message may have, all its frames together.
    pub max_message: u64,
    /// The most frames that a message may be cut into: each costs work, an empty one too.
    pub max_fragments: u32,
    /// permessage-deflate was agreed on: RSV1 marks messages that are compressed. See `deflate`.
    pub compression: bool,
    /// Send a ping when nothing was heard for so long.
    pub ping_interval: Option<Duration>,
    /// Give up when nothing was heard for so long after such a ping.
    pub pong_timeout: Duration,
    /// Give up when the peer's Close does not come for so long after ours.
    pub close_timeout: Duration,
}

impl Default for Config {
    /// 16 MiB frames and messages, 131,072 fragments, no compression, no pings, 10 s for a pong, 5 s for a Close.
    fn default() -> Self {
        Self {
            max_frame: 16 << 20,
            max_message: 16 << 20,
            max_fragments: 1 << 17,
            compression: false,
            ping_interval: None,
            pong_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(5),
        }
    }
}

/// The caller's buffer with received bytes, and how far it has been read.
#[derive(Debug)]
pub struct Input<'b> {
    rest: &'b mut [u8],
    consumed: usize,
}

impl<'b> Input<'b> {
    /// The bytes that were left over the last time, with the new ones behind them.
    #[inline]
    pub fn new(bytes: &'b mut [u8]) -> Self {
        Self { rest: bytes, consumed: 0 }
    }

    /// How many bytes have been read. The others must be offered again, with more behind them.
    #[inline]
    pub fn consumed(&self) -> usize {
        self.consumed
    }

    #[inline]
    fn take(&mut self, len: usize) -> &'b mut [u8] {
        let (taken, rest) = core::mem::take(&mut self.rest).split_at_mut(len);
        self.rest = rest;
        self.consumed += len;
        taken
    }
}

/// What was received. Borrows the caller's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'b> {
    /// A piece of a message.
    Data(Piece<'b>),
    /// A ping; its pong has been appended to `out`.
    Ping(&'b [u8]),
    /// A pong.
    Pong(&'b [u8]),
    /// The peer's Close; if it was the first, the answer has been appended to `out`.
    Close(Close<'b>),
}

/// A piece of a message's payload, unmasked; as it came, not as the sender cut it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'b> {
    /// What the message is.
    pub kind: MessageKind,
    /// The bytes. A text's are UTF-8 when all pieces are joined; a piece may end inside a character. Compressed ones have not been
    /// looked at.
    pub bytes: &'b [u8],
    /// The message is compressed.
    pub compressed: bool,
    /// The first piece of its message.
    pub first: bool,
    /// The last piece of its message.
    pub last: bool,
}

/// Why a connection was failed. A Close frame has been appended to `out` where one may still be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The peer broke a rule; the span counts from the first byte of the first frame.
    Violation(Finding),
    /// The peer announced more than [`Config::max_frame`].
    FrameTooBig,
    /// The peer sent more than [`Config::max_message`], or more frames of one message than [`Config::max_fragments`].
    MessageTooBig,
    /// No pong came in time.
    PongOverdue,
    /// The peer's Close did not come in time.
    CloseOverdue,
}

impl Failure {
    /// The close code that it deserves; `None` where there is nobody left to tell.
    pub fn close_code(self) -> Option<CloseCode> {
        match self {
            Self::Violation(finding) => match finding.violation.answer() {
                Answer::Close(code) => Some(code),
                _ => None,
            },
            Self::FrameTooBig | Self::MessageTooBig => Some(CloseCode::MESSAGE_TOO_BIG),
            Self::PongOverdue | Self::CloseOverdue => None,
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Violation(finding) => finding.violation.sentence(),
            Self::FrameTooBig => "The frame is larger than this end takes.",
            Self::MessageTooBig => "The message is larger than this end takes.",
            Self::PongOverdue => "No pong came in time.",
            Self::CloseOverdue => "The answer to the Close frame did not come in time.",
        }
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.sentence())?;
        match self {
            Self::Violation(finding) => write!(f, " ({})", finding.violation.section()),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for Failure {}

/// A message, a ping or a Close cannot be sent (any more).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// A Close frame was sent, or the connection failed: nothing may follow.
    Closing,
    /// A control frame's payload has at most 125 bytes, a Close's reason at most 123.
    ControlTooLong,
    /// This close code may not stand in a frame.
    CloseCodeInvalid,
    /// The fragmented message that was begun is of the other kind: end it first.
    OtherMessageOpen,
}

impl core::fmt::Display for SendError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Closing => "the connection is closing: nothing may be sent after a Close frame",
            Self::ControlTooLong => "a control frame's payload may have at most 125 bytes",
            Self::CloseCodeInvalid => "this close code may not be sent: use 1000-1003, 1007-1014 or 3000-4999",
            Self::OtherMessageOpen => "end the fragmented message of the other kind first",
        })
    }
}

impl core::error::Error for SendError {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// Our Close is sent; the peer's is awaited until then.
    CloseSent {
        deadline: Duration,
    },
    /// Both Close frames crossed, or the connection failed.
    Done,
}

/// The data frame whose payload is being read.
#[derive(Clone, Copy, Debug)]
struct Payload {
    remaining: u64,
    key: Option<[u8; 4]>,
    kind: MessageKind,
    compressed: bool,
    last: bool,
}

/// One end of an open connection.
#[derive(Debug)]
pub struct Connection<M> {
    masking: M,
    config: Config,
    inbound: Inbound,
    state: State,
    payload: Option<Payload>,
    /// The next piece is the first of its message.
    first: bool,
    message_len: u64,
    fragments: u32,
    /// Bytes read since the first frame; wraps on 32-bit targets, where it only blurs the spans of findings.
    position: usize,
    /// The message that is being sent in fragments.
    sending: Option<MessageKind>,
    heard: Duration,
    pinged: Option<Duration>,
}

impl<M: Masking> Connection<M> {
    /// An end whose opening handshake is complete. `now` as in all other calls: since any epoch of the caller's.
    pub fn new(masking: M, config: Config, now: Duration) -> Self {
        Self {
            inbound: Inbound::new(masking.role(), config.compression),
            masking,
            config,
            state: State::Open,
            payload: None,
            first: true,
            message_len: 0,
            fragments: 0,
            position: 0,
            sending: None,
            heard: now,
            pinged: None,
        }
    }

    /// Which end it is.
    pub fn role(&self) -> Role {
        self.masking.role()
    }

    /// Reads on in `input`; `Ok(None)` asks for more bytes. Answers that the protocol demands are appended to `out`.
    ///
    /// What stays unread then (a header or a control frame of which a part is missing: at most 130 bytes) must be offered
    /// again with more bytes behind it. Once the connection [is done](Self::is_done), everything is read and ignored.
    #[inline(always)] // Its common path is short, and slow where its outcome goes through memory.
    pub fn receive<'b>(
        &mut self,
        input: &mut Input<'b>,
        now: Duration,
        out: &mut Vec<u8>,
    ) -> Result<Option<Event<'b>>, Failure> {
        if !input.rest.is_empty() {
            self.heard = now;
            self.pinged = None;
        }
        let Some((kind, header)) = self.whole_message(input.rest) else { return self.receive_any(input, out) };
        input.take(header.len());
        let bytes = input.take(header.payload_len as usize); // it is there
        if let Some(key) = header.mask {
            apply_mask(bytes, key);
        }
        let at = self.position.wrapping_add(header.len());
        self.position = at.wrapping_add(bytes.len());
        if kind == MessageKind::Text && !is_short_ascii(bytes) {
            self.check_whole_text(bytes, at, out)?;
        }
        Ok(Some(Event::Data(Piece { kind, bytes, compressed: false, first: true, last: true })))
    }

    /// What is received most: a message in one frame, all of which is there. Its header breaks no rule, so they are not gone through
    /// one by one.
    #[inline(always)]
    fn whole_message(&self, bytes: &[u8]) -> Option<(MessageKind, Header)> {
        let header = Header::read(bytes)?;
        let kind = self.inbound.whole_message(&header)?;
        let is_open = self.state != State::Done && self.payload.is_none();
        let is_within = header.payload_len <= self.config.max_frame.min(self.config.max_message);
        let is_there = header.payload_len <= (bytes.len() - header.len()) as u64;
        (is_open && is_within && is_there).then_some((kind, header))
    }

    #[inline(never)]
    fn check_whole_text(&mut self, text: &[u8], at: usize, out: &mut Vec<u8>) -> Result<(), Failure> {
        let checked = self.inbound.whole_text(text, at, &mut Strict).map_err(Failure::Violation);
        if let Err(failure) = checked {
            self.fail(failure, out);
        }
        checked
    }

    #[inline(never)]
    fn receive_any<'b>(&mut self, input: &mut Input<'b>, out: &mut Vec<u8>) -> Result<Option<Event<'b>>, Failure> {
        if self.state == State::Done {
            input.take(input.rest.len());
            return Ok(None);
        }
        let event = self.read(input, out);
        if let Err(failure) = event {
            self.fail(failure, out);
        }
        event
    }

    fn read<'b>(&mut self, input: &mut Input<'b>, out: &mut Vec<u8>) -> Result<Option<Event<'b>>, Failure> {
        loop {
            let payload = match self.payload {
                Some(payload) => payload,
                None => {
                    let at = self.position;
                    if let &[first, second, ..] = &*input.rest {
                        self.inbound.check_start(first, second, at, &mut Strict).map_err(Failure::Violation)?;
                    }
                    let Some(header) = Header::read(input.rest) else { return Ok(None) };
                    self.inbound.check_length(&header, at, &mut Strict).map_err(Failure::Violation)?;
                    if header.opcode.is_control() {
                        return self.read_control(header, input, out);
                    }
                    self.check_limits(&header)?;
                    self.begin(header, input)
                }
            };
            if let Some(piece) = self.read_piece(payload, input)? {
                return Ok(Some(Event::Data(piece)));
            }
            if self.payload.is_some() {
                return Ok(None);
            }
        }
    }

    fn check_limits(&self, header: &Header) -> Result<(), Failure> {
        if header.payload_len > self.config.max_frame {
            return Err(Failure::FrameTooBig);
        }
        let (len, fragments) = match header.opcode {
            Opcode::CONTINUATION => (self.message_len, self.fragments),
            _ => (0, 0),
        };
        if len.saturating_add(header.payload_len) > self.config.max_message || fragments >= self.config.max_fragments {
            return Err(Failure::MessageTooBig);
        }
        Ok(())
    }

    /// A header that breaks nothing begins its data frame.
    #[inline]
    fn begin(&mut self, header: Header, input: &mut Input<'_>) -> Payload {
        let (kind, first, compressed) = self.inbound.begin_data(&header);
        if first {
            self.first = true;
            self.message_len = 0;
            self.fragments = 0;
        }
        self.message_len += header.payload_len;
        self.fragments += 1; // at most the limit: checked
        input.take(header.len());
        self.position = self.position.wrapping_add(header.len());
        Payload { remaining: header.payload_len, key: header.mask, kind, compressed, last: header.fin }
    }

    /// Takes what is there of the payload; `None` if that is nothing, unless nothing ends the message.
    #[inline]
    fn read_piece<'b>(&mut self, payload: Payload, input: &mut Input<'b>) -> Result<Option<Piece<'b>>, Failure> {
        let len = usize::try_from(payload.remaining).unwrap_or(usize::MAX).min(input.rest.len());
        let remaining = payload.remaining - len as u64;
        if len == 0 && remaining > 0 {
            self.payload = Some(payload);
            return Ok(None);
        }
        let bytes = input.take(len);
        let mut key = payload.key;
        if let Some(key) = &mut key {
            apply_mask(bytes, *key);
            *key = rotate_key(*key, len);
        }
        let last = payload.last && remaining == 0;
        if payload.kind == MessageKind::Text && !payload.compressed {
            self.inbound.text(bytes, last, self.position, &mut Strict).map_err(Failure::Violation)?;
        }
        self.position = self.position.wrapping_add(len);
        self.payload = (remaining > 0).then_some(Payload { remaining, key, ..payload });
        if len == 0 && !last {
            return Ok(None);
        }
        let first = core::mem::replace(&mut self.first, false);
        Ok(Some(Piece { kind: payload.kind, bytes, compressed: payload.compressed, first, last }))
    }

    fn read_control<'b>(
        &mut self,
        header: Header,
        input: &mut Input<'b>,
        out: &mut Vec<u8>,
    ) -> Result<Option<Event<'b>>, Failure> {
        let payload_len = header.payload_len as usize; // at most 125: judged
        if input.rest.len() < header.len() + payload_len {
            return Ok(None);
        }
        input.take(header.len());
        let payload = input.take(payload_len);
        if let Some(key) = header.mask {
            apply_mask(payload, key);
        }
        let payload_at = self.position.wrapping_add(header.len());
        self.position = payload_at.wrapping_add(payload_len);
        match header.opcode {
            Opcode::PING => {
                if self.state == State::Open {
                    self.control(Opcode::PONG, payload, out);
                }
                Ok(Some(Event::Ping(payload)))
            }
            Opcode::PONG => Ok(Some(Event::Pong(payload))),
            _ => {
                let close = read_close(payload, payload_at, &mut Strict).map_err(Failure::Violation)?;
                if self.state == State::Open {
                    // The answer repeats the code (RFC 6455 §5.5.1), and not the reason.
                    let len = payload.len().min(2);
                    self.control(Opcode::CLOSE, &payload[..len], out);
                }
                self.state = State::Done;
                Ok(Some(Event::Close(close)))
            }
        }
    }

    /// Fails the connection (RFC 6455 §7.1.7) for what the caller found in a message: what a [`Joiner`](crate::message::Joiner) returns, say.
    #[cold]
    pub fn fail(&mut self, failure: Failure, out: &mut Vec<u8>) {
        if let (State::Open, Some(code)) = (self.state, failure.close_code()) {
            self.close_frame(Some(code), failure.sentence(), out);
        }
        self.state = State::Done;
    }

    /// Appends a whole message as one frame.
    #[inline]
    pub fn send(&mut self, kind: MessageKind, payload: &[u8], out: &mut Vec<u8>) -> Result<(), SendError> {
        self.send_fragment(kind, payload, true, out)
    }

    /// Appends a fragment of a message; `last` ends it. Control frames may come between fragments, other messages may not.
    ///
    /// That a text is UTF-8 when its fragments are joined is the caller's to keep.
    #[inline]
    pub fn send_fragment(
        &mut self,
        kind: MessageKind,
        payload: &[u8],
        last: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        let header = self.data_header(kind, payload.len() as u64, last)?;
        frame::encode(header, payload, out);
        Ok(())
    }

    #[inline]
    fn data_header(&mut self, kind: MessageKind, payload_len: u64, last: bool) -> Result<Header, SendError> {
        if self.state != State::Open {
            return Err(SendError::Closing);
        }
        let opcode = match self.sending {
            None => kind.opcode(),
            Some(open) if open == kind => Opcode::CONTINUATION,
            Some(_) => return Err(SendError::OtherMessageOpen),
        };
        self.sending = if last { None } else { Some(kind) };
        Ok(Header::new(last, opcode, self.masking.next_key(), payload_len))
    }

    /// Appends a whole message that a `Deflater` has compressed, as one frame.
    pub fn send_compressed(
        &mut self,
        kind: MessageKind,
        compressed: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        if self.state != State::Open {
            return Err(SendError::Closing);
        }
        if self.sending.is_some() {
            return Err(SendError::OtherMessageOpen);
        }
        let mut header = Header::new(true, kind.opcode(), self.masking.next_key(), compressed.len() as u64);
        header.rsv = RSV1 >> 4;
        frame::encode(header, compressed, out);
        Ok(())
    }

    /// Appends a ping with at most 125 bytes of payload.
    pub fn ping(&mut self, payload: &[u8], out: &mut Vec<u8>) -> Result<(), SendError> {
        self.send_control(Opcode::PING, payload, out)
    }

    /// Appends a pong that nobody asked for (RFC 6455 §5.5.3), with at most 125 bytes of payload.
    pub fn pong(&mut self, payload: &[u8], out: &mut Vec<u8>) -> Result<(), SendError> {
        self.send_control(Opcode::PONG, payload, out)
    }

    fn send_control(&mut self, opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) -> Result<(), SendError> {
        if self.state != State::Open {
            return Err(SendError::Closing);
        }
        if payload.len() > MAX_CONTROL_PAYLOAD {
            return Err(SendError::ControlTooLong);
        }
        self.control(opcode, payload, out);
        Ok(())
    }

    /// Begins the closing handshake: appends a Close frame. The peer's Close is awaited for [`Config::close_timeout`].
    pub fn close(
        &mut self,
        code: Option<CloseCode>,
        reason: &str,
        now: Duration,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        if self.state != State::Open {
            return Err(SendError::Closing);
        }
        if code.is_some_and(|code| !code.is_allowed_on_wire()) {
            return Err(SendError::CloseCodeInvalid);
        }
        if reason.len() > MAX_CONTROL_PAYLOAD - 2 {
            return Err(SendError::ControlTooLong);
        }
        self.close_frame(code, reason, out);
        self.state = State::CloseSent { deadline: now + self.config.close_timeout };
        Ok(())
    }

    /// `reason` has at most 123 bytes, and goes out only with a code.
    fn close_frame(&mut self, code: Option<CloseCode>, reason: &str, out: &mut Vec<u8>) {
        let mut payload = [0; MAX_CONTROL_PAYLOAD];
        let mut len = 0;
        if let Some(code) = code {
            len = 2 + reason.len();
            payload[..2].copy_from_slice(&code.value().to_be_bytes());
            payload[2..len].copy_from_slice(reason.as_bytes());
        }
        self.control(Opcode::CLOSE, &payload[..len], out);
    }

    fn control(&mut self, opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) {
        let header = Header::new(true, opcode, self.masking.next_key(), payload.len() as u64);
        frame::encode(header, payload, out);
    }

    /// When [`on_deadline`](Self::on_deadline) wants to be called at the latest; `None`: not as things stand.
    pub fn deadline(&self) -> Option<Duration> {
        match self.state {
            State::Done => None,
            State::CloseSent { deadline } => Some(deadline),
            State::Open => Some(match self.pinged {
                Some(pinged) => pinged + self.config.pong_timeout,
                None => self.heard + self.config.ping_interval?,
            }),
        }
    }

    /// Does what is due at `now`: appends a ping, or gives the peer up.
    pub fn on_deadline(&mut self, now: Duration, out: &mut Vec<u8>) -> Result<(), Failure> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Ok(());
        }
        match (self.state, self.pinged) {
            (State::Open, None) => {
                self.control(Opcode::PING, b"", out);
                self.pinged = Some(now);
                Ok(())
            }
            (state, _) => {
                let failure = if state == State::Open { Failure::PongOverdue } else { Failure::CloseOverdue };
                self.fail(failure, out);
                Err(failure)
            }
        }
    }

    /// How many payload bytes are still to come of the frame that is being read; 0 between frames.
    ///
    /// Who reads exactly so many gets no byte of the next frame with them, so that a large message lies whole in one buffer
    /// and nothing is ever moved.
    #[inline]
    pub fn payload_remaining(&self) -> u64 {
        self.payload.map_or(0, |payload| payload.remaining)
    }

    /// Messages may be sent.
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Both Close frames crossed, or the connection failed: write what is in `out`, then end the TCP connection. (A server
    /// ends it first; a client waits a little for the server to do so, RFC 6455 §7.1.1.) If TCP ends before this is true, the
    /// closure is abnormal (1006).
    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }
}

impl Connection<Server> {
    /// Appends the header of a fragment, as [`send_fragment`](Self::send_fragment) does, and not its payload, which is written
    /// from where it lies: by a vectored write, say. So a large payload is never copied, and one that goes to many is shared.
    #[inline]
    pub fn send_header(
        &mut self,
        kind: MessageKind,
        payload_len: u64,
        last: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        let header = self.data_header(kind, payload_len, last)?;
        header.append_to(out);
        Ok(())
    }
}

//! A scenario as text: its seed and inputs in base64url (RFC 4648 §5). There is no character in it that a URL, a chat or a mail would
//! change.

use std::time::Duration;

use ws101_core::frame::CloseCode;
use ws101_core::{MessageKind, Role};

use super::{Act, Cause, Change, Edit, Input, Scenario};

/// Why a text is no scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// A character that is not in the alphabet: the text was changed on its way.
    Character,
    /// It ends too early: the text was cut.
    Truncated,
    /// It says something that this version does not know.
    Content,
}

impl core::fmt::Display for CodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Character => "a character that cannot be in a scenario",
            Self::Truncated => "the end of the scenario is missing",
            Self::Content => "the scenario says something unknown",
        })
    }
}

impl core::error::Error for CodeError {}

impl Scenario {
    /// The scenario as text of letters, digits, `-` and `_`.
    pub fn encode(&self) -> String {
        to_letters(&scenario_bytes(self))
    }

    /// Reads such a text.
    pub fn decode(letters: &str) -> Result<Self, CodeError> {
        read_scenario(&from_letters(letters)?)
    }
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn to_letters(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, &byte| bits << 8 | usize::from(byte)) << (8 * (3 - chunk.len()));
        for letter in 0..=chunk.len() {
            text.push(char::from(LETTERS[bits >> (18 - 6 * letter) & 63]));
        }
    }
    text
}

fn from_letters(letters: &str) -> Result<Vec<u8>, CodeError> {
    let mut bytes = Vec::new();
    for chunk in letters.as_bytes().chunks(4) {
        let mut bits = 0;
        for byte in chunk {
            let value = LETTERS.iter().position(|letter| letter == byte).ok_or(CodeError::Character)?;
            bits = bits << 6 | value;
        }
        bits <<= 6 * (4 - chunk.len());
        bytes.extend((1..chunk.len()).map(|byte| (bits >> (24 - 8 * byte)) as u8));
    }
    Ok(bytes)
}

// What an input is: one byte, of which the lowest bit is the role.
const OPEN: u8 = 0;
/// And 2, 3, 4: a message or fragment; +1 if it is the last, +2 if it is binary.
const MESSAGE: u8 = 1;
const PING: u8 = 5;
const PONG: u8 = 6;
const CLOSE: u8 = 7;
const BYTES: u8 = 8;
const EDIT: u8 = 9;
const KEEP_ALIVE: u8 = 10;
const ECHO: u8 = 11;
const NO_ECHO: u8 = 12;
const DIE: u8 = 13;
const OPEN_WITH: u8 = 14;
const CUT: u8 = 16;
const MEND: u8 = 17;
const LATENCY: u8 = 18;
const JITTER: u8 = 19;
const LOSS: u8 = 20;
const SEGMENT_SIZE: u8 = 21;
const IDLE_LIMIT: u8 = 22;

fn scenario_bytes(scenario: &Scenario) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    out.number(scenario.seed);
    out.number(scenario.inputs().len() as u64);
    let mut before = Duration::ZERO;
    for input in scenario.inputs() {
        out.time(input.at - before);
        before = input.at;
        match &input.cause {
            Cause::End(role, act) => out.act(u8::from(*role == Role::Server), act),
            Cause::Link(change) => out.change(*change),
        }
    }
    out.0
}

struct Writer(Vec<u8>);

impl Writer {
    /// Seven bits per byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while number > 127 {
            self.0.push(number as u8 | 128);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Whole microseconds.
    fn time(&mut self, time: Duration) {
        self.number(time.as_micros() as u64);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn tag(&mut self, tag: u8, role: u8) {
        self.0.push(tag << 1 | role);
    }

    fn act(&mut self, role: u8, act: &Act) {
        match act {
            Act::Open => self.tag(OPEN, role),
            Act::OpenWith(request) => {
                self.tag(OPEN_WITH, role);
                self.bytes(request);
            }
            Act::Message { kind, payload, last } => {
                let is_binary = *kind == MessageKind::Binary;
                self.tag(MESSAGE + u8::from(*last) + 2 * u8::from(is_binary), role);
                self.bytes(payload);
            }
            Act::Ping(payload) => {
                self.tag(PING, role);
                self.bytes(payload);
            }
            Act::Pong(payload) => {
                self.tag(PONG, role);
                self.bytes(payload);
            }
            Act::Close(code, reason) => {
                self.tag(CLOSE, role);
                // No code is one less than zero.
                self.number(code.map_or(0, |code| u64::from(code.value()) + 1));
                self.bytes(reason.as_bytes());
            }
            Act::Bytes(bytes) => {
                self.tag(BYTES, role);
                self.bytes(bytes);
            }
            Act::Edit(edit) => {
                self.tag(EDIT, role);
                self.number(edit.skip.into());
                self.number(edit.remove.into());
                self.bytes(&edit.insert);
            }
            Act::KeepAlive { interval, timeout } => {
                self.tag(KEEP_ALIVE, role);
                self.time(*interval);
                self.time(*timeout);
            }
            Act::Echo(true) => self.tag(ECHO, role),
            Act::Echo(false) => self.tag(NO_ECHO, role),
            Act::Die => self.tag(DIE, role),
        }
    }

    fn change(&mut self, change: Change) {
        let (tag, number) = match change {
            Change::Cut => (CUT, None),
            Change::Mend => (MEND, None),
            Change::Latency(time) => (LATENCY, Some(time.as_micros() as u64)),
            Change::Jitter(time) => (JITTER, Some(time.as_micros() as u64)),
            Change::Loss(loss) => (LOSS, Some(loss.into())),
            Change::SegmentSize(size) => (SEGMENT_SIZE, Some(size.into())),
            Change::IdleLimit(time) => (IDLE_LIMIT, Some(time.as_micros() as u64)),
        };
        self.tag(tag, 0);
        if let Some(number) = number {
            self.number(number);
        }
    }
}

fn read_scenario(bytes: &[u8]) -> Result<Scenario, CodeError> {
    let mut rest = Reader(bytes);
    let mut scenario = Scenario::new(rest.number()?);
    let mut at = Duration::ZERO;
    for _ in 0..rest.number()? {
        // Whoever adds up too much stays at the end of time, where the scenario's limit is.
        at = at.saturating_add(rest.time()?);
        let cause = rest.cause()?;
        scenario.insert(Input { at, cause });
    }
    if rest.0.is_empty() { Ok(scenario) } else { Err(CodeError::Content) }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, CodeError> {
        let (&first, rest) = self.0.split_first().ok_or(CodeError::Truncated)?;
        self.0 = rest;
        Ok(first)
    }

    fn number(&mut self) -> Result<u64, CodeError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 127);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        Err(CodeError::Content)
    }

    fn small(&mut self) -> Result<u16, CodeError> {
        u16::try_from(self.number()?).map_err(|_| CodeError::Content)
    }

    fn time(&mut self) -> Result<Duration, CodeError> {
        Ok(Duration::from_micros(self.number()?))
    }

    fn bytes(&mut self) -> Result<Vec<u8>, CodeError> {
        let len = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        let (bytes, rest) = self.0.split_at_checked(len).ok_or(CodeError::Truncated)?;
        self.0 = rest;
        Ok(bytes.to_vec())
    }

    fn cause(&mut self) -> Result<Cause, CodeError> {
        let byte = self.byte()?;
        let role = if byte & 1 == 0 { Role::Client } else { Role::Server };
        let tag = byte >> 1;
        if tag >= CUT {
            return if byte & 1 == 0 { self.change(tag).map(Cause::Link) } else { Err(CodeError::Content) };
        }
        let act = match tag {
            OPEN => Act::Open,
            OPEN_WITH => Act::OpenWith(self.bytes()?),
            MESSAGE..PING => Act::Message {
                kind: if tag - MESSAGE < 2 { MessageKind::Text } else { MessageKind::Binary },
                payload: self.bytes()?,
                last: (tag - MESSAGE) & 1 == 1,
            },
            PING => Act::Ping(self.bytes()?),
            PONG => Act::Pong(self.bytes()?),
            CLOSE => {
                let code = match self.number()? {
                    0 => None,
                    code => Some(u16::try_from(code - 1).map_err(|_| CodeError::Content)?),
                };
                let reason = String::from_utf8(self.bytes()?).map_err(|_| CodeError::Content)?;
                Act::Close(code.map(CloseCode::new), reason)
            }
            BYTES => Act::Bytes(self.bytes()?),
            EDIT => Act::Edit(Edit { skip: self.small()?, remove: self.small()?, insert: self.bytes()? }),
            KEEP_ALIVE => Act::KeepAlive { interval: self.time()?, timeout: self.time()? },
            ECHO => Act::Echo(true),
            NO_ECHO => Act::Echo(false),
            DIE => Act::Die,
            _ => return Err(CodeError::Content),
        };
        Ok(Cause::End(role, act))
    }

    fn change(&mut self, tag: u8) -> Result<Change, CodeError> {
        Ok(match tag {
            CUT => Change::Cut,
            MEND => Change::Mend,
            LATENCY => Change::Latency(self.time()?),
            JITTER => Change::Jitter(self.time()?),
            LOSS => Change::Loss(self.small()?),
            SEGMENT_SIZE => Change::SegmentSize(self.small()?),
            IDLE_LIMIT => Change::IdleLimit(self.time()?),
            _ => return Err(CodeError::Content),
        })
    }
}

//! What RFC 6455 says about the frames that a peer may send next: the rules and the state that they need.
//!
//! Strict connections and the lenient dissection run this same code; only their [`Judge`] differs.

use crate::Span;
use crate::frame::{CloseCode, Header, LengthForm, MAX_CONTROL_PAYLOAD, Opcode};
use crate::rules::{Finding, Judge, Violation};
use crate::utf8::Utf8;

/// An end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Sends the request; masks its frames.
    Client,
    /// Answers it; does not mask.
    Server,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// UTF-8 text.
    Text,
    /// Any bytes.
    Binary,
}

impl MessageKind {
    /// The opcode that begins such a message.
    pub const fn opcode(self) -> Opcode {
        match self {
            Self::Text => Opcode::TEXT,
            Self::Binary => Opcode::BINARY,
        }
    }
}

/// What a frame's payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A part of a message.
    Data {
        /// What the message is.
        kind: MessageKind,
        /// The frame begins the message.
        first: bool,
        /// The frame ends the message.
        last: bool,
        /// The message is compressed (RFC 7692).
        compressed: bool,
    },
    /// A close, ping or pong frame's.
    Control(Opcode),
    /// A reserved opcode's. Strict readers never come here.
    Unknown,
}

/// What a Close frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Close<'b> {
    /// The code; `None` when the payload is empty, which an API reports as 1005.
    pub code: Option<CloseCode>,
    /// For people who look for the reason; empty when there is none.
    pub reason: &'b str,
}

/// The state that lies between frames. Spans of findings are counted as the caller counts `at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inbound {
    reader: Role,
    /// permessage-deflate was agreed on.
    compression: bool,
    /// The message that is not complete: what it is, and whether it is compressed.
    message: Option<(MessageKind, bool)>,
    utf8: Utf8,
}

impl Inbound {
    pub(crate) fn new(reader: Role, compression: bool) -> Self {
        Self { reader, compression, message: None, utf8: Utf8::default() }
    }

    /// Judges what the first two bytes of a header already show. Changes nothing, so it may be called again.
    #[inline]
    pub(crate) fn check_start<J: Judge>(&self, first: u8, second: u8, at: usize, judge: &mut J) -> Result<(), J::Stop> {
        let opcode = Opcode::from_first_byte(first);
        let first_byte = Span::new(at, at + 1);
        let second_byte = Span::new(at + 1, at + 2);
        let mut broken = |violation, span| judge.broken(Finding { violation, span });
        if first & RSV != 0 {
            if !self.compression || first & RSV != RSV1 {
                broken(Violation::ReservedBitSet, first_byte)?;
            } else if opcode.is_control() {
                broken(Violation::CompressedControl, first_byte)?;
            } else if opcode == Opcode::CONTINUATION {
                broken(Violation::CompressedContinuation, first_byte)?;
            }
        }
        if opcode.is_reserved() {
            broken(Violation::OpcodeReserved, first_byte)?;
        } else if opcode.is_control() {
            if first & 0x80 == 0 {
                broken(Violation::ControlFragmented, first_byte)?;
            }
            if usize::from(second & 0x7F) > MAX_CONTROL_PAYLOAD {
                broken(Violation::ControlTooLong, second_byte)?;
            }
        } else if opcode == Opcode::CONTINUATION {
            if self.message.is_none() {
                broken(Violation::ContinuationUnexpected, first_byte)?;
            }
        } else if self.message.is_some() {
            broken(Violation::MessageInterleaved, first_byte)?;
        }
        match (self.reader, second & 0x80 != 0) {
            (Role::Server, false) => broken(Violation::MaskMissing, second_byte),
            (Role::Client, true) => broken(Violation::MaskUnexpected, second_byte),
            _ => Ok(()),
        }
    }

    /// Judges the length of a complete header.
    #[inline]
    pub(crate) fn check_length<J: Judge>(&self, header: &Header, at: usize, judge: &mut J) -> Result<(), J::Stop> {
        if header.length_form == LengthForm::Bits7 {
            return Ok(());
        }
        let span = Span::new(at + 1, at + 2 + header.length_form.extended_len());
        if header.length_form != LengthForm::shortest(header.payload_len) {
            judge.broken(Finding { violation: Violation::LengthNotMinimal, span })?;
        }
        if header.payload_len >> 63 != 0 {
            judge.broken(Finding { violation: Violation::LengthTopBitSet, span })?;
        }
        Ok(())
    }

    /// What the message is, if a message in one frame and not compressed may come next and this is its header. Such a one breaks none
    /// of the rules above.
    #[inline(always)]
    pub(crate) fn whole_message(&self, header: &Header) -> Option<MessageKind> {
        let kind = match header.opcode {
            Opcode::TEXT => MessageKind::Text,
            Opcode::BINARY => MessageKind::Binary,
            _ => return None,
        };
        let is_in_order = header.fin
            && header.rsv == 0
            && header.mask.is_some() == (self.reader == Role::Server)
            && header.length_form == LengthForm::shortest(header.payload_len)
            && self.message.is_none();
        is_in_order.then_some(kind)
    }

    /// A judged header begins its frame: what is its payload?
    pub(crate) fn begin(&mut self, header: &Header) -> Content {
        if header.opcode.is_reserved() {
            return Content::Unknown;
        }
        if header.opcode.is_control() {
            return Content::Control(header.opcode);
        }
        let (kind, first, compressed) = self.begin_data(header);
        Content::Data { kind, first, last: header.fin, compressed }
    }

    /// A judged header begins a data frame: what the message is, whether this is its first frame, whether it is compressed.
    #[inline]
    pub(crate) fn begin_data(&mut self, header: &Header) -> (MessageKind, bool, bool) {
        let begins_compressed = self.compression && header.rsv == RSV1 >> 4;
        let (kind, first, compressed) = match header.opcode {
            Opcode::TEXT => (MessageKind::Text, true, begins_compressed),
            Opcode::BINARY => (MessageKind::Binary, true, begins_compressed),
            _ => match self.message {
                Some((kind, compressed)) => (kind, false, compressed),
                // A continuation of nothing is judged already; who goes on takes it for binary.
                None => (MessageKind::Binary, false, false),
            },
        };
        if first {
            self.utf8 = Utf8::default();
        }
        self.message = if header.fin { None } else { Some((kind, compressed)) };
        (kind, first, compressed)
    }

    /// Judges a text that came in one piece.
    pub(crate) fn whole_text<J: Judge>(&mut self, text: &[u8], at: usize, judge: &mut J) -> Result<(), J::Stop> {
        self.utf8 = Utf8::default();
        self.text(text, true, at, judge)
    }

    /// Judges a piece of a text's unmasked payload; `ends` tells that it is the last piece of the message.
    #[inline]
    pub(crate) fn text<J: Judge>(&mut self, piece: &[u8], ends: bool, at: usize, judge: &mut J) -> Result<(), J::Stop> {
        if let Err(error) = self.utf8.push(piece) {
            let impossible = at + error.valid_up_to;
            return self.not_utf8(Span::new(impossible, impossible + 1), judge);
        }
        if ends && self.utf8.finish().is_err() {
            // The character that is not complete; empty if its beginning lies in an earlier frame.
            let end = at + piece.len();
            return self.not_utf8(Span::new(end - piece.len().min(1), end), judge);
        }
        Ok(())
    }

    #[cold]
    fn not_utf8<J: Judge>(&mut self, span: Span, judge: &mut J) -> Result<(), J::Stop> {
        // Who goes on takes the rest of the message for binary: the same text is not blamed twice.
        if let Some((kind, _)) = &mut self.message {
            *kind = MessageKind::Binary;
        }
        judge.broken(Finding { violation: Violation::TextNotUtf8, span })
    }
}

/// The reserved bits of a frame's first byte.
const RSV: u8 = 0x70;
/// The one that permessage-deflate gave a meaning.
pub(crate) const RSV1: u8 = 0x40;

/// Judges the unmasked payload of a Close frame that begins at `at`. Who goes on gets what could be read.
pub(crate) fn read_close<'b, J: Judge>(payload: &'b [u8], at: usize, judge: &mut J) -> Result<Close<'b>, J::Stop> {
    let Some((code, reason)) = payload.split_first_chunk::<2>() else {
        if !payload.is_empty() {
            judge.broken(Finding { violation: Violation::CloseLengthOne, span: Span::new(at, at + 1) })?;
        }
        return Ok(Close { code: None, reason: "" });
    };
    let code = CloseCode::new(u16::from_be_bytes(*code));
    if !code.is_allowed_on_wire() {
        judge.broken(Finding { violation: Violation::CloseCodeInvalid, span: Span::new(at, at + 2) })?;
    }
    let reason = match core::str::from_utf8(reason) {
        Ok(reason) => reason,
        Err(error) => {
            let bad = at + 2 + error.valid_up_to();
            let span = Span::new(bad, at + payload.len());
            judge.broken(Finding { violation: Violation::CloseReasonNotUtf8, span })?;
            core::str::from_utf8(&reason[..error.valid_up_to()]).unwrap_or_default()
        }
    };
    Ok(Close { code: Some(code), reason })
}

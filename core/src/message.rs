//! Whole messages from the pieces that a connection hands out, for callers who want them whole.

use alloc::vec::Vec;

use crate::connection::{Failure, Piece};
#[cfg(feature = "deflate")]
use crate::{
    MessageKind, Span,
    deflate::{InflateError, Inflater},
    rules::{Finding, Violation},
    utf8::Utf8,
};

/// Joins the pieces of messages, and inflates those that are compressed. What it can hold is bounded by
/// [`Config::max_message`](crate::connection::Config::max_message), for compressed messages by a limit of its own.
#[derive(Debug, Default)]
pub struct Joiner {
    pieces: Vec<u8>,
    #[cfg(feature = "deflate")]
    inflating: Option<Inflating>,
}

#[cfg(feature = "deflate")]
#[derive(Debug)]
struct Inflating {
    inflater: Inflater,
    max_message: usize,
    utf8: Utf8,
}

impl Joiner {
    /// For a connection without compression.
    pub fn new() -> Self {
        Self::default()
    }

    /// For a connection on which permessage-deflate was agreed; no message may inflate to more than `max_message` bytes.
    #[cfg(feature = "deflate")]
    pub fn inflating(inflater: Inflater, max_message: usize) -> Self {
        Self { pieces: Vec::new(), inflating: Some(Inflating { inflater, max_message, utf8: Utf8::default() }) }
    }

    /// Takes a piece; gives the message's whole payload when it was the last one, without a copy if it was the only one and is not
    /// compressed.
    ///
    /// # Errors
    /// For a compressed message only. [Fail](crate::connection::Connection::fail) the connection with it.
    #[inline]
    pub fn push<'a>(&'a mut self, piece: &Piece<'a>) -> Result<Option<&'a [u8]>, Failure> {
        if piece.first && piece.last && !piece.compressed {
            return Ok(Some(piece.bytes));
        }
        if piece.first {
            self.pieces.clear();
        }
        if piece.compressed {
            self.inflate(piece)?;
        } else {
            self.pieces.extend_from_slice(piece.bytes);
        }
        Ok(piece.last.then_some(&*self.pieces))
    }

    /// How many bytes of memory it holds for a message.
    pub fn held(&self) -> usize {
        self.pieces.capacity()
    }

    /// Forgets the message that was given, or of which a part is missing, and gives its memory back.
    pub fn clear(&mut self) {
        self.pieces = Vec::new();
    }

    #[cfg(feature = "deflate")]
    fn inflate(&mut self, piece: &Piece<'_>) -> Result<(), Failure> {
        let broken = |violation| Failure::Violation(Finding { violation, span: Span::default() });
        let refused = |error| match error {
            InflateError::NotDeflate => broken(Violation::NotDeflate),
            InflateError::TooBig => Failure::MessageTooBig,
        };
        let Some(Inflating { inflater, max_message, utf8 }) = &mut self.inflating else {
            return Err(broken(Violation::ReservedBitSet));
        };
        if piece.first {
            *utf8 = Utf8::default();
        }
        let start = self.pieces.len();
        let mut inflated = inflater.piece(piece.bytes, *max_message, &mut self.pieces);
        if piece.last && inflated.is_ok() {
            inflated = inflater.finish(*max_message, &mut self.pieces);
        }
        if piece.kind == MessageKind::Text {
            // What came before an error is looked at first: wherever the message is cut, its first fault is the one that is told.
            let within = self.pieces.get(start..self.pieces.len().min(*max_message)).unwrap_or_default();
            let is_complete = piece.last && inflated.is_ok();
            let is_good = utf8.push(within).and_then(|()| if is_complete { utf8.finish() } else { Ok(()) });
            is_good.map_err(|_not_utf8| broken(Violation::TextNotUtf8))?;
        }
        inflated.map_err(refused)?;
        Ok(())
    }

    /// Without the feature, a connection that lets RSV1 pass was not set up by this crate.
    #[cfg(not(feature = "deflate"))]
    fn inflate(&mut self, _piece: &Piece<'_>) -> Result<(), Failure> {
        use crate::rules::{Finding, Violation};
        let span = crate::Span::default();
        Err(Failure::Violation(Finding { violation: Violation::ReservedBitSet, span }))
    }
}

#[cfg(test)]
#[cfg(feature = "deflate")]
mod tests {
    use super::*;
    use crate::Role;
    use crate::connection::{Client, Config, Connection, Event, Input, Server};
    use crate::deflate::Deflater;
    use crate::frame::CloseCode;
    use crate::handshake::deflate::Parameters;
    use hex_literal::hex;
    use std::{string::String, vec};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// What a server makes of frames in which compression was agreed on: its messages, and how it ended.
    fn receive(wire: &[u8], max_message: usize) -> (Vec<Vec<u8>>, Option<Failure>) {
        let config = Config { compression: true, ..Config::default() };
        let mut connection = Connection::new(Server, config, Default::default());
        let mut joiner = Joiner::inflating(Inflater::new(Role::Server, &Parameters::default()), max_message);
        let (mut buffer, mut out, mut messages) = (wire.to_vec(), Vec::new(), Vec::new());
        let mut input = Input::new(&mut buffer);
        loop {
            match connection.receive(&mut input, Default::default(), &mut out) {
                Ok(None) => return (messages, None),
                Ok(Some(Event::Data(piece))) => match joiner.push(&piece) {
                    Ok(message) => messages.extend(message.map(<[u8]>::to_vec)),
                    Err(failure) => {
                        connection.fail(failure, &mut out);
                        assert!(connection.is_done() && out[0] == 0x88);
                        return (messages, Some(failure));
                    }
                },
                Ok(Some(_)) => {}
                Err(failure) => return (messages, Some(failure)),
            }
        }
    }

    fn violation(wire: &[u8]) -> Violation {
        match receive(wire, 1 << 20) {
            (_, Some(Failure::Violation(finding))) => finding.violation,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn compressed_and_plain_messages_in_fragments_with_a_ping_between() {
        let mut client = Connection::new(Client(|| [7; 4]), Config::default(), Default::default());
        let mut deflater = Deflater::new(Role::Client, &Parameters::default());
        let (mut wire, mut compressed) = (Vec::new(), Vec::new());
        deflater.message("안녕 안녕 안녕".as_bytes(), &mut compressed);
        client.send_compressed(MessageKind::Text, &compressed, &mut wire).unwrap();
        client.send(MessageKind::Text, b"plain", &mut wire).unwrap();
        // RFC 7692 §7.2.3.1: "Hello", compressed, in two frames.
        wire.extend_from_slice(&hex!("41 83 00000000 f24 8cd  89 80 00000000  80 84 00000000 c9 c9 07 00"));
        let (messages, failure) = receive(&wire, 1 << 20);
        assert_eq!(failure, None);
        let messages: Vec<_> = messages.into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
        assert_eq!(messages, ["안녕 안녕 안녕", "plain", "Hello"]);
    }

    #[test]
    fn every_violation_of_compression_is_provoked_on_the_wire() {
        assert_eq!(violation(&hex!("c9 80 00000000")), Violation::CompressedControl);
        assert_eq!(violation(&hex!("41 80 00000000 c0 80 00000000")), Violation::CompressedContinuation);
        assert_eq!(violation(&hex!("c2 82 00000000 ffff")), Violation::NotDeflate);
        assert_eq!(violation(&hex!("a1 80 00000000")), Violation::ReservedBitSet);
        let mut bad_text = vec![];
        Deflater::new(Role::Client, &Parameters::default()).message(b"ab\xff", &mut bad_text);
        let wire = [&[0xC1, 0x80 | bad_text.len() as u8, 0, 0, 0, 0], &*bad_text].concat();
        assert_eq!(violation(&wire), Violation::TextNotUtf8);
        // The same text, then what is no DEFLATE stream: the first fault is told, wherever the message is cut.
        let mut in_two = [&wire[..], &hex!("80 82 00000000 ffff")].concat();
        in_two[0] = 0x41;
        assert_eq!(violation(&in_two), Violation::TextNotUtf8);
        let in_one = [&[0xC1, 0x82 + bad_text.len() as u8, 0, 0, 0, 0], &*bad_text, &hex!("ffff")[..]].concat();
        assert_eq!(violation(&in_one), Violation::TextNotUtf8);
    }

    #[test]
    fn what_is_held_is_told() {
        let piece = |first, last| crate::connection::Piece {
            kind: MessageKind::Binary,
            bytes: &[7; 300],
            compressed: false,
            first,
            last,
        };
        let mut joiner = Joiner::new();
        assert_eq!(joiner.push(&piece(true, true)).map(|message| message.is_some()), Ok(true));
        assert_eq!(joiner.held(), 0);
        assert_eq!(joiner.push(&piece(true, false)), Ok(None));
        assert!((300..1000).contains(&joiner.held()));
        joiner.clear();
        assert_eq!(joiner.held(), 0);
    }

    #[test]
    fn a_message_that_inflates_beyond_the_limit_is_refused_as_too_big() {
        let mut bomb = vec![];
        Deflater::new(Role::Client, &Parameters::default()).message(&[0; 60_000], &mut bomb);
        let mut wire = vec![0xC2, 0xFE, (bomb.len() >> 8) as u8, bomb.len() as u8, 0, 0, 0, 0];
        wire.extend_from_slice(&bomb);
        assert_eq!(receive(&wire, 60_000).1, None);
        let (_, failure) = receive(&wire, 59_999);
        assert_eq!(failure.and_then(Failure::close_code), Some(CloseCode::MESSAGE_TOO_BIG));
    }
}

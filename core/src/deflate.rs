//! permessage-deflate (RFC 7692 §7.2): messages compressed one by one, with windows that may last over them.
//!
//! A [`Connection`](crate::connection::Connection) hands out the pieces of a compressed message as they are on the wire
//! ([`Piece::compressed`](crate::connection::Piece)); a [`Joiner`](crate::message::Joiner) inflates them with an [`Inflater`]. The other
//! way, a [`Deflater`]'s output goes to [`send_compressed`](crate::connection::Connection::send_compressed).

use alloc::vec::Vec;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use crate::Role;
use crate::handshake::deflate::Parameters;

/// What a sender takes off the end of each message, and a receiver puts back (RFC 7692 §7.2.1): an empty stored block.
const TAIL: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];

const WINDOW: usize = 32 << 10;

/// Why a message could not be inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InflateError {
    /// The bytes are no DEFLATE stream.
    NotDeflate,
    /// The message would become larger than the limit.
    TooBig,
}

/// Compresses what one end sends.
#[derive(Debug)]
pub struct Deflater {
    compress: Compress,
    forgets: bool,
}

impl Deflater {
    /// For the end that has `role`.
    pub fn new(role: Role, parameters: &Parameters) -> Self {
        let (bits, forgets) = window_of(role, parameters);
        Self { compress: Compress::new_with_window_bits(Compression::fast(), false, bits), forgets }
    }

    /// Appends the compressed form of a whole message to `out`.
    pub fn message(&mut self, payload: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        let mut rest = payload;
        loop {
            // Room for what cannot be compressed, and for the tail.
            out.reserve(rest.len() + rest.len() / 1000 + 64);
            let before = self.compress.total_in();
            let _progress = self.compress.compress_vec(rest, out, FlushCompress::Sync);
            rest = &rest[(self.compress.total_in() - before) as usize..];
            // All is out when room is left: a flush that had more to say would have filled it.
            if rest.is_empty() && out.len() < out.capacity() {
                break;
            }
        }
        if out[start..].ends_with(&TAIL) {
            out.truncate(out.len() - TAIL.len());
        }
        if out.len() == start {
            // An empty message is one byte (RFC 7692 §7.2.3.6).
            out.push(0);
        }
        if self.forgets {
            self.compress.reset();
        }
    }
}

/// Inflates what one end receives.
#[derive(Debug)]
pub struct Inflater {
    decompress: Decompress,
    forgets: bool,
}

impl Inflater {
    /// For the end that has `role`: it reads what the other end compressed.
    pub fn new(role: Role, parameters: &Parameters) -> Self {
        let peer = match role {
            Role::Client => Role::Server,
            Role::Server => Role::Client,
        };
        let (bits, forgets) = window_of(peer, parameters);
        Self { decompress: Decompress::new_with_window_bits(false, bits), forgets }
    }

    /// Appends what the next piece of a message inflates to; `out` has the message's beginning.
    ///
    /// # Errors
    /// What came before the error is in `out`, and stays within `max` bytes but for what shows that there are more.
    pub fn piece(&mut self, piece: &[u8], max: usize, out: &mut Vec<u8>) -> Result<(), InflateError> {
        let mut rest = piece;
        loop {
            if out.len() == out.capacity() {
                // One byte beyond the limit is enough to see that it is passed.
                let room = (2 * rest.len()).clamp(64, 64 << 10).min((max + 1).saturating_sub(out.len()));
                out.reserve_exact(room.max(1));
            }
            let before = self.decompress.total_in();
            let written = out.len();
            let status = self.decompress.decompress_vec(rest, out, FlushDecompress::Sync);
            let taken = (self.decompress.total_in() - before) as usize;
            rest = &rest[taken..];
            if out.len() > max {
                return Err(InflateError::TooBig);
            }
            let status = status.map_err(|_not_deflate| InflateError::NotDeflate)?;
            if status == Status::StreamEnd {
                // A last block (BFINAL) is allowed in the middle (RFC 7692 §7.2.3.4): what follows begins a new stream.
                self.decompress.reset(false);
                let _no_window = self.decompress.set_dictionary(&out[out.len().saturating_sub(WINDOW)..]);
                if rest.is_empty() {
                    return Ok(());
                }
            } else if out.len() < out.capacity() && (rest.is_empty() || (taken == 0 && out.len() == written)) {
                return if rest.is_empty() { Ok(()) } else { Err(InflateError::NotDeflate) };
            }
        }
    }

    /// The message's last piece has been given.
    pub fn finish(&mut self, max: usize, out: &mut Vec<u8>) -> Result<(), InflateError> {
        self.piece(&TAIL, max, out)?;
        if self.forgets {
            self.decompress.reset(false);
        }
        Ok(())
    }
}

/// Inflates messages that are there as a whole, for who looks at them: what it knows can be copied and compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WholeInflater {
    reader: Role,
    parameters: Parameters,
    /// What the next message may refer back to; `None` when that is not known any more.
    window: Option<Vec<u8>>,
}

impl WholeInflater {
    pub(crate) fn new(reader: Role, parameters: &Parameters) -> Self {
        Self { reader, parameters: *parameters, window: Some(Vec::new()) }
    }

    /// The message, up to an error or to `max` bytes; `None` if it may refer to what is not known.
    pub(crate) fn message(&mut self, compressed: &[u8], max: usize) -> Option<(Vec<u8>, Result<(), InflateError>)> {
        let mut inflater = Inflater::new(self.reader, &self.parameters);
        let mut window = self.window.take()?;
        let _no_window = inflater.decompress.set_dictionary(&window);
        let mut out = Vec::new();
        let outcome = inflater.piece(compressed, max, &mut out).and_then(|()| inflater.finish(max, &mut out));
        if inflater.forgets {
            self.window = Some(Vec::new());
        } else if outcome.is_ok() {
            window.extend_from_slice(&out);
            window.drain(..window.len().saturating_sub(WINDOW));
            self.window = Some(window);
        }
        out.truncate(max);
        Some((out, outcome))
    }
}

/// The window of what `sender` compresses, and whether it is forgotten after each message.
fn window_of(sender: Role, parameters: &Parameters) -> (u8, bool) {
    match sender {
        Role::Client => (parameters.client_max_window_bits, parameters.client_no_context_takeover),
        Role::Server => (parameters.server_max_window_bits, parameters.server_no_context_takeover),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use std::vec;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn inflate(inflater: &mut Inflater, wire: &[u8], max: usize) -> Result<Vec<u8>, InflateError> {
        let mut out = Vec::new();
        inflater.piece(wire, max, &mut out)?;
        inflater.finish(max, &mut out)?;
        Ok(out)
    }

    // RFC 7692 §7.2.3, all of its examples.

    #[test]
    fn the_rfcs_examples() {
        let mut inflater = Inflater::new(Role::Client, &Parameters::default());
        let mut hello = |wire: &[u8]| inflate(&mut inflater, wire, 100).unwrap();
        assert_eq!(hello(&hex!("f2 48 cd c9 c9 07 00")), b"Hello");
        assert_eq!(hello(&hex!("f2 00 11 00 00")), b"Hello", "with the window of the message before");
        assert_eq!(hello(&hex!("00 05 00 fa ff 48 65 6c 6c 6f 00")), b"Hello", "not compressed");
        assert_eq!(hello(&hex!("f3 48 cd c9 c9 07 00 00")), b"Hello", "with BFINAL");
        assert_eq!(hello(&hex!("f2 48 05 00 00 00 ff ff ca c9 c9 07 00")), b"Hello", "two blocks");
        assert_eq!(hello(&hex!("00")), b"", "an empty message");
    }

    #[test]
    fn ours_is_read_by_ours_with_every_window() {
        for bits in 9..=15 {
            for forgets in [false, true] {
                let parameters = Parameters {
                    server_no_context_takeover: forgets,
                    server_max_window_bits: bits,
                    ..Parameters::default()
                };
                let mut deflater = Deflater::new(Role::Server, &parameters);
                let mut inflater = Inflater::new(Role::Client, &parameters);
                let long: Vec<u8> = (0..100_000_u32).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect();
                for message in [b"Hello".as_slice(), b"", b"Hello", &long, &[0; 70_000], b"Hello"] {
                    let mut wire = Vec::new();
                    deflater.message(message, &mut wire);
                    assert_eq!(inflate(&mut inflater, &wire, message.len()).as_deref(), Ok(message));
                }
            }
        }
    }

    #[test]
    fn context_takeover_makes_a_repeated_message_shorter() {
        let text = "안녕 WebSocket 안녕 WebSocket!".as_bytes();
        let mut lengths = vec![];
        let mut deflater = Deflater::new(Role::Server, &Parameters::default());
        for _ in 0..2 {
            let mut wire = Vec::new();
            deflater.message(text, &mut wire);
            lengths.push(wire.len());
        }
        assert!(lengths[1] < lengths[0] / 2, "{lengths:?}");
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let mut wire = Vec::new();
        Deflater::new(Role::Client, &Parameters::default()).message(&vec![0; 10 << 20], &mut wire);
        assert!(wire.len() < 200_000, "{}", wire.len());
        let mut inflater = Inflater::new(Role::Server, &Parameters::default());
        let mut out = Vec::new();
        assert_eq!(inflater.piece(&wire, 1 << 20, &mut out), Err(InflateError::TooBig));
        assert!(out.capacity() <= (1 << 20) + (64 << 10), "{}", out.capacity());
    }

    #[test]
    fn what_is_no_deflate_is_refused() {
        let mut inflater = Inflater::new(Role::Server, &Parameters::default());
        assert_eq!(inflate(&mut inflater, &[0xFF; 8], 100), Err(InflateError::NotDeflate));
    }
}

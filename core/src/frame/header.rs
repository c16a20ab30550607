//! The frame header (RFC 6455 §5.2): read, written, and where each of its fields stands.

use alloc::vec::Vec;

use super::{Opcode, apply_mask};

/// The longest header: 2 bytes, a 64-bit length, a masking key.
pub const MAX_HEADER_LEN: usize = 14;

const FIN: u8 = 0x80;
const RSV: u8 = 0x70;
const MASK: u8 = 0x80;
const LENGTH: u8 = 0x7F;
const LENGTH_IS_16_BIT: u8 = 126;
const LENGTH_IS_64_BIT: u8 = 127;

/// In which of the three forms a payload length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LengthForm {
    /// In the 7 bits of the second byte: 0 to 125.
    Bits7,
    /// 126 in the 7 bits, then 2 bytes.
    Bits16,
    /// 127 in the 7 bits, then 8 bytes.
    Bits64,
}

impl LengthForm {
    /// The shortest form for a payload of `len` bytes, which is the only one allowed.
    #[inline]
    pub const fn shortest(len: u64) -> Self {
        if len < LENGTH_IS_16_BIT as u64 {
            Self::Bits7
        } else if len <= 0xFFFF {
            Self::Bits16
        } else {
            Self::Bits64
        }
    }

    /// How many bytes follow the second byte.
    #[inline]
    pub const fn extended_len(self) -> usize {
        match self {
            Self::Bits7 => 0,
            Self::Bits16 => 2,
            Self::Bits64 => 8,
        }
    }
}

/// A frame's header, as it stands on the wire: any bytes make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The last frame of its message.
    pub fin: bool,
    /// The reserved bits, RSV1 as 4, RSV2 as 2, RSV3 as 1.
    pub rsv: u8,
    /// What the frame is.
    pub opcode: Opcode,
    /// The masking key, if the payload is masked.
    pub mask: Option<[u8; 4]>,
    /// The form in which the length is written.
    pub length_form: LengthForm,
    /// How many payload bytes follow, as written (the most significant bit may be set, wrongly).
    pub payload_len: u64,
}

/// A field of the header or what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeaderField {
    /// 1 bit: the last frame of its message.
    Fin,
    /// 1 bit, for extensions.
    Rsv1,
    /// 1 bit, for extensions.
    Rsv2,
    /// 1 bit, for extensions.
    Rsv3,
    /// 4 bits.
    Opcode,
    /// 1 bit: the payload is masked.
    Mask,
    /// 7 bits: the length, or how it is written.
    PayloadLen,
    /// 16 or 64 bits.
    ExtendedPayloadLen,
    /// 32 bits.
    MaskingKey,
}

impl Header {
    /// Reads a header from the front of `bytes`; `None` while a part of it is missing. Judges nothing.
    #[inline]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let &[first, second, ref rest @ ..] = bytes else { return None };
        let (length_form, payload_len, rest) = match second & LENGTH {
            LENGTH_IS_16_BIT => {
                let (len, rest) = rest.split_first_chunk::<2>()?;
                (LengthForm::Bits16, u64::from(u16::from_be_bytes(*len)), rest)
            }
            LENGTH_IS_64_BIT => {
                let (len, rest) = rest.split_first_chunk::<8>()?;
                (LengthForm::Bits64, u64::from_be_bytes(*len), rest)
            }
            len => (LengthForm::Bits7, u64::from(len), rest),
        };
        let mask = if second & MASK == 0 { None } else { Some(*rest.first_chunk::<4>()?) };
        Some(Self {
            fin: first & FIN != 0,
            rsv: (first & RSV) >> 4,
            opcode: Opcode::from_first_byte(first),
            mask,
            length_form,
            payload_len,
        })
    }

    /// The header of a frame with a payload of `payload_len` bytes, its length in the shortest form, no reserved bit set.
    #[inline]
    pub const fn new(fin: bool, opcode: Opcode, mask: Option<[u8; 4]>, payload_len: u64) -> Self {
        Self { fin, rsv: 0, opcode, mask, length_form: LengthForm::shortest(payload_len), payload_len }
    }

    /// How many bytes the header has on the wire: 2, 4 or 10, and 4 more for a masking key.
    #[inline]
    #[expect(clippy::len_without_is_empty, reason = "a header is never empty")]
    pub const fn len(&self) -> usize {
        2 + self.length_form.extended_len() + if self.mask.is_some() { 4 } else { 0 }
    }

    /// The header's bytes, just as the fields say, legal or not. A length that its form cannot hold is cut to the form's low bits.
    #[inline]
    pub fn to_bytes(self) -> HeaderBytes {
        let mut header = HeaderBytes { bytes: [0; MAX_HEADER_LEN], len: 0 };
        self.write(|part| {
            let start = usize::from(header.len);
            header.bytes[start..start + part.len()].copy_from_slice(part);
            header.len += part.len() as u8;
        });
        header
    }

    /// Appends the header's bytes.
    #[inline]
    pub(crate) fn append_to(self, out: &mut Vec<u8>) {
        self.write(|part| out.extend_from_slice(part));
    }

    /// Gives the header's bytes in parts whose sizes are known where this is inlined.
    #[inline(always)]
    fn write(self, mut part: impl FnMut(&[u8])) {
        let first = if self.fin { FIN } else { 0 } | (self.rsv & 7) << 4 | self.opcode.value();
        let mask = if self.mask.is_some() { MASK } else { 0 };
        match self.length_form {
            LengthForm::Bits7 => part(&[first, mask | (self.payload_len as u8 & LENGTH)]),
            LengthForm::Bits16 => {
                let [high, low] = (self.payload_len as u16).to_be_bytes();
                part(&[first, mask | LENGTH_IS_16_BIT, high, low]);
            }
            LengthForm::Bits64 => {
                part(&[first, mask | LENGTH_IS_64_BIT]);
                part(&self.payload_len.to_be_bytes());
            }
        }
        if let Some(key) = self.mask {
            part(&key);
        }
    }

    /// The header's fields in the order of the wire: which, its first bit counted from the header's first, and how many bits.
    pub fn fields(&self) -> impl Iterator<Item = (HeaderField, usize, usize)> {
        let extended = 8 * self.length_form.extended_len();
        let key = if self.mask.is_some() { 32 } else { 0 };
        [
            (HeaderField::Fin, 0, 1),
            (HeaderField::Rsv1, 1, 1),
            (HeaderField::Rsv2, 2, 1),
            (HeaderField::Rsv3, 3, 1),
            (HeaderField::Opcode, 4, 4),
            (HeaderField::Mask, 8, 1),
            (HeaderField::PayloadLen, 9, 7),
            (HeaderField::ExtendedPayloadLen, 16, extended),
            (HeaderField::MaskingKey, 16 + extended, key),
        ]
        .into_iter()
        .filter(|&(_, _, bits)| bits > 0)
    }
}

/// A header's bytes.
#[derive(Clone, Copy)]
pub struct HeaderBytes {
    bytes: [u8; MAX_HEADER_LEN],
    len: u8,
}

impl core::ops::Deref for HeaderBytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.bytes[..self.len as usize]
    }
}

/// Appends a frame to `out`: the header, then `payload`, masked if the header has a key. `header.payload_len` is written as it is.
#[inline(always)] // For a server nothing is left of the masking then, and a short header goes through no memory.
pub fn encode(header: Header, payload: &[u8], out: &mut Vec<u8>) {
    header.append_to(out);
    let start = out.len();
    out.extend_from_slice(payload);
    if let Some(key) = header.mask {
        apply_mask(&mut out[start..], key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const KEY: [u8; 4] = hex!("37fa213d");

    #[track_caller]
    fn example(header: Header, payload: &[u8], wire: &[u8]) {
        let mut out = Vec::new();
        encode(header, payload, &mut out);
        assert_eq!(out, wire);
        assert_eq!(Header::read(wire), Some(header));
        assert_eq!(wire.len(), header.len() + payload.len());
    }

    // RFC 6455 §5.7, all of its examples.

    #[test]
    fn single_frame_unmasked_text() {
        example(Header::new(true, Opcode::TEXT, None, 5), b"Hello", &hex!("81 05 48 65 6c 6c 6f"));
    }

    #[test]
    fn single_frame_masked_text() {
        let wire = hex!("81 85 37 fa 21 3d 7f 9f 4d 51 58");
        example(Header::new(true, Opcode::TEXT, Some(KEY), 5), b"Hello", &wire);
    }

    #[test]
    fn fragmented_unmasked_text() {
        example(Header::new(false, Opcode::TEXT, None, 3), b"Hel", &hex!("01 03 48 65 6c"));
        example(Header::new(true, Opcode::CONTINUATION, None, 2), b"lo", &hex!("80 02 6c 6f"));
    }

    #[test]
    fn unmasked_ping_and_masked_pong() {
        example(Header::new(true, Opcode::PING, None, 5), b"Hello", &hex!("89 05 48 65 6c 6c 6f"));
        let wire = hex!("8a 85 37 fa 21 3d 7f 9f 4d 51 58");
        example(Header::new(true, Opcode::PONG, Some(KEY), 5), b"Hello", &wire);
    }

    #[test]
    fn binary_of_256_bytes() {
        let header = Header::new(true, Opcode::BINARY, None, 256);
        assert_eq!(&*header.to_bytes(), hex!("82 7E 01 00"));
    }

    #[test]
    fn binary_of_64_kibibytes() {
        let header = Header::new(true, Opcode::BINARY, None, 65536);
        assert_eq!(&*header.to_bytes(), hex!("82 7F 00 00 00 00 00 01 00 00"));
    }

    #[test]
    fn the_header_grows_at_126_and_at_65536() {
        for (len, from_server, from_client) in
            [(0, 2, 6), (125, 2, 6), (126, 4, 8), (65535, 4, 8), (65536, 10, 14), (u64::MAX >> 1, 10, 14)]
        {
            assert_eq!(Header::new(true, Opcode::BINARY, None, len).len(), from_server);
            assert_eq!(Header::new(true, Opcode::BINARY, Some(KEY), len).len(), from_client);
        }
    }

    #[test]
    fn any_two_bytes_are_read_and_written_back() {
        for first in 0..=255 {
            for second in 0..=255 {
                let wire = [first, second, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
                let header = Header::read(&wire).unwrap();
                assert_eq!(&*header.to_bytes(), &wire[..header.len()]);
                for short in 0..header.len() {
                    assert_eq!(Header::read(&wire[..short]), None);
                }
                let bits: usize = header.fields().map(|(_, _, bits)| bits).sum();
                assert_eq!(bits, 8 * header.len());
            }
        }
    }
}

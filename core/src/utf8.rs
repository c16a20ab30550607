//! UTF-8 that comes in pieces (RFC 6455 §8.1), refused at the first byte that can be no part of it.

/// Checks a text that comes in pieces. Keeps at most 3 bytes: the beginning of a character whose rest is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utf8 {
    carry: [u8; 4],
    carried: u8,
}

/// The text is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUtf8 {
    /// How many bytes of the piece at hand were good, i.e. the offset of the first impossible byte in it.
    pub valid_up_to: usize,
}

impl Utf8 {
    /// Checks the next piece.
    #[inline]
    pub fn push(&mut self, mut piece: &[u8]) -> Result<(), NotUtf8> {
        let mut taken = 0;
        if self.carried > 0 {
            taken = self.complete_character(piece)?;
            piece = &piece[taken..];
        }
        #[cfg(feature = "simd")]
        {
            let complete = piece.len() - begun_character(piece);
            if simdutf8::basic::from_utf8(&piece[..complete]).is_ok() {
                // What is left is at most 3 bytes, or all of it where the fault is to be found.
                piece = &piece[complete..];
                taken += complete;
            }
        }
        match core::str::from_utf8(piece) {
            Ok(_) => Ok(()),
            Err(error) => {
                let bad = &piece[error.valid_up_to()..];
                if let Some(len) = error.error_len() {
                    // `error_len` counts the good beginning of a bad character: the impossible byte comes after it.
                    let good = if len == 1 && !could_begin(bad[0]) { 0 } else { len };
                    return Err(NotUtf8 { valid_up_to: taken + error.valid_up_to() + good });
                }
                self.carry[..bad.len()].copy_from_slice(bad);
                self.carried = bad.len() as u8;
                Ok(())
            }
        }
    }

    /// The text ends here: is it complete? Ready for the next text afterwards.
    #[inline]
    pub fn finish(&mut self) -> Result<(), NotUtf8> {
        if core::mem::take(&mut self.carried) == 0 { Ok(()) } else { Err(NotUtf8 { valid_up_to: 0 }) }
    }

    /// Feeds single bytes until the carried character is complete; returns how many it took.
    fn complete_character(&mut self, piece: &[u8]) -> Result<usize, NotUtf8> {
        for (taken, &byte) in piece.iter().enumerate() {
            self.carry[usize::from(self.carried)] = byte;
            self.carried += 1;
            match core::str::from_utf8(&self.carry[..usize::from(self.carried)]) {
                Ok(_) => {
                    self.carried = 0;
                    return Ok(taken + 1);
                }
                Err(error) if error.error_len().is_some() => return Err(NotUtf8 { valid_up_to: taken }),
                Err(_) => {}
            }
        }
        Ok(piece.len())
    }
}

/// How many bytes at the end may be a character whose rest is missing.
#[cfg(feature = "simd")]
fn begun_character(bytes: &[u8]) -> usize {
    let len = bytes.iter().rev().take(3).position(|&byte| byte >= 0xC0).map_or(0, |at| at + 1);
    let is_whole = match bytes.get(bytes.len() - len) {
        Some(0xC0..=0xDF) => len == 2,
        Some(0xE0..=0xEF) => len == 3,
        _ => false,
    };
    if is_whole { 0 } else { len }
}

/// Whether these are at most 128 bytes of ASCII: a quick look that spares most short texts the walk.
#[inline(always)]
pub(crate) fn is_short_ascii(bytes: &[u8]) -> bool {
    match bytes.len() {
        0..4 => bytes.iter().fold(0, |all, byte| all | byte) < 0x80,
        4..8 => is_ascii_in_blocks::<4>(bytes),
        8..16 => is_ascii_in_blocks::<8>(bytes),
        16..=128 => is_ascii_in_blocks::<16>(bytes),
        _ => false,
    }
}

/// At least one block of `N` bytes; the last one overlaps the one before.
#[inline(always)]
fn is_ascii_in_blocks<const N: usize>(bytes: &[u8]) -> bool {
    let mut all = [0; N];
    for block in bytes.as_chunks::<N>().0.iter().chain(bytes.last_chunk::<N>()) {
        all.iter_mut().zip(block).for_each(|(all, byte)| *all |= byte);
    }
    all.is_ascii()
}

/// Whether a character of several bytes can begin with this byte (Unicode 15, table 3-7).
fn could_begin(byte: u8) -> bool {
    matches!(byte, 0xC2..=0xF4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The offset of the first impossible byte, by feeding single bytes.
    fn first_impossible(bytes: &[u8]) -> Option<usize> {
        let mut utf8 = Utf8::default();
        bytes.iter().position(|&byte| utf8.push(&[byte]).is_err())
    }

    #[test]
    fn cut_anywhere_it_gives_the_same_verdict_at_the_same_byte() {
        let samples: [&[u8]; 12] = [
            "안녕 WebSocket κόσμε 🎮".as_bytes(),
            b"plain",
            b"",
            b"\xce\xba\xf4\x90\x80\x80\x65",
            b"ab\xff",
            b"ab\xc0\xaf",
            b"ab\xed\xa0\x80",
            b"ab\xf0\x80",
            b"ab\xe2\x82",
            b"ab\xe2\x28\xa1",
            b"ab\x80cd",
            b"\xf0\x9f\x8e",
        ];
        for bytes in samples {
            let expected = first_impossible(bytes);
            for cut in 0..=bytes.len() {
                let (head, tail) = bytes.split_at(cut);
                let mut utf8 = Utf8::default();
                let found = match utf8.push(head) {
                    Err(error) => Some(error.valid_up_to),
                    Ok(()) => utf8.push(tail).err().map(|error| cut + error.valid_up_to),
                };
                assert_eq!(found, expected, "{bytes:x?} cut at {cut}");
                if found.is_none() {
                    assert_eq!(utf8.finish().is_ok(), core::str::from_utf8(bytes).is_ok());
                }
            }
        }
        let mut every_byte_alone: Vec<u8> = (0..=255).collect();
        every_byte_alone.retain(|&byte| Utf8::default().push(&[byte]).is_err());
        assert!(every_byte_alone.iter().all(|&byte| matches!(byte, 0x80..=0xC1 | 0xF5..)));
    }

    #[test]
    fn short_ascii_is_seen_at_every_length_and_nothing_else_is_taken_for_it() {
        let mut bytes = [b'a'; 140];
        for len in 0..bytes.len() {
            assert_eq!(is_short_ascii(&bytes[..len]), len <= 128);
            for at in 0..len {
                bytes[at] = 0x80;
                assert!(!is_short_ascii(&bytes[..len]), "{at} of {len}");
                bytes[at] = b'a';
            }
        }
    }
}

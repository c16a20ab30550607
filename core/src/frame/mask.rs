//! Masking (RFC 6455 §5.3): octet i of the payload XOR octet i mod 4 of the key.

/// Masks or unmasks `payload` in place; doing it twice gives the original. `key` is the key for the payload's first byte.
#[inline]
pub fn apply_mask(payload: &mut [u8], key: [u8; 4]) {
    #[cfg(feature = "simd")]
    if payload.len() >= LONG {
        return in_wide_blocks(payload, key);
    }
    in_short_blocks(payload, key);
}

#[inline(always)]
fn in_short_blocks(payload: &mut [u8], key: [u8; 4]) {
    match payload.len() {
        0..4 => payload.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key),
        4..8 => in_blocks::<4>(payload, key),
        8..16 => in_blocks::<8>(payload, key),
        16..32 => in_blocks::<16>(payload, key),
        _ => in_blocks::<32>(payload, key),
    }
}

/// From this length on, wide registers make up for asking whether they are there.
#[cfg(feature = "simd")]
const LONG: usize = 512;

#[cfg(feature = "simd")]
fn in_wide_blocks(payload: &mut [u8], key: [u8; 4]) {
    use fearless_simd::{Level, dispatch, prelude::*};

    static LEVEL: std::sync::LazyLock<Level> = std::sync::LazyLock::new(Level::new);

    /// Compiled once for each level.
    #[inline(always)]
    fn at_level<S: Simd>(level: S, payload: &mut [u8], key: [u8; 4]) {
        // Blocks that begin where a cache line does are read and written in one piece.
        let (head, payload) = payload.split_at_mut(payload.as_ptr().align_offset(S::u8s::LEN).min(payload.len()));
        in_short_blocks(head, key);
        let key = rotate_key(key, head.len());
        let keys = S::u8s::from_fn(level, |at| key[at % 4]);
        let mut blocks = payload.chunks_exact_mut(S::u8s::LEN);
        for block in &mut blocks {
            (S::u8s::from_slice(level, block) ^ keys).store_slice(block);
        }
        in_short_blocks(blocks.into_remainder(), key);
    }

    dispatch!(*LEVEL, level => at_level(level, payload, key));
}

/// At least one block of `N` bytes. What is left at the end is no loop over bytes but one more block, which overlaps the one before: a
/// short payload's length is hard to foresee, and so are the turns of such a loop.
#[inline(always)]
fn in_blocks<const N: usize>(payload: &mut [u8], key: [u8; 4]) {
    let tail_key = rotate_key(key, payload.len() % N);
    let Some(&tail) = payload.last_chunk::<N>() else { return };
    for block in payload.as_chunks_mut::<N>().0 {
        *block = masked(*block, key);
    }
    if let Some(last) = payload.last_chunk_mut::<N>() {
        *last = masked(tail, tail_key);
    }
}

#[inline(always)]
fn masked<const N: usize>(mut block: [u8; N], key: [u8; 4]) -> [u8; N] {
    for word in block.as_chunks_mut::<4>().0 {
        *word = (u32::from_ne_bytes(*word) ^ u32::from_ne_bytes(key)).to_ne_bytes();
    }
    block
}

/// The key for what follows `offset` bytes further into the payload.
#[inline]
pub fn rotate_key(key: [u8; 4], offset: usize) -> [u8; 4] {
    u32::from_le_bytes(key).rotate_right(8 * (offset % 4) as u32).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn is_the_rfcs_formula_at_every_length_and_offset() {
        let key = [0x37, 0xfa, 0x21, 0x3d];
        for len in (0..140).chain([511, 512, 513, 640, 1000]) {
            let plain: Vec<u8> = (0..len).map(|i: usize| i as u8).collect();
            let expected: Vec<u8> = plain.iter().enumerate().map(|(i, byte)| byte ^ key[i % 4]).collect();
            for cut in 0..=plain.len() {
                let mut bytes = plain.clone();
                let (head, tail) = bytes.split_at_mut(cut);
                apply_mask(head, key);
                apply_mask(tail, rotate_key(key, cut));
                assert_eq!(bytes, expected, "{len} bytes cut at {cut}");
            }
        }
    }
}

//! Masking (RFC 6455 §5.3): octet i of the payload XOR octet i mod 4 of the key.

/// Masks or unmasks `payload` in place; doing it twice gives the original. `key` is the key for the payload's first byte.
#[inline]
pub fn apply_mask(payload: &mut [u8], key: [u8; 4]) {
    let word = u64::from_ne_bytes([key[0], key[1], key[2], key[3], key[0], key[1], key[2], key[3]]);
    let (words, tail) = payload.as_chunks_mut::<8>();
    for chunk in words {
        *chunk = (u64::from_ne_bytes(*chunk) ^ word).to_ne_bytes();
    }
    for (byte, key) in tail.iter_mut().zip(word.to_ne_bytes()) {
        *byte ^= key;
    }
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
        for len in 0..70 {
            let plain: Vec<u8> = (0..len).collect();
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

//! Numbers that look random and come from a seed: the same seed, the same bytes.

/// A SplitMix64 generator. For lessons only: a real client's masking keys must come from a source that nobody can predict.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Begins at a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A masking key.
    pub fn key(&mut self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.number().to_be_bytes();
        [a, b, c, d]
    }

    /// The 16 bytes behind a `Sec-WebSocket-Key`.
    pub fn nonce(&mut self) -> [u8; 16] {
        let mut nonce = [0; 16];
        let (front, back) = nonce.split_at_mut(8);
        front.copy_from_slice(&self.number().to_be_bytes());
        back.copy_from_slice(&self.number().to_be_bytes());
        nonce
    }
}

//! Randomness, which is the caller's: jitter and ids are made from it.

use alloc::string::String;

/// A source of random bits. Any `FnMut() -> u128` is one.
///
/// Ids and tokens are made from it, so a live endpoint gives one that cannot be guessed; a simulation gives [`Seeded`].
pub trait Random {
    /// 128 random bits.
    fn bits(&mut self) -> u128;
}

impl<F: FnMut() -> u128> Random for F {
    fn bits(&mut self) -> u128 {
        self()
    }
}

/// The same bits for the same seed, always: for simulations and tests. The generator is SplitMix64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeded(pub u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Random for Seeded {
    fn bits(&mut self) -> u128 {
        (u128::from(self.next()) << 64) | u128::from(self.next())
    }
}

/// A UUID of version 4 (RFC 9562 §5.4) from random bits.
pub(crate) fn uuid(bits: u128) -> String {
    let bits = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let field = |from: u32, digits: u32| (bits >> from) & ((1 << (4 * digits)) - 1);
    alloc::format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        field(96, 8),
        field(80, 4),
        field(64, 4),
        field(48, 4),
        field(0, 12)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_version_4_and_the_variant() {
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
    }
}

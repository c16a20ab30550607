//! How wide a block of bytes is drawn.

/// The number of widths; the style sheet has a class for each.
pub const WIDTHS: u8 = 64;

/// The width of a block of so many bytes, 1 to [`WIDTHS`]: it grows with their square root, so that 2 bytes can be seen beside 600.
pub fn width(bytes: usize) -> u8 {
    let tenths = bytes.saturating_mul(256).isqrt() / 10;
    // At most WIDTHS, so it fits.
    tenths.clamp(1, usize::from(WIDTHS)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn grows_with_the_bytes_and_stays_within_bounds() {
        let widths: Vec<u8> = (0..5000).map(width).collect();
        assert!(widths.is_sorted());
        assert_eq!((width(0), width(2), width(22), width(600)), (1, 2, 7, 39));
        assert_eq!(width(usize::MAX), WIDTHS);
    }
}

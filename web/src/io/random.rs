//! Random bytes from the browser, also where the page is no secure context.

use super::page::window;

/// A seed for simulated connections.
pub(crate) fn seed() -> u64 {
    u64::from_be_bytes(bytes())
}

/// An id that nobody can guess: 32 hexadecimal digits.
pub(crate) fn id() -> String {
    ws101_lesson::text::field::hex(&bytes::<16>()).to_ascii_lowercase().replace(' ', "")
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Every browser that runs wasm has it; without it there would be no server to hide an id from either.
    let _ = window().crypto().map(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    bytes
}

//! Screenshots of the page on every kind of screen, in both languages and themes.

fn main() {}

//! Where something stands in the bytes that were read.

use core::ops::Range;

/// A range of bytes: `start..end`, counted from the beginning of what was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// `start..end`; `start` is at most `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// How many bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// True for no bytes.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same bytes, counted from `offset` bytes further to the front.
    pub const fn shifted(self, offset: usize) -> Self {
        Self::new(self.start + offset, self.end + offset)
    }

    /// The bytes themselves. Panics if `bytes` is not what was read.
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.end]
    }

    /// As a range.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

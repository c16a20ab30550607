//! The one selection that every pane reads, and how the keyboard moves it.

use ws101_trace::{Bits, Direction, Field, Item};

use super::Session;

/// What is selected: bits of one direction of one connection. A whole item, a field, a byte: all are ranges of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The connection's number in the page's list.
    pub session: usize,
    /// Which of its two streams.
    pub direction: Direction,
    /// Which bits of that stream.
    pub bits: Bits,
}

impl Selection {
    /// All of an item.
    pub fn of_item(session: usize, item: &Item) -> Self {
        Self { session, direction: item.direction, bits: Bits::of_bytes(item.span) }
    }

    /// A field of an item.
    pub fn of_field(session: usize, item: &Item, field: &Field) -> Self {
        Self { session, direction: item.direction, bits: field.bits }
    }

    /// A byte of an item's stream.
    pub fn of_byte(session: usize, item: &Item, byte: usize) -> Self {
        Self { session, direction: item.direction, bits: Bits { start: 8 * byte, end: 8 * byte + 8 } }
    }

    /// Whether it lies within an item.
    pub fn is_in(&self, item: &Item) -> bool {
        self.direction == item.direction && Bits::of_bytes(item.span).contains(self.bits)
    }

    /// Whether it is just this item, not a part of it.
    pub fn is_whole(&self, item: &Item) -> bool {
        self.direction == item.direction && Bits::of_bytes(item.span) == self.bits
    }

    /// The item that it lies in, and that item's number.
    pub fn item<'s>(&self, session: &'s Session) -> Option<(usize, &'s Item)> {
        session.items().enumerate().find(|(_, item)| self.is_in(item))
    }

    /// The number of the field of an item that it is, or lies in; `None` for the whole item.
    pub fn field(&self, item: &Item) -> Option<usize> {
        if self.is_whole(item) || !self.is_in(item) {
            return None;
        }
        item.fields.iter().position(|field| field.bits.contains(self.bits)).or_else(|| {
            // A byte of the first two has several fields: the first of them stands for it.
            item.fields.iter().position(|field| field.bits.overlaps(self.bits))
        })
    }

    /// Whether it touches these bits of an item, without being the whole item.
    pub fn marks(&self, item: &Item, bits: Bits) -> bool {
        self.is_in(item) && !self.is_whole(item) && self.bits.overlaps(bits)
    }
}

/// A row of things among which arrow keys move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// The numbered tabs.
    Tabs,
    /// The ribbon: all items.
    Ribbon,
    /// The list of frames.
    List,
    /// The lines of the request, or of the response.
    Head(Direction),
    /// The first two bytes as bits.
    Bits,
    /// The bytes in hexadecimal, field by field.
    Hex,
    /// The same, byte by byte.
    Bytes,
    /// The list of fields.
    Fields,
}

/// A movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the one before.
    Previous,
    /// To the one behind.
    Next,
    /// To the first one.
    First,
    /// To the last one.
    Last,
}

impl Step {
    /// Where it leads from `at` (nowhere yet: `None`) among `len` things; `None` if there are none.
    pub fn from(self, at: Option<usize>, len: usize) -> Option<usize> {
        let last = len.checked_sub(1)?;
        Some(match (self, at) {
            (Self::First, _) | (Self::Next, None) => 0,
            (Self::Last, _) | (Self::Previous, None) => last,
            (Self::Next, Some(at)) => (at + 1).min(last),
            (Self::Previous, Some(at)) => at.saturating_sub(1),
        })
    }
}

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

    /// As one word, e.g. `0:c:16:24`: how an element of the page says what it stands for.
    pub fn to_code(self) -> String {
        let direction = match self.direction {
            Direction::ClientToServer => "c",
            Direction::ServerToClient => "s",
        };
        [&self.session.to_string(), direction, &self.bits.start.to_string(), &self.bits.end.to_string()].join(":")
    }

    /// The selection of such a word.
    pub fn from_code(code: &str) -> Option<Self> {
        let mut parts = code.split(':');
        let session = parts.next()?.parse().ok()?;
        let direction = match parts.next()? {
            "c" => Direction::ClientToServer,
            "s" => Direction::ServerToClient,
            _ => return None,
        };
        let bits = Bits { start: parts.next()?.parse().ok()?, end: parts.next()?.parse().ok()? };
        (bits.start <= bits.end).then_some(Self { session, direction, bits })
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

impl Zone {
    const CODES: [(Self, &'static str); 9] = [
        (Self::Tabs, "tabs"),
        (Self::Ribbon, "ribbon"),
        (Self::List, "list"),
        (Self::Head(Direction::ClientToServer), "request"),
        (Self::Head(Direction::ServerToClient), "response"),
        (Self::Bits, "bits"),
        (Self::Hex, "hex"),
        // The bytes lie within their fields: it is these that have the focus.
        (Self::Bytes, "hex"),
        (Self::Fields, "fields"),
    ];

    /// As one word: how an element of the page says what it is.
    pub fn code(self) -> &'static str {
        Self::CODES.iter().find(|(zone, _)| *zone == self).map_or("", |(_, code)| code)
    }

    /// The zone of such a word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::CODES.iter().find(|(_, known)| *known == code).map(|(zone, _)| *zone)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_elements_say_is_understood() {
        let selection =
            Selection { session: 3, direction: Direction::ServerToClient, bits: Bits { start: 9, end: 16 } };
        assert_eq!(selection.to_code(), "3:s:9:16");
        assert_eq!(Selection::from_code("3:s:9:16"), Some(selection));
        for bad in ["", "3", "3:x:0:1", "3:c:5:4", "3:c:0"] {
            assert_eq!(Selection::from_code(bad), None, "{bad}");
        }
        for zone in [Zone::Tabs, Zone::Head(Direction::ServerToClient), Zone::Hex, Zone::Fields] {
            assert_eq!(Zone::from_code(zone.code()), Some(zone));
        }
    }

    #[test]
    fn steps_stop_at_both_ends() {
        assert_eq!(Step::Next.from(Some(2), 3), Some(2));
        assert_eq!(Step::Previous.from(Some(0), 3), Some(0));
        assert_eq!(Step::Previous.from(None, 3), Some(2));
        assert_eq!(Step::Next.from(None, 0), None);
    }
}

//! What is recorded.

use std::sync::Arc;

use ws101_trace::Direction;

/// What happened on a trace. Times are microseconds since the trace's first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Happening<B> {
    Opened { path: Arc<str> },
    Bytes { at: u64, direction: Direction, bytes: B },
    Closed { at: u64 },
}

impl<B> Happening<B> {
    /// The same, with what `bytes` makes of the bytes.
    pub(super) fn map<C>(&self, bytes: impl FnOnce(&B) -> C) -> Happening<C> {
        match self {
            Self::Opened { path } => Happening::Opened { path: path.clone() },
            Self::Bytes { at, direction, bytes: run } => {
                Happening::Bytes { at: *at, direction: *direction, bytes: bytes(run) }
            }
            Self::Closed { at } => Happening::Closed { at: *at },
        }
    }
}

/// How many bytes something stands for.
pub(super) trait Weight {
    fn len(&self) -> usize;
}

impl Weight for Happening<&[u8]> {
    fn len(&self) -> usize {
        if let Self::Bytes { bytes, .. } = self { bytes.len() } else { 0 }
    }
}

impl Weight for Happening<Box<[u8]>> {
    fn len(&self) -> usize {
        if let Self::Bytes { bytes, .. } = self { bytes.len() } else { 0 }
    }
}

impl Weight for Happening<(u64, u32)> {
    fn len(&self) -> usize {
        if let Self::Bytes { bytes: (_, len), .. } = self { *len as usize } else { 0 }
    }
}

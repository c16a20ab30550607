//! Watch ids.

use std::sync::Arc;

/// Names what a page asked to see. Only that page knows it, so it is as good as a key: never logged, never shown to others.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct WatchId(Arc<str>);

/// A `watch` in a query that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A watch id has 16 to 64 characters, each of them a letter, a digit, '-' or '_'.")]
pub(crate) struct BadWatchId;

impl std::str::FromStr for WatchId {
    type Err = BadWatchId;

    fn from_str(text: &str) -> Result<Self, BadWatchId> {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if (16..=64).contains(&text.len()) && text.bytes().all(good) { Ok(Self(text.into())) } else { Err(BadWatchId) }
    }
}

impl WatchId {
    /// One that no query can name.
    pub(super) fn nobodys() -> Self {
        Self("".into())
    }

    /// Whether it is that one.
    pub(super) fn is_nobodys(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for WatchId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WatchId(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_alphabet_are_checked() {
        assert!("0123456789abcdef".parse::<WatchId>().is_ok());
        assert!("AZaz09-_AZaz09-_".parse::<WatchId>().is_ok());
        assert_eq!("0123456789abcde".parse::<WatchId>(), Err(BadWatchId));
        assert_eq!("0123456789abcdef%".parse::<WatchId>(), Err(BadWatchId));
        assert!("x".repeat(64).parse::<WatchId>().is_ok());
        assert!("x".repeat(65).parse::<WatchId>().is_err());
    }
}

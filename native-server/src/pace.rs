//! How often a message arrives, and how long it is: chosen by who asks for it.

use std::time::Duration;

use crate::http::query_value;

/// A rate and a size. Messages are numbered from 1; the first one is there at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    every: Duration,
    size: usize,
}

impl Pace {
    /// From a query: `every` in milliseconds (1 to 60,000; 1,000 if not given), `size` in bytes (1 to 65,536; 20 if not given).
    pub(crate) fn from_query(query: &str) -> Self {
        let number = |name: &str| query_value(query, name).and_then(|text| text.parse::<u64>().ok());
        Self {
            every: Duration::from_millis(number("every").unwrap_or(1_000).clamp(1, 60_000)),
            // At most 65,536, which is a usize everywhere.
            size: number("size").unwrap_or(20).clamp(1, 65_536) as usize,
        }
    }

    /// The time between two messages.
    pub(crate) fn every(self) -> Duration {
        self.every
    }

    /// The number of the newest message, so long after the beginning.
    pub(crate) fn newest(self, elapsed: Duration) -> u64 {
        1 + u64::try_from(elapsed.as_nanos() / self.every.as_nanos()).unwrap_or(u64::MAX - 1)
    }

    /// How long after the beginning a message arrives.
    pub(crate) fn arrival(self, number: u64) -> Duration {
        // `every` is whole milliseconds.
        let every = u64::try_from(self.every.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(every.saturating_mul(number.saturating_sub(1)))
    }

    /// `word 7 ····`, filled up with dots to the size where the number leaves room.
    pub(crate) fn text(self, word: &str, number: u64) -> String {
        let mut text = format!("{word} {number} ");
        text.extend(std::iter::repeat_n('.', self.size.saturating_sub(text.len())));
        text.truncate(self.size.max(text.trim_end().len()));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_numbered_and_have_the_size_that_was_asked_for() {
        let text = |number, size| Pace { every: Duration::from_secs(1), size }.text("push", number);
        assert_eq!(text(1, 20), "push 1 .............");
        assert_eq!(text(1234, 9), "push 1234");
        assert_eq!(text(1234, 1), "push 1234");
        assert_eq!(text(7, 65_536).len(), 65_536);
    }

    #[test]
    fn the_pace_is_kept_sane() {
        let pace = |query| Pace::from_query(query);
        assert_eq!(pace(""), Pace { every: Duration::from_secs(1), size: 20 });
        assert_eq!(pace("every=0&size=0"), Pace { every: Duration::from_millis(1), size: 1 });
        assert_eq!(pace("size=99999999&every=99999999"), Pace { every: Duration::from_secs(60), size: 65_536 });
        assert_eq!(pace("every=soon"), Pace { every: Duration::from_secs(1), size: 20 });
    }

    #[test]
    fn the_newest_message_is_the_last_that_arrived() {
        let pace = Pace::from_query("every=50");
        for (ms, number) in [(0, 1), (49, 1), (50, 2), (999, 20), (1_000, 21)] {
            assert_eq!(pace.newest(Duration::from_millis(ms)), number);
        }
        assert_eq!((pace.arrival(1), pace.arrival(21)), (Duration::ZERO, Duration::from_secs(1)));
    }
}

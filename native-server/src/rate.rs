//! How often one peer may ask for what costs more than an answer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::places::of_one_peer;

/// A bucket of tokens for each peer: `burst` at once, one more after every `refill`.
pub(crate) struct Rate {
    burst: u32,
    refill: Duration,
    /// When each peer's bucket will be full again; a full one is not kept.
    full: Mutex<HashMap<IpAddr, Instant>>,
}

impl Rate {
    pub(crate) fn new(burst: u32, refill: Duration) -> Self {
        Self { burst, refill, full: Mutex::default() }
    }

    /// Takes a token. `Err`: how long it takes until there is one.
    pub(crate) fn take(&self, peer: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, full| *full > now);
        }
        let full = buckets.entry(of_one_peer(peer)).or_insert(now);
        let after = (*full).max(now) + self.refill;
        let over = after.duration_since(now).saturating_sub(self.refill * self.burst);
        if over > Duration::ZERO {
            return Err(over);
        }
        *full = after;
        Ok(())
    }
}

/// From so many buckets on, those that are full again are looked for.
const MANY: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_followed_by_a_steady_rate_for_each_peer() {
        let rate = Rate::new(3, Duration::from_millis(200));
        let [a, b] = ["10.0.0.1", "10.0.0.2"].map(|text| text.parse().unwrap());
        let begin = Instant::now();
        for _ in 0..3 {
            assert_eq!(rate.take(a, begin), Ok(()));
        }
        assert_eq!(rate.take(a, begin), Err(Duration::from_millis(200)));
        assert_eq!(rate.take(b, begin), Ok(()));
        let later = begin + Duration::from_millis(200);
        assert_eq!(rate.take(a, later), Ok(()));
        assert_eq!(rate.take(a, later), Err(Duration::from_millis(200)));
        let much_later = begin + Duration::from_secs(60);
        assert!((0..3).all(|_| rate.take(a, much_later).is_ok()));
        assert!(rate.take(a, much_later).is_err());
    }
}

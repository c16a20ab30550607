//! The memory that all connections may hold together, for what is not read completely and what is not written yet.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A bound, and how much of it is used.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: usize,
    held: AtomicUsize,
}

/// What one connection holds of it; given back with it.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Arc<Budget>,
    held: usize,
}

/// Nothing is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("all connections together hold as much memory as they may")]
pub(crate) struct Exhausted;

impl Budget {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, held: AtomicUsize::new(0) })
    }

    /// How many bytes are held.
    pub(crate) fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// A share of nothing.
    pub(crate) fn share(self: &Arc<Self>) -> Share {
        Share { budget: self.clone(), held: 0 }
    }
}

impl Share {
    /// The connection holds so many bytes now. It does even if this is an error, until it has given them back.
    pub(crate) fn set(&mut self, held: usize) -> Result<(), Exhausted> {
        // What every connection has is not worth the counting.
        let held = if held <= SMALL { 0 } else { held };
        if held <= self.held {
            if held < self.held {
                self.budget.held.fetch_sub(self.held - held, Ordering::Relaxed);
                self.held = held;
            }
            return Ok(());
        }
        let more = held - self.held;
        let before = self.budget.held.fetch_add(more, Ordering::Relaxed);
        self.held = held;
        if before + more > self.budget.limit { Err(Exhausted) } else { Ok(()) }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.held, Ordering::Relaxed);
    }
}

/// Up to so many bytes count as none.
const SMALL: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_counted_and_given_back() {
        let budget = Budget::new(10_000);
        let (mut a, mut b) = (budget.share(), budget.share());
        assert_eq!(a.set(6_000), Ok(()));
        assert_eq!(b.set(4_001), Err(Exhausted));
        assert_eq!(b.set(4_000), Ok(()));
        assert_eq!(b.set(SMALL), Ok(()));
        assert_eq!(budget.held(), 6_000);
        assert_eq!(b.set(4_000), Ok(()));
        drop(a);
        assert_eq!(budget.held(), 4_000);
        drop(b);
        assert_eq!(budget.held(), 0);
    }
}

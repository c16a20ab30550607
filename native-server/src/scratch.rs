//! The memory that reads go to: one buffer per thread, so that a connection that waits owns none.

use std::cell::RefCell;

/// Calls `use_it` with this thread's buffer. Its content is whatever the last one left.
pub(crate) fn with<T>(use_it: impl FnOnce(&mut [u8]) -> T) -> T {
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut scratch) => use_it(&mut scratch),
        // Within another `with`: nobody does that, and it would still be right.
        Err(_) => use_it(&mut vec![0; SIZE]),
    })
}

thread_local! {
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; SIZE].into_boxed_slice());
}

const SIZE: usize = 64 * 1024;

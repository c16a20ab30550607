//! Counts allocations, when asked to.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::candidates::{Receiver as _, Touched};
use crate::kernel::{Socket, placed};
use crate::{messages, ours};

/// The system's allocator. While nobody counts, it costs a load and a branch more.
pub struct Counting;

static COUNTING: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

#[inline]
fn count() {
    if COUNTING.load(Ordering::Relaxed) {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    }
}

// SAFETY: everything is passed on to the system's allocator as it came.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(block, layout, size) }
    }
}

/// Allocations while 100,000 small messages are received by a connection that has received some before.
pub fn per_small_frame() -> f64 {
    let messages = messages::mixed();
    let mut receiver = ours::Joined::new(Socket::new(placed(&messages::from_client(&messages))));
    receiver.receive(messages.len(), &mut Touched::default());
    COUNTING.store(true, Ordering::Relaxed);
    receiver.receive(messages.len(), &mut Touched::default());
    COUNTING.store(false, Ordering::Relaxed);
    ALLOCATIONS.load(Ordering::Relaxed) as f64 / messages.len() as f64
}

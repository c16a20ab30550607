//! What crossed a wire: bytes, direction, time; and the dissection of it.
//!
//! A [`Trace`] is the append-only record of *one* connection: timestamped runs of bytes with their direction. The native
//! server's tap and a simulated link both yield this record, and nobody who draws one can tell which it got. The record
//! holds bytes and nothing that was concluded from them; a [`Dissection`] is made by whoever shows them.
//!
//! [`feed`] has the messages in which the server sends traces to a page.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod dissection;
pub mod feed;
mod record;

pub use dissection::{Bits, Dissection, Field, Item, ItemKind, Part, Switch};
pub use record::{Direction, Run, Trace};

//! The WebSocket protocol (RFC 6455), and nothing else.
//!
//! **This crate does no I/O, has no clock and no randomness, and an idle connection owns no buffer: bytes, the time and
//! masking keys are passed in; events and bytes come out.** So the same code runs in a server, in a browser page, and in a
//! test with virtual time.
//!
//! The contract of a [`Connection`](connection::Connection), whichever role it has:
//!
//! 1. Whoever owns the socket owns both buffers: one for received bytes, one `Vec<u8>` for what is to be written.
//! 2. Received bytes are offered as [`Input`](connection::Input), and [`receive`](connection::Connection::receive) is called until it
//!    returns `Ok(None)`. Events borrow the caller's buffer, in which payloads are unmasked in place.
//! 3. What has not been [consumed](connection::Input::consumed) then is kept, at most 130 bytes, and offered again with more bytes
//!    behind it.
//! 4. Whatever the protocol demands as an answer (pong, close) is appended to the `Vec`, as is what the application sends. It is
//!    written once, after all of the input was read. **Do not read on while more than you like waits to be written**: that is the
//!    whole of backpressure, and it bounds every buffer.
//! 5. Time is a `Duration` since any epoch of the caller's. After [`deadline`](connection::Connection::deadline) has passed, call
//!    [`on_deadline`](connection::Connection::on_deadline).
//! 6. When [`is_done`](connection::Connection::is_done) says so, or after an error, write what waits and end the TCP connection.
//!
//! ```
//! use std::time::Duration;
//! use ws101_core::connection::{Config, Connection, Event, Input, Server};
//! use ws101_core::message::Joiner;
//!
//! # fn main() -> Result<(), ws101_core::connection::Failure> {
//! let now = Duration::ZERO; // since the program started, say
//! let mut connection = Connection::new(Server, Config::default(), now);
//! let mut joiner = Joiner::new();
//! let mut buffer = vec![0; 64 << 10];
//! let mut kept = 0; // bytes at the front that were not consumed the last time
//! let mut out = Vec::new();
//! # let mut arrivals = [&[0x81, 0x85, 0x37, 0xfa][..], &[0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]].into_iter();
//! # let mut read = |buffer: &mut [u8]| {
//! #     let bytes = arrivals.next().unwrap_or_default();
//! #     buffer[..bytes.len()].copy_from_slice(bytes);
//! #     bytes.len()
//! # };
//! # let mut wire = Vec::new();
//! # let mut write = |bytes: &[u8]| wire.extend_from_slice(bytes);
//! while !connection.is_done() {
//!     // 1. Read behind what was kept. The end of the stream before `is_done` is an abnormal closure.
//!     let received = read(&mut buffer[kept..]);
//!     if received == 0 {
//!         break;
//!     }
//!     // 2. Take the events; here an echo of whole messages.
//!     let end = kept + received;
//!     let mut input = Input::new(&mut buffer[..end]);
//!     while let Some(event) = connection.receive(&mut input, now, &mut out)? {
//!         if let Event::Data(piece) = event
//!             && let Some(message) = joiner.push(&piece)?
//!         {
//!             let _closing = connection.send(piece.kind, message, &mut out);
//!         }
//!     }
//!     // 3. Keep the beginning of what is not complete yet.
//!     let consumed = input.consumed();
//!     buffer.copy_within(consumed..end, 0);
//!     kept = end - consumed;
//!     // 4. Write once for all that was read.
//!     write(&out);
//!     out.clear();
//! }
//! # assert_eq!(wire, b"\x81\x05Hello");
//! # Ok(())
//! # }
//! ```
//!
//! Before a connection comes the opening handshake ([`handshake`]) on raw heads ([`head`]). Both heads and frames can
//! also be read leniently, by those who show what is wrong instead of refusing it: see [`rules`] and [`dissect`].
//!
//! Two features are on by default and need `std`: `deflate` (permessage-deflate, RFC 7692) and `simd` (masking and UTF-8 with the widest
//! registers that the processor has). Without them the crate is `no_std` with `alloc`.

#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "simd"))]
extern crate std;

pub mod connection;
#[cfg(feature = "deflate")]
pub mod deflate;
pub mod dissect;
pub mod frame;
pub mod handshake;
pub mod head;
mod inbound;
pub mod message;
pub mod rules;
mod span;
mod utf8;

pub use inbound::{Close, Content, MessageKind, Role};
pub use span::Span;
pub use utf8::{NotUtf8, Utf8};

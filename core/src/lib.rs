//! The WebSocket protocol (RFC 6455), and nothing else.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod connection;
pub mod dissect;
pub mod frame;
pub mod handshake;
pub mod head;
mod inbound;
pub mod rules;
mod span;
mod utf8;

pub use inbound::{Close, Content, MessageKind, Role};
pub use span::Span;
pub use utf8::{NotUtf8, Utf8};

//! The binary from outside: over sockets, with peers that share no code with it.

// A test that cannot go on says so by panicking.
#![allow(clippy::unwrap_used)]

mod broadcast;
mod command;
mod compression;
mod faults;
mod feed;
mod handshake;
mod http;
mod lab;
mod probe;
mod secure;
mod support;
mod websocket;

//! GameLift's server SDK 5 WebSocket protocol, without I/O: its messages, the service's side, and the server process's side.
//!
//! **This crate has no clock, no randomness, no threads and no sockets: times, random bits and messages are passed in; effects come
//! out.** So the same code is a live endpoint for real SDKs, a classroom simulation in a page, and a test in virtual time.
//!
//! - [`message`]: every request, response and push, in the dialects of the SDKs for Go, C++ and C#.
//! - [`service`]: fleets, computes, server processes, game sessions, player sessions and placements; heartbeats, limits and reconnects;
//!   the operations of the AWS API as typed methods.
//! - [`process`]: a game server with an SDK in it, and its faults.
//! - [`random`]: the source of random bits that a caller supplies.
//!
//! # Sections
//!
//! Comments cite the protocol's description by its sections: §0 what breaks a real SDK; §1 the connection (§1.1 URL, §1.2 query,
//! §1.3 upgrade, §1.4 refused connects, §1.5 the client's own checks, §1.6 framing, §1.7 reconnects); §2 the messages (§2.1 envelope,
//! §2.2 requests, §2.3 pushes, §2.4 objects, §2.5 ids and limits); §3 times; §4 states (§4.1 server process, §4.2 game session,
//! §4.3 player session, §4.4 the normal sequence). Nothing there was recorded from the real service: it is what the SDKs' sources, the
//! SDKs on the wire, and the service's documentation say.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod message;
pub mod process;
pub mod random;
pub mod service;
mod words;

//! GameLift's server SDK 5 protocol: its messages, the service's side and the server process's side.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod message;
mod words;

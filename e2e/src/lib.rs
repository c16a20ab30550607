//! What tests of the page in a real browser, and of the server with real clients, have in common.
//!
//! `cargo xtask test` builds the server with the page in it and says in the environment where it is (`WS101_BIN`), and where
//! Chromium (`WS101_CHROMIUM`) and its driver (`WS101_CHROMEDRIVER`) are.

mod browser;
mod capture;
mod process;
mod proxy;
mod server;

pub use browser::{Browser, Screen};
pub use capture::{Capture, Captured, CapturedFrame};
pub use proxy::{Recorded, Recorder};
pub use server::Server;

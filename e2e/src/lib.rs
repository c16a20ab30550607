//! What tests of the page in a real browser, and of the server with real clients, have in common.
//!
//! `cargo xtask test` builds the server with the page in it and says in the environment where it is (`WS101_BIN`), where
//! Chromium (`WS101_CHROMIUM`) and its driver (`WS101_CHROMEDRIVER`) are, and where, on a machine that has them, Firefox
//! (`WS101_FIREFOX`) and its driver (`WS101_GECKODRIVER`).

mod axe;
mod bidi;
mod browser;
mod capture;
mod chromium;
mod firefox;
mod nginx;
mod process;
mod proxy;
mod screen;
mod server;

pub use axe::Axe;
pub use browser::{Browser, Engine};
pub use capture::{Capture, Captured, CapturedFrame};
pub use nginx::Nginx;
pub use proxy::{Recorded, Recorder};
pub use screen::Screen;
pub use server::Server;

//! Everything outside the page's own state: the browser, and the server.

pub(crate) mod json;
pub(crate) mod page;
pub(crate) mod post;
pub(crate) mod prefs;
pub(crate) mod probe;
pub(crate) mod random;
mod server;
mod socket;

pub(crate) use server::Server;
pub(crate) use socket::{Heard, Socket};

//! The opening handshake (RFC 6455 §4), for both roles, on the heads' raw bytes.

pub mod accept;
pub mod client;
pub mod deflate;
mod extension;
pub mod server;

pub use extension::{ExtensionOffer, ExtensionsMalformed, extension_offers};

/// The only version of the protocol there is (RFC 6455 §4.1).
pub const VERSION: &str = "13";

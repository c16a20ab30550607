//! TLS on the same port: [`identity`] is who the server is, a [`Session`] one connection's encryption.

mod identity;
mod session;

use std::sync::Arc;

use anyhow::Context as _;
use rustls::{ServerConfig, ServerConnection};

use crate::cli::Serve;

pub(crate) use self::session::{Ciphertext, Session};

/// What the server needs to speak TLS.
pub(crate) struct Tls(Arc<ServerConfig>);

impl Tls {
    /// As the options want it, if they do.
    pub(crate) fn new(options: &Serve) -> anyhow::Result<Option<Self>> {
        let identity = match (&options.cert, &options.key) {
            (Some(cert), Some(key)) => identity::given(cert, key)?,
            _ if options.tls => identity::own()?,
            _ => return Ok(None),
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.context("TLS cannot be set up")?.with_no_client_auth();
        let mut config = config.with_single_cert(identity.certificates, identity.key).context(
            "The certificate and the key do not fit together. Give those of one another to --cert and --key",
        )?;
        // An upgrade is HTTP/1.1's; over HTTP/2, a WebSocket would be opened in another way (RFC 8441).
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Some(Self(Arc::new(config))))
    }

    /// For a new connection.
    pub(crate) fn session(&self) -> Result<Session, rustls::Error> {
        ServerConnection::new(self.0.clone()).map(Session::new)
    }
}

/// The first byte of a TLS connection: a record with a handshake in it. No request of HTTP begins with it.
pub(crate) const FIRST_BYTE: u8 = 0x16;

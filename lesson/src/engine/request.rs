//! The request of the simulated client: the handshake's fields are made by `core`, the others are those of a browser.

use ws101_core::handshake::accept::key_from_nonce;
use ws101_core::handshake::client::{Offer, Request};
use ws101_core::head::{Limits, RequestHead};

use super::Random;

/// A key, and the upgrade request with it.
pub(super) fn request(random: &mut Random) -> (String, Vec<u8>) {
    let key = key_from_nonce(random.nonce());
    let fields = [
        ("Pragma", "no-cache"),
        ("Cache-Control", "no-cache"),
        ("User-Agent", USER_AGENT),
        ("Origin", ORIGIN),
        ("Accept-Encoding", ENCODINGS),
        ("Accept-Language", LANGUAGES),
    ];
    let Offer { key: asked, protocols, compression } = offer(&key);
    let request = Request { host: HOST, target: "/ws/echo", key: asked, protocols, compression, fields: &fields };
    let request = request.to_bytes();
    (key, request)
}

/// The key in a request, which may be any bytes.
pub(super) fn key_of(request: &[u8]) -> String {
    let head = RequestHead::read(request, &Limits::default());
    let key = head.ok().flatten().and_then(|head| head.fields.values("sec-websocket-key").next());
    String::from_utf8_lossy(key.unwrap_or_default()).into_owned()
}

/// What that request asks for.
pub(super) fn offer(key: &str) -> Offer<'_> {
    Offer { key, protocols: &[], compression: true }
}

pub(crate) const HOST: &str = "localhost:8101";
pub(crate) const ORIGIN: &str = "http://localhost:8101";
pub(crate) const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
pub(crate) const ENCODINGS: &str = "gzip, deflate, br, zstd";
pub(crate) const LANGUAGES: &str = "ko-KR,ko;q=0.9,en;q=0.8";

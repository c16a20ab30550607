//! `Sec-WebSocket-Accept`, with the steps between (RFC 6455 §4.2.2).

use alloc::string::String;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

/// What is put behind the key: known to everybody who speaks WebSocket, and to hardly anybody else.
pub const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The four steps from the key to the accept value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptSteps {
    /// 1: the key as it stands in the request, not decoded, with the [`GUID`] behind it.
    pub concatenated: String,
    /// 2 and 3: the 20 bytes of its SHA-1.
    pub sha1: [u8; 20],
    /// 4: their Base64, 28 characters.
    pub accept: String,
}

impl AcceptSteps {
    /// Walks the steps for the value of a `Sec-WebSocket-Key` field.
    pub fn new(key: &str) -> Self {
        let concatenated = [key, GUID].concat();
        let sha1: [u8; 20] = Sha1::digest(&concatenated).into();
        Self { concatenated, accept: STANDARD.encode(sha1), sha1 }
    }
}

/// The value of the `Sec-WebSocket-Key` field for 16 random bytes.
pub fn key_from_nonce(nonce: [u8; 16]) -> String {
    STANDARD.encode(nonce)
}

/// The 16 bytes that a `Sec-WebSocket-Key` field stands for; `None` if it is not the Base64 of 16 bytes.
pub fn nonce_from_key(key: &[u8]) -> Option<[u8; 16]> {
    // 16 bytes make 22 characters and two of padding; the decoder refuses stray bits and characters.
    let mut nonce = [0; 18];
    let len = (key.len() == 24).then(|| STANDARD.decode_slice(key, &mut nonce).ok())??;
    nonce[..len].try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_rfcs_example() {
        let steps = AcceptSteps::new("dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(steps.concatenated, "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
        assert_eq!(steps.sha1, hex!("b37a4f2cc0624f1690f64606cf385945b2bec4ea"));
        assert_eq!(steps.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn keys() {
        let nonce = *b"the sample nonce";
        assert_eq!(key_from_nonce(nonce), "dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(nonce_from_key(b"dGhlIHNhbXBsZSBub25jZQ=="), Some(nonce));
        for bad in [
            "",
            "AQ==",
            "dGhlIHNhbXBsZSBub25jZQ",
            "dGhlIHNhbXBsZSBub25j",
            "dGhlIHNhbXBsZSBub25jZSE=",
            "dGhlIHNhbXBsZSBub25jZSEh",
            "dGhlIHNhbXBsZSBub25jZQ= ",
            "dGhlIHNhbXBsZSBub25jZ!==",
        ] {
            assert_eq!(nonce_from_key(bad.as_bytes()), None, "{bad}");
        }
    }
}

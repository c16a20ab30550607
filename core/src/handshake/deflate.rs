//! Agreeing on permessage-deflate (RFC 7692 §5, §7.1). The compression itself is in `deflate`, behind the feature of that name.

use alloc::format;
use alloc::string::String;

use super::ExtensionOffer;

/// The extension's name.
pub const NAME: &str = "permessage-deflate";

/// The smallest window that can be used: a raw DEFLATE stream of zlib has none of 8 bits, so that one is declined.
const MIN_USED_WINDOW_BITS: u8 = 9;
const MAX_WINDOW_BITS: u8 = 15;

/// What both ends agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// The server forgets its window after each message.
    pub server_no_context_takeover: bool,
    /// The client forgets its window after each message.
    pub client_no_context_takeover: bool,
    /// The base-2 logarithm of the server's window, 9 to 15.
    pub server_max_window_bits: u8,
    /// The base-2 logarithm of the client's window, 9 to 15.
    pub client_max_window_bits: u8,
}

impl Default for Parameters {
    /// What no parameter says: windows of 32 KiB that last over messages.
    fn default() -> Self {
        Self {
            server_no_context_takeover: false,
            client_no_context_takeover: false,
            server_max_window_bits: MAX_WINDOW_BITS,
            client_max_window_bits: MAX_WINDOW_BITS,
        }
    }
}

/// What a client offers: everything, its own window to be bounded as the server likes.
pub const OFFER: &str = "permessage-deflate; client_max_window_bits";

/// The parameters of one offer or response, checked but for what only one side may say.
#[derive(Clone, Copy, Debug, Default)]
struct Given {
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    server_max_window_bits: Option<u8>,
    /// `Some(None)`: the parameter without a value, which only an offer may have.
    client_max_window_bits: Option<Option<u8>>,
}

impl Given {
    /// `None` if the parameters are not those of RFC 7692 §7.1, or one of them is repeated.
    fn read(extension: &ExtensionOffer) -> Option<Self> {
        let mut given = Self::default();
        for (name, value) in &extension.parameters {
            let value = value.as_deref();
            let is_new = match (name.as_str(), value) {
                ("server_no_context_takeover", None) => {
                    !core::mem::replace(&mut given.server_no_context_takeover, true)
                }
                ("client_no_context_takeover", None) => {
                    !core::mem::replace(&mut given.client_no_context_takeover, true)
                }
                ("server_max_window_bits", Some(value)) => {
                    given.server_max_window_bits.replace(window_bits(value)?).is_none()
                }
                ("client_max_window_bits", None) => given.client_max_window_bits.replace(None).is_none(),
                ("client_max_window_bits", Some(value)) => {
                    given.client_max_window_bits.replace(Some(window_bits(value)?)).is_none()
                }
                _ => false,
            };
            if !is_new {
                return None;
            }
        }
        Some(given)
    }
}

/// 8 to 15 without a leading zero.
fn window_bits(value: &str) -> Option<u8> {
    let bits: u8 = value.parse().ok()?;
    let is_canonical = !value.starts_with(['0', '+']);
    (is_canonical && (8..=MAX_WINDOW_BITS).contains(&bits)).then_some(bits)
}

/// The server's choice: the first offer that it can take; the others are declined. `None` declines them all.
pub fn accept(offers: &[ExtensionOffer]) -> Option<Parameters> {
    offers.iter().filter(|offer| offer.name == NAME).find_map(|offer| {
        let given = Given::read(offer)?;
        let server_max_window_bits = given.server_max_window_bits.unwrap_or(MAX_WINDOW_BITS);
        (server_max_window_bits >= MIN_USED_WINDOW_BITS).then_some(Parameters {
            server_no_context_takeover: given.server_no_context_takeover,
            client_no_context_takeover: given.client_no_context_takeover,
            server_max_window_bits,
            // The client may promise a smaller window; we do not need it to.
            client_max_window_bits: MAX_WINDOW_BITS,
        })
    })
}

impl Parameters {
    /// The value of the server's `Sec-WebSocket-Extensions`.
    pub fn response(&self) -> String {
        let mut value = String::from(NAME);
        for (name, is_set) in [
            ("server_no_context_takeover", self.server_no_context_takeover),
            ("client_no_context_takeover", self.client_no_context_takeover),
        ] {
            if is_set {
                value.push_str("; ");
                value.push_str(name);
            }
        }
        if self.server_max_window_bits < MAX_WINDOW_BITS {
            value.push_str(&format!("; server_max_window_bits={}", self.server_max_window_bits));
        }
        value
    }

    /// What the server's response to [`OFFER`] means; `None` if it may not say that.
    pub fn from_response(accepted: &ExtensionOffer) -> Option<Self> {
        let given = Given::read(accepted).filter(|_| accepted.name == NAME)?;
        let client_max_window_bits = match given.client_max_window_bits {
            None => MAX_WINDOW_BITS,
            Some(bits) => bits?,
        };
        let server_max_window_bits = given.server_max_window_bits.unwrap_or(MAX_WINDOW_BITS);
        (client_max_window_bits >= MIN_USED_WINDOW_BITS).then_some(Self {
            server_no_context_takeover: given.server_no_context_takeover,
            client_no_context_takeover: given.client_no_context_takeover,
            // A window of 8 bits can be read with a larger one.
            server_max_window_bits: server_max_window_bits.max(MIN_USED_WINDOW_BITS),
            client_max_window_bits,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handshake::extension_offers;
    use std::string::ToString as _;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn answer(offer: &str) -> Option<String> {
        let offers = extension_offers([offer.as_bytes()].into_iter()).unwrap();
        accept(&offers).map(|parameters| parameters.response())
    }

    #[test]
    fn offers_and_their_answers() {
        let yes = |value: &str| Some(value.to_string());
        assert_eq!(answer("permessage-deflate"), yes("permessage-deflate"));
        assert_eq!(answer("permessage-deflate; client_max_window_bits"), yes("permessage-deflate"));
        assert_eq!(answer("permessage-deflate; client_max_window_bits=10"), yes("permessage-deflate"));
        assert_eq!(
            answer("permessage-deflate; server_max_window_bits=\"10\"; client_no_context_takeover"),
            yes("permessage-deflate; client_no_context_takeover; server_max_window_bits=10")
        );
        assert_eq!(
            answer("permessage-deflate; server_max_window_bits=8, permessage-deflate; server_no_context_takeover"),
            yes("permessage-deflate; server_no_context_takeover")
        );
        for declined in [
            "",
            "x-webkit-deflate-frame",
            "permessage-deflate; unknown",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=8",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=010",
            "permessage-deflate; client_max_window_bits=x",
            "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; server_no_context_takeover=1",
        ] {
            assert_eq!(answer(declined), None, "{declined}");
        }
    }

    #[test]
    fn what_a_server_may_answer() {
        let read = |value: &str| {
            let accepted = extension_offers([value.as_bytes()].into_iter()).unwrap();
            Parameters::from_response(&accepted[0])
        };
        assert_eq!(read("permessage-deflate"), Some(Parameters::default()));
        let bits = read("permessage-deflate; client_max_window_bits=10; server_max_window_bits=8");
        assert_eq!(bits.map(|p| (p.client_max_window_bits, p.server_max_window_bits)), Some((10, 9)));
        for refused in [
            "other",
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=8",
            "permessage-deflate; unknown=1",
        ] {
            assert_eq!(read(refused), None, "{refused}");
        }
    }
}

//! Close codes (RFC 6455 §7.4, and IANA's registry since).

/// Why a connection was closed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CloseCode(u16);

macro_rules! close_codes {
    ($($(#[$doc:meta])* $constant:ident = $value:literal, $name:literal, $on_wire:literal;)+) => {
        impl CloseCode {
            $($(#[$doc])* pub const $constant: Self = Self($value);)+

            /// The registered ones.
            pub const REGISTERED: &'static [Self] = &[$(Self::$constant),+];

            /// The registered name in lower case; `library` for 3000–3999, `private` for 4000–4999, `unassigned` for others.
            pub const fn name(self) -> &'static str {
                match self.0 {
                    $($value => $name,)+
                    3000..=3999 => "library",
                    4000..=4999 => "private",
                    _ => "unassigned",
                }
            }

            /// Whether the code may stand in a Close frame: registered and not reserved for local use, or 3000–4999.
            pub const fn is_allowed_on_wire(self) -> bool {
                match self.0 {
                    $($value => $on_wire,)+
                    3000..=4999 => true,
                    _ => false,
                }
            }
        }
    };
}

close_codes! {
    /// The purpose is fulfilled.
    NORMAL = 1000, "normal closure", true;
    /// The server goes down, or the page is left.
    GOING_AWAY = 1001, "going away", true;
    /// The peer broke the protocol.
    PROTOCOL_ERROR = 1002, "protocol error", true;
    /// A kind of data that the receiver does not take.
    UNSUPPORTED_DATA = 1003, "unsupported data", true;
    /// Local only: the Close frame had no code.
    NO_STATUS = 1005, "no status received", false;
    /// Local only: the connection ended without a Close frame.
    ABNORMAL = 1006, "abnormal closure", false;
    /// The payload is not what its type promised, e.g. text that is not UTF-8.
    INVALID_PAYLOAD = 1007, "invalid frame payload data", true;
    /// The receiver's policy forbids it.
    POLICY_VIOLATION = 1008, "policy violation", true;
    /// The message is larger than the receiver takes.
    MESSAGE_TOO_BIG = 1009, "message too big", true;
    /// The client misses an extension that it needs.
    MANDATORY_EXTENSION = 1010, "mandatory extension", true;
    /// The server cannot fulfil the request.
    INTERNAL_ERROR = 1011, "internal error", true;
    /// The server restarts.
    SERVICE_RESTART = 1012, "service restart", true;
    /// The server is overloaded.
    TRY_AGAIN_LATER = 1013, "try again later", true;
    /// A gateway got an invalid answer.
    BAD_GATEWAY = 1014, "bad gateway", true;
    /// Local only: TLS failed.
    TLS_HANDSHAKE = 1015, "TLS handshake", false;
}

impl CloseCode {
    /// Any number: bytes from the wire can be any.
    pub const fn new(value: u16) -> Self {
        Self(value)
    }

    /// The number.
    pub const fn value(self) -> u16 {
        self.0
    }
}

impl core::fmt::Debug for CloseCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}", self.0, self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn codes_that_may_be_sent() {
        let allowed: alloc::vec::Vec<u16> =
            (0..3000).filter(|&value| CloseCode::new(value).is_allowed_on_wire()).collect();
        assert_eq!(allowed, [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]);
        assert!((3000..=4999).all(|value| CloseCode::new(value).is_allowed_on_wire()));
        assert!((5000..=65535).all(|value| !CloseCode::new(value).is_allowed_on_wire()));
    }
}

//! Opcodes (RFC 6455 §5.2, §11.8).

/// What a frame is: the low four bits of its first byte.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Opcode(u8);

macro_rules! opcodes {
    ($($(#[$doc:meta])* $constant:ident = $value:literal, $name:literal;)+) => {
        impl Opcode {
            $($(#[$doc])* pub const $constant: Self = Self($value);)+

            /// The defined ones.
            pub const DEFINED: &'static [Self] = &[$(Self::$constant),+];

            /// The RFC's name in lower case; `reserved` for the others.
            pub const fn name(self) -> &'static str {
                match self.0 {
                    $($value => $name,)+
                    _ => "reserved",
                }
            }
        }
    };
}

opcodes! {
    /// Continues a fragmented message.
    CONTINUATION = 0x0, "continuation";
    /// Begins a text message.
    TEXT = 0x1, "text";
    /// Begins a binary message.
    BINARY = 0x2, "binary";
    /// Begins or answers the closing handshake.
    CLOSE = 0x8, "close";
    /// Asks for a pong.
    PING = 0x9, "ping";
    /// Answers a ping, or tells unasked that the sender is there.
    PONG = 0xA, "pong";
}

impl Opcode {
    /// The opcode in the first byte of a frame; the other bits are ignored.
    #[inline]
    pub const fn from_first_byte(byte: u8) -> Self {
        Self(byte & 0x0F)
    }

    /// 0x0 to 0xF.
    #[inline]
    pub const fn value(self) -> u8 {
        self.0
    }

    /// True for 0x8 to 0xF: close, ping, pong and those reserved for further control frames.
    #[inline]
    pub const fn is_control(self) -> bool {
        self.0 & 0x8 != 0
    }

    /// True for 0x3 to 0x7 and 0xB to 0xF.
    #[inline]
    pub const fn is_reserved(self) -> bool {
        self.0 & 0x7 > 2
    }
}

impl core::fmt::Debug for Opcode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:#x} {}", self.0, self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_is_not_defined_is_reserved() {
        for value in 0..=0xF {
            let opcode = Opcode::from_first_byte(0xF0 | value);
            assert_eq!(opcode.is_reserved(), !Opcode::DEFINED.contains(&opcode), "{opcode:?}");
            assert_eq!(opcode.is_control(), value >= 8);
        }
    }
}

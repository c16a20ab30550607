//! What is composed: a text, or bytes in hexadecimal; and the code to close with.

use ws101_core::MessageKind;
use ws101_core::frame::CloseCode;

use crate::text::{Key, Language, say};

/// What stands in the controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What will be sent: a text or bytes.
    pub kind: MessageKind,
    /// As text.
    pub text: String,
    /// As bytes, in hexadecimal.
    pub hex: String,
    /// The close code.
    pub code: String,
    /// What is wrong with the last that was tried.
    pub error: Option<DraftError>,
}

/// Why something cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftError {
    /// A character that is no hexadecimal digit, and its place, counted from 1.
    HexBad(char, usize),
    /// A digit is missing.
    HexOdd,
    /// Longer than [`MAX_LEN`].
    TooLong,
    /// A page may not close with this code.
    CloseCode,
    /// There is no open connection.
    NotConnected,
}

impl DraftError {
    /// The error as a sentence that says what to do.
    pub fn sentence(self, language: Language) -> String {
        let key = match self {
            Self::HexBad(character, position) => return say::hex_bad(character, position, language),
            Self::HexOdd => Key::HexOdd,
            Self::TooLong => Key::MessageTooLong,
            Self::CloseCode => Key::CloseCodeRule,
            Self::NotConnected => Key::NotConnected,
        };
        key.text(language).to_owned()
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            kind: MessageKind::Text,
            text: "안녕 WebSocket".into(),
            hex: "00 ff 48 69".into(),
            code: "1000".into(),
            error: None,
        }
    }
}

impl Draft {
    /// What stands in the box.
    pub fn content(&self) -> &str {
        match self.kind {
            MessageKind::Text => &self.text,
            MessageKind::Binary => &self.hex,
        }
    }

    /// Puts something else into the box.
    pub fn edit(&mut self, content: String) {
        self.error = None;
        match self.kind {
            MessageKind::Text => self.text = content,
            MessageKind::Binary => self.hex = content,
        }
    }

    /// The bytes to send.
    pub fn payload(&self) -> Result<Vec<u8>, DraftError> {
        let payload = match self.kind {
            MessageKind::Text => self.text.clone().into_bytes(),
            MessageKind::Binary => parse_hex(&self.hex)?,
        };
        if payload.len() > MAX_LEN { Err(DraftError::TooLong) } else { Ok(payload) }
    }

    /// The code to close with: 1000 if the box is empty. `WebSocket.close` takes no other than 1000 and 3000–4999.
    pub fn close_code(&self) -> Result<CloseCode, DraftError> {
        match self.code.trim() {
            "" => Ok(CloseCode::NORMAL),
            code => match code.parse() {
                Ok(value @ (1000 | 3000..=4999)) => Ok(CloseCode::new(value)),
                _ => Err(DraftError::CloseCode),
            },
        }
    }
}

/// The most bytes that one message may have here.
pub const MAX_LEN: usize = 64 << 10;

/// Bytes from pairs of hexadecimal digits; white space, commas, colons and hyphens may stand between them.
pub fn parse_hex(text: &str) -> Result<Vec<u8>, DraftError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for (index, character) in text.chars().enumerate() {
        if character.is_whitespace() || matches!(character, ',' | ':' | '-') {
            continue;
        }
        let digit = character.to_digit(16).ok_or(DraftError::HexBad(character, index + 1))? as u8;
        match high.take() {
            None => high = Some(digit << 4),
            Some(high) => bytes.push(high | digit),
        }
    }
    if high.is_some() { Err(DraftError::HexOdd) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn hexadecimal() {
        assert_eq!(parse_hex(""), Ok(vec![]));
        assert_eq!(parse_hex("00 fF:48,69-0a"), Ok(vec![0, 255, 0x48, 0x69, 10]));
        assert_eq!(parse_hex("00 f"), Err(DraftError::HexOdd));
        assert_eq!(parse_hex("00 안"), Err(DraftError::HexBad('안', 4)));
    }

    #[test]
    fn close_codes() {
        let code = |code: &str| Draft { code: code.into(), ..Draft::default() }.close_code();
        assert_eq!(code(" "), Ok(CloseCode::NORMAL));
        assert_eq!(code("4001"), Ok(CloseCode::new(4001)));
        for bad in ["1001", "1006", "2999", "5000", "x", "-1"] {
            assert_eq!(code(bad), Err(DraftError::CloseCode), "{bad}");
        }
    }

    #[test]
    fn a_message_has_a_limit() {
        let draft = Draft { text: "a".repeat(MAX_LEN + 1), ..Draft::default() };
        assert_eq!(draft.payload(), Err(DraftError::TooLong));
    }
}

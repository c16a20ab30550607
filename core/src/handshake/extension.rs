//! The grammar of `Sec-WebSocket-Extensions` (RFC 6455 §9.1).

use alloc::string::String;
use alloc::vec::Vec;

use crate::head::is_token_byte;

/// An extension as a peer offers or accepts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionOffer {
    /// Its name, e.g. `permessage-deflate`.
    pub name: String,
    /// Its parameters in their order, repeated ones included; quotes are taken off.
    pub parameters: Vec<(String, Option<String>)>,
}

/// The field breaks its grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionsMalformed;

/// The offers of all field lines, joined in their order as one list.
pub fn extension_offers<'a>(
    values: impl Iterator<Item = &'a [u8]>,
) -> Result<Vec<ExtensionOffer>, ExtensionsMalformed> {
    let mut offers = Vec::new();
    for value in values {
        let mut cursor = Cursor(value);
        while !cursor.at_end() {
            if !cursor.eat(b',') {
                offers.push(cursor.extension()?);
                if !cursor.at_end() && !cursor.eat(b',') {
                    return Err(ExtensionsMalformed);
                }
            }
        }
    }
    Ok(offers)
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn extension(&mut self) -> Result<ExtensionOffer, ExtensionsMalformed> {
        let name = self.token()?;
        let mut parameters = Vec::new();
        while self.eat(b';') {
            let name = self.token()?;
            let value = if self.eat(b'=') { Some(self.value()?) } else { None };
            parameters.push((name, value));
        }
        Ok(ExtensionOffer { name, parameters })
    }

    fn token(&mut self) -> Result<String, ExtensionsMalformed> {
        self.skip_space();
        let len = self.0.iter().take_while(|&&byte| is_token_byte(byte)).count();
        let (token, rest) = self.0.split_at(len);
        self.0 = rest;
        if token.is_empty() { Err(ExtensionsMalformed) } else { Ok(ascii(token)) }
    }

    /// A token, or a quoted string that holds a token (RFC 6455 §9.1).
    fn value(&mut self) -> Result<String, ExtensionsMalformed> {
        if !self.eat(b'"') {
            return self.token();
        }
        let mut value = Vec::new();
        loop {
            match self.0 {
                [b'"', rest @ ..] => {
                    self.0 = rest;
                    break;
                }
                [b'\\', byte, rest @ ..] | [byte, rest @ ..] => {
                    value.push(*byte);
                    self.0 = rest;
                }
                [] => return Err(ExtensionsMalformed),
            }
        }
        let is_token = !value.is_empty() && value.iter().all(|&byte| is_token_byte(byte));
        if is_token { Ok(ascii(&value)) } else { Err(ExtensionsMalformed) }
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.skip_space();
        match self.0 {
            [first, rest @ ..] if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn at_end(&mut self) -> bool {
        self.skip_space();
        self.0.is_empty()
    }

    fn skip_space(&mut self) {
        while let [b' ' | b'\t', rest @ ..] = self.0 {
            self.0 = rest;
        }
    }
}

fn ascii(token: &[u8]) -> String {
    core::str::from_utf8(token).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{format, string::ToString as _, vec};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn show(values: &[&str]) -> Result<Vec<String>, ExtensionsMalformed> {
        let offers = extension_offers(values.iter().map(|value| value.as_bytes()))?;
        let parameter = |(name, value): &(String, Option<String>)| match value {
            Some(value) => format!(";{name}={value}"),
            None => format!(";{name}"),
        };
        Ok(offers
            .iter()
            .map(|o| o.name.to_string() + &o.parameters.iter().map(parameter).collect::<String>())
            .collect())
    }

    #[test]
    fn offers_over_several_lines_with_quotes_and_repetition() {
        assert_eq!(
            show(&["a; x=1 ; y , b;x=\"1\\2\";x", ", ,c,"]),
            Ok(vec!["a;x=1;y".into(), "b;x=12;x".into(), "c".into()])
        );
        assert_eq!(show(&[""]), Ok(vec![]));
    }

    #[test]
    fn what_breaks_the_grammar() {
        for bad in [
            ";=,",
            "a;",
            "a;=1",
            "a;x=",
            "a b",
            "a;x=\"",
            "a;x=\"1",
            "a;x=\"\"",
            "a;x=\"1 2\"",
            "a=1",
            "a;x=1=2",
            "(a)",
        ] {
            assert_eq!(show(&[bad]), Err(ExtensionsMalformed), "{bad}");
        }
    }
}

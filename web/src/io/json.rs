//! JSON, read and written by the browser.

use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;
use ws101_trace::feed::Json;

use super::page::window;

/// A value that the browser's parser made.
pub(crate) struct Parsed(JsValue);

impl Parsed {
    /// `None` for what is no JSON.
    pub(crate) fn new(text: &str) -> Option<Self> {
        JSON::parse(text).ok().map(Self)
    }
}

impl Json for Parsed {
    fn member(&self, name: &str) -> Option<Self> {
        let member = Reflect::get(&self.0, &name.into()).ok()?;
        (!member.is_undefined()).then_some(Self(member))
    }

    fn number(&self) -> Option<u64> {
        let number = self.0.as_f64()?;
        // The server counts, and no count of its gets to where a floating-point number has no place for it.
        (number >= 0.0).then_some(number as u64)
    }

    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        // A character for each byte.
        let text = window().atob(&self.text()?).ok()?;
        text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
    }
}

/// A text as JSON.
pub(crate) fn quote(text: &str) -> String {
    JSON::stringify(&text.into()).map(String::from).unwrap_or_default()
}

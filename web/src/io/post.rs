//! The HTTP request of the comparison.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::RequestInit;
use ws101_core::MessageKind;
use yew::Callback;

use super::page::window;

/// Posts a text or bytes. What comes of it is seen by the tap; `failed` hears of a request that got no response.
pub(crate) fn post(url: &str, kind: MessageKind, body: &[u8], failed: Callback<()>) {
    let init = RequestInit::new();
    init.set_method("POST");
    let body: JsValue = match (kind, std::str::from_utf8(body)) {
        (MessageKind::Text, Ok(text)) => text.into(),
        _ => Uint8Array::from(body).into(),
    };
    init.set_body(&body);
    let closure = Closure::once(move |_: JsValue| failed.emit(()));
    let _ = window().fetch_with_str_and_init(url, &init).catch(&closure);
    // Called at most once, and freed then; a request that succeeds leaves some bytes behind.
    closure.forget();
}

//! The browser's WebSocket.

use gloo::events::EventListener;
use wasm_bindgen::JsCast as _;
use web_sys::{BinaryType, MessageEvent, WebSocket};
use ws101_core::MessageKind;
use yew::Callback;

/// What a socket tells.
pub(crate) enum Heard {
    /// It is open.
    Opened,
    /// A text message.
    Text(String),
    /// It is closed, or did not open.
    Ended,
}

/// A socket. Dropped, it closes and tells nothing more.
pub(crate) struct Socket {
    socket: WebSocket,
    _listeners: [EventListener; 3],
}

impl Socket {
    /// Opens one; `None` for a URL that is none.
    pub(crate) fn open(url: &str, heard: Callback<Heard>) -> Option<Self> {
        let socket = WebSocket::new(url).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let (opened, ended) = (heard.clone(), heard.clone());
        let listeners = [
            EventListener::new(&socket, "open", move |_| opened.emit(Heard::Opened)),
            EventListener::new(&socket, "message", move |event| {
                let text = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
                if let Some(text) = text {
                    heard.emit(Heard::Text(text));
                }
            }),
            EventListener::new(&socket, "close", move |_| ended.emit(Heard::Ended)),
        ];
        Some(Self { socket, _listeners: listeners })
    }

    /// Sends a message. While the socket is closing it is dropped, as the browser does.
    pub(crate) fn send(&self, kind: MessageKind, payload: &[u8]) {
        let _ = match (kind, std::str::from_utf8(payload)) {
            (MessageKind::Text, Ok(text)) => self.socket.send_with_str(text),
            _ => self.socket.send_with_u8_array(payload),
        };
    }

    /// Sends a text.
    pub(crate) fn say(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
    }

    /// Begins the closing handshake. The code has been checked.
    pub(crate) fn close(&self, code: u16) {
        let _ = self.socket.close_with_code(code);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}

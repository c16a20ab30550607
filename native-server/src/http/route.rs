//! What there is, by path.

use crate::page;

/// What a path leads to.
#[derive(Clone, Copy)]
pub(super) enum Route {
    /// A file of the page.
    Page(&'static page::File),
    /// `/api/status`: how the server is, as JSON.
    Status,
    /// `/lab/echo`: answers with the request's body.
    LabEcho,
    /// `/lab/message`: answers with a message of `size` bytes.
    LabMessage,
    /// `/ws/…`: upgrades.
    WebSocket(WebSocketRoute),
}

/// The WebSocket routes.
#[derive(Clone, Copy)]
pub(super) enum WebSocketRoute {
    /// Sends back what comes.
    Echo,
    /// Sends messages on its own.
    Push,
    /// The echo on tungstenite.
    Reference,
    /// The feed of the tap.
    Wire,
}

impl WebSocketRoute {
    /// Whether pages of any origin may use it.
    pub(super) fn is_open(self) -> bool {
        !matches!(self, Self::Wire)
    }
}

impl Route {
    /// The route of a path, if there is one.
    pub(super) fn find(path: &str) -> Option<Self> {
        Some(match path {
            "/ws/echo" => Self::WebSocket(WebSocketRoute::Echo),
            "/ws/push" => Self::WebSocket(WebSocketRoute::Push),
            "/ws/reference" => Self::WebSocket(WebSocketRoute::Reference),
            "/ws/wire" => Self::WebSocket(WebSocketRoute::Wire),
            "/lab/echo" => Self::LabEcho,
            "/lab/message" => Self::LabMessage,
            "/api/status" => Self::Status,
            _ => Self::Page(page::find(path)?),
        })
    }

    /// The methods that it knows, as the Allow field lists them.
    pub(super) fn methods(self) -> &'static str {
        match self {
            Self::Page(_) => "GET, HEAD",
            Self::Status | Self::LabMessage => "GET, HEAD, OPTIONS",
            Self::LabEcho => "POST, OPTIONS",
            Self::WebSocket(_) => "GET",
        }
    }

    /// Whether it knows a method.
    pub(super) fn allows(self, method: &str) -> bool {
        self.methods().split(", ").any(|known| known == method)
    }

    /// Whether pages of an allowed origin may read what it answers.
    pub(super) fn is_shared(self) -> bool {
        matches!(self, Self::Status | Self::LabEcho | Self::LabMessage)
    }
}

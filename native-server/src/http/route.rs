//! What there is, by path.

use super::probe;
use crate::page;

/// What a path leads to.
#[derive(Clone, Copy)]
pub(super) enum Route {
    /// A file of the page.
    Page(&'static page::File),
    /// `/api/status`: how the server is, as JSON.
    Status,
    /// `/api/probe`: sends the request's body to this server itself, and answers with what came back.
    Probe,
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
            "/api/probe" => Self::Probe,
            _ => Self::Page(page::find(path)?),
        })
    }

    /// The methods that it knows, as the Allow field lists them.
    pub(super) fn methods(self) -> &'static str {
        match self {
            Self::Page(_) => "GET, HEAD",
            Self::Status | Self::LabMessage => "GET, HEAD, OPTIONS",
            Self::LabEcho | Self::Probe => "POST, OPTIONS",
            Self::WebSocket(_) => "GET",
        }
    }

    /// Whether it knows a method.
    pub(super) fn allows(self, method: &str) -> bool {
        self.methods().split(", ").any(|known| known == method)
    }

    /// How many bytes of a request's body it takes, up to the server's limit for messages.
    pub(super) fn largest_body(self, method: &str) -> usize {
        match self {
            Self::LabEcho if method == "POST" => usize::MAX,
            Self::Probe => probe::LARGEST,
            // It is read to keep the connection, and nobody wants it.
            _ => UNWANTED_BODY,
        }
    }

    /// Whether only pages of this server, or of an allowed origin, may use it.
    pub(super) fn is_guarded(self) -> bool {
        matches!(self, Self::Probe)
    }

    /// Whether pages of an allowed origin may read what it answers.
    pub(super) fn is_shared(self) -> bool {
        matches!(self, Self::Status | Self::Probe | Self::LabEcho | Self::LabMessage)
    }
}

/// A body that nobody wants is read up to this size.
pub(super) const UNWANTED_BODY: usize = 64 * 1024;

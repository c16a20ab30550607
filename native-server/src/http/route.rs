//! What there is, by path.

use super::probe;
use crate::{gamelift, page};

/// What a path leads to.
#[derive(Clone, Copy)]
pub(super) enum Route {
    /// A file of the page.
    Page(&'static page::File),
    /// `/api/status`: how the server is, as JSON.
    Status,
    /// `/api/counts`: what went over the connections of a watch id, as JSON.
    Counts,
    /// `/api/probe`: sends the request's body to this server itself, and answers with what came back.
    Probe,
    /// `/lab/echo`: answers with the request's body.
    LabEcho,
    /// `/lab/message`: answers with a message of `size` bytes.
    LabMessage,
    /// `/lab/poll`: the laboratory's newest message, or nothing yet.
    LabPoll,
    /// `/lab/long-poll`: its next one, when it has arrived.
    LabLongPoll,
    /// `/lab/events`: all of them, as an event stream.
    LabEvents,
    /// `/api/gamelift…`, and AWS's API where a request is one of it.
    GameLift,
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
    /// Both at once.
    Duplex,
    /// Sends everybody what somebody says.
    Broadcast,
    /// Sends the laboratory's messages.
    Events,
    /// Closes with a chosen code.
    Close,
    /// Breaks the protocol in a chosen way.
    Misbehave,
    /// The echo on tungstenite.
    Reference,
    /// The feed of the tap.
    Wire,
    /// Game servers.
    GameServer,
    /// Their supervisors.
    Supervisor,
}

impl WebSocketRoute {
    /// Whether pages of any origin may use it.
    pub(super) fn is_open(self) -> bool {
        !matches!(self, Self::Wire | Self::Broadcast)
    }

    /// Whether its messages may be compressed. What all are sent would be compressed for each of them.
    pub(super) fn may_compress(self) -> bool {
        !matches!(self, Self::Broadcast)
    }
}

impl Route {
    /// The route of a path, if there is one.
    pub(super) fn find(path: &str) -> Option<Self> {
        Some(match path {
            "/ws/echo" => Self::WebSocket(WebSocketRoute::Echo),
            "/ws/push" => Self::WebSocket(WebSocketRoute::Push),
            "/ws/duplex" => Self::WebSocket(WebSocketRoute::Duplex),
            "/ws/broadcast" => Self::WebSocket(WebSocketRoute::Broadcast),
            "/ws/events" => Self::WebSocket(WebSocketRoute::Events),
            "/ws/close" => Self::WebSocket(WebSocketRoute::Close),
            "/ws/misbehave" => Self::WebSocket(WebSocketRoute::Misbehave),
            "/ws/reference" => Self::WebSocket(WebSocketRoute::Reference),
            "/ws/wire" => Self::WebSocket(WebSocketRoute::Wire),
            "/lab/echo" => Self::LabEcho,
            "/lab/message" => Self::LabMessage,
            "/lab/poll" => Self::LabPoll,
            "/lab/long-poll" => Self::LabLongPoll,
            "/lab/events" => Self::LabEvents,
            "/api/status" => Self::Status,
            "/api/counts" => Self::Counts,
            "/api/probe" => Self::Probe,
            gamelift::AGENT_PATH => Self::WebSocket(WebSocketRoute::Supervisor),
            _ if gamelift::is_endpoint(path) => Self::WebSocket(WebSocketRoute::GameServer),
            _ => Self::Page(page::find(path)?),
        })
    }

    /// The methods that it knows, as the Allow field lists them.
    pub(super) fn methods(self) -> &'static str {
        match self {
            Self::Page(_) => "GET, HEAD",
            Self::Status | Self::Counts | Self::LabMessage | Self::LabPoll | Self::LabLongPoll => "GET, HEAD, OPTIONS",
            // A stream without its body would be nothing.
            Self::LabEvents => "GET, OPTIONS",
            Self::LabEcho | Self::Probe => "POST, OPTIONS",
            Self::GameLift => "GET, HEAD, POST",
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
            Self::GameLift => gamelift::LARGEST_BODY,
            Self::Probe => probe::LARGEST,
            // It is read to keep the connection, and nobody wants it.
            _ => UNWANTED_BODY,
        }
    }

    /// Whether what is exchanged here is worth showing to who sees all.
    pub(super) fn is_shown(self) -> bool {
        match self {
            // What a supervisor is told has tokens in it.
            Self::WebSocket(route) => !matches!(route, WebSocketRoute::Wire | WebSocketRoute::Supervisor),
            Self::LabEcho | Self::LabMessage | Self::LabPoll | Self::LabLongPoll | Self::LabEvents => true,
            Self::Page(_) | Self::Status | Self::Counts | Self::Probe | Self::GameLift => false,
        }
    }

    /// Whether only pages of this server, or of an allowed origin, may use it.
    pub(super) fn is_guarded(self) -> bool {
        matches!(self, Self::Probe | Self::Counts | Self::GameLift)
    }

    /// Whether pages of an allowed origin may read what it answers.
    pub(super) fn is_shared(self) -> bool {
        !matches!(self, Self::Page(_) | Self::WebSocket(_))
    }
}

/// A body that nobody wants is read up to this size.
pub(super) const UNWANTED_BODY: usize = 64 * 1024;

//! The same content once over HTTP and once over WebSocket, counted.

use ws101_core::MessageKind;
use ws101_trace::{Direction, Item, ItemKind};

use super::{Session, Source};

/// A comparison that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The content.
    pub payload: Vec<u8>,
    /// Text or bytes.
    pub kind: MessageKind,
    /// The number of the WebSocket connection.
    pub websocket: usize,
    /// Which of its messages it is, the first one 0. The echo is the server's of the same number.
    pub message: usize,
    /// The number of the HTTP exchange, once its first bytes are there.
    pub exchange: Option<usize>,
}

/// Bytes that went one way and back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoundTrip {
    /// Added on the way out: the request's head, or frame headers.
    pub out_added: usize,
    /// Content that was sent.
    pub out_content: usize,
    /// Added on the way back.
    pub back_added: usize,
    /// Content that came back.
    pub back_content: usize,
}

impl RoundTrip {
    /// All bytes.
    pub fn total(&self) -> usize {
        self.overhead() + self.out_content + self.back_content
    }

    /// The bytes that are not content.
    pub fn overhead(&self) -> usize {
        self.out_added + self.back_added
    }

    /// In the order of the wire, each with whether it is content.
    pub fn parts(&self) -> [(usize, Direction, bool); 4] {
        [
            (self.out_added, Direction::ClientToServer, false),
            (self.out_content, Direction::ClientToServer, true),
            (self.back_added, Direction::ServerToClient, false),
            (self.back_content, Direction::ServerToClient, true),
        ]
    }

    fn add(&mut self, direction: Direction, added: usize, content: usize) {
        let (sum_added, sum_content) = match direction {
            Direction::ClientToServer => (&mut self.out_added, &mut self.out_content),
            Direction::ServerToClient => (&mut self.back_added, &mut self.back_content),
        };
        *sum_added += added;
        *sum_content += content;
    }
}

/// A comparison's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Over HTTP.
    pub http: RoundTrip,
    /// Over WebSocket.
    pub websocket: RoundTrip,
    /// The opening handshake's request and response.
    pub handshake: (usize, usize),
    /// Where the bytes come from.
    pub source: Source,
}

impl Counts {
    /// The first number of round trips for which WebSocket needs fewer bytes, its opening handshake included; `None`: for none.
    pub fn break_even(&self) -> Option<usize> {
        let saved = self.http.total().checked_sub(self.websocket.total()).filter(|&saved| saved > 0)?;
        Some((self.handshake.0 + self.handshake.1) / saved + 1)
    }
}

impl Comparison {
    /// The result, once all of it is there.
    pub fn counts(&self, sessions: &[Session]) -> Option<Counts> {
        let websocket = sessions.get(self.websocket)?;
        let exchange = sessions.get(self.exchange?)?;
        let head = |direction| websocket.head(direction).map(|(_, item)| item.span.len());
        let mut frames = RoundTrip::default();
        for direction in Direction::BOTH {
            for frame in message_frames(websocket, direction, self.message)? {
                frames.add(direction, frame.span.len() - frame.payload_len(), frame.payload_len());
            }
        }
        Some(Counts {
            http: round_trip(exchange)?,
            websocket: frames,
            handshake: (head(Direction::ClientToServer)?, head(Direction::ServerToClient)?),
            source: websocket.source,
        })
    }
}

/// The bytes of an exchange; `None` while it is not complete.
fn round_trip(exchange: &Session) -> Option<RoundTrip> {
    exchange.trace.closed()?;
    let mut sum = RoundTrip::default();
    for item in exchange.dissection.items() {
        let content = item.payload_len();
        sum.add(item.direction, item.span.len() - content, content);
    }
    (sum.out_added > 0 && sum.back_added > 0).then_some(sum)
}

/// The frames of a direction's message of this number; `None` while its last one is missing.
fn message_frames(session: &Session, direction: Direction, number: usize) -> Option<Vec<&Item>> {
    let mut messages = 0;
    let mut frames = Vec::new();
    for item in session.dissection.items().iter().filter(|item| item.direction == direction) {
        let ItemKind::Frame(frame) = &item.kind else { continue };
        let ws101_core::Content::Data { last, .. } = frame.content else { continue };
        if messages == number {
            frames.push(item);
        }
        if last {
            if messages == number {
                return Some(frames);
            }
            messages += 1;
        }
    }
    None
}

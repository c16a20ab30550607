//! A connection that the page knows: its record, and the record taken apart.

use ws101_core::frame::Opcode;
use ws101_trace::{Direction, Dissection, Item, ItemKind, Trace};

/// Where the bytes of a record come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The server's tap.
    Measured,
    /// Both ends in this page.
    Simulated,
}

/// How far a connection's life has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Bytes may still cross it.
    Open,
    /// It ended as it should: with a closing handshake, or the end of an HTTP exchange.
    Closed,
    /// It ended without one.
    Cut,
}

/// A connection, or one HTTP exchange.
#[derive(Debug)]
pub struct Session {
    /// Where its bytes come from.
    pub source: Source,
    /// The request target without its query.
    pub path: String,
    /// The record.
    pub trace: Trace,
    /// The record taken apart.
    pub dissection: Dissection,
    /// Bytes that the tap could not keep.
    pub lost: u64,
    /// Its number in the feed's messages, while that feed lives.
    pub(super) feed: Option<u64>,
    is_cut: bool,
}

impl Session {
    pub(super) fn new(source: Source, path: String, trace: Trace, feed: Option<u64>) -> Self {
        let dissection = Dissection::of(&trace);
        Self { source, path, trace, dissection, lost: 0, feed, is_cut: false }
    }

    /// A WebSocket connection, and not an HTTP exchange.
    pub fn is_websocket(&self) -> bool {
        !self.path.contains("/lab/")
    }

    /// What went over it, what is not complete yet last.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.dissection.items().iter().chain(self.dissection.partial())
    }

    /// How many items that are.
    pub fn len(&self) -> usize {
        self.dissection.items().len() + self.dissection.partial().len()
    }

    /// True before the first byte.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item of this number, in the order of [`items`](Self::items).
    pub fn item(&self, index: usize) -> Option<&Item> {
        self.items().nth(index)
    }

    /// The first head of a direction: the request, or its response (101, if the upgrade came about).
    pub fn head(&self, direction: Direction) -> Option<(usize, &Item)> {
        let is_head = |item: &Item| {
            item.direction == direction && matches!(item.kind, ItemKind::RequestHead | ItemKind::ResponseHead { .. })
        };
        self.items().enumerate().find(|(_, item)| is_head(item))
    }

    /// The frames and their numbers among all items.
    pub fn frames(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.items().enumerate().filter(|(_, item)| item.frame().is_some())
    }

    /// How far its life has come.
    pub fn life(&self) -> Life {
        let closes = self.frames().filter(|(_, item)| opcode(item) == Some(Opcode::CLOSE)).count();
        match self.trace.closed() {
            None if self.is_cut => Life::Cut,
            None => Life::Open,
            Some(_) if closes == 0 && self.dissection.switch().is_some() => Life::Cut,
            Some(_) => Life::Closed,
        }
    }

    /// The recorder is gone: nothing more will come.
    pub(super) fn cut(&mut self) {
        self.feed = None;
        self.is_cut = true;
    }

    /// The record has grown. Returns how many items are new.
    pub(super) fn update(&mut self) -> usize {
        let before = self.dissection.items().len();
        self.dissection.update(&self.trace);
        self.dissection.items().len() - before
    }
}

/// The opcode, if it is a frame whose header is there.
pub fn opcode(item: &Item) -> Option<Opcode> {
    Some(item.frame()?.header?.opcode)
}

/// True where page JavaScript never sees the frame: the browser answers pings and takes pongs by itself.
pub fn is_unseen_by_script(item: &Item) -> bool {
    matches!(opcode(item), Some(Opcode::PING | Opcode::PONG))
}

/// A ping, or its pong, that says nothing: the server's way to see whether somebody is there, which nobody has asked for.
pub(super) fn is_keep_alive(item: &Item) -> bool {
    is_unseen_by_script(item) && item.frame().is_some_and(|frame| frame.payload.is_empty())
}

/// Whether `answer` is what the other side says to `question`: response to request, echo to message, pong to ping, close to close.
pub(super) fn answers(question: &Item, answer: &Item) -> bool {
    if question.direction == answer.direction {
        return false;
    }
    match (&question.kind, &answer.kind) {
        (ItemKind::RequestHead, ItemKind::ResponseHead { .. }) => true,
        (ItemKind::Frame(asked), ItemKind::Frame(said)) => match (opcode(question), opcode(answer)) {
            (Some(Opcode::CLOSE), Some(Opcode::CLOSE)) => true,
            (Some(Opcode::PING), Some(Opcode::PONG)) => asked.unmasked == said.unmasked,
            (Some(one), Some(other)) => {
                one == other && question.direction == Direction::ClientToServer && asked.unmasked == said.unmasked
            }
            _ => false,
        },
        _ => false,
    }
}

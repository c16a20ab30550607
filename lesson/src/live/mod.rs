//! The live page: what it knows, what can happen to it, what it wants done.
//!
//! [`State::apply`] takes an [`Action`] and the time and returns [`Effect`]s. Whoever shows the page carries these out and
//! reports back by actions. Bytes come from the server's tap or from a [`Sim`](crate::sim::Sim), and are shown by the same code.

mod compare;
mod compose;
mod connect;
mod moves;
mod on_route;
mod on_stage;
mod prefs;
pub mod scale;
mod selection;
mod session;
mod stage;
mod state;
mod talk;

use std::time::Duration;

use ws101_core::MessageKind;
use ws101_core::frame::CloseCode;
use ws101_trace::feed::FromServer;

use crate::text::Language;

pub use compare::{Comparison, Counts, RoundTrip};
pub use compose::{Draft, DraftError, MAX_LEN, parse_hex};
pub use prefs::{Prefs, Size, Theme, View};
pub use selection::{Selection, Step, Zone};
pub use session::{Life, Session, Source, is_unseen_by_script, opcode};
pub use stage::{Act, LESSON, Pace, Probe, SKIP, Stage};
pub use state::{Link, Mode, Notice, Panel, State};

/// What can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The page is there.
    Start,
    /// The feed said something.
    Feed(FromServer),
    /// The feed ended, or could not be opened.
    FeedEnded,
    /// The echo connection is open.
    SocketOpened,
    /// The echo connection is closed, or could not be opened.
    SocketClosed,
    /// The HTTP request failed.
    HttpFailed,
    /// Look for the server again.
    Retry,
    /// Live, if there is a server; or both ends in the page, even if there is one.
    Simulate(bool),

    /// The content of the message box.
    Edit(String),
    /// Text or bytes.
    Kind(MessageKind),
    /// The content of the close code's box.
    EditCode(String),
    /// Send what is composed.
    Send,
    /// Have the server send a ping.
    ServerPing,
    /// Send the same once over HTTP and once over WebSocket.
    Compare,
    /// Close the connection.
    Close,
    /// Open a new connection.
    Reconnect,

    /// Pin.
    Select(Selection),
    /// Show without pinning, or no longer.
    Preview(Option<Selection>),
    /// Let go of what is previewed or pinned.
    Release,
    /// An arrow key.
    Move(Zone, Step),
    /// Go to the newest item, and follow what comes.
    Follow,
    /// Look at another connection.
    Show(usize),
    /// Show more of a long payload.
    More,
    /// Go to another view.
    View(View),
    /// The URL's fragment is another.
    Open(String),
    /// Something happens to the lesson on the stage.
    Lesson(Act),
    /// The presenter goes on, or back: in the lesson, or from view to view.
    Present(Step),
    /// Show this panel, or put it away.
    Panel(Panel),
    /// Hide everything from the room, or no longer.
    Curtain,
    /// Fill the screen, or no longer.
    FullScreen,
    /// Print what is on the stage.
    Print,
    /// What was seen on earlier visits.
    Seen(String),

    /// Change the language.
    Language(Language),
    /// Change the theme.
    Theme(Theme),
    /// Change the size of the text.
    Size(Size),
    /// Let nothing move, or no longer.
    Still(bool),
    /// Switch the projector mode.
    Projector(bool),
    /// Put the notice away.
    Dismiss,
    /// Say what has arrived since the last time.
    Announce,
}

/// What the page wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open the feed with a new watch id, in place of the one before.
    OpenFeed,
    /// Open the echo connection with the feed's watch id, in place of the one before.
    OpenSocket,
    /// Drop the feed.
    DropFeed,
    /// Drop the echo connection.
    DropSocket,
    /// Send a message.
    Send(MessageKind, Vec<u8>),
    /// Close the echo connection.
    CloseSocket(CloseCode),
    /// Send the same over HTTP.
    Post(MessageKind, Vec<u8>),
    /// Ask the server for a ping with this payload.
    AskPing(String),
    /// [`Action::Retry`] after this time.
    RetryIn(Duration),
    /// [`Act::Tick`] after this time.
    TickIn(Duration),
    /// [`Action::Announce`] soon, once for all that arrives until then.
    AnnounceSoon,
    /// Keep the preferences, and put them on the page.
    Remember(Prefs),
    /// Put this fragment into the URL: a step of its own in the browser's history.
    Address(String),
    /// Put this fragment into the URL in place of the one that is there.
    Amend(String),
    /// Keep which steps were seen.
    KeepProgress(String),
    /// Have the server's client send this to the server.
    Probe(Vec<u8>),
    /// Show the page from its top.
    ToTop,
    /// Fill the screen, or no longer.
    FullScreen,
    /// Print the page.
    Print,
    /// Move the focus to the question, whose answer has come in place of what had the focus.
    FocusQuestion,
    /// Show a room the question, now that its answer has come.
    ShowQuestion,
    /// Move the focus to what is selected in this row.
    Focus(Zone),
    /// Bring the newest block of the ribbon into sight.
    RevealNewest,
}

#[cfg(test)]
mod lesson_tests;
#[cfg(test)]
mod tests;

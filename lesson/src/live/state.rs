//! What the page knows.

use std::time::Duration;

use ws101_trace::{Bits, Direction, Item, ItemKind};

use super::{Action, Comparison, Counts, Draft, Effect, LESSON, Prefs, Probe, Selection, Session, Stage, View};
use crate::lessons::Place;
use crate::sim::{Random, Sim};

/// Whose bytes are shown from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nobody knows yet whether there is a server.
    Connecting,
    /// The tap's.
    Live,
    /// The page's own two ends'.
    Simulated,
}

impl Mode {
    /// The value of the page's `data-mode`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Simulated => "simulated",
        }
    }
}

/// The echo connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not there, or closed.
    Closed,
    /// On its way.
    Opening,
    /// Messages may be sent.
    Open,
    /// The closing handshake has begun.
    Closing,
}

/// Something that a person should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// There is no server.
    NoServer,
    /// There was one.
    ServerGone,
    /// It is back.
    Back,
    /// It is of another version.
    Version,
    /// The echo connection did not open.
    NoSocket,
    /// The HTTP request failed.
    HttpFailed,
    /// The URL's fragment has a part that nobody understands.
    Address,
    /// An input would make the address too long.
    TooLong,
}

/// What unfolds below the bar at the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The lessons.
    Map,
    /// How the page looks.
    Settings,
    /// What the keys do.
    Keys,
}

/// The live page.
pub struct State {
    /// What is remembered.
    pub prefs: Prefs,
    /// What is on the stage.
    pub view: View,
    /// Whose bytes are shown from now on.
    pub mode: Mode,
    /// The echo connection.
    pub link: Link,
    /// What a person should know.
    pub notice: Option<Notice>,
    /// All connections and HTTP exchanges, the oldest first.
    pub sessions: Vec<Session>,
    /// The one on display.
    pub shown: Option<usize>,
    /// What is pinned.
    pub selection: Option<Selection>,
    /// What is hovered over or has the focus.
    pub preview: Option<Selection>,
    /// New items that are out of sight, while nobody follows.
    pub unseen: usize,
    /// How many bytes of a payload are unmasked for all to see.
    pub unmasked: usize,
    /// What is composed.
    pub draft: Draft,
    /// The last comparison that was asked for.
    pub comparison: Option<Comparison>,
    /// The lesson on the stage, in place of the live page.
    pub stage: Option<Stage>,
    /// The steps of lessons that were seen, as addresses.
    pub seen: Vec<String>,
    /// What was last sent by the server's client.
    pub probe: Option<Probe>,
    /// What is unfolded.
    pub panel: Option<Panel>,
    /// The room sees nothing.
    pub curtain: bool,
    /// On the way through the class: the stop's number.
    pub stop: Option<usize>,
    /// Where one was in the lessons that the route has passed.
    pub(super) passed: Vec<Place>,
    /// The part of the URL's fragment that was not understood.
    pub misread: String,
    /// What was last said to those who listen to the page.
    pub announcement: String,

    /// The connection on which messages are sent.
    pub(super) active: Option<usize>,
    pub(super) following: bool,
    /// Items that were not announced yet.
    pub(super) arrived: usize,
    pub(super) sim: Option<Sim>,
    pub(super) random: Random,
    pub(super) server_was_met: bool,
    pub(super) attempt: u32,
    /// Somebody wants both ends in the page, even if there is a server.
    pub(super) prefers_simulation: bool,
    /// Somebody has asked for the server, and wants to know.
    pub(super) was_asked: bool,
    /// Data messages sent on the active connection.
    pub(super) sent: usize,
}

impl State {
    /// A page before its start. The seed is for simulated connections.
    pub fn new(prefs: Prefs, view: View, seed: u64) -> Self {
        Self {
            prefs,
            view,
            mode: Mode::Connecting,
            link: Link::Closed,
            notice: None,
            sessions: Vec::new(),
            shown: None,
            selection: None,
            preview: None,
            unseen: 0,
            unmasked: UNMASKED,
            draft: Draft::default(),
            comparison: None,
            stage: None,
            seen: Vec::new(),
            probe: None,
            panel: None,
            curtain: false,
            stop: None,
            passed: Vec::new(),
            misread: String::new(),
            announcement: String::new(),
            active: None,
            following: true,
            arrived: 0,
            sim: None,
            random: Random::new(seed),
            server_was_met: false,
            attempt: 0,
            prefers_simulation: false,
            was_asked: false,
            sent: 0,
        }
    }

    /// Something happens at `now`, since any epoch of the caller's.
    pub fn apply(&mut self, action: Action, now: Duration) -> Vec<Effect> {
        let mut effects = Vec::new();
        // Behind the curtain nothing moves: the next key lifts it.
        let is_key = matches!(action, Action::Present(_) | Action::Panel(_) | Action::FullScreen | Action::Release);
        if self.curtain && is_key {
            self.curtain = false;
            return effects;
        }
        match action {
            Action::Start => effects.push(Effect::OpenFeed),
            Action::Feed(message) => self.hear(message, now, &mut effects),
            Action::FeedEnded => self.lose_feed(now, &mut effects),
            Action::SocketOpened => self.link = Link::Open,
            Action::SocketClosed => self.lose_socket(),
            Action::HttpFailed => self.notice = Some(Notice::HttpFailed),
            Action::Retry if self.prefers_simulation => {}
            Action::Retry => effects.push(Effect::OpenFeed),
            Action::Simulate(simulate) => self.switch(simulate, now, &mut effects),

            Action::Edit(content) => self.draft.edit(content),
            Action::Kind(kind) => {
                self.draft.kind = kind;
                self.draft.error = None;
            }
            Action::EditCode(code) => {
                self.draft.code = code;
                self.draft.error = None;
            }
            Action::Send => self.send(now, &mut effects),
            Action::ServerPing => self.ping(now, &mut effects),
            Action::Compare => self.compare(now, &mut effects),
            Action::Close => self.close(now, &mut effects),
            Action::Reconnect => self.reconnect(now, &mut effects),

            Action::Select(selection) => self.select(selection, &mut effects),
            Action::Preview(preview) => self.preview = preview,
            Action::Release => self.release(),
            Action::Move(zone, step) => self.step(zone, step, &mut effects),
            Action::Follow => self.follow(&mut effects),
            Action::Show(session) => self.show(session, &mut effects),
            Action::More => self.unmasked *= 4,
            Action::View(view) => self.go_to(view, &mut effects),
            Action::Open(fragment) => self.open(&fragment, &mut effects),
            Action::Lesson(act) => self.act(act, &mut effects),
            Action::Present(step) => self.present(step, &mut effects),
            Action::Curtain => self.curtain = !self.curtain,
            Action::FullScreen => effects.push(Effect::FullScreen),
            Action::Print => effects.push(Effect::Print),
            Action::Panel(panel) => self.panel = Some(panel).filter(|_| self.panel != Some(panel)),
            Action::Seen(line) => self.seen = line.split_ascii_whitespace().map(str::to_owned).collect(),

            Action::Language(language) => {
                self.prefs.language = language;
                self.restage();
                effects.push(Effect::Remember(self.prefs));
            }
            Action::Theme(theme) => {
                self.prefs.theme = theme;
                effects.push(Effect::Remember(self.prefs));
            }
            Action::Size(size) => {
                self.prefs.size = size;
                effects.push(Effect::Remember(self.prefs));
            }
            Action::Still(still) => {
                self.prefs.still = still;
                effects.push(Effect::Remember(self.prefs));
            }
            Action::Projector(projector) => {
                self.prefs.projector = projector;
                effects.push(Effect::Remember(self.prefs));
            }
            Action::Dismiss => self.notice = None,
            Action::Announce => self.announce(),
        }
        self.stay_on_route(&mut effects);
        effects
    }

    /// The address of what is on the stage.
    pub fn fragment(&self) -> String {
        match &self.stage {
            Some(stage) => stage.place.fragment(),
            None => self.view.fragment().to_owned(),
        }
    }

    /// The number of the connection on display.
    pub fn on_display(&self) -> Option<usize> {
        if self.stage.is_some() { Some(LESSON) } else { self.shown }
    }

    pub(super) fn session_of(&self, index: usize) -> Option<&Session> {
        match &self.stage {
            Some(stage) if index == LESSON => Some(&stage.session),
            _ => self.sessions.get(index),
        }
    }

    /// The connection on display.
    pub fn session(&self) -> Option<&Session> {
        self.session_of(self.on_display()?)
    }

    /// What is to be marked: what is previewed, or else what is pinned.
    pub fn marked(&self) -> Option<Selection> {
        self.preview.or(self.selection).filter(|marked| Some(marked.session) == self.on_display())
    }

    /// The pinned selection, if it lies in the connection on display.
    pub fn pinned(&self) -> Option<Selection> {
        self.selection.filter(|selection| Some(selection.session) == self.on_display())
    }

    /// The item that the pinned selection lies in, and its number.
    pub fn selected_item(&self) -> Option<(usize, &Item)> {
        self.pinned()?.item(self.session()?)
    }

    /// The frame on the stage: the selected one, or else the last one that the client sent, or else the last one.
    pub fn staged_frame(&self) -> Option<(usize, &Item)> {
        if let Some(found) = self.selected_item().filter(|(_, item)| item.frame().is_some()) {
            return Some(found);
        }
        let session = self.session()?;
        let is_client = |(_, item): &(usize, &Item)| item.direction == Direction::ClientToServer;
        session.frames().filter(is_client).last().or_else(|| session.frames().last())
    }

    /// The part of an item that is to be marked: previewed, or else pinned. `None` where it is the whole item.
    pub fn marked_part(&self, item: &Item) -> Option<Selection> {
        let part = |one: &Selection| Some(one.session) == self.on_display() && one.is_in(item) && !one.is_whole(item);
        self.preview.filter(part).or(self.selection.filter(part))
    }

    /// Whether bits of an item are marked, the item not being marked as a whole.
    pub fn marks(&self, item: &Item, bits: Bits) -> bool {
        self.marked_part(item).is_some_and(|marked| marked.bits.overlaps(bits))
    }

    /// The last comparison's result, once all of it is there.
    pub fn counts(&self) -> Option<Counts> {
        self.comparison.as_ref()?.counts(&self.sessions)
    }

    /// The view on which an item is looked at.
    pub fn view_of(item: &Item) -> View {
        match item.kind {
            ItemKind::Frame(_) => View::Frames,
            _ => View::Upgrade,
        }
    }

    /// Whether something else is on display than the connection on which messages go.
    pub fn is_elsewhere(&self) -> bool {
        self.active.is_some() && self.shown != self.active
    }

    /// Whether the newest item is followed.
    pub fn is_following(&self) -> bool {
        self.following
    }
}

/// How many bytes of a payload are unmasked at first.
pub(super) const UNMASKED: usize = 16;

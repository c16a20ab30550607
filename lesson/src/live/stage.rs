//! A lesson on the stage, and what can happen to it.

use std::time::Duration;

use ws101_core::Role;
use ws101_trace::{Direction, Item};

use super::{Session, Source, Step};
use crate::lessons::{Performance, Place, Scene, WhatIf};

/// The number under which selections know a lesson's connection; no other has it.
pub const LESSON: usize = usize::MAX;

/// A lesson on the stage.
pub struct Stage {
    /// Where one is in it.
    pub place: Place,
    /// What is performed there.
    pub performance: Performance,
    /// What has crossed its wire.
    pub session: Session,
    /// All that will have crossed it in the end.
    pub whole: Session,
    /// What would have crossed it by now without the fork.
    pub original: Option<Session>,
    /// The run goes on by itself.
    pub is_playing: bool,
    /// How fast.
    pub pace: Pace,
    /// The places before what can be undone.
    pub(super) past: Vec<Place>,
    /// The input that was set last: one word typed is one thing to undo.
    pub(super) last_set: Option<String>,
}

impl Stage {
    pub(super) fn new(place: Place, language: crate::text::Language) -> Self {
        let performance = Performance::at(&place, language);
        let session = |trace| Session::new(Source::Simulated, String::new(), trace, None);
        Self {
            session: session(performance.trace()),
            whole: session(performance.timeline.run().trace().clone()),
            original: performance.original_trace().map(session),
            place,
            performance,
            is_playing: false,
            pace: Pace::default(),
            past: Vec::new(),
            last_set: None,
        }
    }

    /// What is on the stage.
    pub fn scene(&self) -> &Scene {
        &self.performance.scene
    }

    /// Whether something can be undone.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether an item is on its way between the ends at this moment.
    pub fn is_crossing(&self, item: &Item) -> bool {
        let now = self.performance.timeline.clock(self.performance.step);
        let role = match item.direction {
            Direction::ClientToServer => Role::Client,
            Direction::ServerToClient => Role::Server,
        };
        let mut flights = self.performance.timeline.run().flights(role).iter();
        let last = flights.find(|flight| flight.bytes.contains(&(item.span.end - 1)));
        last.is_some_and(|flight| flight.sent <= now && flight.arrived.is_none_or(|arrived| arrived > now))
            && self.performance.step > 0
    }

    /// The first step by which all of an item has crossed the wire.
    pub(super) fn step_of(&self, item: usize) -> Option<usize> {
        let item = self.whole.item(item)?;
        let runs = self.whole.trace.runs().iter();
        let run = runs.enumerate().filter(|(_, run)| run.direction == item.direction);
        let (run, _) = run.take_while(|(_, run)| run.bytes.start < item.span.end).last()?;
        Some(self.performance.timeline.step_of_run(run))
    }
}

/// How fast a run goes on by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Time to say something.
    Slow,
    /// Time to read.
    #[default]
    Normal,
    /// Time to see.
    Fast,
}

impl Pace {
    /// The next one, and after the last the first.
    pub const fn next(self) -> Self {
        match self {
            Self::Slow => Self::Normal,
            Self::Normal => Self::Fast,
            Self::Fast => Self::Slow,
        }
    }

    /// As a factor.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Slow => "½×",
            Self::Normal => "1×",
            Self::Fast => "2×",
        }
    }

    pub(super) const fn wait(self) -> Duration {
        Duration::from_millis(match self {
            Self::Slow => 3000,
            Self::Normal => 1500,
            Self::Fast => 750,
        })
    }
}

/// What a real server was sent, and what it answered: nothing yet, or that it could not be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The bytes that were sent.
    pub sent: Vec<u8>,
    /// `None` while it is on its way; an error where nobody could send it.
    pub received: Option<Result<Vec<u8>, ()>>,
}

/// What can happen to a lesson.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// An input is set; an empty value takes it back.
    Set(String, String),
    /// On: past the question if it is open, or else to the next step.
    Forward,
    /// To the step before.
    Back,
    /// To a step.
    Go(usize),
    /// To a step of the run.
    Seek(usize),
    /// A step of the run on or back.
    Turn(Step),
    /// The run goes on by itself, or stops.
    Play,
    /// The next step, if it still goes on by itself.
    Tick,
    /// Faster, or slower.
    Pace,
    /// Something else happens now.
    WhatIf(WhatIf),
    /// The step's own scenario again.
    Original,
    /// Without inputs; without any, to the first step.
    Reset,
    /// As before the last fork or reset.
    Undo,
    /// Have the server's client send these bytes.
    Probe(Vec<u8>),
    /// What came back.
    Probed(Result<Vec<u8>, ()>),
}

/// The answer of who does not guess.
pub const SKIP: &str = "skip";

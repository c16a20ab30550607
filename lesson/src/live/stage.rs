//! Lessons on the stage: going on and back, in the lesson and in its run; inputs, forks, and what a real server says to them.

use std::time::Duration;

use super::{Effect, Mode, Notice, Selection, Session, Source, State, Step, View};
use crate::lessons::route::{self, ROUTE, Stop};
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
    past: Vec<Place>,
}

impl Stage {
    fn new(place: Place, language: crate::text::Language) -> Self {
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

    /// The first step by which all of an item has crossed the wire.
    fn step_of(&self, item: usize) -> Option<usize> {
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

    const fn wait(self) -> Duration {
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

impl State {
    /// The address in the URL is another.
    pub(super) fn open(&mut self, fragment: &str, effects: &mut Vec<Effect>) {
        self.panel = None;
        let fragment = fragment.trim_start_matches('#');
        if fragment == route::START {
            self.stop = Some(0);
            effects.push(Effect::Amend(ROUTE[0].fragment.to_owned()));
            return self.open_page(ROUTE[0].fragment, effects);
        }
        let on_route = fragment.strip_suffix(route::SUFFIX);
        self.stop = on_route.and_then(route::stop_at);
        self.open_page(on_route.unwrap_or(fragment), effects);
    }

    fn open_page(&mut self, fragment: &str, effects: &mut Vec<Effect>) {
        if let Some((place, misread)) = Place::read(fragment) {
            self.misread(misread);
            if self.stage.as_ref().is_none_or(|stage| stage.place != place) {
                let is_within = place.at().is_some();
                self.put(place, effects);
                if is_within {
                    self.select_newest();
                }
            }
            return;
        }
        let view = View::from_fragment(fragment);
        self.misread(Some(fragment).filter(|fragment| view.is_none() && !fragment.is_empty()));
        self.stage = None;
        self.preview = None;
        self.view = view.unwrap_or(self.view);
    }

    fn misread(&mut self, part: Option<&str>) {
        if let Some(part) = part {
            self.misread = part.chars().take(40).collect();
            self.notice = Some(Notice::Address);
        }
    }

    fn put(&mut self, place: Place, effects: &mut Vec<Effect>) {
        let path = place.path();
        if !self.seen.contains(&path) {
            self.seen.push(path);
            effects.push(Effect::KeepProgress(self.seen.join(" ")));
        }
        let mut stage = Stage::new(place, self.prefs.language);
        if let Some(old) = self.stage.take() {
            stage.past = old.past;
            stage.pace = old.pace;
        }
        self.selection = self.selection.filter(|selection| selection.session != LESSON);
        self.preview = None;
        self.stage = Some(stage);
    }

    /// Another language, another scene.
    pub(super) fn restage(&mut self) {
        if let Some(stage) = &mut self.stage {
            stage.performance = Performance::at(&stage.place, self.prefs.language);
        }
    }

    /// Looks at an item that has not crossed the wire yet, or has: the run goes to where it has.
    pub(super) fn seek_item(&mut self, item: usize, effects: &mut Vec<Effect>) {
        let step = self.stage.as_ref().and_then(|stage| Some((stage.step_of(item)?, stage.performance.step)));
        if let Some((step, now)) = step
            && step > now
        {
            self.act(Act::Seek(step), effects);
        }
    }

    pub(super) fn present(&mut self, step: Step, effects: &mut Vec<Effect>) {
        let is_on = step == Step::Next;
        if self.stage.is_some() {
            return self.act(if is_on { Act::Forward } else { Act::Back }, effects);
        }
        if self.stop.is_some() {
            return self.go_to_stop(is_on, effects);
        }
        let at = View::ALL.iter().position(|&view| view == self.view);
        if let Some(next) = step.from(at, View::ALL.len()) {
            self.go_to(View::ALL[next], effects);
        }
    }

    /// The stop of the route before or behind this one, if the lesson's steps lead there.
    pub fn next_stop(&self, is_on: bool) -> Option<&'static Stop> {
        let next = if is_on { self.stop? + 1 } else { self.stop?.checked_sub(1)? };
        let is_at_edge = self.stage.as_ref().is_none_or(|stage| {
            let (step, last) = (stage.place.step, stage.place.lesson.steps().len() - 1);
            if is_on { step == last && !stage.scene().is_waiting() } else { step == 0 }
        });
        ROUTE.get(next).filter(|_| is_at_edge)
    }

    fn go_to_stop(&mut self, is_on: bool, effects: &mut Vec<Effect>) {
        let Some(stop) = self.next_stop(is_on) else { return };
        let mut fragment = stop.fragment.to_owned();
        if let Some((mut place, _)) = Place::read(stop.fragment).filter(|_| !is_on) {
            place.step = place.lesson.steps().len() - 1;
            fragment = place.fragment();
        }
        effects.push(Effect::Address(fragment.clone()));
        effects.push(Effect::ToTop);
        self.open_page(&fragment, effects);
        self.stop = route::stop_at(&fragment);
    }

    /// On the route, every address says so.
    pub(super) fn stay_on_route(&self, effects: &mut [Effect]) {
        for effect in effects {
            if let (Some(_), Effect::Address(fragment) | Effect::Amend(fragment)) = (self.stop, effect) {
                fragment.push_str(route::SUFFIX);
            }
        }
    }

    pub(super) fn act(&mut self, act: Act, effects: &mut Vec<Effect>) {
        if matches!(act, Act::Forward | Act::Back) && self.next_stop(act == Act::Forward).is_some() {
            return self.go_to_stop(act == Act::Forward, effects);
        }
        let Some(stage) = &mut self.stage else { return };
        let mut place = stage.place.clone();
        let (now, end) = (stage.performance.step, stage.performance.timeline.last());
        let steps = place.lesson.steps().len();
        let was_playing = std::mem::take(&mut stage.is_playing);
        let mut plays = false;
        match act {
            Act::Set(name, value) if place.set(&name, &value) => {
                if name == place.guess_name() {
                    effects.push(Effect::FocusQuestion);
                }
            }
            Act::Set(..) => self.notice = Some(Notice::TooLong),
            Act::Forward if stage.scene().is_waiting() => {
                place.set(&place.guess_name(), SKIP);
            }
            Act::Forward => place.step = (place.step + 1).min(steps - 1),
            Act::Back => place.step = place.step.saturating_sub(1),
            Act::Go(step) => place.step = step.min(steps - 1),
            Act::Seek(step) => place.seek(Some(step).filter(|step| *step < end)),
            Act::Turn(step) => place.seek(step.from(Some(now), end + 1).filter(|step| *step < end)),
            Act::Play if was_playing => {}
            Act::Play => {
                plays = end > 0;
                place.seek(Some(if now == end { 0 } else { now }));
            }
            Act::Tick if !was_playing => return,
            Act::Tick => {
                plays = now + 1 < end;
                place.seek(Some(now + 1).filter(|_| plays));
            }
            Act::Pace => {
                stage.pace = stage.pace.next();
                plays = was_playing;
            }
            Act::WhatIf(what_if) => {
                if place.fork(Some(&stage.performance.fork(what_if))) {
                    place.seek(Some(now + 1));
                    stage.past.push(stage.place.clone());
                    plays = true;
                } else {
                    self.notice = Some(Notice::TooLong);
                }
            }
            Act::Original => {
                stage.past.push(stage.place.clone());
                place.fork(None);
            }
            Act::Reset => {
                stage.past.push(stage.place.clone());
                if place.is_touched() {
                    place.clear("");
                } else {
                    place.step = 0;
                }
            }
            Act::Undo => place = stage.past.pop().unwrap_or(place),
            Act::Probe(sent) if self.mode == Mode::Live => {
                effects.push(Effect::Probe(sent.clone()));
                self.probe = Some(Probe { sent, received: None });
            }
            Act::Probe(_) => {}
            Act::Probed(received) => {
                plays = was_playing;
                if let Some(probe) = &mut self.probe {
                    probe.received = Some(received);
                }
            }
        }
        self.go(place, effects);
        if let Some(stage) = &mut self.stage
            && plays
        {
            stage.is_playing = true;
            effects.push(Effect::TickIn(stage.pace.wait()));
        }
    }

    fn go(&mut self, place: Place, effects: &mut Vec<Effect>) {
        let Some(stage) = &self.stage else { return };
        if place == stage.place {
            return;
        }
        let (is_step, before) = (place.step != stage.place.step, stage.session.len());
        let fragment = place.fragment();
        effects.push(if is_step { Effect::Address(fragment) } else { Effect::Amend(fragment) });
        if is_step {
            let [title, _] = place.lesson.step(place.step, self.prefs.language);
            self.announcement = title.to_owned();
            effects.push(Effect::ToTop);
        }
        self.put(place, effects);
        // What has just crossed is what is looked at.
        if let Some(stage) = &self.stage
            && !is_step
            && stage.session.len() != before
        {
            self.select_newest();
            effects.push(Effect::RevealNewest);
        }
    }

    fn select_newest(&mut self) {
        let newest = self.stage.as_ref().and_then(|stage| stage.session.items().last());
        self.selection = newest.map(|item| Selection::of_item(LESSON, item));
    }
}

/// The answer of who does not guess.
pub const SKIP: &str = "skip";

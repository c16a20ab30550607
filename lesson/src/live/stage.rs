//! Lessons on the stage: going on and back, inputs, and what a real server says to them.

use super::{Effect, Mode, Notice, Session, Source, State, Step, View};
use crate::lessons::{Place, Scene};

/// The number under which selections know a lesson's connection; no other has it.
pub const LESSON: usize = usize::MAX;

/// A lesson on the stage.
pub struct Stage {
    /// Where one is in it.
    pub place: Place,
    /// What is there.
    pub scene: Scene,
    /// What crossed its wire.
    pub session: Session,
    /// The place before the last reset.
    before: Option<Place>,
}

impl Stage {
    /// Whether a reset can be undone.
    pub fn can_undo(&self) -> bool {
        self.before.is_some()
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
    /// Without inputs; without any, to the first step.
    Reset,
    /// As before the reset.
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
        if let Some((place, misread)) = Place::read(fragment) {
            self.misread(misread);
            if self.stage.as_ref().is_none_or(|stage| stage.place != place) {
                self.put(place, effects);
            }
            return;
        }
        let fragment = fragment.trim_start_matches('#');
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
        let before = self.stage.take().and_then(|stage| stage.before);
        let lesson = place.lesson;
        let scene = lesson.scene(&place, self.prefs.language);
        let session = Session::new(Source::Simulated, String::new(), scene.trace.clone(), None);
        self.selection = self.selection.filter(|selection| selection.session != LESSON);
        self.preview = None;
        self.stage = Some(Stage { place, scene, session, before });
    }

    /// Another language, another scene.
    pub(super) fn restage(&mut self) {
        if let Some(stage) = &mut self.stage {
            stage.scene = stage.place.lesson.scene(&stage.place, self.prefs.language);
        }
    }

    pub(super) fn present(&mut self, step: Step, effects: &mut Vec<Effect>) {
        let is_on = step == Step::Next;
        if self.stage.is_some() {
            return self.act(if is_on { Act::Forward } else { Act::Back }, effects);
        }
        let at = View::ALL.iter().position(|&view| view == self.view);
        if let Some(next) = step.from(at, View::ALL.len()) {
            self.go_to(View::ALL[next], effects);
        }
    }

    pub(super) fn act(&mut self, act: Act, effects: &mut Vec<Effect>) {
        let Some(stage) = &mut self.stage else { return };
        let mut place = stage.place.clone();
        let last = place.lesson.steps().len() - 1;
        match act {
            Act::Set(name, value) if place.set(&name, &value) => {
                stage.before = None;
                if name == place.guess_name() {
                    effects.push(Effect::FocusQuestion);
                }
            }
            Act::Set(..) => self.notice = Some(Notice::TooLong),
            Act::Forward if stage.scene.question.as_ref().is_some_and(|question| question.is_open()) => {
                place.set(&place.guess_name(), SKIP);
            }
            Act::Forward => place.step = last.min(place.step + 1),
            Act::Back => place.step = place.step.saturating_sub(1),
            Act::Go(step) => place.step = last.min(step),
            Act::Reset => {
                stage.before = Some(place.clone());
                if place.is_touched() {
                    place.clear("");
                } else {
                    place.step = 0;
                }
            }
            Act::Undo => place = stage.before.take().unwrap_or(place),
            Act::Probe(sent) if self.mode == Mode::Live => {
                effects.push(Effect::Probe(sent.clone()));
                self.probe = Some(Probe { sent, received: None });
            }
            Act::Probe(_) => {}
            Act::Probed(received) => {
                if let Some(probe) = &mut self.probe {
                    probe.received = Some(received);
                }
            }
        }
        if place == stage.place {
            return;
        }
        let is_step = place.step != stage.place.step;
        effects.push(if is_step { Effect::Address(place.fragment()) } else { Effect::Amend(place.fragment()) });
        if is_step {
            let [title, _] = place.lesson.step(place.step, self.prefs.language);
            self.announcement = title.to_owned();
            effects.push(Effect::ToTop);
        }
        self.put(place, effects);
    }
}

/// The answer of who does not guess.
pub const SKIP: &str = "skip";

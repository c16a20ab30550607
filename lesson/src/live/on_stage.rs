//! Going on and back, in a lesson and in its run; inputs, forks, and what a real server says to them.

use super::{Act, Effect, LESSON, Mode, Notice, Probe, SKIP, Selection, Stage, State, Step, View};
use crate::lessons::route::{self, ROUTE};
use crate::lessons::{Performance, Place};

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

    pub(super) fn open_page(&mut self, fragment: &str, effects: &mut Vec<Effect>) {
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
            stage.pace = old.pace;
            // What is undone is undone where one is looking.
            if old.place.lesson.id() == stage.place.lesson.id() && old.place.step == stage.place.step {
                stage.past = old.past;
                stage.last_set = old.last_set;
            }
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
        let mut past = std::mem::take(&mut stage.past);
        let last_set = stage.last_set.take();
        let is_kept = matches!(act, Act::Reset | Act::Undo);
        match act {
            Act::Set(name, value) if place.set(&name, &value) => {
                if name == place.guess_name() {
                    effects.extend([Effect::FocusQuestion, Effect::ShowQuestion]);
                } else if last_set.as_ref() != Some(&name) {
                    past.push(stage.place.clone());
                }
                stage.last_set = Some(name);
            }
            Act::Set(..) => self.notice = Some(Notice::TooLong),
            Act::Forward if stage.scene().is_waiting() => {
                place.set(&place.guess_name(), SKIP);
                effects.push(Effect::ShowQuestion);
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
            Act::Tick if !was_playing => {}
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
                    past.push(stage.place.clone());
                    plays = true;
                } else {
                    self.notice = Some(Notice::TooLong);
                }
            }
            Act::Original => {
                past.push(stage.place.clone());
                place.fork(None);
            }
            Act::Reset => {
                past.push(stage.place.clone());
                if place.is_touched() {
                    place.clear("");
                } else {
                    place.step = 0;
                }
            }
            Act::Undo => place = past.pop().unwrap_or(place),
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
        // Another step has its own past; a reset that has led there is undone from there.
        let keeps = is_kept || place.step == stage.place.step;
        self.go(place, effects);
        let Some(stage) = &mut self.stage else { return };
        stage.past = if keeps { past } else { Vec::new() };
        if plays {
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
        if is_step {
            return;
        }
        // What has just crossed is what is looked at.
        if self.stage.as_ref().is_some_and(|stage| stage.session.len() != before) {
            self.select_newest();
        }
        effects.push(Effect::RevealNewest);
    }

    fn select_newest(&mut self) {
        let newest = self.stage.as_ref().and_then(|stage| stage.session.items().last());
        self.selection = newest.map(|item| Selection::of_item(LESSON, item));
    }
}

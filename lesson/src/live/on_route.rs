//! The way through a class, from stop to stop.

use super::{Effect, State};
use crate::lessons::Place;
use crate::lessons::route::{self, ROUTE, Stop};

impl State {
    /// The stop of the route before or behind this one, if the lesson's steps lead there.
    pub fn next_stop(&self, is_on: bool) -> Option<&'static Stop> {
        let next = if is_on { self.stop? + 1 } else { self.stop?.checked_sub(1)? };
        let is_at_edge = self.stage.as_ref().is_none_or(|stage| {
            let (step, last) = (stage.place.step, stage.place.lesson.steps().len() - 1);
            if is_on { step == last && !stage.scene().is_waiting() } else { step == 0 }
        });
        ROUTE.get(next).filter(|_| is_at_edge)
    }

    pub(super) fn go_to_stop(&mut self, is_on: bool, effects: &mut Vec<Effect>) {
        let Some(stop) = self.next_stop(is_on) else { return };
        if let Some(stage) = &self.stage {
            self.passed.retain(|place| place.lesson.id() != stage.place.lesson.id());
            self.passed.push(stage.place.clone());
        }
        let mut fragment = stop.fragment.to_owned();
        if let Some((first, _)) = Place::read(stop.fragment) {
            // What was answered stays answered.
            let passed = self.passed.iter().find(|place| place.lesson.id() == first.lesson.id());
            let mut place = passed.cloned().unwrap_or(first);
            place.step = if is_on { 0 } else { place.lesson.steps().len() - 1 };
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
}

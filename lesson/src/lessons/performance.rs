//! A scene as it is performed: its run, how far it has come, and what was forked off.

use ws101_trace::Trace;

use super::{Place, Scene, WhatIf};
use crate::engine::{Scenario, Timeline};
use crate::text::Language;

/// A scene and its run.
pub struct Performance {
    /// What is on the stage.
    pub scene: Scene,
    /// The run.
    pub timeline: Timeline,
    /// Of a fork: the run of the scene's own scenario.
    pub original: Option<Timeline>,
    /// The step of the run that has come.
    pub step: usize,
}

impl Performance {
    /// What is performed at a place.
    pub fn at(place: &Place, language: Language) -> Self {
        let scene = place.lesson.scene(place, language);
        let own = Timeline::new(scene.scenario.clone(), scene.held);
        // Before the question is answered, no fork shows more than may be seen.
        let (timeline, original) = match place.forked().filter(|_| !scene.is_waiting()) {
            Some(fork) => (Timeline::new(fork, None), Some(own)),
            None => (own, None),
        };
        let step = place.at().unwrap_or(usize::MAX).min(timeline.last());
        Self { scene, timeline, original, step }
    }

    /// What has crossed the wire.
    pub fn trace(&self) -> Trace {
        self.timeline.trace(self.step)
    }

    /// What would have crossed it by now without the fork.
    pub fn original_trace(&self) -> Option<Trace> {
        let original = self.original.as_ref()?;
        Some(original.trace(self.original_step()))
    }

    /// How far the original would have come by now.
    pub fn original_step(&self) -> usize {
        let end = self.step == self.timeline.last();
        self.original.as_ref().map_or(0, |original| match end {
            true => original.last(),
            false => original.seek(self.timeline.clock(self.step)),
        })
    }

    /// Whether nothing more comes.
    pub fn is_over(&self) -> bool {
        self.step == self.timeline.last()
    }

    /// What can be done at this moment.
    pub fn what_ifs(&self) -> impl Iterator<Item = WhatIf> + '_ {
        let is_asked = !self.scene.is_waiting();
        WhatIf::ALL.into_iter().filter(move |what_if| is_asked && what_if.is_possible(&self.timeline, self.step))
    }

    /// The scenario in which it is done.
    pub fn fork(&self, what_if: WhatIf) -> Scenario {
        self.timeline.fork(self.step, what_if.cause())
    }
}

//! Moving through a run, and changing it.
//!
//! **Stepping back runs the scenario again from its start.** A step takes some microseconds and a lesson has some hundred of them,
//! so this is never felt; snapshots would hold every connection, pipe and record many times over, and ask of `core` that a connection
//! can be copied, masking keys included, which no real one should be. That running again comes to the same state is what determinism
//! means here, and every step back is a test of it.

use std::time::Duration;

use super::{Cause, Input, Learned, Run, Scenario};

/// A scenario with a place in its run.
struct Track {
    scenario: Scenario,
    run: Run,
}

impl Track {
    fn new(scenario: Scenario) -> Self {
        let run = Run::new(scenario.seed);
        Self { scenario, run }
    }

    /// Goes to where `steps` steps and then some waiting led.
    fn replay(&mut self, steps: u32, clock: Duration) {
        self.run = Run::new(self.scenario.seed);
        while self.run.steps() < steps && self.run.step(&self.scenario) {}
        self.run.wait(clock);
    }

    fn seek(&mut self, time: Duration) {
        if time < self.run.clock() {
            self.run = Run::new(self.scenario.seed);
        }
        self.run.advance(&self.scenario, time);
    }
}

/// What [`Player::undo`] goes back to.
struct Past {
    scenario: Scenario,
    original: Option<Scenario>,
    steps: u32,
    clock: Duration,
}

/// Plays a scenario: moves in its time, changes it, takes changes back.
pub struct Player {
    first: Scenario,
    track: Track,
    /// What was forked off, at the same time.
    original: Option<Track>,
    past: Vec<Past>,
}

impl Player {
    /// At the start: nothing has happened yet.
    pub fn new(scenario: Scenario) -> Self {
        Self { first: scenario.clone(), track: Track::new(scenario), original: None, past: Vec::new() }
    }

    /// The scenario as it is now, with the inputs that have not happened yet.
    pub fn scenario(&self) -> &Scenario {
        &self.track.scenario
    }

    /// What has happened.
    pub fn run(&self) -> &Run {
        &self.track.run
    }

    /// What would have happened by now without the changes since [`fork`](Self::fork).
    pub fn original(&self) -> Option<&Run> {
        self.original.as_ref().map(|track| &track.run)
    }

    /// The time, since the TCP connection was opened.
    pub fn clock(&self) -> Duration {
        self.run().clock()
    }

    /// When something happens next, if ever.
    pub fn next_at(&self) -> Option<Duration> {
        self.run().next_at(self.scenario())
    }

    /// Lets the next thing happen; `false` when there is none.
    pub fn step(&mut self) -> bool {
        let stepped = self.track.run.step(&self.track.scenario);
        self.keep_pace();
        stepped
    }

    /// Takes the last step back; `false` at the start.
    pub fn back(&mut self) -> bool {
        let steps = self.run().steps();
        self.track.replay(steps.saturating_sub(1), Duration::ZERO);
        self.keep_pace();
        steps > 0
    }

    /// Goes to a time, at which all has happened that happens then.
    pub fn seek(&mut self, time: Duration) {
        self.track.seek(time);
        self.keep_pace();
    }

    /// Goes on until an end learns something that is wanted, to the end of the step in which it does. If that never comes,
    /// nothing moves, and `false` is returned.
    pub fn until(&mut self, wanted: &dyn Fn(&Learned) -> bool) -> bool {
        let (steps, clock) = (self.run().steps(), self.clock());
        let Track { scenario, run } = &mut self.track;
        let mut known = run.learned().len();
        while run.step(scenario) {
            if run.learned()[known..].iter().any(wanted) {
                self.keep_pace();
                return true;
            }
            known = run.learned().len();
        }
        self.track.replay(steps, clock);
        false
    }

    /// Does something now, after all else that happens now; what was to happen later still does, unless this was
    /// [forked](Self::fork) off.
    pub fn input(&mut self, cause: Cause) {
        self.remember();
        let Track { scenario, run } = &mut self.track;
        scenario.insert(Input { at: run.clock(), cause });
        run.advance(scenario, run.clock());
        self.keep_pace();
    }

    /// Leaves the scenario here: what was to be put in later is not, and the original goes on beside it.
    pub fn fork(&mut self) {
        self.remember();
        self.original = Some(Track::new(self.track.scenario.clone()));
        self.track.scenario.truncate(self.track.run.inputs());
        self.keep_pace();
    }

    /// Back to the first scenario and its start.
    pub fn reset(&mut self) {
        self.remember();
        self.original = None;
        self.track = Track::new(self.first.clone());
    }

    /// Takes the last input, fork or reset back, and returns to where that was made; `false` when there was none.
    pub fn undo(&mut self) -> bool {
        let Some(Past { scenario, original, steps, clock }) = self.past.pop() else { return false };
        self.track = Track::new(scenario);
        self.track.replay(steps, clock);
        self.original = original.map(Track::new);
        self.keep_pace();
        true
    }

    fn remember(&mut self) {
        let original = self.original.as_ref().map(|track| track.scenario.clone());
        let (scenario, steps, clock) = (self.scenario().clone(), self.run().steps(), self.clock());
        self.past.push(Past { scenario, original, steps, clock });
    }

    /// What is compared is compared at the same time.
    fn keep_pace(&mut self) {
        let clock = self.clock();
        if let Some(original) = &mut self.original {
            original.seek(clock);
        }
    }
}

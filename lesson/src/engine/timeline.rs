//! A whole run, and an index of its steps.
//!
//! **Going anywhere in a run is a look into the index.** A record is only ever appended to, so what was there after a step is the
//! beginning of what is there at the end: nothing is run backwards, no state is kept twice. A fork is another scenario, the same up to
//! a step, and so another timeline beside the first.

use std::time::Duration;

use ws101_core::Role;
use ws101_trace::Trace;

use super::{Cause, Happening, Input, Learned, Run, Scenario, Stage};

/// A scenario's run with what there was after each of its steps.
pub struct Timeline {
    scenario: Scenario,
    run: Run,
    moments: Vec<Moment>,
}

/// How far things were after a step.
#[derive(Clone, Copy)]
struct Moment {
    at: Duration,
    what: Option<Happening>,
    inputs: usize,
    runs: usize,
    learned: usize,
    closed: bool,
    stages: [Stage; 2],
}

impl Moment {
    fn of(run: &Run, what: Option<Happening>) -> Self {
        Self {
            at: run.clock(),
            what,
            inputs: run.inputs(),
            runs: run.trace().runs().len(),
            learned: run.learned().len(),
            closed: run.trace().closed().is_some(),
            stages: [Role::Client, Role::Server].map(|role| run.stage(role)),
        }
    }
}

impl Timeline {
    /// Runs a scenario: to its end, or, if it is held, as far as things happen until then.
    pub fn new(scenario: Scenario, held: Option<Duration>) -> Self {
        let mut run = Run::new(scenario.seed);
        let mut moments = vec![Moment::of(&run, None)];
        while run.next_at(&scenario).is_some_and(|next| held.is_none_or(|held| next <= held)) {
            let what = run.step(&scenario);
            moments.push(Moment::of(&run, what));
        }
        Self { scenario, run, moments }
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// All that has happened in the end.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The last step's number. Step 0 is the start, where nothing has happened yet.
    pub fn last(&self) -> usize {
        self.moments.len() - 1
    }

    /// When a step was, since the TCP connection was opened. Behind the last step, this and all else is as it is there.
    pub fn clock(&self, step: usize) -> Duration {
        self.moment(step).at
    }

    /// What a step was; `None` for the start.
    pub fn what(&self, step: usize) -> Option<Happening> {
        self.moment(step).what
    }

    /// How far an end was after a step, in its own view.
    pub fn stage(&self, step: usize, role: Role) -> Stage {
        self.moment(step).stages[usize::from(role == Role::Server)]
    }

    /// The inputs that have happened by a step.
    pub fn inputs(&self, step: usize) -> &[Input] {
        &self.scenario.inputs()[..self.moment(step).inputs]
    }

    /// What the ends have learned by a step.
    pub fn learned(&self, step: usize) -> &[Learned] {
        &self.run.learned()[..self.moment(step).learned]
    }

    /// What the tap has recorded by a step.
    pub fn trace(&self, step: usize) -> Trace {
        let (record, Moment { runs, closed, .. }) = (self.run.trace(), self.moment(step));
        let mut trace = Trace::new();
        for run in &record.runs()[..runs] {
            trace.push(run.at, run.direction, record.bytes_of(run));
        }
        if let Some(at) = record.closed().filter(|_| closed) {
            trace.close(at);
        }
        trace
    }

    /// The last step until a time.
    pub fn seek(&self, time: Duration) -> usize {
        self.moments.partition_point(|moment| moment.at <= time) - 1
    }

    /// The first step behind one in which an end learns something that is wanted.
    pub fn until(&self, step: usize, wanted: impl Fn(&Learned) -> bool) -> Option<usize> {
        let known = self.moment(step).learned;
        let index = known + self.run.learned()[known..].iter().position(wanted)?;
        Some(self.step_of(index))
    }

    /// The step in which the fact of this number was learned.
    pub fn step_of(&self, learned: usize) -> usize {
        self.moments.partition_point(|moment| moment.learned <= learned)
    }

    /// The first step by which the run of this number was recorded.
    pub fn step_of_run(&self, run: usize) -> usize {
        self.moments.partition_point(|moment| moment.runs <= run)
    }

    /// The same scenario up to a step, at which something else is done; what was to be put in later is not.
    pub fn fork(&self, step: usize, cause: Cause) -> Scenario {
        let Moment { at, inputs, .. } = self.moment(step);
        let mut scenario = self.scenario.clone();
        scenario.truncate(inputs);
        scenario.insert(Input { at, cause });
        scenario
    }

    fn moment(&self, step: usize) -> Moment {
        self.moments[step.min(self.last())]
    }
}

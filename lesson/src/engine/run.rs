//! Virtual time: what happens next, and when.

use std::time::Duration;

use ws101_core::Role;
use ws101_trace::{Direction, Trace};

use super::end::End;
use super::link::{Arrival, Link, Pipe};
use super::scenario::{LONGEST, whole};
use super::{Cause, Change, Fact, Flight, Random, Scenario, Stage};

/// What an end learned, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// Since the TCP connection was opened.
    pub at: Duration,
    /// Which end.
    pub role: Role,
    /// What.
    pub fact: Fact,
}

/// A scenario being run: everything that has happened up to now.
pub struct Run {
    clock: Duration,
    steps: u32,
    /// So many inputs have happened.
    inputs: usize,
    link: Link,
    /// When something was last put into the link or came out of it.
    crossed: Duration,
    /// The client and the server.
    ends: [End; 2],
    /// From the client, and from the server.
    pipes: [Pipe; 2],
    trace: Trace,
    learned: Vec<Learned>,
}

/// What happens at the same time happens in this order; an input comes behind all that it could change otherwise.
enum Turn {
    Arrive(usize),
    Write(usize),
    Deadline(usize),
    Idle,
    Input,
}

const CLIENT: usize = 0;
const SERVER: usize = 1;

/// No run takes more steps: a link that somebody typed cannot hang the page.
const MOST_STEPS: u32 = 100_000;

impl Run {
    pub(crate) fn new(seed: u64) -> Self {
        // Not the numbers that the client takes for its keys.
        let mut dice = Random::new(!seed);
        Self {
            clock: Duration::ZERO,
            steps: 0,
            inputs: 0,
            link: Link::default(),
            crossed: Duration::ZERO,
            ends: [End::new(Role::Client, seed), End::new(Role::Server, seed)],
            pipes: [Pipe::new(dice.number()), Pipe::new(dice.number())],
            trace: Trace::new(),
            learned: Vec::new(),
        }
    }

    /// The time, since the TCP connection was opened.
    pub fn clock(&self) -> Duration {
        self.clock
    }

    /// How many steps it took to get here.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// How many inputs have happened.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// What the tap at the server has recorded.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// What both ends have learned, in order of time.
    pub fn learned(&self) -> &[Learned] {
        &self.learned
    }

    /// How far an end is, in its own view.
    pub fn stage(&self, role: Role) -> Stage {
        self.ends[side(role)].stage()
    }

    /// All bytes that an end has written, those included that have not arrived.
    pub fn written(&self, role: Role) -> &[u8] {
        &self.pipes[side(role)].stream
    }

    /// The segments that an end has sent.
    pub fn flights(&self, role: Role) -> &[Flight] {
        &self.pipes[side(role)].flights
    }

    /// When something happens next.
    pub(super) fn next_at(&self, scenario: &Scenario) -> Option<Duration> {
        self.next(scenario).map(|(at, _)| at)
    }

    fn next(&self, scenario: &Scenario) -> Option<(Duration, Turn)> {
        if self.steps == MOST_STEPS {
            return None;
        }
        let ([client, server], [from_client, from_server]) = (&self.ends, &self.pipes);
        let is_up = client.stage() != Stage::Waiting && !(client.is_closed() && server.is_closed());
        let mut first = None;
        for (at, turn) in [
            (from_client.due(), Turn::Arrive(CLIENT)),
            (from_server.due(), Turn::Arrive(SERVER)),
            (client.flush_at(), Turn::Write(CLIENT)),
            (server.flush_at(), Turn::Write(SERVER)),
            (client.deadline(), Turn::Deadline(CLIENT)),
            (server.deadline(), Turn::Deadline(SERVER)),
            (self.link.idle_limit.filter(|_| is_up).map(|limit| self.crossed + limit), Turn::Idle),
            (scenario.inputs().get(self.inputs).map(|input| input.at), Turn::Input),
        ] {
            if let Some(at) = at
                && at <= LONGEST
                && first.as_ref().is_none_or(|(earliest, _)| at < *earliest)
            {
                first = Some((at, turn));
            }
        }
        first.map(|(at, turn)| (at.max(self.clock), turn))
    }

    /// Does what comes next; `false` when nothing does.
    pub(crate) fn step(&mut self, scenario: &Scenario) -> bool {
        let Some((at, turn)) = self.next(scenario) else { return false };
        self.clock = at;
        self.steps += 1;
        match turn {
            Turn::Arrive(from) => self.arrive(from),
            Turn::Write(from) => self.write(from),
            Turn::Deadline(of) => {
                self.ends[of].on_deadline(at);
                self.write(of);
            }
            Turn::Idle => {
                self.link.idle_limit = None;
                for pipe in &mut self.pipes {
                    pipe.close_between(at, &self.link);
                }
            }
            Turn::Input => {
                let input = &scenario.inputs()[self.inputs];
                self.inputs += 1;
                match &input.cause {
                    Cause::End(role, act) => {
                        self.ends[side(*role)].act(act, at);
                        self.write(side(*role));
                    }
                    Cause::Link(change) => self.change(*change),
                }
            }
        }
        for (end, role) in self.ends.iter_mut().zip([Role::Client, Role::Server]) {
            self.learned.extend(end.learned.drain(..).map(|fact| Learned { at, role, fact }));
        }
        true
    }

    /// Lets all happen that happens until then.
    pub(super) fn advance(&mut self, scenario: &Scenario, time: Duration) {
        let time = whole(time, Duration::ZERO, LONGEST);
        while self.next_at(scenario).is_some_and(|at| at <= time) {
            self.step(scenario);
        }
        self.wait(time);
    }

    /// Lets the time pass up to then; nothing happens in it.
    pub(super) fn wait(&mut self, time: Duration) {
        self.clock = self.clock.max(time);
    }

    fn change(&mut self, change: Change) {
        self.link.change(change);
        if change == Change::Cut {
            for pipe in &mut self.pipes {
                pipe.cut(self.clock);
            }
        }
    }

    fn arrive(&mut self, from: usize) {
        let to = 1 - from;
        self.crossed = self.clock;
        match self.pipes[from].turn(self.clock, &self.link) {
            Arrival::Bytes(bytes, last) if !self.ends[to].is_closed() => {
                let bytes = &self.pipes[from].stream[bytes];
                if to == SERVER {
                    self.trace.push(self.clock, Direction::ClientToServer, bytes);
                }
                self.ends[to].receive(bytes, last, self.clock);
            }
            Arrival::Bytes(..) => {}
            Arrival::TimedOut => {
                self.ends[from].on_tcp_timeout();
                self.write(from);
            }
        }
    }

    /// Puts into the link what an end has to write, if anything.
    fn write(&mut self, from: usize) {
        if !self.ends[from].wants_to_write() {
            return;
        }
        let (bytes, last) = self.ends[from].take_out();
        if from == SERVER {
            self.trace.push(self.clock, Direction::ServerToClient, &bytes);
            if last {
                self.trace.close(self.clock);
            }
        }
        self.pipes[from].write(&bytes, last, self.clock, &self.link);
        self.crossed = self.clock;
    }
}

fn side(role: Role) -> usize {
    match role {
        Role::Client => CLIENT,
        Role::Server => SERVER,
    }
}

//! Virtual time: what happens next, and when.

use std::time::Duration;

use ws101_core::Role;
use ws101_trace::{Direction, Trace};

use super::end::End;
use super::link::{Arrival, Link, Pipe};
use super::scenario::LONGEST;
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

/// What a step of a run is. What happens at the same time happens in this order; an input comes behind all that it could change
/// otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Something of what this end has written comes out at the other; or TCP sends again what was lost.
    Crossed(Role),
    /// This end writes what it has to answer.
    Wrote(Role),
    /// A deadline of this end has passed.
    Deadline(Role),
    /// A proxy between the ends closes both connections, as nothing has crossed for too long.
    Idle,
    /// The input of this number.
    Input(usize),
}

const CLIENT: usize = 0;
const SERVER: usize = 1;

/// No run takes more steps: a link that somebody typed cannot hang the page.
const MOST_STEPS: u32 = 20_000;

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

    fn next(&self, scenario: &Scenario) -> Option<(Duration, Happening)> {
        if self.steps == MOST_STEPS {
            return None;
        }
        let ([client, server], [from_client, from_server]) = (&self.ends, &self.pipes);
        let is_up = client.stage() != Stage::Waiting && !(client.is_closed() && server.is_closed());
        let mut first = None;
        for (at, turn) in [
            (from_client.due(), Happening::Crossed(Role::Client)),
            (from_server.due(), Happening::Crossed(Role::Server)),
            (client.flush_at(), Happening::Wrote(Role::Client)),
            (server.flush_at(), Happening::Wrote(Role::Server)),
            (client.deadline(), Happening::Deadline(Role::Client)),
            (server.deadline(), Happening::Deadline(Role::Server)),
            (self.link.idle_limit.filter(|_| is_up).map(|limit| self.crossed + limit), Happening::Idle),
            (scenario.inputs().get(self.inputs).map(|input| input.at), Happening::Input(self.inputs)),
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

    /// Does what comes next, and tells what that was; `None` when nothing comes.
    pub(crate) fn step(&mut self, scenario: &Scenario) -> Option<Happening> {
        let (at, happening) = self.next(scenario)?;
        self.clock = at;
        self.steps += 1;
        match happening {
            Happening::Crossed(from) => self.arrive(side(from)),
            Happening::Wrote(from) => self.write(side(from)),
            Happening::Deadline(of) => {
                let of = side(of);
                self.ends[of].on_deadline(at);
                self.write(of);
            }
            Happening::Idle => {
                self.link.idle_limit = None;
                for pipe in &mut self.pipes {
                    pipe.close_between(at, &self.link);
                }
            }
            Happening::Input(number) => {
                let input = &scenario.inputs()[number];
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
        Some(happening)
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

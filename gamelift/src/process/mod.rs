//! The server process's side: a game server with server SDK 5 in it, as a state machine.
//!
//! **A [`Process`] does no I/O and has no clock**; simulations run hundreds of them in virtual time, the sample game server runs one
//! on a socket. The caller's loop:
//!
//! 1. [`start`](Process::start) it. Whatever [`poll`](Process::poll) gives is done: connections opened, messages sent.
//! 2. Say what became of it: [`opened`](Process::opened), [`refused`](Process::refused), [`received`](Process::received),
//!    [`lost`](Process::lost).
//! 3. At [`deadline`](Process::deadline), call [`on_deadline`](Process::on_deadline). A frozen process has none.
//! 4. Players come and go by [`call`](Process::call).
//!
//! Sections are those of the protocol's description; see the crate's documentation.

mod game;
mod link;
mod output;
mod requests;
mod settings;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

pub use output::{Callback, LinkId, Output};
pub use settings::{Behaviour, Fault, HealthCheck, SdkTiming, Settings};

use crate::random::{Random, uuid};
use crate::words::words;
use link::Attempt;
use requests::Pending;

words! {
    /// Where a process stands, from its own point of view.
    Phase {
        /// Not started, or not yet at `InitSDK`.
        Starting = "STARTING",
        /// In `InitSDK`.
        Connecting = "CONNECTING",
        /// `InitSDK` succeeded.
        Initialized = "INITIALIZED",
        /// In `ProcessReady`.
        Activating = "ACTIVATING",
        /// `ProcessReady` succeeded.
        Ready = "READY",
        /// In `ProcessEnding`, or behind it.
        Ending = "ENDING",
        /// Gone.
        Exited = "EXITED",
    }
}

/// A server process. See the [module's documentation](self) for the contract.
pub struct Process {
    settings: Settings,
    random: Box<dyn Random + Send>,
    phase: Phase,
    /// The connection for writing, if it is open.
    link: Option<LinkId>,
    last_link: u32,
    attempt: Option<Attempt>,
    /// Nothing is written before; Go lets the old connection drain.
    draining: bool,
    /// A close code told the SDK not to come back (§1.7).
    stays_away: bool,
    outbox: VecDeque<String>,
    pending: Vec<Pending>,
    timeouts: u32,
    idempotency_token: String,
    game_session_id: String,
    fault: Option<Fault>,
    timers: Vec<(Duration, Timer)>,
    outputs: VecDeque<Output>,
}

/// What a process waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Timer {
    Init,
    Retry,
    Ready,
    Heartbeat,
    /// `OnHealthCheck` has not returned.
    HealthCheckLimit,
    Loaded,
    Shutdown,
    Exit(i32),
    Fault(Fault),
    /// The answer to this request.
    Answer(String),
    /// The old connection has drained.
    Drained(Option<LinkId>),
}

impl core::fmt::Debug for Process {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Process")
            .field("process_id", &self.settings.process_id)
            .field("phase", &self.phase)
            .field("link", &self.link)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

impl Process {
    /// A process that has not been started.
    pub fn new(settings: Settings, random: impl Random + Send + 'static) -> Self {
        Self {
            settings,
            random: Box::new(random),
            phase: Phase::Starting,
            link: None,
            last_link: 0,
            attempt: None,
            draining: false,
            stays_away: false,
            outbox: VecDeque::new(),
            pending: Vec::new(),
            timeouts: 0,
            idempotency_token: String::new(),
            game_session_id: String::new(),
            fault: None,
            timers: Vec::new(),
            outputs: VecDeque::new(),
        }
    }

    /// It is launched. `InitSDK` comes when the game is so far.
    pub fn start(&mut self, now: Duration) {
        self.set_timer(now + self.settings.behaviour.start, Timer::Init);
        self.on_deadline(now);
    }

    /// The next thing that it does, if there is one.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Where it stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What is wrong with it, once it is.
    pub fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// What it was started with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its game session's id; empty if there is none.
    pub fn game_session_id(&self) -> &str {
        &self.game_session_id
    }

    /// Something goes wrong with it now.
    pub fn break_it(&mut self, now: Duration, fault: Fault) {
        if !self.is_inert() {
            self.fault = Some(fault);
            if fault == Fault::Crash {
                self.exit(139);
            }
            self.on_deadline(now);
        }
    }

    /// When [`on_deadline`](Self::on_deadline) wants to be called, if ever.
    pub fn deadline(&self) -> Option<Duration> {
        if self.is_inert() { None } else { self.timers.iter().map(|(at, _)| *at).min() }
    }

    /// Does everything that is due by `now`, in the order of time.
    pub fn on_deadline(&mut self, now: Duration) {
        while let Some(due) = self.deadline().filter(|due| *due <= now) {
            let Some(index) = self.timers.iter().position(|(at, _)| *at == due) else { return };
            let (_, timer) = self.timers.remove(index);
            self.on_timer(now, timer);
        }
    }

    fn on_timer(&mut self, now: Duration, timer: Timer) {
        match timer {
            Timer::Init => {
                self.phase = Phase::Connecting;
                self.idempotency_token = uuid(self.random.bits());
                self.connect();
            }
            Timer::Retry => self.try_again(),
            Timer::Ready => self.process_ready(now),
            Timer::Heartbeat => self.check_health(now),
            Timer::HealthCheckLimit => self.report_health(now, false),
            Timer::Loaded => self.activate_game_session(now),
            Timer::Shutdown => self.process_ending(now),
            Timer::Exit(code) => self.exit(code),
            Timer::Fault(fault) => self.break_it(now, fault),
            Timer::Answer(id) => self.on_timeout(now, &id),
            Timer::Drained(old) => self.on_drained(old),
        }
    }

    fn set_timer(&mut self, at: Duration, timer: Timer) {
        self.timers.push((at, timer));
    }

    /// Gone or frozen: it neither hears nor does anything.
    fn is_inert(&self) -> bool {
        self.phase == Phase::Exited || self.fault == Some(Fault::Frozen)
    }

    fn exit(&mut self, code: i32) {
        self.phase = Phase::Exited;
        self.timers.clear();
        self.link = None;
        self.outputs.push_back(Output::Exit { code });
    }
}

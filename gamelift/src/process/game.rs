//! The game: what it calls, and what it does when it is called.

use core::time::Duration;

use super::{Callback, Fault, HealthCheck, Output, Phase, Process, Timer};
use crate::message::{Dialect, Request, push, request};

impl Process {
    /// The game ends of its own accord: `ProcessEnding`.
    pub fn process_ending(&mut self, now: Duration) {
        if self.is_inert() || matches!(self.phase, Phase::Starting | Phase::Connecting | Phase::Ending) {
            return;
        }
        self.phase = Phase::Ending;
        // C++ and C# stop the heartbeats first, Go when it has succeeded (§4.1).
        if self.settings.dialect != Dialect::Go {
            self.timers.retain(|(_, timer)| !matches!(timer, Timer::Heartbeat | Timer::HealthCheckLimit));
        }
        self.request(now, &Request::TerminateServerProcess(request::TerminateServerProcess {}));
    }

    pub(super) fn ended(&mut self, now: Duration, well: bool) {
        let code = match self.settings.dialect {
            Dialect::Go => None,
            Dialect::Cpp => Some(1001),
            Dialect::CSharp => Some(1000),
        };
        if let Some(link) = self.link.take() {
            self.outputs.push_back(Output::Close { link, code });
        }
        self.timers.clear();
        self.pending.clear();
        self.set_timer(now + self.settings.behaviour.exit, Timer::Exit(if well { 0 } else { -1 }));
    }

    pub(super) fn process_ready(&mut self, now: Duration) {
        self.phase = Phase::Activating;
        let request = request::ActivateServerProcess {
            sdk_version: self.settings.sdk_version.clone(),
            sdk_language: self.settings.dialect.word().into(),
            port: self.settings.port,
            log_paths: self.settings.log_paths.clone(),
            ..Default::default()
        };
        self.request(now, &Request::ActivateServerProcess(request));
    }

    pub(super) fn became_ready(&mut self, now: Duration) {
        self.phase = Phase::Ready;
        if let Some((after, fault)) = self.settings.behaviour.fault {
            self.set_timer(now + after, Timer::Fault(fault));
        }
        // The first report comes at once.
        self.check_health(now);
    }

    /// `OnHealthCheck`, and the next one in 60 s ± 10 s.
    pub(super) fn check_health(&mut self, now: Duration) {
        let next = self.next_heartbeat();
        self.set_timer(now + next, Timer::Heartbeat);
        let blocked = self.fault == Some(Fault::CallbackBlocks);
        let says = match self.settings.behaviour.health_check {
            _ if blocked => None,
            HealthCheck::Healthy => Some(true),
            HealthCheck::Unhealthy => Some(false),
            HealthCheck::Absent => Some(self.settings.dialect == Dialect::Cpp),
        };
        if self.settings.behaviour.health_check != HealthCheck::Absent {
            self.outputs.push_back(Output::Callback(Callback::HealthCheck(says)));
        }
        match says {
            Some(healthy) => self.report_health(now, healthy),
            None => self.set_timer(now + self.settings.timing.health_check, Timer::HealthCheckLimit),
        }
    }

    pub(super) fn report_health(&mut self, now: Duration, health_status: bool) {
        self.request(now, &Request::HeartbeatServerProcess(request::HeartbeatServerProcess { health_status }));
    }

    pub(super) fn on_start_game_session(&mut self, now: Duration, push: push::CreateGameSession) {
        self.game_session_id.clone_from(&push.game_session_id);
        self.outputs.push_back(Output::Callback(Callback::StartGameSession(push)));
        if self.settings.behaviour.activates {
            self.set_timer(now + self.settings.behaviour.load, Timer::Loaded);
        }
    }

    pub(super) fn activate_game_session(&mut self, now: Duration) {
        if self.main_loop_runs() {
            let game_session_id = self.game_session_id.clone();
            self.request(now, &Request::ActivateGameSession(request::ActivateGameSession { game_session_id }));
        }
    }

    pub(super) fn on_update_game_session(&mut self, push: push::UpdateGameSession) {
        self.outputs.push_back(Output::Callback(Callback::UpdateGameSession(push)));
    }

    pub(super) fn on_process_terminate(&mut self, now: Duration, push: &push::TerminateProcess) {
        let at = Duration::from_millis(u64::try_from(push.termination_time).unwrap_or_default());
        self.outputs.push_back(Output::Callback(Callback::ProcessTerminate(at)));
        if self.main_loop_runs() && !self.timers.iter().any(|(_, timer)| *timer == Timer::Shutdown) {
            self.set_timer(now + self.settings.behaviour.shutdown, Timer::Shutdown);
        }
    }

    fn main_loop_runs(&self) -> bool {
        self.fault != Some(Fault::MainLoopStuck)
    }

    /// A uniform draw from `heartbeat` ± `jitter`.
    fn next_heartbeat(&mut self) -> Duration {
        let timing = &self.settings.timing;
        let shortest = timing.heartbeat.saturating_sub(timing.jitter);
        let span = timing.heartbeat + timing.jitter - shortest;
        let nanoseconds = span.as_nanos().max(1);
        let drawn = self.random.bits() % nanoseconds;
        let next = shortest + Duration::from_nanos(u64::try_from(drawn).unwrap_or(u64::MAX));
        // Even an interval of zero moves on, so that time always does.
        next.max(Duration::from_millis(1))
    }
}

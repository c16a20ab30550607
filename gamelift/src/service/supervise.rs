//! The supervisor's side: who starts processes says so, and says when they exit.

use alloc::string::String;
use core::time::Duration;

use super::error::ApiError;
use super::server_process::ProcessStatus;
use super::{Effect, ProcessKey, ServerProcess, Service, TerminationReason};

impl Service {
    /// A supervisor keeps `concurrent` processes running on this compute from now on; [`Effect::Spawn`] asks for each that is
    /// missing. Zero takes it back.
    ///
    /// # Errors
    /// `NotFound`: there is no such compute.
    pub fn supervise(&mut self, fleet_id: &str, compute_name: &str, concurrent: u32) -> Result<(), ApiError> {
        let Some(compute) = self.computes.change(&(fleet_id.into(), compute_name.into())) else {
            return Err(ApiError::not_found("compute", compute_name));
        };
        compute.supervised = (concurrent > 0).then_some(concurrent);
        self.want_processes(fleet_id, compute_name);
        Ok(())
    }

    /// A supervisor started a process. It has 5 min to call `InitSDK`. A process id that is known is left as it is.
    pub fn launched(&mut self, now: Duration, key: &ProcessKey) {
        self.make_compute(now, key);
        if let Some(process) = self.processes.change(key) {
            process.supervised = true;
            return;
        }
        let mut process = ServerProcess::new(key.clone(), ProcessStatus::Launched, now);
        process.supervised = true;
        process.limit = Some(now + self.config.timing.initialization);
        self.add_process(process);
    }

    /// A process exited. Without `ProcessEnding` before, it crashed.
    pub fn exited(&mut self, now: Duration, key: &ProcessKey) {
        let Some(process) = self.processes.change(key) else { return };
        if process.status == ProcessStatus::Terminated {
            process.limit = None;
        } else {
            // Told to end and gone without a word is still the end that was asked for, unless it was sick.
            let reason = process.reason.unwrap_or(TerminationReason::Crashed);
            process.supervised = false;
            self.end(now, key, reason, false);
        }
    }

    /// Asks for the processes that a supervised compute lacks.
    pub(super) fn want_processes(&mut self, fleet_id: &str, compute_name: &str) {
        let compute = self.computes.get(&(String::from(fleet_id), String::from(compute_name)));
        let Some(wanted) = compute.and_then(|compute| compute.supervised) else { return };
        let running = self.processes.values().filter(|process| {
            process.key.fleet_id == fleet_id
                && process.key.compute_name == compute_name
                && process.status != ProcessStatus::Terminated
        });
        for _ in running.count()..wanted as usize {
            self.effects.push_back(Effect::Spawn { fleet_id: fleet_id.into(), compute_name: compute_name.into() });
        }
    }
}

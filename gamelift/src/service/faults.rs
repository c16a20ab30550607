//! Faults on purpose, so that a class can see how SDKs bear them.

use core::time::Duration;

use super::{ConnectionId, Effect, ProcessKey, Service};

/// What goes wrong for one process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Its upgrade requests are refused with 403.
    pub refuse: bool,
    /// Its requests are carried out, but not answered. (But for ActivateServerProcess, which is not carried out: a
    /// process that was not told is not ready.)
    pub mute: bool,
    /// Its answers come so much later. Pushes do not, once it is ready.
    pub delay: Duration,
}

impl Service {
    /// What goes wrong for this process from now on. It need not have connected yet.
    pub fn set_faults(&mut self, process: ProcessKey, faults: Faults) {
        if faults == Faults::default() {
            self.faults.remove(&process);
        } else {
            self.faults.insert(process, faults);
        }
    }

    /// What goes wrong for this process.
    pub fn faults(&self, process: &ProcessKey) -> Faults {
        self.faults.get(process).copied().unwrap_or_default()
    }

    /// Ends a connection: with a Close frame of this code, or without one. What the SDKs do then: §1.7.
    pub fn close_connection(&mut self, connection: ConnectionId, code: Option<u16>) {
        self.effects.push_back(match code {
            Some(code) => Effect::Close { connection, code, reason: "asked for".into() },
            None => Effect::Abort { connection },
        });
    }
}

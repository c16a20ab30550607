//! Heartbeat bookkeeping (§3): three misses, that is 180 s without a healthy report, and a process is unhealthy.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::config::Timing;

/// What is known of a process's health. It is only known as fresh as the last report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The last report: when, and whether it said healthy.
    pub last_report: Option<(Duration, bool)>,
    /// Between the last two reports: how fast time passes for the process.
    #[serde(default)]
    pub interval: Option<Duration>,
    /// Reports in a row that were bad or did not come.
    pub misses: u32,
    /// When the next report is late.
    pub(crate) report_due: Duration,
    /// When the process is unhealthy, if no healthy report comes.
    pub(crate) unhealthy_at: Duration,
}

impl Health {
    /// The clock starts when the process is ready: the first report comes at once.
    pub(crate) fn start(now: Duration, timing: &Timing) -> Self {
        Self {
            last_report: None,
            interval: None,
            misses: 0,
            report_due: now + timing.heartbeat + timing.heartbeat_tolerance,
            unhealthy_at: now + timing.unhealthy,
        }
    }

    /// A report came.
    pub(crate) fn report(&mut self, now: Duration, healthy: bool, timing: &Timing) {
        self.interval = self.last_report.map(|(before, _)| now.saturating_sub(before));
        self.last_report = Some((now, healthy));
        self.report_due = now + timing.heartbeat + timing.heartbeat_tolerance;
        if healthy {
            self.misses = 0;
            self.unhealthy_at = now + timing.unhealthy;
        } else {
            self.misses += 1;
        }
    }

    /// A report did not come: the next one is due an interval later.
    pub(crate) fn late(&mut self, timing: &Timing) {
        self.misses += 1;
        // Even a limit of zero moves on, so that time always does.
        self.report_due += timing.heartbeat.max(Duration::from_millis(1));
    }

    /// There was no connection for `gap`: nothing could be reported, so nothing was missed. A new connection may stall.
    pub(crate) fn pause(&mut self, gap: Duration, timing: &Timing) {
        self.report_due += gap + timing.reconnect_stall;
        self.unhealthy_at += gap + timing.reconnect_stall;
    }
}

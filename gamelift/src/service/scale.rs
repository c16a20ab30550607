//! Time that passes faster, for a class that cannot wait.

use super::{ApiError, ApiErrorKind, ServerProcess, Service};

impl Service {
    /// How many times as fast the time limits pass.
    pub fn time_factor(&self) -> u32 {
        self.config.time_factor
    }

    /// Lets every limit pass `factor` times as fast (1: as they are) from now on; deadlines that run are kept.
    ///
    /// The processes have to follow, and whether they do is seen by their reports. The SDK for Go can be told to by its
    /// variables; those for C++ and C# keep their 60 s, and are refused as long as time is scaled.
    ///
    /// # Errors
    /// `InvalidRequest`: not a factor. `Conflict`: a process that is attached does not follow.
    pub fn scale_time(&mut self, factor: u32) -> Result<(), ApiError> {
        if !(1..=600).contains(&factor) {
            return Err(ApiError::invalid("Factor must be 1 to 600"));
        }
        let timing = self.unscaled.faster(factor);
        let latest = timing.heartbeat + timing.heartbeat_tolerance;
        let follows = |process: &&ServerProcess| process.health.interval.is_some_and(|interval| interval <= latest);
        let mut attached = self.processes.values().filter(|process| process.connection.is_some());
        if factor > 1
            && let Some(process) = attached.find(|process| !follows(process))
        {
            let (key, language) = (&process.key, &*process.sdk_language);
            let what = match language {
                "Go" => {
                    "has not reported that fast: start it with HEALTHCHECK_INTERVAL and the other variables that \
                     `ws101 gamelift env` prints, and wait for two reports"
                }
                _ => "keeps its 60 s between two reports",
            };
            let message =
                alloc::format!("time cannot pass {factor} times as fast: {key}, with the SDK for {language}, {what}");
            return Err(ApiError::new(ApiErrorKind::Conflict, message));
        }
        self.config.timing = timing;
        self.config.time_factor = factor;
        Ok(())
    }
}

//! Connections come and go; the process is known by its ids (§1.2, §1.7).

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::error::Refused;
use super::fleet::Compute;
use super::server_process::ProcessStatus;
use super::{Admission, ConnectionId, EventCode, ProcessKey, ServerProcess, Service};
use crate::message::{Authorization, ConnectQuery};

impl Service {
    /// An upgrade request came. `Ok`: answer 101, and the connection is the process's newest from now on. The process is a new
    /// one, or the one that was known by these ids: whoever comes back has its old state and does not activate again.
    ///
    /// # Errors
    /// [`Refused`], to be answered with its status: a wrong token, an unknown compute, or the id of a process that has ended.
    pub fn connected(
        &mut self,
        now: Duration,
        connection: ConnectionId,
        query: &ConnectQuery,
    ) -> Result<ProcessKey, Refused> {
        let key = ProcessKey {
            fleet_id: query.fleet_id.clone(),
            compute_name: query.compute_id.clone(),
            process_id: query.process_id.clone(),
        };
        if let Err(why) = self.admit(now, &key, query) {
            self.process_event(now, EventCode::Refused, &key, why.clone());
            return Err(Refused { status: 403, why });
        }
        self.make_compute(now, &key);
        let token = match &query.authorization {
            Authorization::Token(token) => token.clone(),
            Authorization::SigV4 { .. } => String::new(),
        };

        if self.processes.get(&key).is_none_or(|process| process.status == ProcessStatus::Launched) {
            self.first_connection(now, connection, &key, query, token);
        } else {
            self.next_connection(now, connection, &key, &token);
        }
        self.connections.insert(connection, key.clone());
        Ok(key)
    }

    /// A connection is gone, however it went. Only the loss of the newest one means something to its process.
    pub fn disconnected(&mut self, now: Duration, connection: ConnectionId) {
        let Some(key) = self.connections.remove(&connection) else { return };
        self.lose_delayed(now, &key, connection);
        let others = self.connections.values().any(|of| *of == key);
        let Some(process) = self.processes.touch(&key) else { return };
        if process.status == ProcessStatus::Terminated && !process.supervised && !others {
            // Nobody else will say that it exited.
            process.limit = None;
        }
        if process.connection != Some(connection) {
            return;
        }
        process.connection = None;
        process.link_since = now;
        if process.status != ProcessStatus::Terminated {
            self.process_event(now, EventCode::Disconnected, &key, alloc::format!("{key} lost its connection"));
        }
    }

    fn admit(&self, now: Duration, key: &ProcessKey, query: &ConnectQuery) -> Result<(), String> {
        if self.faults(key).refuse {
            return Err(alloc::format!("{key} is refused on purpose"));
        }
        if self.time_factor() > 1 && matches!(&*query.sdk_language, "Cpp" | "CSharp") {
            let (factor, language) = (self.time_factor(), &query.sdk_language);
            return Err(alloc::format!(
                "time passes {factor} times as fast, and {key}, with the SDK for {language}, keeps its 60 s between two reports"
            ));
        }
        let process = self.processes.get(key);
        if process.is_some_and(|process| process.status == ProcessStatus::Terminated) {
            return Err(alloc::format!("{key} has ended; a new process needs a new id"));
        }
        let compute = self.computes.get(&(key.fleet_id.clone(), key.compute_name.clone()));
        if compute.is_none() && self.config.admission == Admission::Registered {
            return Err(alloc::format!("compute {} is not registered in {}", key.compute_name, key.fleet_id));
        }
        let tokens = compute.map(|compute| &*compute.tokens).unwrap_or_default();
        let Authorization::Token(token) = &query.authorization else { return Ok(()) };
        if tokens.is_empty() {
            return Ok(());
        }
        let handed_out = tokens.iter().find(|(handed_out, _)| handed_out == token);
        let known = process.is_some_and(|process| {
            // A reconnect uses the URL of the first connection, a refresh the token of the push.
            (process.status != ProcessStatus::Launched && process.token == *token)
                || process.refresh.as_ref().is_some_and(|refresh| refresh.token == *token)
        });
        if known || handed_out.is_some_and(|(_, end)| now < *end) {
            Ok(())
        } else if handed_out.is_some() {
            Err(alloc::format!("the auth token of compute {} has expired", key.compute_name))
        } else {
            Err(alloc::format!("this is not the auth token of compute {}", key.compute_name))
        }
    }

    /// Whoever connects without having been registered gets a fleet and a compute.
    pub(super) fn make_compute(&mut self, now: Duration, key: &ProcessKey) {
        let location = self.config.location.clone();
        if self.fleets.get(&key.fleet_id).is_none() {
            let name = key.fleet_id.clone();
            self.add_fleet(now, name.clone(), name, String::new(), alloc::vec![location.clone()]);
        }
        let name = (key.fleet_id.clone(), key.compute_name.clone());
        if self.computes.get(&name).is_none() {
            let compute = Compute {
                fleet_id: name.0.clone(),
                name: name.1.clone(),
                location,
                ip_address: self.config.default_ip_address.clone(),
                dns_name: String::new(),
                certificate_path: String::new(),
                created: now,
                tokens: Vec::new(),
                supervised: None,
            };
            self.computes.insert(name, compute);
        }
    }

    fn first_connection(
        &mut self,
        now: Duration,
        connection: ConnectionId,
        key: &ProcessKey,
        query: &ConnectQuery,
        token: String,
    ) {
        let launched = self.processes.get(key).cloned();
        let mut process = launched.unwrap_or_else(|| ServerProcess::new(key.clone(), ProcessStatus::Initialized, now));
        process.status = ProcessStatus::Initialized;
        process.connection = Some(connection);
        process.link_since = now;
        process.limit = Some(now + self.config.timing.ready);
        process.sdk_version = query.sdk_version.clone();
        process.sdk_language = query.sdk_language.clone();
        process.token = token;
        self.add_process(process);
        self.process_event(now, EventCode::Initialized, key, alloc::format!("{key} connected"));
    }

    fn next_connection(&mut self, now: Duration, connection: ConnectionId, key: &ProcessKey, token: &str) {
        let timing = self.config.timing.clone();
        let Some(process) = self.processes.change(key) else { return };
        let gap = process.lost_since().map_or(Duration::ZERO, |since| now.saturating_sub(since));
        process.health.pause(gap, &timing);
        process.connection = Some(connection);
        process.link_since = now;
        if process.refresh.as_ref().is_some_and(|refresh| refresh.token == token) {
            // The next reconnect uses the refreshed URL.
            process.token = token.into();
            process.refresh = None;
        }
        let terminating = process.status == ProcessStatus::Terminating;
        self.process_event(now, EventCode::Reconnected, key, alloc::format!("{key} connected once more"));
        if terminating {
            // The first push may have been lost with the old connection.
            self.push_terminate(key);
        }
    }
}

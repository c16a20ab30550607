//! What a restart must not forget: the journal, which is also the snapshot.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::table::Table;
use super::{
    Compute, Config, Event, EventCode, Fleet, GameSession, Placement, PlayerSession, ProcessKey, ProcessStatus,
    ServerProcess, Service,
};
use crate::random::Random;

/// A record as it is now. A journal is a sequence of these; a later one replaces an earlier one of the same key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant)] // Written and read one by one.
pub enum Change {
    /// A fleet.
    Fleet(Fleet),
    /// A location of one's own, and when it was made.
    Location(String, Duration),
    /// A compute.
    Compute(Compute),
    /// A compute was deregistered: its fleet and its name.
    NoCompute(String, String),
    /// A server process.
    Process(ServerProcess),
    /// A server process that ended long ago is forgotten, with its session and the session's players.
    NoProcess(ProcessKey),
    /// A game session.
    GameSession(GameSession),
    /// A player session.
    PlayerSession(PlayerSession),
    /// A placement.
    Placement(Placement),
    /// An event of GameLift's own.
    Event(Event),
    /// The time at which what precedes was true. Every batch ends with one.
    Time(Duration),
}

impl Service {
    /// Whether [`take_changes`](Self::take_changes) has anything.
    pub fn has_changes(&self) -> bool {
        self.fleets.has_changed()
            || self.locations.has_changed()
            || self.computes.has_changed()
            || self.processes.has_changed()
            || self.game_sessions.has_changed()
            || self.player_sessions.has_changed()
            || self.placements.has_changed()
            || self.events.iter().rev().any(|event| event.number > self.events_journalled && event.code.is_gamelift())
    }

    /// What changed since the last call. Whoever writes it down before acting on [`poll`](Self::poll) forgets nothing
    /// that was answered with 200. Heartbeats are no changes.
    pub fn take_changes(&mut self, now: Duration) -> Vec<Change> {
        if !self.has_changes() {
            return Vec::new();
        }
        let mut changes = Vec::new();
        changes.extend(self.fleets.take_changed().filter_map(|(_, row)| Some(Change::Fleet(row?.clone()))));
        changes.extend(self.locations.take_changed().filter_map(|(id, row)| Some(Change::Location(id, *row?))));
        changes.extend(self.computes.take_changed().map(|((fleet, name), row)| match row {
            Some(row) => Change::Compute(row.clone()),
            None => Change::NoCompute(fleet, name),
        }));
        changes.extend(self.processes.take_changed().map(|(key, row)| match row {
            Some(row) => Change::Process(row.clone()),
            None => Change::NoProcess(key),
        }));
        changes
            .extend(self.game_sessions.take_changed().filter_map(|(_, row)| Some(Change::GameSession(row?.clone()))));
        changes.extend(
            self.player_sessions.take_changed().filter_map(|(_, row)| Some(Change::PlayerSession(row?.clone()))),
        );
        changes.extend(self.placements.take_changed().filter_map(|(_, row)| Some(Change::Placement(row?.clone()))));
        let seen = self.events_journalled;
        changes.extend(self.journal_events(seen));
        self.events_journalled = self.event_number;
        changes.push(Change::Time(now));
        changes
    }

    /// Everything, as a journal that could be restored from.
    pub fn snapshot(&self, now: Duration) -> Vec<Change> {
        let mut changes: Vec<Change> = self.fleets.values().cloned().map(Change::Fleet).collect();
        changes.extend(self.locations.iter().map(|(id, since)| Change::Location(id.clone(), *since)));
        changes.extend(self.computes.values().cloned().map(Change::Compute));
        changes.extend(self.processes.values().cloned().map(Change::Process));
        changes.extend(self.game_sessions.values().cloned().map(Change::GameSession));
        changes.extend(self.player_sessions.values().cloned().map(Change::PlayerSession));
        changes.extend(self.placements.values().cloned().map(Change::Placement));
        changes.extend(self.journal_events(0));
        changes.push(Change::Time(now));
        changes
    }

    /// A service that continues what a journal or a snapshot tells. `now` counts from the same epoch.
    ///
    /// No connection survives; the processes are waited for, and what they could not do while nobody listened is not
    /// held against them: their limits, and their sessions', move by the time that passed since the journal's last
    /// entry. So a journal goes on behind a [`snapshot`](Self::snapshot) of the restored service, not behind what was
    /// read.
    pub fn restore(
        config: Config,
        random: impl Random + Send + 'static,
        journal: impl IntoIterator<Item = Change>,
        now: Duration,
    ) -> Self {
        let mut service = Self::empty(config, Box::new(random));
        let mut last = None;
        for change in journal {
            match change {
                Change::Fleet(row) => service.fleets.insert(row.id.clone(), row),
                Change::Location(id, since) => service.locations.insert(id, since),
                Change::Compute(row) => service.computes.insert((row.fleet_id.clone(), row.name.clone()), row),
                Change::NoCompute(fleet, name) => {
                    service.computes.remove(&(fleet, name));
                }
                Change::Process(row) => service.processes.insert(row.key.clone(), row),
                Change::NoProcess(key) => service.forget_process(&key),
                Change::GameSession(row) => service.game_sessions.insert(row.id.clone(), row),
                Change::PlayerSession(row) => service.player_sessions.insert(row.id.clone(), row),
                Change::Placement(row) => service.placements.insert(row.id.clone(), row),
                Change::Event(event) => {
                    service.event_number = service.event_number.max(event.number);
                    service.events.push_back(event);
                }
                Change::Time(at) => last = Some(at),
            }
        }
        service.events_journalled = service.event_number;
        service.wake(now, now.saturating_sub(last.unwrap_or(now)));
        service.forget_changes();
        service
    }

    /// Moves limits by the time that was slept through.
    fn wake(&mut self, now: Duration, slept: Duration) {
        let timing = self.config.timing.clone();
        for process in self.processes.values_untracked() {
            process.connection = None;
            process.link_since = now;
            process.limit = process.limit.map(|limit| limit + slept);
            if process.status == ProcessStatus::Active {
                // Heartbeats are not in the journal.
                process.health = super::Health { misses: process.health.misses, ..super::Health::start(now, &timing) };
            }
        }
        for session in self.game_sessions.values_untracked() {
            session.activation_limit += slept;
        }
        for player in self.player_sessions.values_untracked() {
            player.reserved_until += slept;
        }
        for placement in self.placements.values_untracked() {
            placement.limit += slept;
        }
        let fleet = self.config.fleet_id.clone();
        if self.fleets.get(&fleet).is_none() {
            let location = self.config.location.clone();
            self.locations.insert(location.clone(), now);
            self.add_fleet(now, fleet.clone(), fleet, String::new(), alloc::vec![location]);
        } else {
            self.event(now, EventCode::Generic, &fleet, None, None, "the service goes on where it stopped");
        }
    }

    fn forget_changes(&mut self) {
        fn forget<K: Ord + Clone, V>(table: &mut Table<K, V>) {
            table.take_changed().for_each(drop);
        }
        forget(&mut self.fleets);
        forget(&mut self.locations);
        forget(&mut self.computes);
        forget::<ProcessKey, _>(&mut self.processes);
        forget(&mut self.game_sessions);
        forget(&mut self.player_sessions);
        forget(&mut self.placements);
    }

    fn journal_events(&self, after: u64) -> impl Iterator<Item = Change> {
        let new = self.events.iter().filter(move |event| event.number > after && event.code.is_gamelift());
        new.cloned().map(Change::Event)
    }
}

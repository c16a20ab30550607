//! Connecting, and connecting again (§1.1–§1.7).

use alloc::string::String;
use core::time::Duration;

use super::{LinkId, Output, Phase, Process, Timer};
use crate::message::{Authorization, ConnectQuery, Dialect, push};
use crate::random::uuid;

/// An attempt to connect, and those before it.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    link: LinkId,
    /// How many failed before this one.
    failed: usize,
    /// The connection that this one is to replace, if it is still open.
    old: Option<LinkId>,
}

impl Process {
    /// The connection is open.
    pub fn opened(&mut self, now: Duration, link: LinkId) {
        if self.is_inert() {
            return;
        }
        let Some(attempt) = self.attempt.take_if(|attempt| attempt.link == link) else { return };
        self.link = Some(link);
        self.timeouts = 0;
        self.stays_away = false;
        if self.phase == Phase::Connecting {
            self.phase = Phase::Initialized;
            self.set_timer(now + self.settings.behaviour.ready, Timer::Ready);
            return;
        }
        match self.settings.dialect {
            Dialect::Go => {
                self.draining = true;
                self.set_timer(now + self.settings.timing.drain, Timer::Drained(attempt.old));
            }
            Dialect::Cpp => {
                if let Some(link) = attempt.old {
                    self.outputs.push_back(Output::Close { link, code: Some(1001) });
                }
            }
            // The old connection is abandoned.
            Dialect::CSharp => {}
        }
        self.flush();
    }

    /// The connection could not be opened: the HTTP status, if there was an answer. It is tried again, 4xx as well (§1.4).
    pub fn refused(&mut self, now: Duration, link: LinkId, status: Option<u16>) {
        if self.is_inert() {
            return;
        }
        let Some(attempt) = self.attempt.as_mut().filter(|attempt| attempt.link == link) else { return };
        let wait = self.settings.timing.retries.get(attempt.failed).copied();
        attempt.failed += 1;
        if let Some(wait) = wait {
            self.set_timer(now + wait, Timer::Retry);
            return;
        }
        self.attempt = None;
        if self.phase == Phase::Connecting {
            let why = match (self.settings.dialect, status) {
                (Dialect::Go, _) => "LocalConnectionFailed",
                (_, Some(403)) => "WEBSOCKET_CONNECT_FAILURE_FORBIDDEN",
                (_, None) => "WEBSOCKET_CONNECT_FAILURE_TIMEOUT",
                (_, Some(_)) => "WEBSOCKET_CONNECT_FAILURE",
            };
            self.outputs.push_back(Output::Failed { call: "InitSDK", why: why.into() });
            self.exit(1);
        }
    }

    /// The connection is gone: the code of the peer's Close frame, if there was one. What each SDK does: §1.7.
    pub fn lost(&mut self, link: LinkId, close_code: Option<u16>) {
        if self.is_inert() {
            return;
        }
        if let Some(attempt) = &mut self.attempt {
            attempt.old.take_if(|old| *old == link);
        }
        if self.link != Some(link) {
            return;
        }
        self.link = None;
        let normal = matches!(close_code, Some(1000 | 1001));
        if self.phase == Phase::Ending {
            return;
        }
        match self.settings.dialect {
            Dialect::Cpp | Dialect::CSharp if normal => self.stays_away = true,
            _ => self.connect(),
        }
    }

    /// Begins to connect. The present connection, if it is open, is used until the new one is there.
    pub(super) fn connect(&mut self) {
        if self.attempt.is_some() {
            return;
        }
        if self.settings.dialect == Dialect::CSharp && self.phase != Phase::Connecting {
            // Only C# makes up a new one.
            self.idempotency_token = uuid(self.random.bits());
        }
        self.attempt = Some(Attempt { link: LinkId(0), failed: 0, old: self.link });
        self.try_again();
    }

    pub(super) fn try_again(&mut self) {
        self.last_link += 1;
        let link = LinkId(self.last_link);
        let Some(attempt) = &mut self.attempt else { return };
        attempt.link = link;
        let url = self.url();
        self.outputs.push_back(Output::Connect { link, url });
    }

    /// RefreshConnection: a new connection to another URL, by another token; the old one is closed after (§2.3).
    pub(super) fn refresh(&mut self, refresh: push::RefreshConnection) {
        self.settings.endpoint = refresh.refresh_connection_endpoint;
        self.settings.auth_token = refresh.auth_token;
        self.idempotency_token = uuid(self.random.bits());
        self.attempt = None;
        self.timers.retain(|(_, timer)| *timer != Timer::Retry);
        self.connect();
    }

    pub(super) fn on_drained(&mut self, old: Option<LinkId>) {
        self.draining = false;
        if let Some(link) = old {
            // Go closes the TCP socket without a Close frame.
            self.outputs.push_back(Output::Close { link, code: None });
        }
        self.flush();
    }

    pub(super) fn write(&mut self, text: String) {
        self.outbox.push_back(text);
        self.flush();
        if self.link.is_none() && self.stays_away && self.settings.dialect == Dialect::CSharp {
            // C# connects again when it has something to say.
            self.connect();
        }
    }

    fn flush(&mut self) {
        let Some(link) = self.link.filter(|_| !self.draining) else { return };
        let texts = self.outbox.drain(..);
        self.outputs.extend(texts.map(|text| Output::Send { link, text }));
    }

    fn url(&self) -> String {
        let settings = &self.settings;
        let query = ConnectQuery {
            process_id: settings.process_id.clone(),
            compute_id: settings.compute_id.clone(),
            fleet_id: settings.fleet_id.clone(),
            sdk_version: settings.sdk_version.clone(),
            sdk_language: settings.dialect.word().into(),
            idempotency_token: Some(self.idempotency_token.clone()),
            authorization: Authorization::Token(settings.auth_token.clone()),
        };
        let query = query.write(settings.dialect);
        // C++ appends a slash to a URL that does not end in one (§1.1).
        let slash = if settings.dialect == Dialect::Cpp && !settings.endpoint.ends_with('/') { "/" } else { "" };
        alloc::format!("{}{slash}?{query}", settings.endpoint)
    }
}

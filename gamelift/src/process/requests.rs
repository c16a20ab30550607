//! Requests, their answers, and what happens when none comes (§2.1, §3).

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::{LinkId, Output, Phase, Process, Timer};
use crate::message::{Dialect, FromService, Outcome, Push, Request, RequestAction, write_request};
use crate::random::uuid;

/// C++ sends a request up to so many times.
const CPP_TRIES: u32 = 5;

/// After so many timeouts in a row, Go and C++ open a new connection.
const TIMEOUTS: u32 = 2;

/// A request without an answer.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    id: String,
    action: RequestAction,
    text: String,
    tries: u32,
}

impl Process {
    /// The game calls the SDK: for players who come and go, and all else that is not automatic. Its success is silent, its failure an
    /// [`Output::Failed`]. The id of the game session may be left empty.
    pub fn call(&mut self, now: Duration, mut request: Request) {
        if self.is_inert() {
            return;
        }
        match &mut request {
            Request::AcceptPlayerSession(r) => self.fill_in(&mut r.game_session_id),
            Request::RemovePlayerSession(r) => self.fill_in(&mut r.game_session_id),
            Request::UpdatePlayerSessionCreationPolicy(r) => self.fill_in(&mut r.game_session_id),
            _ => {}
        }
        self.request(now, &request);
    }

    /// A text message came.
    pub fn received(&mut self, now: Duration, _link: LinkId, text: &str) {
        if self.is_inert() {
            return;
        }
        match FromService::read(text) {
            FromService::Push(push) => self.on_push(now, push),
            FromService::Answer { action, request_id, .. } => {
                let by_action = self.settings.dialect == Dialect::CSharp;
                if by_action && action.is_empty() {
                    // C# dispatches by Action: such an answer never arrives.
                    return;
                }
                if let Some(pending) = self.take_pending(&request_id) {
                    self.timeouts = 0;
                    self.on_answer(now, pending.action, Ok(()));
                }
            }
            FromService::Failure { request_id, outcome, message } => {
                if let Some(pending) = self.take_pending(&request_id) {
                    self.timeouts = 0;
                    self.on_answer(now, pending.action, Err((outcome, message)));
                }
            }
            FromService::Ignored(_) => {}
        }
    }

    pub(super) fn request(&mut self, now: Duration, request: &Request) {
        let bits = self.random.bits();
        let id = match self.settings.dialect {
            Dialect::Cpp => alphanumerics(bits),
            Dialect::Go | Dialect::CSharp => uuid(bits),
        };
        let text = write_request(self.settings.dialect, &id, request);
        self.pending.push(Pending { id: id.clone(), action: request.action(), text: text.clone(), tries: 1 });
        self.set_timer(now + self.patience(request.action()), Timer::Answer(id));
        self.write(text);
    }

    pub(super) fn on_timeout(&mut self, now: Duration, id: &str) {
        let Some(mut pending) = self.take_pending(id) else { return };
        self.timeouts += 1;
        // C++ that was told not to come back (§1.7) has nothing to replace: its calls fail.
        if self.timeouts >= TIMEOUTS && self.settings.dialect != Dialect::CSharp && !self.stays_away {
            self.timeouts = 0;
            self.replace_link();
        }
        if self.settings.dialect == Dialect::Cpp && pending.tries < CPP_TRIES {
            pending.tries += 1;
            self.set_timer(now + self.patience(pending.action), Timer::Answer(pending.id.clone()));
            let text = pending.text.clone();
            self.pending.push(pending);
            self.write(text);
            return;
        }
        self.on_answer(now, pending.action, Err((Outcome::InternalServiceException, "no answer in time".into())));
    }

    /// Go opens a new connection beside the old one, C++ closes first.
    fn replace_link(&mut self) {
        if self.settings.dialect == Dialect::Cpp
            && let Some(link) = self.link.take()
        {
            self.outputs.push_back(Output::Close { link, code: Some(1001) });
        }
        self.connect();
    }

    fn on_answer(&mut self, now: Duration, action: RequestAction, answer: Result<(), (Outcome, String)>) {
        if let Err((outcome, message)) = &answer {
            let why = alloc::format!("{outcome:?}: {message}");
            self.outputs.push_back(Output::Failed { call: action.sdk_call(), why });
        }
        match action {
            RequestAction::ActivateServerProcess if self.phase == Phase::Activating => match answer {
                Ok(()) => self.became_ready(now),
                // A game that cannot become ready has nothing to do.
                Err(_) => self.exit(1),
            },
            RequestAction::TerminateServerProcess => self.ended(now, answer.is_ok()),
            _ => {}
        }
    }

    fn patience(&self, action: RequestAction) -> Duration {
        match action {
            RequestAction::ActivateServerProcess => self.settings.timing.activation,
            _ => self.settings.timing.request,
        }
    }

    fn take_pending(&mut self, id: &str) -> Option<Pending> {
        let index = self.pending.iter().position(|pending| pending.id == id)?;
        self.timers.retain(|(_, timer)| !matches!(timer, Timer::Answer(of) if of == id));
        Some(self.pending.remove(index))
    }

    fn fill_in(&self, game_session_id: &mut String) {
        if game_session_id.is_empty() {
            game_session_id.clone_from(&self.game_session_id);
        }
    }

    fn on_push(&mut self, now: Duration, push: Push) {
        match push {
            // Every SDK ignores it before the process is ready (§0.5).
            Push::CreateGameSession(_) | Push::UpdateGameSession(_) | Push::TerminateProcess(_)
                if !matches!(self.phase, Phase::Ready) => {}
            Push::CreateGameSession(push) => self.on_start_game_session(now, push),
            Push::UpdateGameSession(push) => self.on_update_game_session(push),
            Push::TerminateProcess(push) => self.on_process_terminate(now, &push),
            Push::RefreshConnection(push) => self.refresh(push),
        }
    }
}

/// 32 letters and digits, as C++ makes its ids.
fn alphanumerics(bits: u128) -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let digits: Vec<char> =
        (0..32u32).map(|at| char::from(DIGITS[((bits >> ((at * 4) % 124)) & 31) as usize])).collect();
    digits.into_iter().collect()
}

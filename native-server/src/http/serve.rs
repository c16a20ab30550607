//! The loop of a connection that speaks HTTP.

use std::io;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::debug;
use ws101_core::frame::CloseCode;
use ws101_core::head::{Limits, RequestHead};

use super::lab;
use super::outgoing::Outgoing;
use super::plan::{Action, Agreed, Plan};
use super::response::Response;
use crate::budget::Share;
use crate::gamelift;
use crate::pace::Pace;
use crate::scratch;
use crate::server::Server;
use crate::tap::{Claim, WatchId};
use crate::tls;
use crate::wire::Wire;
use crate::ws::Misbehaviour;

/// A connection that goes on as a WebSocket.
pub(crate) struct Upgrade {
    pub(crate) wire: Wire,
    pub(crate) agreed: Agreed,
    /// The request's head,
    pub(crate) head: Vec<u8>,
    /// and what came behind it.
    pub(crate) early: Vec<u8>,
    pub(crate) watch: Option<WatchId>,
    pub(crate) to: UpgradeTo,
}

/// What it goes on as.
pub(crate) enum UpgradeTo {
    Echo,
    Push(Pace),
    Duplex(Pace),
    Events(Pace),
    /// `true`: for the teacher.
    Broadcast(bool),
    Close(CloseCode),
    Misbehave(Misbehaviour),
    Reference,
    /// Of a watch id, or of all.
    Feed(Option<WatchId>),
    GameLift(gamelift::Upgrade),
}

/// Answers requests until the connection ends, or is upgraded.
pub(crate) async fn serve(wire: Wire, server: &Server) -> Option<Box<Upgrade>> {
    let mut http = Http { wire, server, input: Vec::new(), out: Outgoing::default(), share: server.budget.share() };
    match http.run().await {
        Ok(Some((plan, to, agreed))) => {
            let early = http.input.split_off(plan.head_len);
            Some(Box::new(Upgrade { wire: http.wire, agreed, head: http.input, early, watch: plan.watch, to }))
        }
        Ok(None) => None,
        Err(error) => {
            debug!(%error, "the connection broke");
            None
        }
    }
}

struct Http<'s> {
    wire: Wire,
    server: &'s Server,
    /// What was read and not answered yet.
    input: Vec<u8>,
    out: Outgoing,
    share: Share,
}

/// How waiting for bytes ends.
enum Read {
    Some,
    End,
    TooLate,
    /// The server stops, and nobody waits for an answer.
    Stop,
}

impl Http<'_> {
    async fn run(&mut self) -> io::Result<Option<(Plan, UpgradeTo, Agreed)>> {
        loop {
            let Some(plan) = self.next().await? else { return self.finish().await };
            self.claim(&plan);
            let Plan { head_len, body_len, head_only, close, says_continue, .. } = plan;
            let request_len = head_len + body_len;
            if says_continue && !close && self.input.len() == head_len && body_len > 0 {
                self.out.push((&b"HTTP/1.1 100 Continue\r\n\r\n"[..]).into());
            }
            while self.input.len() < request_len {
                if self.share.set(self.input.capacity()).is_err() {
                    let sentence = "The server holds as much as it may at the moment: try again soon.";
                    Response::sentence(503, sentence).with("Retry-After", "5").write(head_only, true, &mut self.out);
                    return self.finish().await;
                }
                match self.read(Instant::now() + self.server.limits.stall).await? {
                    Read::Some => {}
                    _ => return self.finish().await,
                }
            }
            match plan.action {
                Action::Answer(response) => response.write(head_only, close, &mut self.out),
                Action::Refuse(response) => self.out.push(response.into()),
                Action::Echo(fields) => {
                    let mut response = Response::minimal(self.input[head_len..request_len].to_vec());
                    fields.iter().for_each(|(name, value)| response.add(name, value));
                    response.write(head_only, close, &mut self.out);
                }
                Action::LongPoll(poll, fields) => {
                    let waited = self.wait(poll.due(self.server.elapsed()), request_len).await?;
                    if let Read::End = waited {
                        return self.finish().await;
                    }
                    let mut response = poll.answer(self.server.elapsed());
                    fields.iter().for_each(|(name, value)| response.add(name, value));
                    response.write(head_only, close, &mut self.out);
                }
                Action::Events(pace, fields) => {
                    self.out.push(lab::stream_head(&fields).into());
                    return self.stream(pace, request_len).await;
                }
                Action::Probe(silence, fields) => {
                    let (peer, bytes) = (self.wire.ends()?.1.ip(), &self.input[head_len..request_len]);
                    // A future of its own: an idle connection has no place for it.
                    let mut response = Box::pin(self.server.prober.probe(peer, bytes, silence)).await;
                    fields.iter().for_each(|(name, value)| response.add(name, value));
                    response.write(head_only, close, &mut self.out);
                }
                Action::GameLift(call, fields) => {
                    let (peer, body) = (self.wire.ends()?.1.ip(), &self.input[head_len..request_len]);
                    let answer = call.answer(self.server, peer, body);
                    let mut response = Response::new(answer.status, answer.media_type, answer.body);
                    answer.fields.iter().chain(&fields).for_each(|(name, value)| response.add(name, value));
                    response.write(head_only, close, &mut self.out);
                }
                Action::Upgrade(to, agreed) => {
                    self.flush().await?;
                    let action = Action::Refuse(Vec::new());
                    return Ok(Some((Plan { action, ..plan }, to, agreed)));
                }
            }
            self.answered(request_len);
            if close {
                return self.finish().await;
            }
        }
    }

    /// Sends the laboratory's messages until the peer has enough of them.
    async fn stream<T>(&mut self, pace: Pace, request_len: usize) -> io::Result<Option<T>> {
        loop {
            // A peer that reads slowly misses some.
            let next = pace.newest(self.server.elapsed()) + 1;
            match self.wait(pace.arrival(next), request_len).await? {
                Read::TooLate => self.out.push(lab::event(pace, next).into()),
                _ => return self.finish().await,
            }
        }
    }

    /// Waits until so long after the server's start, or the peer or the server ends; what is to be written goes out first. A peer
    /// that pipelines is heard, up to a request or two.
    async fn wait(&mut self, due: Duration, request_len: usize) -> io::Result<Read> {
        let due = self.server.started() + due;
        loop {
            let room = self.input.len() - request_len < self.server.limits.max_head;
            match self.read_while(due, room, true).await? {
                Read::Some => {}
                other => return Ok(other),
            }
        }
    }

    /// The next request, when its head is there. `None`: there is none.
    async fn next(&mut self) -> io::Result<Option<Plan>> {
        if self.out.len() > OUTBOX {
            self.flush().await?;
        }
        let waiting_since = Instant::now();
        let mut begun = (!self.input.is_empty()).then_some(waiting_since);
        let mut seen = 0;
        loop {
            if self.input.first() == Some(&tls::FIRST_BYTE) {
                return Ok(self.give_up(400, NO_TLS));
            }
            // A head is complete only at the end of a line: to be sent byte by byte costs nothing more.
            let is_new_line = seen == 0 || self.input[seen..].contains(&b'\n');
            if !self.input.is_empty() && (is_new_line || self.input.len() > self.server.limits.max_head) {
                match RequestHead::read(&self.input, &self.head_limits()) {
                    Ok(Some(head)) => return Ok(Some(Plan::new(&head, self.server))),
                    Ok(None) => {}
                    Err(too_large) => {
                        let sentence = format!("Send a shorter request: {too_large}.");
                        return Ok(self.give_up(too_large.status(), &sentence));
                    }
                }
            }
            seen = self.input.len();
            let limits = &self.server.limits;
            let deadline = begun.map_or(waiting_since + limits.keep_alive, |begun| begun + limits.head_time);
            match self.read(deadline).await? {
                Read::Some => begun = begun.or_else(|| Some(Instant::now())),
                Read::TooLate if begun.is_some() => {
                    return Ok(self.give_up(408, "The request's head did not come in time."));
                }
                _ => return Ok(None),
            }
        }
    }

    fn head_limits(&self) -> Limits {
        Limits { bytes: self.server.limits.max_head, ..Limits::default() }
    }

    /// Answers a request that cannot be read; it is the last one.
    fn give_up(&mut self, status: u16, sentence: &str) -> Option<Plan> {
        Response::sentence(status, sentence).write(false, true, &mut self.out);
        None
    }

    /// Reads more, until `deadline`. Whatever is to be written goes out first, at once.
    async fn read(&mut self, deadline: Instant) -> io::Result<Read> {
        let stops = self.input.is_empty();
        self.read_while(deadline, true, stops).await
    }

    async fn read_while(&mut self, deadline: Instant, reads: bool, stops: bool) -> io::Result<Read> {
        self.flush().await?;
        loop {
            tokio::select! {
                // What is there is read before anything else is looked at.
                biased;
                ready = self.wire.readable(), if reads => ready?,
                () = sleep_until(deadline) => return Ok(Read::TooLate),
                () = self.server.stopping(), if stops => return Ok(Read::Stop),
            }
            let read = scratch::with(|scratch| {
                let len = self.wire.try_read(scratch)?;
                self.input.extend_from_slice(&scratch[..len]);
                Ok(if len == 0 { Read::End } else { Read::Some })
            });
            match read {
                Err(error) if io::Error::kind(&error) == io::ErrorKind::WouldBlock => {}
                other => return other,
            }
        }
    }

    /// Tells the tap whose bytes these are.
    fn claim(&mut self, plan: &Plan) {
        let mut tape = self.wire.tape();
        let start = tape.read() - self.input.len() as u64;
        let head_end = start + plan.head_len as u64;
        let is_upgrade = matches!(plan.action, Action::Upgrade(..));
        let end = if is_upgrade { u64::MAX } else { head_end + plan.body_len as u64 };
        let anybody = if plan.is_shown { self.server.anybody() } else { None };
        match plan.watch.as_ref().or(anybody) {
            Some(watch) => {
                let response = tape.written() + self.out.len() as u64;
                let (path, ends) = (&plan.path, self.wire.ends().ok());
                tape.claim(&Claim { watch, path, ends, request: start..end, head_end, response });
            }
            None if is_upgrade => {}
            None => tape.pass(end),
        }
        if is_upgrade {
            tape.settle();
        }
    }

    /// A request of so many bytes was answered.
    fn answered(&mut self, request_len: usize) {
        let mut tape = self.wire.tape();
        let end = tape.written() + self.out.len() as u64;
        tape.respond(end);
        let _ = self.share.set(0);
        if self.input.len() == request_len {
            // An idle connection owns no buffer.
            self.input = Vec::new();
        } else {
            self.input.drain(..request_len);
        }
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.out.flush(&self.wire, self.server.limits.stall).await
    }

    /// Ends the connection; nothing more is answered.
    async fn finish<T>(&mut self) -> io::Result<Option<T>> {
        if self.out.len() > 0 || !self.input.is_empty() {
            self.flush().await?;
            self.input = Vec::new();
            // A future of its own: it is needed once, and late.
            Box::pin(self.wire.finish()).await;
        }
        Ok(None)
    }
}

const NO_TLS: &str = "This port speaks no TLS: say http:// or ws://, or start the server with --tls.";
/// While more than this is to be written, no further request is answered.
const OUTBOX: usize = 256 * 1024;

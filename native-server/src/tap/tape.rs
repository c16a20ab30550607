//! What the tap knows about one connection.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;

use ws101_trace::Direction;

use super::arena::ChannelKey;
use super::happening::Happening;
use super::meter::Meter;
use super::{Tap, WatchId};
use crate::tls::Ciphertext;

/// Sees every byte of a connection, and records what was claimed. Positions count the bytes of a direction from 0.
pub(crate) struct Tape {
    tap: Tap,
    read: u64,
    written: u64,
    /// What is, or may be, claimed. Nothing, once the connection was upgraded by a request that claims nothing.
    seen: Option<Box<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// Runs of a request that may be claimed when its head has been read. `None` once that cannot be any more.
    pending: Option<VecDeque<Pending>>,
    /// What was read, or will be, up to here was claimed or never will be.
    passed: u64,
    /// Claims in the order of their requests; the last one owns what is read, the first one what is written.
    claims: VecDeque<Open>,
    /// Once something was claimed.
    meter: Option<Arc<Meter>>,
}

/// Bytes that a request asked to see.
pub(crate) struct Claim<'a> {
    /// By whom.
    pub(crate) watch: &'a WatchId,
    /// The request target without its query.
    pub(crate) path: &'a str,
    /// This end of the connection and the other, where they are known.
    pub(crate) ends: Option<(SocketAddr, SocketAddr)>,
    /// The positions of the request, body included; open-ended for a connection that is upgraded.
    pub(crate) request: Range<u64>,
    /// Where the request's head ends.
    pub(crate) head_end: u64,
    /// Where the response will begin.
    pub(crate) response: u64,
}

struct Pending {
    at: u64,
    position: u64,
    bytes: Box<[u8]>,
}

struct Open {
    key: ChannelKey,
    trace: u64,
    /// When its first byte came: what its times count from.
    since: u64,
    request: Range<u64>,
    request_head_end: u64,
    response: Range<u64>,
    response_head_end: u64,
}

impl Tape {
    pub(super) fn new(tap: Tap) -> Self {
        let seen = Seen { pending: Some(VecDeque::new()), ..Seen::default() };
        Self { tap, read: 0, written: 0, seen: Some(Box::new(seen)) }
    }

    /// How many bytes were read.
    pub(crate) fn read(&self) -> u64 {
        self.read
    }

    /// How many bytes were written.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// Notes bytes that were read.
    pub(crate) fn on_read(&mut self, bytes: &[u8]) {
        let position = self.read;
        self.read += bytes.len() as u64;
        let Some(seen) = self.seen.as_deref_mut().filter(|_| !bytes.is_empty()) else { return };
        if let Some(meter) = &seen.meter {
            meter.on_read(bytes.len());
        }
        if seen.pending.is_none() && seen.claims.is_empty() {
            return;
        }
        let at = self.tap.now();
        let mut rest = 0;
        if let Some(claim) = seen.claims.back()
            && claim.request.end > position
        {
            rest = clamp(claim.request.end - position, bytes.len());
            claim.record(&self.tap, Direction::ClientToServer, position, at, &bytes[..rest]);
        }
        rest = rest.max(clamp(seen.passed.saturating_sub(position), bytes.len()));
        if let Some(pending) = &mut seen.pending
            && rest < bytes.len()
        {
            pending.push_back(Pending { at, position: position + rest as u64, bytes: bytes[rest..].into() });
        }
    }

    /// Notes how much ciphertext there was, of a connection in TLS.
    pub(crate) fn on_ciphertext(&mut self, ciphertext: Ciphertext) {
        if let Some(meter) = self.seen.as_ref().and_then(|seen| seen.meter.as_ref()) {
            meter.on_ciphertext(ciphertext);
        }
    }

    /// Notes bytes that were written.
    pub(crate) fn on_written(&mut self, mut bytes: &[u8]) {
        let mut position = self.written;
        self.written += bytes.len() as u64;
        let Some(seen) = &mut self.seen else { return };
        if let Some(meter) = &seen.meter {
            meter.on_written(bytes.len());
        }
        if seen.claims.is_empty() {
            return;
        }
        let at = self.tap.now();
        while let Some(claim) = seen.claims.front() {
            let before = clamp(claim.response.start.saturating_sub(position), bytes.len());
            position += before as u64;
            bytes = &bytes[before..];
            let own = clamp(claim.response.end.saturating_sub(position), bytes.len());
            if own > 0 {
                claim.record(&self.tap, Direction::ServerToClient, position, at, &bytes[..own]);
            }
            position += own as u64;
            bytes = &bytes[own..];
            if position < claim.response.end {
                break;
            }
            claim.close(&self.tap, at);
            seen.claims.pop_front();
        }
    }

    /// A request claims its bytes. Those that were read already are recorded now, with the time of their reading.
    pub(crate) fn claim(&mut self, claim: &Claim<'_>) {
        self.pass(claim.request.start);
        self.count(claim);
        let Some(seen) = &mut self.seen else { return };
        let pending = seen.pending.take().unwrap_or_default();
        let since = pending.front().map_or_else(|| self.tap.now(), |first| first.at);
        let open = {
            let mut arena = self.tap.arena();
            let open = Open {
                key: arena.attach(claim.watch),
                trace: arena.trace(),
                since,
                request: claim.request.clone(),
                request_head_end: claim.head_end,
                response: claim.response..u64::MAX,
                // Not known yet: the first run of the response.
                response_head_end: claim.response + 1,
            };
            arena.record(open.key, open.trace, Happening::Opened { path: Arc::from(claim.path) }, true);
            open
        };
        let mut later = VecDeque::new();
        for run in pending {
            let own = clamp(open.request.end.saturating_sub(run.position), run.bytes.len());
            if own > 0 {
                open.record(&self.tap, Direction::ClientToServer, run.position, run.at, &run.bytes[..own]);
            }
            if own < run.bytes.len() {
                later.push_back(Pending {
                    at: run.at,
                    position: run.position + own as u64,
                    bytes: run.bytes[own..].into(),
                });
            }
        }
        seen.pending = Some(later);
        seen.passed = open.request.end;
        seen.claims.push_back(open);
    }

    /// Has the connection's bytes counted from now on, and those before with them.
    fn count(&mut self, claim: &Claim<'_>) {
        if claim.watch.is_nobodys() {
            return;
        }
        let Some(seen) = &mut self.seen else { return };
        let meter = || Arc::new(Meter::new(claim.path, claim.ends, self.read, self.written));
        let is_first = seen.meter.is_none();
        let meter = seen.meter.get_or_insert_with(meter);
        // One connection of a browser may serve two of its pages, but does so rarely.
        if is_first {
            self.tap.meters().keep(claim.watch, meter);
        }
    }

    /// The response to the request that claimed last: where it ends.
    pub(crate) fn respond(&mut self, end: u64) {
        if let Some(claim) = self.seen.as_mut().and_then(|seen| seen.claims.back_mut())
            && claim.response.end == u64::MAX
        {
            claim.response.end = end;
        }
    }

    /// What was read up to `position` will not be claimed any more.
    pub(crate) fn pass(&mut self, position: u64) {
        let Some(seen) = &mut self.seen else { return };
        seen.passed = seen.passed.max(position);
        let Some(pending) = &mut seen.pending else { return };
        while let Some(run) = pending.front_mut() {
            let passed = clamp(position.saturating_sub(run.position), run.bytes.len());
            if passed < run.bytes.len() {
                run.bytes = run.bytes[passed..].into();
                run.position += passed as u64;
                return;
            }
            pending.pop_front();
        }
        // An idle connection owns no buffer.
        *pending = VecDeque::new();
    }

    /// No request follows on this connection: it was upgraded, or is about to end.
    pub(crate) fn settle(&mut self) {
        let Some(seen) = &mut self.seen else { return };
        seen.pending = None;
        if seen.claims.is_empty() && seen.meter.is_none() {
            // A connection of which nothing is seen has no place for it.
            self.seen = None;
        }
    }

    /// The connection is about to end.
    pub(crate) fn note_counts(&self) {
        if let Some(meter) = self.seen.as_ref().and_then(|seen| seen.meter.as_ref()) {
            meter.note();
        }
    }

    /// The connection ended.
    pub(crate) fn close(&mut self) {
        let Some(mut seen) = self.seen.take() else { return };
        let at = self.tap.now();
        for claim in seen.claims.drain(..) {
            claim.close(&self.tap, at);
        }
        if let Some(meter) = seen.meter.take() {
            meter.close();
        }
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.close();
    }
}

impl Open {
    fn record(&self, tap: &Tap, direction: Direction, position: u64, at: u64, bytes: &[u8]) {
        let head_end = match direction {
            Direction::ClientToServer => self.request_head_end,
            Direction::ServerToClient => self.response_head_end,
        };
        let at = at.saturating_sub(self.since);
        tap.arena().record(self.key, self.trace, Happening::Bytes { at, direction, bytes }, position < head_end);
    }

    fn close(&self, tap: &Tap, at: u64) {
        let mut arena = tap.arena();
        arena.record(self.key, self.trace, Happening::Closed { at: at.saturating_sub(self.since) }, true);
        arena.detach(self.key);
    }
}

/// The smaller of both.
fn clamp(distance: u64, len: usize) -> usize {
    usize::try_from(distance).map_or(len, |distance| distance.min(len))
}

#[cfg(test)]
mod tests {
    use ws101_trace::feed::FromServer;

    use super::*;

    fn watch() -> WatchId {
        "0123456789abcdef".parse().unwrap()
    }

    type Streams = (Vec<u8>, Vec<u8>);

    /// Both directions of each trace of the watch id, in order, and how many traces were closed.
    fn seen(tap: &Tap) -> (Vec<Streams>, usize) {
        let (mut traces, mut closed) = (Vec::new(), 0);
        for message in tap.feed(Some(&watch())).take(usize::MAX) {
            match message {
                FromServer::Opened { trace, .. } => traces.push((trace, Vec::new(), Vec::new())),
                FromServer::Bytes { trace, direction, bytes, .. } => {
                    let (_, client, server) = traces.iter_mut().find(|(other, ..)| *other == trace).unwrap();
                    if direction == Direction::ClientToServer { client } else { server }.extend(bytes);
                }
                FromServer::Closed { .. } => closed += 1,
                other => panic!("{other:?}"),
            }
        }
        (traces.into_iter().map(|(_, client, server)| (client, server)).collect(), closed)
    }

    #[test]
    fn an_exchange_between_others_is_cut_out_to_the_byte() {
        let tap = Tap::new(0);
        let mut tape = tap.tape();
        // Three pipelined requests, the second one with a body that comes later; the answers are written at once.
        tape.on_read(b"GET /1GET /2");
        tape.pass(6);
        tape.claim(&Claim { watch: &watch(), path: "/2", ends: None, request: 6..16, head_end: 12, response: 4 });
        tape.on_read(b"bodyGET /3");
        tape.respond(4 + 7);
        tape.pass(16);
        tape.pass(22);
        tape.on_written(b"one!two");
        tape.on_written(b"__2!three");
        let (traces, closed) = seen(&tap);
        assert_eq!(traces, [(b"GET /2body".to_vec(), b"two__2!".to_vec())]);
        assert_eq!(closed, 1);
        assert_eq!((tape.read(), tape.written()), (22, 16));
    }

    #[test]
    fn pipelined_claims_do_not_mix() {
        let tap = Tap::new(0);
        let mut tape = tap.tape();
        tape.on_read(b"AAAABBBB");
        tape.claim(&Claim { watch: &watch(), path: "/a", ends: None, request: 0..4, head_end: 4, response: 0 });
        tape.respond(2);
        tape.pass(4);
        tape.claim(&Claim { watch: &watch(), path: "/b", ends: None, request: 4..8, head_end: 8, response: 2 });
        tape.respond(5);
        tape.on_written(b"aabbb");
        let (traces, closed) = seen(&tap);
        assert_eq!(traces, [(b"AAAA".to_vec(), b"aa".to_vec()), (b"BBBB".to_vec(), b"bbb".to_vec())]);
        assert_eq!(closed, 2);
    }

    #[test]
    fn an_upgraded_connection_is_seen_to_its_end() {
        let tap = Tap::new(0);
        let mut tape = tap.tape();
        tape.on_read(b"head");
        tape.on_read(b"!\r\n");
        tape.claim(&Claim {
            watch: &watch(),
            path: "/ws/echo",
            ends: None,
            request: 0..u64::MAX,
            head_end: 7,
            response: 0,
        });
        tape.settle();
        tape.on_written(b"101");
        tape.on_read(b"frame");
        drop(tape);
        assert_eq!(seen(&tap), (vec![(b"head!\r\nframe".to_vec(), b"101".to_vec())], 1));
    }

    #[test]
    fn a_body_that_nobody_claimed_is_not_held_while_it_comes() {
        let tap = Tap::new(0);
        let mut tape = tap.tape();
        tape.on_read(b"POST");
        tape.pass(10);
        tape.on_read(b"bodybody");
        assert_eq!(
            tape.seen
                .as_ref()
                .and_then(|seen| seen.pending.as_ref())
                .map(|runs| runs.iter().map(|run| run.bytes.len()).sum()),
            Some(2)
        );
    }

    #[test]
    fn nothing_unclaimed_is_recorded() {
        let tap = Tap::new(0);
        let mut tape = tap.tape();
        tape.on_read(b"GET / HTTP/1.1\r\n\r\n");
        tape.pass(18);
        tape.on_written(b"the page");
        drop(tape);
        assert_eq!(tap.usage().held, 0);
        assert_eq!(tap.usage().records, 0);
    }
}

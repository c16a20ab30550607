//! What is measured, against whom, and what is to be reached.

use std::hint::black_box;

use ws101_core::MessageKind;

use crate::candidates::{Compared, Receiver, Sender, Touched};
use crate::kernel::{READ, Socket, placed, written_by};
use crate::messages::{self, ACCEPT, Message, REQUEST};
use crate::{measure, ours, peers};

/// Who runs.
#[derive(Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    /// What the bar is for.
    Ours,
    /// Another way of ours, told beside.
    Beside,
    Peer,
    /// The copy of the same bytes by the kernel, and nothing else.
    Memcpy,
}

/// What ours is held to: at most so many times the other.
#[derive(Clone, Copy, serde::Serialize)]
#[serde(tag = "against", content = "at_most", rename_all = "lowercase")]
pub enum Bar {
    BestPeer(f64),
    Memcpy(f64),
}

type Pass = Box<dyn FnMut()>;

struct Candidate {
    name: &'static str,
    who: Who,
    pass: Pass,
}

/// A case, ready to run.
pub struct Case {
    pub name: String,
    bar: Bar,
    /// What the times are divided by: messages (or handshakes) in a pass.
    operations: usize,
    bytes: usize,
    candidates: Vec<Candidate>,
}

/// A candidate's times.
#[derive(serde::Serialize)]
pub struct Entry {
    pub name: &'static str,
    pub who: Who,
    /// The lower quartile, in nanoseconds per operation.
    pub nanoseconds: f64,
    /// Ours divided by this one, paired.
    pub ours: measure::Ratio,
    /// This one divided by memcpy, paired.
    pub memcpy: Option<measure::Ratio>,
}

/// What came out.
#[derive(serde::Serialize)]
pub struct Outcome {
    pub name: String,
    pub bytes_per_operation: f64,
    pub bar: Bar,
    /// Ours divided by whom the bar names.
    pub ratio: Option<measure::Ratio>,
    pub met: Option<bool>,
    pub entries: Vec<Entry>,
}

impl Case {
    /// Only ours, so often, after once without being watched: for who looks for where the time goes. Gives how many operations
    /// that makes.
    pub fn alone(&mut self, passes: usize) -> usize {
        let ours = self.candidates.iter_mut().find(|one| one.who == Who::Ours).expect("a case has ours");
        (ours.pass)();
        watched(&mut ours.pass, passes);
        passes * self.operations
    }

    pub fn run(mut self, rounds: usize) -> Outcome {
        let mut passes: Vec<_> = self.candidates.iter_mut().map(|one| Box::new(|| (one.pass)()) as _).collect();
        let times = measure::rounds(&mut passes, rounds);
        drop(passes);
        let of = |wanted: Who| self.candidates.iter().position(|one| one.who == wanted);
        let ours = of(Who::Ours).expect("a case has ours");
        let memcpy = of(Who::Memcpy);
        let quartiles: Vec<f64> = times.iter().map(|times| measure::lower_quartile(times)).collect();
        let best_peer = (0..times.len())
            .filter(|&index| self.candidates[index].who == Who::Peer)
            .min_by(|&one, &other| quartiles[one].total_cmp(&quartiles[other]));
        let (against, at_most) = match self.bar {
            Bar::BestPeer(at_most) => (best_peer, at_most),
            Bar::Memcpy(at_most) => (memcpy, at_most),
        };
        let ratio = against.map(|against| measure::ratio(&times[ours], &times[against]));
        let met = ratio.map(|ratio| ratio.low <= at_most);
        let entries = self.candidates.iter().enumerate().map(|(index, one)| Entry {
            name: one.name,
            who: one.who,
            nanoseconds: quartiles[index] / self.operations as f64,
            ours: measure::ratio(&times[ours], &times[index]),
            memcpy: memcpy.map(|memcpy| measure::ratio(&times[index], &times[memcpy])),
        });
        Outcome {
            name: self.name,
            bytes_per_operation: self.bytes as f64 / self.operations as f64,
            bar: self.bar,
            ratio,
            met,
            entries: entries.collect(),
        }
    }
}

/// A profiler that is told this name sees nothing else.
#[inline(never)]
fn watched(pass: &mut Pass, passes: usize) {
    (0..passes).for_each(|_| pass());
}

/// A case that is made when its turn comes.
pub struct Plan {
    pub name: String,
    make: Box<dyn FnOnce(String) -> Case>,
}

impl Plan {
    fn new(name: impl Into<String>, make: impl FnOnce(String) -> Case + 'static) -> Self {
        Self { name: name.into(), make: Box::new(make) }
    }

    pub fn make(self) -> Case {
        (self.make)(self.name)
    }
}

/// Every case of the benchmark.
pub fn all() -> Vec<Plan> {
    const KIB: usize = 1 << 10;
    let size = |len: usize| if len < KIB { format!("{len} B") } else { format!("{} KiB", len / KIB) };
    let sizes = [2, 20, 125, 126, KIB, 64 * KIB, KIB * KIB];
    let receive_bar = |len| match len {
        ..KIB => Bar::BestPeer(0.6),
        KIB => Bar::Memcpy(2.2),
        65536 => Bar::Memcpy(1.8),
        _ => Bar::Memcpy(2.0),
    };
    let send_bar = |len| if len < 64 * KIB { Bar::BestPeer(1.0) } else { Bar::Memcpy(1.05) };
    let text = |payload: &[u8]| messages::uniform(payload, MessageKind::Text);
    let mut plans = Vec::new();
    for len in sizes {
        let make = move |name| receiving(name, receive_bar(len), messages::binary(len));
        plans.push(Plan::new(format!("receive {}", size(len)), make));
    }
    plans.extend([
        Plan::new("receive 100,000 of 0-125 B, text and binary", |name| {
            receiving(name, Bar::BestPeer(0.7), messages::mixed())
        }),
        Plan::new("receive 1 KiB of text, ASCII", move |name| {
            receiving(name, Bar::Memcpy(2.6), text(&messages::ascii(KIB)))
        }),
        Plan::new("receive 64 KiB of text, mixed scripts", move |name| {
            receiving(name, Bar::Memcpy(5.0), text(&messages::mixed_scripts(64 * KIB)))
        }),
    ]);
    for len in sizes {
        plans.push(Plan::new(format!("send {}", size(len)), move |name| sending(name, send_bar(len), len)));
    }
    plans.push(Plan::new("opening handshake", handshake));
    plans
}

/// Compares what the receiver gives with what was sent, twice, and makes it ready to be timed.
fn receiver<R: Receiver + 'static>(name: &'static str, who: Who, messages: &[Message], mut receiver: R) -> Candidate {
    for _ in 0..2 {
        let mut compared = Compared { expected: messages.iter() };
        receiver.receive(messages.len(), &mut compared);
        assert!(compared.expected.next().is_none(), "{name} gave fewer messages than were sent");
    }
    let count = messages.len();
    let pass = Box::new(move || receiver.receive(count, &mut Touched::default()));
    Candidate { name, who, pass }
}

fn receiving(name: String, bar: Bar, messages: Vec<Message>) -> Case {
    let wire = placed(&messages::from_client(&messages));
    let socket = || Socket::new(wire);
    let is_large = messages[0].payload.len() >= READ;
    let mut candidates = vec![Candidate { name: "memcpy", who: Who::Memcpy, pass: read_only(wire, messages.len()) }];
    let (joined, in_place) = if is_large { (Who::Beside, Who::Ours) } else { (Who::Ours, Who::Beside) };
    candidates.extend([
        receiver("ours, as in the documentation", joined, &messages, ours::Joined::new(socket())),
        receiver("ours, large messages in place", in_place, &messages, ours::InPlace::new(socket())),
        receiver("ours, lenient", Who::Beside, &messages, ours::Lenient { wire }),
        receiver("tungstenite", Who::Peer, &messages, peers::Tungstenite::new(socket())),
        receiver("fastwebsockets", Who::Peer, &messages, peers::FastWebSockets::new(socket())),
        receiver("tokio-websockets", Who::Peer, &messages, peers::TokioWebSockets::new(socket())),
        receiver("yawc, frames only", Who::Peer, &messages, peers::YawcCodec::new(socket())),
        receiver("yawc", Who::Peer, &messages, peers::Yawc::new(socket())),
        receiver("sockudo-ws", Who::Peer, &messages, peers::Sockudo::new(socket())),
        receiver("soketto", Who::Peer, &messages, peers::Soketto::new(socket())),
    ]);
    if is_large {
        candidates.push(pieces(&messages, ours::Pieces::new(socket())));
    }
    Case { name, bar, operations: messages.len(), bytes: wire.len(), candidates }
}

fn pieces(messages: &[Message], mut receiver: ours::Pieces) -> Candidate {
    let mut joined = Vec::new();
    receiver.receive(messages.len(), |piece| joined.extend_from_slice(piece));
    assert!(joined.chunks(messages[0].payload.len()).zip(messages).all(|(one, other)| one == other.payload));
    let count = messages.len();
    // It looks where each piece lies, as `Touched` does.
    let pass = Box::new(move || receiver.receive(count, |_piece| {}));
    Candidate { name: "ours, pieces as they come", who: Who::Beside, pass }
}

/// The kernel's copies alone: into one buffer, or, of large frames, into one that holds the frame.
fn read_only(wire: &'static [u8], frames: usize) -> Pass {
    let mut socket = Socket::new(wire);
    let frame = wire.len() / frames;
    let mut buffer = vec![0; frame.max(READ)];
    Box::new(move || {
        let (mut taken, mut at) = (0, 0);
        while taken < wire.len() {
            let end = if frame < READ { READ } else { frame };
            let read = socket.read(&mut buffer[at..end]);
            taken += read;
            at = if frame < READ || at + read == end { 0 } else { at + read };
            black_box(&mut buffer);
        }
    })
}

/// Compares what the sender writes with what is to be on the wire, and makes it ready to be timed.
fn sender<S: Sender + 'static>(
    name: &'static str,
    who: Who,
    messages: &[Message],
    batches: &[Vec<&'static [u8]>],
    mut sender: S,
) -> Candidate {
    let written = written_by(|| batches.iter().for_each(|batch| sender.send(batch)));
    assert!(written == messages::from_server(messages), "{name} wrote other bytes");
    let batches = batches.to_vec();
    let pass = Box::new(move || batches.iter().for_each(|batch| sender.send(black_box(batch))));
    Candidate { name, who, pass }
}

/// 64 small messages are written at once, or what fits into 64 KiB.
fn sending(name: String, bar: Bar, len: usize) -> Case {
    let messages = messages::binary(len);
    let payloads: Vec<&'static [u8]> = messages.iter().map(|message| placed(&message.payload)).collect();
    let batches: Vec<Vec<_>> = payloads.chunks((READ / len).clamp(1, 64)).map(<[_]>::to_vec).collect();
    let (buffered, vectored) = if len < READ { (Who::Ours, Who::Beside) } else { (Who::Beside, Who::Ours) };
    let mut socket = Socket::new(&[]);
    let copied = payloads.clone();
    let copy = Box::new(move || copied.iter().for_each(|payload| socket.write(black_box(payload))));
    let candidates = vec![
        Candidate { name: "memcpy", who: Who::Memcpy, pass: copy },
        sender("ours, into one buffer", buffered, &messages, &batches, ours::Buffered::new()),
        sender("ours, header and payload", vectored, &messages, &batches, ours::Vectored::new()),
        sender("tungstenite", Who::Peer, &messages, &batches, peers::Tungstenite::new(Socket::new(&[]))),
        sender("fastwebsockets", Who::Peer, &messages, &batches, peers::FastWebSockets::new(Socket::new(&[]))),
        sender("tokio-websockets", Who::Peer, &messages, &batches, peers::TokioWebSockets::new(Socket::new(&[]))),
        sender("yawc, frames only", Who::Peer, &messages, &batches, peers::YawcCodec::new(Socket::new(&[]))),
        sender("sockudo-ws", Who::Peer, &messages, &batches, peers::Sockudo::new(Socket::new(&[]))),
        sender("soketto", Who::Peer, &messages, &batches, peers::Soketto::new(Socket::new(&[]))),
    ];
    Case { name, bar, operations: messages.len(), bytes: messages.len() * len, candidates }
}

fn handshake(name: String) -> Case {
    const COUNT: usize = 64;
    let request = placed(REQUEST);
    let candidate = |name, who, shake: fn(&'static [u8])| {
        let answer = written_by(|| shake(request));
        assert!(answer.starts_with(b"HTTP/1.1 101 ") && answer.ends_with(b"\r\n\r\n"), "{name} refused");
        assert!(answer.windows(ACCEPT.len()).any(|bytes| bytes == ACCEPT), "{name} computed another value");
        let pass = Box::new(move || (0..COUNT).for_each(|_| shake(black_box(request))));
        Candidate { name, who, pass }
    };
    let candidates = vec![
        candidate("ours", Who::Ours, ours::handshake),
        candidate("tungstenite", Who::Peer, peers::tungstenite_handshake),
        candidate("tokio-websockets", Who::Peer, peers::tokio_websockets_handshake),
        candidate("sockudo-ws", Who::Peer, peers::sockudo_handshake),
        candidate("soketto", Who::Peer, peers::soketto_handshake),
    ];
    Case { name, bar: Bar::BestPeer(1.0), operations: COUNT, bytes: COUNT * request.len(), candidates }
}

//! The one bounded store of the tap.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::happening::{Happening, Weight as _};
use super::ring::Ring;
use super::{Usage, WatchId};
use tokio::sync::Notify;

/// A record, held in the ring: the bytes are a range there.
struct Record {
    trace: u64,
    what: Happening<(u64, u32)>,
    /// Part of a request's or response's head, or as small as one: outlives its eviction for a while.
    pin: bool,
}

/// A record that was pinned: it is no longer in the ring.
struct Pinned {
    index: u64,
    /// Its place among all records ever.
    number: u64,
    trace: u64,
    what: Happening<Box<[u8]>>,
}

/// The records of one watch id, in order. Indexes count from the first record ever.
#[derive(Default)]
struct Channel {
    watch: Option<WatchId>,
    records: VecDeque<Record>,
    /// The index of the oldest of `records`.
    base: u64,
    pinned: VecDeque<Pinned>,
    /// Bytes that were evicted and not pinned, ever.
    lost: u64,
    feeds: Vec<Arc<Notify>>,
    tapes: usize,
}

/// Names a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ChannelKey(u64);

/// What a feed sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    One(ChannelKey),
    /// All channels.
    All,
}

/// Where a feed is in what it sees.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor {
    /// An index of the channel; of all records ever, if it sees them all.
    index: u64,
    /// How many bytes that are not to be pinned there had been at `index`.
    loose: u64,
}

/// What a feed is given: the happenings of traces, and how many bytes were lost before them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// Heads that were evicted, and pinned.
    pub(super) pinned: Vec<(u64, Happening<Vec<u8>>)>,
    pub(super) lost: u64,
    pub(super) records: Vec<(u64, Happening<Vec<u8>>)>,
}

pub(super) struct Arena {
    ring: Ring,
    channels: HashMap<ChannelKey, Channel>,
    keys: HashMap<WatchId, ChannelKey>,
    next: u64,
    /// Where the oldest record is, the second oldest …
    order: VecDeque<(ChannelKey, u64)>,
    /// How many records there were before those of `order`.
    base: u64,
    /// Feeds of everything.
    feeds: Vec<Arc<Notify>>,
    most_records: usize,
    /// Whose pin is the oldest …, and what they hold.
    pins: VecDeque<ChannelKey>,
    pinned: usize,
    most_pinned: usize,
    evicted: u64,
    /// Bytes that were evicted and not pinned, ever.
    lost: u64,
    memory: usize,
}

impl Arena {
    /// Three quarters for the bytes, an eighth for the records, an eighth for pinned heads.
    pub(super) fn new(memory: usize) -> Self {
        let memory = memory.max(LEAST_MEMORY);
        Self {
            ring: Ring::new(memory / 4 * 3),
            channels: HashMap::new(),
            keys: HashMap::new(),
            next: 0,
            order: VecDeque::new(),
            base: 0,
            feeds: Vec::new(),
            most_records: memory / 8 / (size_of::<Record>() + size_of::<(ChannelKey, u64)>()),
            pins: VecDeque::new(),
            pinned: 0,
            most_pinned: memory / 8,
            evicted: 0,
            lost: 0,
            memory,
        }
    }

    pub(super) fn usage(&self) -> Usage {
        Usage {
            memory: self.memory,
            held: self.ring.held() + self.pinned,
            records: self.order.len(),
            evicted: self.evicted,
            watched: self.channels.len(),
        }
    }

    /// A number that names a new trace.
    pub(super) fn trace(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A tape begins to write to the channel of `watch`.
    pub(super) fn attach(&mut self, watch: &WatchId) -> ChannelKey {
        let key = self.key(watch);
        self.channel(key).tapes += 1;
        key
    }

    /// A tape is done with a channel.
    pub(super) fn detach(&mut self, key: ChannelKey) {
        self.channel(key).tapes -= 1;
        self.tidy(key);
    }

    /// A feed of `watch` begins, or of everything; `notify` is told of whatever is recorded from now on.
    pub(super) fn subscribe(&mut self, watch: Option<&WatchId>, notify: Arc<Notify>) -> Scope {
        let Some(watch) = watch else {
            self.feeds.push(notify);
            return Scope::All;
        };
        let key = self.key(watch);
        self.channel(key).feeds.push(notify);
        Scope::One(key)
    }

    /// A feed ends.
    pub(super) fn unsubscribe(&mut self, scope: Scope, notify: &Arc<Notify>) {
        match scope {
            Scope::All => self.feeds.retain(|other| !Arc::ptr_eq(other, notify)),
            Scope::One(key) => {
                self.channel(key).feeds.retain(|other| !Arc::ptr_eq(other, notify));
                self.tidy(key);
            }
        }
    }

    /// Whether somebody sees everything.
    pub(super) fn is_all_seen(&self) -> bool {
        !self.feeds.is_empty()
    }

    /// Appends a record.
    pub(super) fn record(&mut self, key: ChannelKey, trace: u64, what: Happening<&[u8]>, pin: bool) {
        let len = what.len();
        if len > self.ring.capacity() {
            // Cannot happen: a run is at most a read's or write's length, and the ring is larger. Bounded all the same.
            return;
        }
        while self.order.len() >= self.most_records || self.ring.free() < len {
            self.evict();
        }
        let what = match what {
            Happening::Opened { path } => Happening::Opened { path },
            Happening::Closed { at } => Happening::Closed { at },
            // The length fits: see above, and the ring's capacity is far below 4 GiB.
            Happening::Bytes { at, direction, bytes } => {
                Happening::Bytes { at, direction, bytes: (self.ring.push(bytes), len as u32) }
            }
        };
        let pin = pin && len <= LARGEST_PIN;
        self.feeds.iter().for_each(|feed| feed.notify_one());
        let channel = self.channel(key);
        channel.records.push_back(Record { trace, what, pin });
        channel.feeds.iter().for_each(|feed| feed.notify_one());
        let index = channel.base + channel.records.len() as u64 - 1;
        self.order.push_back((key, index));
    }

    /// What a feed has not seen, at most about `limit` bytes of it (and at least one record, if there is one).
    pub(super) fn read(&self, scope: Scope, cursor: &mut Cursor, limit: usize) -> Batch {
        match scope {
            Scope::One(key) => self.read_one(key, cursor, limit),
            Scope::All => self.read_all(cursor, limit),
        }
    }

    fn read_one(&self, key: ChannelKey, cursor: &mut Cursor, limit: usize) -> Batch {
        let mut batch = Batch::default();
        let Some(channel) = self.channels.get(&key) else { return batch };
        if cursor.index < channel.base {
            let unseen = channel.pinned.iter().filter(|pinned| pinned.index >= cursor.index);
            batch.pinned = unseen.map(|pinned| (pinned.trace, pinned.what.map(|bytes| bytes.to_vec()))).collect();
            batch.lost = channel.lost.saturating_sub(cursor.loose);
            *cursor = Cursor { index: channel.base, loose: channel.lost };
        }
        // Both are indexes of this channel, and no more records are held than fit in memory.
        let new = channel.records.iter().skip((cursor.index - channel.base) as usize);
        self.take(new, cursor, limit, &mut batch);
        batch
    }

    fn read_all(&self, cursor: &mut Cursor, limit: usize) -> Batch {
        let mut batch = Batch::default();
        if cursor.index < self.base {
            let pinned = self.channels.values().flat_map(|channel| &channel.pinned);
            let mut unseen: Vec<_> = pinned.filter(|pinned| pinned.number >= cursor.index).collect();
            unseen.sort_by_key(|pinned| pinned.number);
            let copied = unseen.iter().map(|pinned| (pinned.trace, pinned.what.map(|bytes| bytes.to_vec())));
            batch.pinned = copied.collect();
            batch.lost = self.lost.saturating_sub(cursor.loose);
            *cursor = Cursor { index: self.base, loose: self.lost };
        }
        let new = self.order.iter().skip((cursor.index - self.base) as usize).filter_map(|(key, index)| {
            let channel = self.channels.get(key)?;
            channel.records.get((index - channel.base) as usize)
        });
        self.take(new, cursor, limit, &mut batch);
        batch
    }

    /// Appends what a feed has not seen to what it is given.
    fn take<'s>(&self, new: impl Iterator<Item = &'s Record>, cursor: &mut Cursor, limit: usize, batch: &mut Batch) {
        let mut bytes = 0;
        for record in new {
            if bytes >= limit {
                break;
            }
            bytes += record.what.len() + RECORD_WEIGHT;
            cursor.index += 1;
            cursor.loose += record.loose();
            let what = record.what.map(|&(position, len)| self.ring.copy(position, len as usize));
            batch.records.push((record.trace, what));
        }
    }

    /// Drops the oldest record, or pins it.
    fn evict(&mut self) {
        let Some((key, _)) = self.order.pop_front() else { return };
        let number = self.base;
        self.base += 1;
        let channel = self.channels.entry(key).or_default();
        let Some(record) = channel.records.pop_front() else { return };
        let (index, len) = (channel.base, record.what.len());
        channel.base += 1;
        if record.pin {
            let what = record.what.map(|&(position, len)| self.ring.copy(position, len as usize).into_boxed_slice());
            channel.pinned.push_back(Pinned { index, number, trace: record.trace, what });
            self.pins.push_back(key);
            self.pinned += len + RECORD_WEIGHT;
        } else {
            channel.lost += len as u64;
            self.lost += len as u64;
            self.evicted += len as u64;
        }
        self.ring.drop_oldest(len);
        while self.pinned > self.most_pinned {
            self.unpin();
        }
        self.tidy(key);
    }

    /// Drops the oldest pin.
    fn unpin(&mut self) {
        let Some(key) = self.pins.pop_front() else { return };
        let channel = self.channels.entry(key).or_default();
        if let Some(pinned) = channel.pinned.pop_front() {
            self.pinned -= pinned.what.len() + RECORD_WEIGHT;
            self.evicted += pinned.what.len() as u64;
        }
        self.tidy(key);
    }

    fn key(&mut self, watch: &WatchId) -> ChannelKey {
        if let Some(key) = self.keys.get(watch) {
            return *key;
        }
        self.next += 1;
        let key = ChannelKey(self.next);
        self.keys.insert(watch.clone(), key);
        self.channels.insert(key, Channel { watch: Some(watch.clone()), ..Channel::default() });
        key
    }

    fn channel(&mut self, key: ChannelKey) -> &mut Channel {
        self.channels.entry(key).or_default()
    }

    /// Forgets a channel that holds nothing and that nobody has.
    fn tidy(&mut self, key: ChannelKey) {
        let Some(channel) = self.channels.get(&key) else { return };
        let used = channel.tapes > 0 || !channel.feeds.is_empty();
        if used || !channel.records.is_empty() || !channel.pinned.is_empty() {
            return;
        }
        if let Some(watch) = self.channels.remove(&key).and_then(|channel| channel.watch) {
            self.keys.remove(&watch);
        }
    }
}

impl Record {
    fn loose(&self) -> u64 {
        if self.pin { 0 } else { self.what.len() as u64 }
    }
}

/// Less would not hold one read.
const LEAST_MEMORY: usize = 256 * 1024;
/// What a record is counted as beside its bytes, where bytes are counted to bound something.
const RECORD_WEIGHT: usize = 64;
/// A head is smaller, unless it is an attack.
const LARGEST_PIN: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use ws101_trace::Direction;

    use super::*;

    fn watch(text: &str) -> WatchId {
        text.repeat(16).parse().unwrap()
    }

    fn run(bytes: &[u8]) -> Happening<&[u8]> {
        Happening::Bytes { at: 0, direction: Direction::ClientToServer, bytes }
    }

    #[test]
    fn a_feed_sees_its_own_channel_in_order() {
        let mut arena = Arena::new(0);
        let (a, b) = (arena.attach(&watch("a")), arena.attach(&watch("b")));
        arena.record(a, 1, run(b"one"), false);
        arena.record(b, 2, run(b"other"), false);
        arena.record(a, 1, run(b"two"), false);
        let mut cursor = Cursor::default();
        let seen = arena.read(Scope::One(a), &mut cursor, usize::MAX);
        assert_eq!(seen.lost, 0);
        assert_eq!(seen.records, [(1, run(b"one").map(|b| b.to_vec())), (1, run(b"two").map(|b| b.to_vec()))]);
        assert_eq!(arena.read(Scope::One(a), &mut cursor, usize::MAX), Batch::default());
    }

    #[test]
    fn a_feed_of_everything_sees_all_channels_in_order() {
        let mut arena = Arena::new(0);
        let (a, b) = (arena.attach(&watch("a")), arena.attach(&watch("b")));
        let mut cursor = Cursor::default();
        for (key, trace, bytes) in [(a, 1, b"one"), (b, 2, b"two"), (a, 1, b"3rd")] {
            arena.record(key, trace, run(bytes), trace == 2);
        }
        let seen = arena.read(Scope::All, &mut cursor, usize::MAX);
        assert_eq!(seen.records.iter().map(|(trace, _)| *trace).collect::<Vec<_>>(), [1, 2, 1]);
        assert_eq!(arena.read(Scope::All, &mut cursor, usize::MAX), Batch::default());
        // A second one begins when much is gone: it is told how much, and has what was pinned.
        for _ in 0..100 {
            arena.record(a, 1, run(&[7; 10_000]), false);
        }
        let sum = |batch: &Batch| {
            let lens = batch.records.iter().map(|(_, what)| match what {
                Happening::Bytes { bytes, .. } => bytes.len() as u64,
                _ => 0,
            });
            batch.lost + lens.sum::<u64>()
        };
        let mut late = Cursor::default();
        let batch = arena.read(Scope::All, &mut late, usize::MAX);
        assert_eq!(batch.pinned, [(2, run(b"two").map(|b| b.to_vec()))]);
        assert_eq!(sum(&batch), 1_000_006);
        let batch = arena.read(Scope::All, &mut cursor, usize::MAX);
        assert!(batch.pinned.is_empty());
        assert_eq!(sum(&batch), 1_000_000);
    }

    #[test]
    fn what_a_slow_feed_lost_is_counted_and_heads_are_kept() {
        let mut arena = Arena::new(0);
        let key = arena.attach(&watch("a"));
        arena.record(key, 1, Happening::Opened { path: "/ws/echo".into() }, true);
        arena.record(key, 1, run(b"GET /"), true);
        for _ in 0..100 {
            arena.record(key, 1, run(&[7; 10_000]), false);
        }
        let mut cursor = Cursor::default();
        let batch = arena.read(Scope::One(key), &mut cursor, usize::MAX);
        assert_eq!(batch.pinned.len(), 2);
        let kept: usize = batch
            .records
            .iter()
            .map(|(_, what)| if let Happening::Bytes { bytes, .. } = what { bytes.len() } else { 0 })
            .sum();
        assert_eq!(batch.lost + kept as u64, 1_000_000);
        assert!(batch.lost > 0);
        // A second loss counts from there on only.
        for _ in 0..100 {
            arena.record(key, 1, run(&[7; 10_000]), false);
        }
        let batch = arena.read(Scope::One(key), &mut cursor, usize::MAX);
        assert!(batch.pinned.is_empty());
        assert!(batch.lost > 0 && batch.lost < 1_000_000);
    }

    #[test]
    fn nothing_grows_without_bound_and_unused_channels_are_forgotten() {
        let mut arena = Arena::new(0);
        for i in 0..20_000_u64 {
            let key = arena.attach(&format!("{i:016}").parse().unwrap());
            arena.record(key, i, run(&[0; 700]), i % 2 == 0);
            arena.detach(key);
        }
        let usage = arena.usage();
        assert!(usage.held <= usage.memory, "{usage:?}");
        assert!(usage.watched < 1_000, "{usage:?}");
        assert_eq!(arena.keys.len(), arena.channels.len());
    }
}

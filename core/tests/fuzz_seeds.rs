//! A short seeded run of the fuzz targets' bodies, on frames and heads that are mostly in order and then damaged; and a run of the inputs
//! that fuzzing has kept.

#![cfg(not(target_arch = "wasm32"))]

mod fuzz_bodies;
mod support;

use fuzz_bodies::ALL;
use ws101_core::Role;

/// xorshift: the same bytes in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

fn frames(random: &mut Random) -> Vec<u8> {
    let mut bytes = vec![random.next() as u8, random.next() as u8];
    let reader = if bytes[0] & 1 == 0 { Role::Client } else { Role::Server };
    for _ in 0..random.below(6) {
        let first = [0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x89, 0x8A, 0x88, 0xC1][random.below(10)];
        let mut payload = random
            .pick(&["안녕".as_bytes(), b"", b"\x03\xe8bye", b"\xf2\x48\xcd\xc9\xc9\x07\x00", &[b'x'; 130]])
            .to_vec();
        payload.truncate(random.below(140));
        bytes.extend(support::frame(reader, first, &payload));
    }
    bytes
}

fn request(random: &mut Random) -> Vec<u8> {
    let mut bytes = random.pick(&["GET / HTTP/1.1\r\n", "HTTP/1.1 101 Switching Protocols\r\n"]).as_bytes().to_vec();
    for _ in 0..random.below(9) {
        let line = random.pick(&[
            "Host: a",
            "Upgrade: websocket",
            "Connection: keep-alive, Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: chat, superchat",
            "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=\"10\"",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "Content-Length: 1",
        ]);
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

#[test]
fn the_bodies_hold_for_seeded_bytes() {
    let mut random = Random(0x1017_6455);
    for round in 0..6000 {
        let mut bytes = if round % 3 == 0 { request(&mut random) } else { frames(&mut random) };
        for _ in 0..random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = random.next() as u8,
                1 => bytes[at] ^= 1 << random.below(8),
                2 => bytes.truncate(at + 1),
                _ => bytes.insert(at, random.next() as u8),
            }
        }
        for (name, body) in ALL {
            let outcome = std::panic::catch_unwind(|| body(&bytes));
            assert!(outcome.is_ok(), "{name} fails in round {round} on {bytes:x?}");
        }
        if round % 3 != 0 {
            // The differential target is a server's: its bytes begin with a frame.
            fuzz_bodies::differential(bytes.get(2..).unwrap_or_default());
        }
    }
}

#[test]
fn the_bodies_hold_for_the_corpus() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, body) in ALL {
        let folder = corpus.join(name);
        let inputs: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(inputs.len() > 100, "{} holds only {}", folder.display(), inputs.len());
        for input in inputs {
            let bytes = std::fs::read(&input).unwrap();
            assert!(std::panic::catch_unwind(|| body(&bytes)).is_ok(), "{name} fails on {}", input.display());
        }
    }
}

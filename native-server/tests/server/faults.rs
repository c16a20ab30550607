//! What goes wrong in a classroom. In each test another client sends and checks all the time: it must not notice.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use flate2::{Compress, Compression, FlushCompress};
use tungstenite::Message;

use crate::support::{Raw, Server, data, eventually, frame, request, upgrade, ws101};

/// A client that sends numbered messages, and has each of them come back once and in order.
pub(crate) struct Witness {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Witness {
    pub(crate) fn of(server: &Server) -> Self {
        let mut socket = server.websocket("/ws/echo");
        let message = |number: usize| Message::text(format!("{number} {}", "·".repeat(number % 300)));
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            let mut number = 0;
            while number < 8 || !stopped.load(Ordering::Relaxed) {
                // Four under way at once.
                for ahead in number..number + 4 {
                    socket.write(message(ahead)).unwrap();
                }
                socket.flush().unwrap();
                for expected in number..number + 4 {
                    assert_eq!(data(&mut socket), message(expected));
                }
                number += 4;
                thread::sleep(Duration::from_millis(1));
            }
        });
        Self { stop, thread }
    }

    /// Ends it; all must have come back until now.
    pub(crate) fn must_be_unharmed(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap();
    }
}

fn is_alive(server: &Server) {
    let mut socket = server.websocket("/ws/echo");
    socket.send(Message::text("alive")).unwrap();
    assert_eq!(data(&mut socket), Message::text("alive"));
}

/// The process had little memory at its worst: what a debug build takes anyway, and then some.
fn has_little_memory(server: &Server) {
    #[cfg(target_os = "linux")]
    assert!(server.peak_memory() < 100 << 20, "{} MiB", server.peak_memory() >> 20);
    let _ = server;
}

#[test]
fn heads_that_dribble() {
    let server = Server::start(&["--head-timeout", "0.4"]);
    let witness = Witness::of(&server);
    let mut slow: Vec<Raw> = (0..100).map(|_| server.connect()).collect();
    for byte in "GET / HTTP/1.1\r\nX: yyyyyyyy".bytes() {
        slow.iter_mut().for_each(|raw| drop(raw.stream.write_all(&[byte])));
        thread::sleep(Duration::from_millis(20));
    }
    for raw in &mut slow {
        assert_eq!(raw.response().status, 408);
    }
    is_alive(&server);
    witness.must_be_unharmed();
}

#[test]
fn readers_too_slow_for_a_fast_push() {
    let server = Server::start(&["--stall-timeout", "0.5"]);
    let witness = Witness::of(&server);
    let slow: Vec<Raw> = (0..20)
        .map(|_| {
            let mut raw = server.connect();
            raw.send(upgrade("/ws/push?every=1&size=65536"));
            raw
        })
        .collect();
    eventually("they are given up", || status(&server)["connections"]["websocket"] == 1);
    has_little_memory(&server);
    drop(slow);
    witness.must_be_unharmed();
}

#[test]
fn a_frame_that_announces_a_gibibyte() {
    let server = Server::start(&[]);
    let witness = Witness::of(&server);
    for target in ["/ws/echo", "/ws/push", "/ws/duplex"] {
        let mut raw = server.connect();
        raw.send(upgrade(&format!("{target}?every=60000"))).head();
        raw.send([0x82, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]);
        let answer = raw.rest();
        let close = answer.windows(4).any(|four| four[0] == 0x88 && four[2..] == 1009_u16.to_be_bytes());
        assert!(close, "{target} {answer:?}");
    }
    has_little_memory(&server);
    is_alive(&server);
    witness.must_be_unharmed();
}

#[test]
fn bombs_of_deflate() {
    let server = Server::start(&["--compression"]);
    let witness = Witness::of(&server);
    // 256 MiB of zeros in some 250 KiB, as one message.
    let mut deflate = Compress::new(Compression::best(), false);
    let mut bomb = Vec::with_capacity(1 << 20);
    for _ in 0..256 {
        deflate.compress_vec(&vec![0; 1 << 20], &mut bomb, FlushCompress::None).unwrap();
    }
    deflate.compress_vec(&[], &mut bomb, FlushCompress::Sync).unwrap();
    bomb.truncate(bomb.len() - 4);
    for _ in 0..4 {
        let mut raw = server.connect();
        let offer = "Sec-WebSocket-Extensions: permessage-deflate\r\nUpgrade: w";
        let head = raw.send(upgrade("/ws/echo").replace("Upgrade: w", offer)).head();
        assert!(head.contains("permessage-deflate"), "{head}");
        let mut bytes = vec![0xC2, 0xFF];
        bytes.extend((bomb.len() as u64).to_be_bytes());
        bytes.extend([0; 4]);
        bytes.extend(&bomb);
        raw.send(&bytes);
        let answer = raw.rest();
        assert_eq!((answer[0], &answer[2..4]), (0x88, &1009_u16.to_be_bytes()[..]));
    }
    has_little_memory(&server);
    witness.must_be_unharmed();
}

#[test]
fn resets_in_the_middle_of_a_frame() {
    let server = Server::start(&[]);
    let witness = Witness::of(&server);
    for i in 0..100 {
        let mut raw = server.connect();
        raw.send(upgrade(["/ws/echo", "/ws/reference", "/ws/duplex?every=1"][i % 3])).head();
        raw.send(&frame(0x81, &[b'x'; 100])[..7 + i % 90]);
        socket2::SockRef::from(&raw.stream).set_linger(Some(Duration::ZERO)).unwrap();
    }
    eventually("they are gone", || status(&server)["connections"]["websocket"] == 1);
    is_alive(&server);
    witness.must_be_unharmed();
}

#[test]
fn a_thousand_connects_and_drops() {
    let server = Server::start(&[]);
    let witness = Witness::of(&server);
    for i in 0..1_000 {
        let mut raw = server.connect();
        match i % 4 {
            0 => {}
            1 => drop(raw.send("GET / HT")),
            2 => drop(raw.send(upgrade("/ws/echo"))),
            _ => drop(raw.send(request("GET /lab/long-poll?every=60000", ""))),
        }
    }
    eventually("they are gone", || status(&server)["connections"]["open"] == 2);
    has_little_memory(&server);
    witness.must_be_unharmed();
}

#[test]
fn a_second_server_on_the_same_port() {
    let server = Server::start(&[]);
    let witness = Witness::of(&server);
    let second = ws101().args(["serve", "--port", &server.address.port().to_string()]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8(second.stderr).unwrap().contains("is in use. Stop the other program or choose another"));
    is_alive(&server);
    witness.must_be_unharmed();
}

#[cfg(target_os = "linux")]
#[test]
fn no_file_descriptors_left() {
    let limited = {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "ulimit -n 40; exec \"$0\" \"$@\""]).arg(ws101().get_program());
        command
    };
    let server = Server::spawn(limited, &[]);
    let witness = Witness::of(&server);
    // The system accepts them; the server cannot.
    let mut many: Vec<Raw> = (0..100).map(|_| server.connect()).collect();
    for raw in &mut many {
        raw.send(request("GET /lab/message", ""));
    }
    assert_eq!(many[0].response().status, 200);
    let mut last = many.pop().unwrap();
    last.stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(std::io::Read::read(&mut last.stream, &mut [0]).is_err());
    // As soon as some leave, those that wait have their turn.
    drop(many);
    last.stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert_eq!(last.response().status, 200);
    is_alive(&server);
    witness.must_be_unharmed();
}

#[cfg(unix)]
#[test]
fn sigterm_under_load() {
    use tungstenite::protocol::frame::coding::CloseCode;

    let mut server = Server::start(&[]);
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let mut socket = server.websocket("/ws/echo");
            thread::spawn(move || {
                let (mut sent, mut received) = (0_u32, 0_u32);
                loop {
                    if sent < received + 16 && socket.send(Message::text(sent.to_string())).is_ok() {
                        sent += 1;
                        continue;
                    }
                    match socket.read() {
                        Ok(Message::Text(text)) => {
                            assert_eq!(text.as_str(), received.to_string());
                            received += 1;
                        }
                        Ok(Message::Close(close)) => return (received, close.unwrap().code),
                        other => drop(other.unwrap()),
                    }
                }
            })
        })
        .collect();
    thread::sleep(Duration::from_millis(300));
    let begin = std::time::Instant::now();
    server.terminate();
    for client in clients {
        let (received, code) = client.join().unwrap();
        assert!(received > 0 && code == CloseCode::Away, "{received} {code}");
    }
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
}

fn status(server: &Server) -> serde_json::Value {
    serde_json::from_str(server.connect().send(request("GET /api/status", "")).response().text()).unwrap()
}

//! `/ws/wire`: what the tap shows is what crossed the wire.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::time::Duration;

use tungstenite::{Message, WebSocket};
use ws101_trace::Direction;
use ws101_trace::feed::{FromPage, FromServer, VERSION};

use crate::support::{Proxy, Raw, Server, data, frame, request, upgrade, websocket};

const WATCH: &str = "test_0123456789-abcdef";

/// What a page learns of one trace.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    path: String,
    streams: [Vec<u8>; 2],
    times: Vec<u64>,
    closed: bool,
}

struct Page {
    socket: WebSocket<TcpStream>,
    traces: BTreeMap<u64, Seen>,
    lost: u64,
}

impl Page {
    fn open(server: &Server) -> Self {
        Self::of(server, &format!("watch={WATCH}"))
    }

    fn of(server: &Server, query: &str) -> Self {
        let mut socket = server.websocket(&format!("/ws/wire?{query}"));
        assert_eq!(message(&mut socket), FromServer::Hello { version: VERSION });
        Self { socket, traces: BTreeMap::new(), lost: 0 }
    }

    /// Reads on until so many traces are closed.
    fn until_closed(&mut self, count: usize) -> Vec<&Seen> {
        while self.traces.values().filter(|seen| seen.closed).count() < count {
            self.step();
        }
        self.traces.values().collect()
    }

    fn step(&mut self) {
        match message(&mut self.socket) {
            FromServer::Hello { .. } => panic!("a second greeting"),
            FromServer::Opened { trace, path } => {
                let seen = Seen { path, ..Seen::default() };
                assert_eq!(self.traces.insert(trace, seen), None);
            }
            FromServer::Bytes { trace, at, direction, bytes } => {
                assert!(!bytes.is_empty());
                let seen = self.traces.get_mut(&trace).unwrap();
                seen.streams[usize::from(direction == Direction::ServerToClient)].extend(bytes);
                seen.times.push(at);
            }
            FromServer::Closed { trace, at } => {
                let seen = self.traces.get_mut(&trace).unwrap();
                assert!(!seen.closed);
                seen.times.push(at);
                seen.closed = true;
            }
            FromServer::Lost { bytes } => self.lost += bytes,
        }
    }
}

fn message(socket: &mut WebSocket<TcpStream>) -> FromServer {
    serde_json::from_str(data(socket).to_text().unwrap()).unwrap()
}

#[test]
fn a_websocket_is_seen_as_the_proxy_saw_it() {
    let server = Server::start(&[]);
    let mut page = Page::open(&server);
    for (before, target) in ["/ws/echo", "/ws/reference"].into_iter().enumerate() {
        let proxy = Proxy::start(server.address);
        let mut socket = websocket(proxy.address, &format!("{target}?watch={WATCH}"));
        for text in ["안녕 WebSocket".to_owned(), "x".repeat(100_000)] {
            socket.send(Message::text(text.clone())).unwrap();
            assert_eq!(data(&mut socket), Message::text(text));
        }
        socket.send(Message::Ping("p".into())).unwrap();
        socket.read().unwrap();
        socket.close(None).unwrap();
        while socket.read().is_ok() {}
        drop(socket);
        let streams = proxy.finish();
        let traces = page.until_closed(before + 1);
        let seen = traces.iter().find(|seen| seen.path == target).unwrap();
        assert!(seen.streams == streams, "{target}: {} {}", seen.streams[0].len(), streams[0].len());
        assert!(seen.streams[0].starts_with(format!("GET {target}?watch=").as_bytes()));
        assert_eq!(seen.times[0], 0);
        assert!(seen.times.is_sorted(), "{:?}", seen.times);
    }
}

#[test]
fn one_exchange_of_a_kept_connection_is_seen_and_its_neighbours_are_not() {
    let server = Server::start(&[]);
    let mut page = Page::open(&server);
    let proxy = Proxy::start(server.address);
    let mut raw = Raw::connect(proxy.address);
    raw.send(request("GET /", "")).response();
    let [before_up, before_down] = proxy.seen().map(|bytes| bytes.len());
    raw.send(request(&format!("POST /lab/echo?watch={WATCH}"), "Content-Length: 10\r\n") + "01234");
    std::thread::sleep(Duration::from_millis(50));
    raw.send("56789").response();
    let [after_up, after_down] = proxy.seen().map(|bytes| bytes.len());
    raw.send(request("GET /", "")).response();
    drop(raw);
    let streams = proxy.finish();
    let traces = page.until_closed(1);
    assert_eq!(traces.len(), 1);
    assert_eq!(traces[0].path, "/lab/echo");
    assert_eq!(traces[0].streams[0], streams[0][before_up..after_up]);
    assert_eq!(traces[0].streams[1], streams[1][before_down..after_down]);
    assert!(traces[0].streams[1].ends_with(b"\r\n\r\n0123456789"));
    assert!(traces[0].times.iter().any(|&at| at >= 40_000), "{:?}", traces[0].times);
}

#[test]
fn pipelined_exchanges_are_told_apart() {
    let server = Server::start(&[]);
    let post = |body: &str| request(&format!("POST /lab/echo?watch={WATCH}"), "Content-Length: 1\r\n") + body;
    let mut raw = server.connect();
    raw.send(request("GET /lab/message", "") + &post("a") + &post("b") + &request("GET /lab/message", "") + &post("c"));
    for _ in 0..5 {
        raw.response();
    }
    // The feed is opened afterwards, and sees them all the same.
    let mut page = Page::open(&server);
    let bodies: Vec<_> = page.until_closed(3).iter().map(|seen| seen.streams.clone().map(|s| s[s.len() - 1])).collect();
    assert_eq!(bodies, [[b'a', b'a'], [b'b', b'b'], [b'c', b'c']]);
}

#[test]
fn a_refused_upgrade_is_seen_too() {
    let server = Server::start(&[]);
    let mut page = Page::open(&server);
    let mut raw = server.connect();
    let target = format!("/ws/echo?watch={WATCH}");
    let answer = raw.send(upgrade(&target).replace("Version: 13", "Version: 12")).rest();
    assert!(answer.starts_with(b"HTTP/1.1 426 "));
    let seen = page.until_closed(1)[0];
    assert_eq!(seen.streams[1], answer);
}

#[test]
fn a_request_that_came_in_pieces_keeps_its_times() {
    let server = Server::start(&[]);
    let mut page = Page::open(&server);
    let mut raw = server.connect();
    let bytes = upgrade(&format!("/ws/echo?watch={WATCH}"));
    raw.send(&bytes[..50]);
    std::thread::sleep(Duration::from_millis(60));
    raw.send(&bytes[50..]).head();
    raw.send(frame(0x88, &[3, 0xE8])).rest();
    drop(raw);
    let seen = page.until_closed(1)[0];
    assert_eq!(seen.streams[0][..bytes.len()], *bytes.as_bytes());
    assert_eq!(seen.times[0], 0);
    assert!(seen.times[1] >= 50_000, "{:?}", seen.times);
    assert_eq!(seen.streams[1][seen.streams[1].len() - 4..], [0x88, 2, 3, 0xE8]);
}

#[test]
fn push_is_seen_and_others_are_not() {
    let server = Server::start(&[]);
    let mut page = Page::open(&server);
    let _stranger = server.websocket("/ws/push?every=1&watch=another-0123456789");
    let mut unwatched = server.websocket("/ws/echo");
    unwatched.send(Message::text("secret")).unwrap();
    let mut socket = server.websocket(&format!("/ws/push?every=10&size=20&watch={WATCH}"));
    for _ in 0..5 {
        data(&mut socket);
    }
    socket.close(None).unwrap();
    while socket.read().is_ok() {}
    drop(socket);
    let traces = page.until_closed(1);
    assert_eq!(traces.len(), 1);
    assert!(traces[0].streams[1].windows(9).any(|bytes| bytes == b"\x81\x14push 1 "));
}

#[test]
fn a_page_has_its_connections_pinged() {
    let server = Server::start(&[]);
    let mut page = Page::open(&server);
    let mut mine = [
        server.websocket(&format!("/ws/echo?watch={WATCH}")),
        server.websocket(&format!("/ws/reference?watch={WATCH}")),
    ];
    let mut raw = server.connect();
    raw.send(upgrade("/ws/echo")).head();
    let ping = serde_json::to_string(&FromPage::Ping { payload: "anybody there? ".repeat(20) }).unwrap();
    page.socket.send(Message::text(ping)).unwrap();
    for socket in &mut mine {
        match socket.read().unwrap() {
            Message::Ping(payload) => assert!(payload.len() == 125 && payload.starts_with(b"anybody")),
            other => panic!("{other:?}"),
        }
    }
    // Nobody else is. What a page may not say is ignored.
    page.socket.send(Message::text("{\"type\":\"reboot\"}")).unwrap();
    raw.send(frame(0x81, b"x"));
    assert_eq!(raw.take(3), b"\x81\x01x");
}

#[test]
fn a_slow_page_is_told_what_it_lost_and_keeps_the_upgrade() {
    let server = Server::start(&["--tap-memory", "1"]);
    let mut page = Page::open(&server);
    let mut socket = server.websocket(&format!("/ws/echo?watch={WATCH}"));
    let message = Message::binary(vec![1; 100_000]);
    let mut expected = 0;
    // The page reads nothing, while far more than the tap and the sockets' buffers hold goes by.
    for _ in 0..400 {
        socket.send(message.clone()).unwrap();
        assert_eq!(data(&mut socket).len(), 100_000);
        expected += 2 * 100_000 + 10 + 14;
    }
    socket.close(None).unwrap();
    while socket.read().is_ok() {}
    drop(socket);
    let (lost, streams) = {
        page.until_closed(1);
        (page.lost, &page.traces.values().next().unwrap().streams)
    };
    let got = (streams[0].len() + streams[1].len()) as u64;
    let head = |stream: &[u8]| stream.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    let heads = (head(&streams[0]) + head(&streams[1])) as u64;
    // A Close frame of 6 bytes from the client, one of 2 from the server.
    assert_eq!(lost + got, expected + heads + 6 + 2);
    assert!(lost > 20_000_000, "{lost}");
}

#[test]
fn a_feed_opened_late_still_gets_the_upgrade() {
    let server = Server::start(&["--tap-memory", "1"]);
    let mut socket = server.websocket(&format!("/ws/echo?watch={WATCH}"));
    for _ in 0..40 {
        socket.send(Message::binary(vec![1; 100_000])).unwrap();
        data(&mut socket);
    }
    let mut page = Page::open(&server);
    while page.traces.is_empty() || page.lost == 0 {
        page.step();
    }
    let seen = page.traces.values().next().unwrap();
    assert!(seen.streams[0].starts_with(b"GET /ws/echo?watch="));
    assert!(seen.streams[1].starts_with(b"HTTP/1.1 101 "));
}

#[test]
fn a_feed_needs_a_good_id() {
    let server = Server::start(&[]);
    for target in ["/ws/wire", "/ws/wire?watch=", "/ws/wire?watch=short", "/ws/wire?watch=spaces%20in%20here%20"] {
        assert_eq!(server.connect().send(upgrade(target)).response().status, 400, "{target}");
    }
}

#[test]
fn feeds_are_not_seen_not_even_refused_ones() {
    let server = Server::start(&[]);
    let mut page = Page::open(&server);
    drop(Page::open(&server));
    let target = format!("/ws/wire?watch={WATCH}");
    let foreign = upgrade(&target).replace("Upgrade: w", "Origin: http://elsewhere.example\r\nUpgrade: w");
    assert_eq!(server.connect().send(foreign).response().status, 403);
    assert_eq!(server.connect().send(request(&format!("GET {target}"), "")).response().status, 426);
    server.connect().send(request(&format!("GET /lab/message?watch={WATCH}"), "")).response();
    let traces = page.until_closed(1);
    assert_eq!(traces.iter().map(|seen| seen.path.as_str()).collect::<Vec<_>>(), ["/lab/message"]);
}

const TEACHER: &str = "teacher-0123456789";

#[test]
fn a_teacher_sees_all_but_feeds_and_no_secret() {
    let server = Server::start(&["--teacher-token", TEACHER]);
    let _student = Page::open(&server);
    let mut teacher = Page::of(&server, &format!("teacher={TEACHER}"));
    let proxy = Proxy::start(server.address);
    let mut raw = Raw::connect(proxy.address);
    let secret = upgrade(&format!("/ws/echo?watch={WATCH}&x=1")).replace("Upgrade: w", "Cookie: id=7\r\nUpgrade: w");
    raw.send(&secret[..70]);
    std::thread::sleep(Duration::from_millis(30));
    raw.send(&secret[70..]).head();
    raw.send(frame(0x81, b"Cookie: of a message")).take(22);
    raw.send(frame(0x88, &[3, 0xE8])).rest();
    drop(raw);
    // A stranger without an id is seen as well; who only loads the page is not.
    server.connect().send(request("GET /lab/message", "Cookie: id=8\r\n")).response();
    server.connect().send(request("GET /", "")).response();
    let [up, down] = proxy.finish();
    let traces = teacher.until_closed(2);
    assert_eq!(traces.iter().map(|seen| seen.path.as_str()).collect::<Vec<_>>(), ["/ws/echo", "/lab/message"]);
    let up = String::from_utf8_lossy(&up).replace(WATCH, &"*".repeat(WATCH.len())).replace("id=7", "****");
    assert_eq!(String::from_utf8_lossy(&traces[0].streams[0]), up);
    assert_eq!(traces[0].streams[1], down);
    assert!(traces[1].streams[0].windows(14).any(|bytes| bytes == b"Cookie: ****\r\n"));
}

#[test]
fn only_the_teacher_sees_all() {
    let server = Server::start(&["--teacher-token", TEACHER]);
    for token in ["", "teacher-0123456788", WATCH] {
        assert_eq!(server.connect().send(upgrade(&format!("/ws/wire?teacher={token}"))).response().status, 403);
    }
    let foreign =
        upgrade(&format!("/ws/wire?teacher={TEACHER}")).replace("Upgrade: w", "Origin: http://a\r\nUpgrade: w");
    assert_eq!(server.connect().send(foreign).response().status, 403);
}

#[test]
fn a_teacher_who_reads_slowly_is_told_what_was_lost() {
    let server = Server::start(&["--tap-memory", "1", "--teacher-token", TEACHER]);
    let mut teacher = Page::of(&server, &format!("teacher={TEACHER}"));
    let mut sent = 0_u64;
    for _ in 0..20 {
        let mut socket = server.websocket("/ws/echo");
        for _ in 0..10 {
            socket.send(Message::binary(vec![1; 100_000])).unwrap();
            sent += 2 * 100_000 + 10 + 14 + data(&mut socket).len() as u64 - 100_000;
        }
        socket.close(None).unwrap();
        while socket.read().is_ok() {}
    }
    teacher.until_closed(20);
    let frames = |seen: &Seen| {
        let behind_head = |stream: &[u8]| stream.len() - stream.windows(4).position(|b| b == b"\r\n\r\n").unwrap() - 4;
        (behind_head(&seen.streams[0]) + behind_head(&seen.streams[1])) as u64
    };
    let seen: u64 = teacher.traces.values().map(frames).sum();
    // A Close frame of 6 bytes from each client, one of 2 from the server.
    assert_eq!(teacher.lost + seen, sent + 20 * (6 + 2));
    assert!(teacher.lost > 10_000_000, "{}", teacher.lost);
}

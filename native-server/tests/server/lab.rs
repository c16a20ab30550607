//! The laboratory: one message, four ways.

use std::time::{Duration, Instant};

use tungstenite::Message;

use crate::support::{Server, data, eventually, frame, request, upgrade};

/// The number in `message 17 ....`.
fn number(text: &str) -> u64 {
    text.split(' ').nth(1).and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{text:?}"))
}

#[test]
fn a_short_poll_has_the_newest_the_next_or_nothing_with_a_minimal_head() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    let target = "GET /lab/poll?every=60000&size=20";
    raw.send(request(target, ""));
    assert_eq!(
        String::from_utf8(raw.take(65 + 20)).unwrap(),
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\nmessage 1 .........."
    );
    raw.send(request(&format!("{target}&after=1"), ""));
    assert_eq!(raw.take(27), b"HTTP/1.1 204 No Content\r\n\r\n");
    let first = number(raw.send(request("GET /lab/poll?every=1", "")).response().text());
    std::thread::sleep(Duration::from_millis(5));
    let next = raw.send(request(&format!("GET /lab/poll?every=1&after={first}"), "")).response();
    assert_eq!(number(next.text()), first + 1);
}

#[test]
fn a_long_poll_waits_for_the_next() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    let first = number(raw.send(request("GET /lab/long-poll?every=100", "")).response().text());
    let begin = Instant::now();
    for last in first..first + 5 {
        let response = raw.send(request(&format!("GET /lab/long-poll?every=100&after={last}"), "")).response();
        assert_eq!(response.head.len(), 65);
        assert_eq!(number(response.text()), last + 1);
    }
    let took = begin.elapsed();
    assert!(took > Duration::from_millis(350) && took < Duration::from_secs(2), "{took:?}");
    // Others are answered meanwhile, and what is pipelined afterwards.
    raw.send(request("GET /lab/long-poll?every=300", "") + &request("GET /lab/message?size=3", ""));
    assert_eq!(server.connect().send(request("GET /lab/message", "")).response().status, 200);
    number(raw.response().text());
    assert_eq!(raw.response().text(), "mes");
}

#[test]
fn who_waits_and_leaves_gives_the_place_back() {
    let server = Server::start(&[]);
    for target in ["GET /lab/long-poll?every=60000", "GET /lab/events?every=60000"] {
        let mut raw = server.connect();
        raw.send(request(target, ""));
        std::thread::sleep(Duration::from_millis(50));
        drop(raw);
    }
    eventually("both are gone", || {
        server.connect().send(request("GET /api/status", "")).response().text().contains("\"open\":1,")
    });
}

#[test]
fn an_event_stream_has_them_all() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    raw.send(request("GET /lab/events?every=40&size=20", ""));
    assert_eq!(raw.head(), "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    let mut last = None;
    for _ in 0..5 {
        let event = String::from_utf8(raw.take(28)).unwrap();
        let text = event.strip_prefix("data: ").unwrap().strip_suffix("\n\n").unwrap();
        assert_eq!(text.len(), 20);
        assert!(last.is_none_or(|last| number(text) == last + 1));
        last = Some(number(text));
    }
}

#[test]
fn all_ways_have_the_same_message() {
    let server = Server::start(&[]);
    let query = "every=200&size=30";
    let mut socket = server.websocket(&format!("/ws/events?{query}"));
    let mut stream = server.connect();
    stream.send(request(&format!("GET /lab/events?{query}"), "")).head();
    let by_websocket = data(&mut socket);
    let by_websocket = by_websocket.to_text().unwrap();
    let event = String::from_utf8(stream.take(38)).unwrap();
    assert_eq!(event, format!("data: {by_websocket}\n\n"));
    let after = number(by_websocket) - 1;
    for way in ["poll", "long-poll"] {
        let target = format!("GET /lab/{way}?{query}&after={after}");
        assert_eq!(server.connect().send(request(&target, "")).response().text(), by_websocket);
    }
}

#[test]
fn duplex_speaks_both_ways_at_once() {
    let server = Server::start(&[]);
    let mut socket = server.websocket("/ws/duplex?every=20&size=30");
    let (mut pushed, mut echoed) = (0, 0);
    for number in 0..10 {
        socket.send(Message::text(format!("mine {number}"))).unwrap();
    }
    while pushed < 10 || echoed < 10 {
        let message = data(&mut socket);
        let text = message.to_text().unwrap();
        match text.strip_prefix("mine ") {
            Some(rest) => {
                assert_eq!(rest, echoed.to_string());
                echoed += 1;
            }
            None => {
                pushed += 1;
                assert!(text.starts_with(&format!("push {pushed} ")), "{text}");
            }
        }
    }
}

#[test]
fn the_server_closes_with_the_code_that_was_asked_for() {
    let server = Server::start(&[]);
    for (query, code) in [("", 1000_u16), ("?code=1011", 1011), ("?code=4321", 4321)] {
        let mut raw = server.connect();
        raw.send(upgrade(&format!("/ws/close{query}"))).head();
        assert_eq!(raw.take(4), [&[0x88, 2], &code.to_be_bytes()[..]].concat());
        raw.send(frame(0x88, &code.to_be_bytes()));
        assert_eq!(raw.rest(), b"");
    }
    for code in ["1005", "999", "0", "5000", "x"] {
        assert_eq!(server.connect().send(upgrade(&format!("/ws/close?code={code}"))).response().status, 400, "{code}");
    }
}

#[test]
fn the_server_misbehaves_as_asked() {
    let server = Server::start(&[]);
    let begin = |name: &str| {
        let mut raw = server.connect();
        raw.send(upgrade(&format!("/ws/misbehave?frame={name}"))).head();
        raw
    };
    assert_eq!(begin("masked").take(11)[..2], [0x81, 0x85]);
    assert_eq!(begin("long-ping").take(130)[..4], [0x89, 126, 0, 126]);
    assert_eq!(begin("drop").rest(), b"");
    let mut silent = begin("silence");
    silent.send(frame(0x89, b"anybody?")).send(frame(0x88, &[3, 0xE8]));
    silent.stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(std::io::Read::read(&mut silent.stream, &mut [0]).is_err());
    let response = server.connect().send(upgrade("/ws/misbehave?frame=well")).response();
    assert_eq!((response.status, response.text().contains("rsv1, ")), (400, true));
    // An independent client fails for it.
    for name in ["masked", "rsv1", "reserved-data", "fragmented-ping", "continuation", "invalid-utf8", "close-1005"] {
        let mut socket = server.websocket(&format!("/ws/misbehave?frame={name}"));
        let outcome = (0..3).find_map(|_| socket.read().err());
        assert!(outcome.is_some(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn the_end_of_the_server_ends_who_waits() {
    let mut server = Server::start(&[]);
    let mut poll = server.connect();
    poll.send(request("GET /lab/long-poll?every=60000", ""));
    let mut stream = server.connect();
    stream.send(request("GET /lab/events?every=60000", "")).head();
    std::thread::sleep(Duration::from_millis(100));
    let begin = Instant::now();
    server.terminate();
    assert_eq!(poll.head(), "HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!((poll.rest(), stream.rest()), (vec![], vec![]));
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
}

#[test]
fn what_went_over_a_connection_is_counted() {
    const WATCH: &str = "counts-0123456789";
    let server = Server::start(&[]);
    let counts = || -> Vec<serde_json::Value> {
        let response = server.connect().send(request(&format!("GET /api/counts?of={WATCH}"), "")).response();
        serde_json::from_str(response.text()).unwrap()
    };
    assert_eq!(counts(), Vec::<serde_json::Value>::new());
    let mut raw = server.connect();
    let target = request(&format!("GET /lab/message?watch={WATCH}"), "");
    for _ in 0..3 {
        raw.send(&target).response();
    }
    let sum = |key: &str| counts().iter().map(|one| one[key]["bytes"].as_u64().unwrap()).collect::<Vec<_>>();
    eventually("all is counted", || (sum("read"), sum("written")) == (vec![3 * target.len() as u64], vec![3 * 85]));
    let mut socket = server.websocket(&format!("/ws/echo?watch={WATCH}"));
    socket.send(Message::binary(vec![7; 5_000])).unwrap();
    data(&mut socket);
    eventually("the echo is counted", || counts()[1]["written"]["bytes"] == 129 + 5_004);
    let all = counts();
    assert_eq!((all.len(), &all[1]["path"], &all[1]["open"]), (2, &"/ws/echo".into(), &true.into()));
    // The head of 129 bytes in one, 5,004 bytes in four.
    assert_eq!(all[1]["written"]["computed_segments"], 5);
    assert_eq!(all[1]["computed_mss"], 1448);
    if cfg!(target_os = "linux") {
        assert_eq!(all[0]["counted"]["data_read"], 3);
        assert_eq!(all[0]["counted"]["data_written"], 3);
        assert!(all[1]["counted"]["path_mtu"].as_u64().unwrap() > 1_500, "{all:?}");
    }
    drop(socket);
    eventually("it is closed", || counts()[1]["open"] == false);
    if cfg!(target_os = "linux") {
        assert_eq!(counts()[1]["counted"]["data_written"], 2);
    }
    let evil = request(&format!("GET /api/counts?of={WATCH}"), "Origin: http://evil.example\r\n");
    assert_eq!(server.connect().send(evil).response().status, 403);
}

//! `/ws/broadcast`: one says it, all hear it.

use std::io::Write as _;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::{Message, WebSocket};

use crate::support::{Server, data, eventually, frame, request, upgrade};

const TEACHER: &str = "teacher-0123456789";
const AS_TEACHER: &str = "/ws/broadcast?teacher=teacher-0123456789";

fn status(server: &Server) -> serde_json::Value {
    let status = server.connect().send(request("GET /api/status", "")).response();
    serde_json::from_str::<serde_json::Value>(status.text()).unwrap()["broadcast"].take()
}

/// Who has asked for the upgrade has joined a moment later.
fn all_have_joined(server: &Server, members: usize) {
    eventually("all have joined", || status(server)["members"] == members);
}

fn close_of(socket: &mut WebSocket<std::net::TcpStream>) -> CloseCode {
    loop {
        if let Message::Close(close) = socket.read().unwrap() {
            return close.unwrap().code;
        }
    }
}

#[test]
fn all_hear_the_same_in_the_same_order() {
    let server = Server::start(&["--teacher-token", TEACHER]);
    let mut members: Vec<_> = (0..30).map(|i| server.websocket([AS_TEACHER, "/ws/broadcast"][i % 2])).collect();
    all_have_joined(&server, 30);
    // Fewer than may wait at once.
    for number in 0..50 {
        for speaker in [0, 2, 4] {
            let message = format!("{speaker} {number}");
            let message = if number % 2 == 0 { Message::text(message) } else { Message::binary(message.into_bytes()) };
            members[speaker].send(message).unwrap();
        }
    }
    let mut heard = members.iter_mut().map(|member| (0..150).map(|_| data(member)).collect::<Vec<_>>());
    let first = heard.next().unwrap();
    for speaker in [0, 2, 4] {
        let begin = format!("{speaker} ");
        let own: Vec<_> = first.iter().filter(|message| message.to_text().unwrap().starts_with(&begin)).collect();
        for (number, message) in own.iter().enumerate() {
            assert_eq!(message.to_text().unwrap(), format!("{speaker} {number}"));
            assert_eq!(message.is_text(), number % 2 == 0);
        }
        assert_eq!(own.len(), 50);
    }
    assert!(heard.all(|other| other == first));
    let status = status(&server);
    assert_eq!((&status["sent"], &status["missed"]), (&(150 * 30).into(), &0.into()));
}

#[test]
fn a_slow_reader_misses_messages_and_costs_neither_memory_nor_others() {
    let server = Server::start(&["--teacher-token", TEACHER]);
    let mut slow: Vec<_> = (0..20).map(|_| server.websocket("/ws/broadcast")).collect();
    let mut speaker = server.websocket(AS_TEACHER);
    let mut reader = server.websocket("/ws/broadcast");
    all_have_joined(&server, 22);
    let message = |number: u32| Message::text(format!("{number} {}", ".".repeat(4_000)));
    // Far more than the sockets' buffers hold.
    let count = 3_500;
    for number in 0..count {
        speaker.send(message(number)).unwrap();
        assert_eq!(data(&mut speaker), message(number));
        assert_eq!(data(&mut reader), message(number));
    }
    let missed = status(&server)["missed"].as_u64().unwrap();
    assert!(missed > 20 * 100, "{missed}");
    #[cfg(target_os = "linux")]
    assert!(server.peak_memory() < 60 << 20, "{} MiB", server.peak_memory() >> 20);
    // What was not missed is there, in order; and from now on they hear again.
    let mut heard = 0;
    for member in &mut slow {
        member.get_ref().set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        let mut last = None;
        while let Ok(message) = member.read() {
            let number: u32 = message.to_text().unwrap().split(' ').next().unwrap().parse().unwrap();
            assert!(last < Some(number), "{number} after {last:?}");
            last = Some(number);
            heard += 1;
        }
    }
    assert_eq!(heard + missed, 20 * u64::from(count));
    speaker.send(Message::text("and now?")).unwrap();
    for member in &mut slow {
        assert_eq!(data(member), Message::text("and now?"));
    }
}

#[test]
fn a_member_with_much_else_to_hear_misses_nothing() {
    let server = Server::start(&["--teacher-token", TEACHER]);
    let mut speaker = server.websocket(AS_TEACHER);
    let mut member = server.connect();
    member.send(upgrade("/ws/broadcast")).head();
    all_have_joined(&server, 2);
    // Pings without end, but never more than the member reads the answers of.
    let mut pings = member.stream.try_clone().unwrap();
    let (pong, pongs) = mpsc::channel();
    let pinging = thread::spawn(move || {
        let block = frame(0x89, b"").repeat(100);
        while pings.write_all(&block).is_ok() && pongs.iter().take(100).count() == 100 {}
    });
    let count = 2_000;
    let hearing = thread::spawn(move || {
        let mut heard = 0;
        while heard < count {
            match member.take(2)[..] {
                [0x8A, 0] => pong.send(()).unwrap(),
                [0x82, 1] => heard += member.take(1).len(),
                ref other => panic!("{other:?}"),
            }
        }
    });
    for _ in 0..count {
        speaker.send(Message::binary(&b"x"[..])).unwrap();
        data(&mut speaker);
    }
    assert_eq!(status(&server)["missed"], 0);
    hearing.join().unwrap();
    pinging.join().unwrap();
}

#[test]
fn who_speaks_too_fast_is_told_and_the_others_hear_what_was_right() {
    let server = Server::start(&["--max-broadcasts", "1", "--teacher-token", TEACHER]);
    let mut teacher = server.websocket(AS_TEACHER);
    let mut fast = server.websocket("/ws/broadcast");
    let mut neighbour = server.websocket("/ws/broadcast");
    all_have_joined(&server, 3);
    for number in 0..20 {
        fast.write(Message::text(number.to_string())).unwrap();
    }
    fast.flush().unwrap();
    assert_eq!(close_of(&mut fast), CloseCode::Policy);
    // To open another connection does not help.
    neighbour.send(Message::text("me too")).unwrap();
    assert_eq!(close_of(&mut neighbour), CloseCode::Policy);
    // The teacher may, and has heard no more than four of them.
    for number in 0..20 {
        teacher.send(Message::text(format!("teacher {number}"))).unwrap();
    }
    for number in 0..4 {
        assert_eq!(data(&mut teacher), Message::text(number.to_string()));
    }
    for number in 0..20 {
        assert_eq!(data(&mut teacher), Message::text(format!("teacher {number}")));
    }
}

#[test]
fn where_only_the_teacher_may_speak_others_listen() {
    let server = Server::start(&["--max-broadcasts", "0", "--teacher-token", TEACHER]);
    let mut teacher = server.websocket(AS_TEACHER);
    let [mut student, mut listener] = ["/ws/broadcast"; 2].map(|target| server.websocket(target));
    all_have_joined(&server, 3);
    student.send(Message::text("may I?")).unwrap();
    assert_eq!(close_of(&mut student), CloseCode::Policy);
    teacher.send(Message::text("listen")).unwrap();
    assert_eq!(data(&mut listener), Message::text("listen"));
}

#[test]
fn more_than_can_be_sent_is_not_hoarded() {
    let server = Server::start(&["--teacher-token", TEACHER]);
    let mut listener = server.websocket("/ws/broadcast");
    let mut raw = server.connect();
    raw.send(upgrade(AS_TEACHER)).head();
    all_have_joined(&server, 2);
    // Far faster than they can be written to anybody.
    raw.send(frame(0x82, b"x").repeat(9_000));
    let answer = raw.rest();
    let close = answer.windows(4).position(|four| four[0] == 0x88 && four[2..] == 1013_u16.to_be_bytes());
    assert!(close.is_some(), "{:?}", &answer[answer.len().saturating_sub(60)..]);
    // What was said before is heard, and the place is free for others.
    assert_eq!(data(&mut listener), Message::binary(&b"x"[..]));
    listener.send(Message::text("over")).unwrap();
    while data(&mut listener) != Message::text("over") {}
}

#[test]
fn long_messages_are_refused_and_none_is_compressed() {
    let server = Server::start(&["--compression"]);
    let mut socket = server.websocket("/ws/broadcast");
    socket.send(Message::binary(vec![7; 4_096])).unwrap();
    assert_eq!(data(&mut socket).len(), 4_096);
    socket.send(Message::binary(vec![7; 4_097])).unwrap();
    assert_eq!(close_of(&mut socket), CloseCode::Size);
    let offer = "Sec-WebSocket-Extensions: permessage-deflate\r\nUpgrade: w";
    let head = server.connect().send(upgrade("/ws/broadcast?compression=on").replace("Upgrade: w", offer)).head();
    assert!(head.starts_with("HTTP/1.1 101 ") && !head.contains("permessage-deflate"), "{head}");
}

#[test]
fn only_own_pages_and_who_has_the_token_get_in() {
    let server = Server::start(&["--teacher-token", TEACHER]);
    let foreign =
        |target: &str| upgrade(target).replace("Upgrade: w", "Origin: http://elsewhere.example\r\nUpgrade: w");
    for bytes in [foreign("/ws/broadcast"), foreign(AS_TEACHER), upgrade("/ws/broadcast?teacher=teacher-0123456788")] {
        assert_eq!(server.connect().send(bytes).response().status, 403);
    }
    let rebound = upgrade("/ws/broadcast").replace("Host: localhost", "Host: elsewhere.example");
    assert_eq!(server.connect().send(rebound).response().status, 421);
    let own = upgrade("/ws/broadcast").replace("Upgrade: w", "Origin: http://localhost\r\nUpgrade: w");
    assert!(server.connect().send(own).head().starts_with("HTTP/1.1 101 "));
}

#[test]
fn members_that_vanish_in_the_middle_are_missed_by_nobody() {
    let server = Server::start(&["--teacher-token", TEACHER]);
    let mut speaker = server.websocket(AS_TEACHER);
    for number in 0..100 {
        let members: Vec<_> = (0..5).map(|_| server.websocket("/ws/broadcast")).collect();
        speaker.send(Message::text(number.to_string())).unwrap();
        for member in &members {
            socket2::SockRef::from(member.get_ref()).set_linger(Some(Duration::ZERO)).unwrap();
        }
        drop(members);
        assert_eq!(data(&mut speaker), Message::text(number.to_string()));
    }
    all_have_joined(&server, 1);
}

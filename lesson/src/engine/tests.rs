use std::time::Duration;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use ws101_core::connection::{Failure, SendError};
use ws101_core::frame::CloseCode;
use ws101_core::rules::Violation;
use ws101_core::{MessageKind, Role};
use ws101_trace::{Direction, Dissection, ItemKind};

use super::*;
use Role::{Client, Server};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// The client opens at once.
fn opening() -> Scenario {
    let mut scenario = Scenario::new(7);
    scenario.push(Duration::ZERO, Client, Act::Open);
    scenario
}

/// What an end learned until then.
fn facts(scenario: Scenario, role: Role, until: Duration) -> Vec<(Duration, Fact)> {
    known(run(scenario, until).run(), role)
}

fn run(scenario: Scenario, until: Duration) -> Timeline {
    Timeline::new(scenario, Some(until))
}

fn known(run: &Run, role: Role) -> Vec<(Duration, Fact)> {
    run.learned().iter().filter(|learned| learned.role == role).map(|it| (it.at, it.fact.clone())).collect()
}

fn closed(facts: &[(Duration, Fact)]) -> Option<(Duration, u16)> {
    facts.iter().find_map(|(at, fact)| match fact {
        Fact::Closed(code) => Some((*at, code.value())),
        _ => None,
    })
}

fn text(text: &str) -> Fact {
    Fact::Message(MessageKind::Text, text.as_bytes().to_vec())
}

#[test]
fn a_message_and_its_echo_as_the_tap_at_the_server_sees_them() {
    let mut scenario = opening();
    scenario.push(ms(1000), Client, Act::text("안녕"));
    let timeline = run(scenario, ms(2000));
    let dissection = Dissection::of(timeline.run().trace());
    let items: Vec<_> = dissection.items().iter().map(|item| (item.at.as_micros(), item.span.len())).collect();
    assert_eq!(dissection.items()[1].kind, ItemKind::ResponseHead { status: 101 });
    assert!(dissection.items().iter().all(|item| item.complete && item.findings.is_empty()));
    // Stamped where it comes to the server or leaves it.
    assert_eq!((items[0].0, items[1].0), (1_800, 1_920));
    assert_eq!(items[2..], [(1_001_800, 12), (1_001_920, 8)]);
    assert_eq!(known(timeline.run(), Client)[1..], [(Duration::from_micros(1_003_720), text("안녕"))]);
    assert_eq!((timeline.run().stage(Client), timeline.run().stage(Server)), (Stage::Open, Stage::Open));
}

#[test]
fn each_end_sees_the_close_in_its_own_time() {
    let mut scenario = opening();
    scenario.push(ms(100), Server, Act::Close(Some(CloseCode::GOING_AWAY), "bye".to_owned()));
    let (client, server) = (facts(scenario.clone(), Client, ms(5000)), facts(scenario.clone(), Server, ms(5000)));
    assert_eq!(client[1].1, Fact::CloseFrame(Some(CloseCode::GOING_AWAY), "bye".to_owned()));
    let (at_client, at_server) = (closed(&client).unwrap(), closed(&server).unwrap());
    assert_eq!((at_client.1, at_server.1), (1001, 1001));
    // The server ends the TCP connection first.
    assert!(at_server.0 < at_client.0);
    let timeline = run(scenario, ms(5000));
    assert_eq!(timeline.run().trace().closed(), Some(at_server.0));
    assert_eq!(timeline.run().stage(Client), Stage::Closed);
    assert_eq!(timeline.trace(timeline.last()), *timeline.run().trace());
}

#[test]
fn a_close_without_a_code_is_a_1005_and_a_killed_process_a_1006() {
    let mut scenario = opening();
    scenario.push(ms(100), Client, Act::Close(None, String::new()));
    assert_eq!(closed(&facts(scenario.clone(), Client, ms(9000))).unwrap().1, 1005);
    assert_eq!(closed(&facts(scenario, Server, ms(9000))).unwrap().1, 1005);
    for (dies, lives) in [(Client, Server), (Server, Client)] {
        let mut scenario = opening();
        scenario.push(ms(100), dies, Act::Die);
        let closed = closed(&facts(scenario.clone(), lives, ms(9000))).unwrap();
        assert_eq!((closed.0.as_millis(), closed.1), (101, 1006));
        assert_eq!(facts(scenario, dies, ms(9000)).last().unwrap().1, Fact::Died);
    }
}

#[test]
fn a_cut_cable_is_noticed_by_deadlines_only() {
    let mut scenario = opening();
    scenario.change(ms(1000), Change::Cut);
    for role in [Client, Server] {
        assert_eq!(facts(scenario.clone(), role, Duration::from_secs(80_000)).len(), 1, "only that it was opened");
    }
    // A client that says something: its TCP gives up after a quarter of an hour; the server, which waits, never knows.
    scenario.push(ms(2000), Client, Act::text("?"));
    let client = facts(scenario.clone(), Client, Duration::from_secs(80_000));
    assert_eq!((&client[1].1, client[1].0.as_secs()), (&Fact::TcpTimedOut, 2 + 928));
    assert_eq!(closed(&client).unwrap().1, 1006);
    assert_eq!(facts(scenario, Server, Duration::from_secs(80_000)).len(), 1);
}

#[test]
fn keep_alive_notices_it_when_core_says_so() {
    let mut scenario = Scenario::new(7);
    scenario.push(Duration::ZERO, Server, Act::KeepAlive { interval: ms(20_000), timeout: ms(10_000) });
    scenario.push(Duration::ZERO, Client, Act::Open);
    let healthy = facts(scenario.clone(), Server, ms(65_000));
    assert_eq!(healthy.iter().filter(|(_, fact)| *fact == Fact::Pong(Vec::new())).count(), 3);
    scenario.change(ms(30_000), Change::Cut);
    let server = facts(scenario, Server, ms(65_000));
    // Heard last: the pong to the first ping.
    let (heard, _) = server[2];
    assert_eq!(server[2].1, Fact::Pong(Vec::new()));
    assert_eq!(
        server[3..],
        [
            (heard + ms(20_000), Fact::Silence),
            (heard + ms(30_000), Fact::Failed(Failure::PongOverdue)),
            (heard + ms(30_000), Fact::Closed(CloseCode::ABNORMAL)),
        ]
    );
}

#[test]
fn a_close_into_a_cut_cable_is_given_up_after_five_seconds() {
    let mut scenario = opening();
    scenario.change(ms(900), Change::Cut);
    scenario.push(ms(1000), Client, Act::Close(Some(CloseCode::NORMAL), String::new()));
    assert_eq!(
        facts(scenario, Client, ms(60_000))[1..],
        [(ms(6000), Fact::Failed(Failure::CloseOverdue)), (ms(6000), Fact::Closed(CloseCode::ABNORMAL)),]
    );
}

#[test]
fn of_a_close_whose_answer_is_lost_the_ends_know_different_things() {
    let mut scenario = opening();
    scenario.push(ms(1000), Server, Act::Close(Some(CloseCode::NORMAL), String::new()));
    scenario.change(ms(1002), Change::Cut); // The client has the Close frame, its answer is in the cable.
    // The client does not wait for ever for the server to end the TCP connection.
    let came = Duration::from_micros(1_001_800);
    assert_eq!(closed(&facts(scenario.clone(), Client, ms(9000))), Some((came + ms(2000), 1000)));
    assert_eq!(closed(&facts(scenario, Server, ms(9000))), Some((ms(6000), 1006)));
}

#[test]
fn a_mended_cable_delivers_late_and_in_order() {
    let mut scenario = opening();
    scenario.push(ms(1000), Server, Act::text("a"));
    scenario.change(ms(1001), Change::Cut); // "a" is still in it.
    scenario.push(ms(1100), Server, Act::text("b"));
    scenario.change(ms(1500), Change::Mend);
    scenario.push(ms(1510), Server, Act::text("c"));
    let client = facts(scenario, Client, ms(9000));
    assert_eq!(client[1..].iter().map(|(_, fact)| fact.clone()).collect::<Vec<_>>(), [text("a"), text("b"), text("c")]);
    assert!(client[1..].iter().all(|(at, _)| *at > ms(1600)));
}

#[test]
fn a_loss_delays_what_comes_behind_it() {
    let mut scenario = opening();
    scenario.change(ms(1000), Change::Loss(1000));
    scenario.push(ms(1000), Client, Act::text("lost"));
    scenario.change(ms(1001), Change::Loss(0));
    scenario.push(ms(1001), Client, Act::text("not lost"));
    let timeline = run(scenario, ms(3000));
    let server = known(timeline.run(), Server);
    assert_eq!((&server[1].1, &server[2].1), (&text("lost"), &text("not lost")));
    assert_eq!(server[1].0, server[2].0, "the second waited for the first");
    assert_eq!(timeline.run().flights(Client)[1..].iter().map(|flight| flight.resent).collect::<Vec<_>>(), [1, 0]);
    // Both are read at once: a run is no frame.
    assert_eq!(timeline.run().trace().runs()[2].bytes.len(), 6 + 4 + 6 + 8);
}

#[test]
fn an_idle_proxy_closes_for_both() {
    let mut scenario = opening();
    scenario.change(ms(0), Change::IdleLimit(ms(60_000)));
    scenario.push(ms(30_000), Client, Act::Ping(Vec::new()));
    for role in [Client, Server] {
        let (at, code) = closed(&facts(scenario.clone(), role, ms(200_000))).unwrap();
        // A minute after the pong came; then the news of it, and what an end takes to answer.
        assert_eq!((at.as_micros(), code), (30_003_720 + 60_000_000 + 1_800 + 120, 1006));
    }
}

#[test]
fn an_edit_of_the_request_is_judged_by_the_server_and_one_of_the_response_by_the_client() {
    let mut scenario = Scenario::new(7);
    let request = String::from_utf8(scenario.request()).unwrap();
    let broken = request.replace("Upgrade: websocket", "Upgrate : websocket");
    let edit = Edit::between(request.as_bytes(), broken.as_bytes());
    assert_eq!(edit, Edit { skip: edit.skip, remove: 2, insert: b"te ".to_vec() });
    scenario.push(Duration::ZERO, Client, Act::Edit(edit));
    scenario.push(Duration::ZERO, Client, Act::Open);
    let timeline = run(scenario, ms(1000));
    assert_eq!(timeline.run().trace().stream(Direction::ClientToServer), broken.as_bytes());
    assert!(timeline.run().trace().stream(Direction::ServerToClient).starts_with(b"HTTP/1.1 400 "));
    let refused = |role| match &known(timeline.run(), role)[0].1 {
        Fact::Refused(finding) => finding.violation,
        other => panic!("{other:?}"),
    };
    assert_eq!((refused(Server), refused(Client)), (Violation::SpaceBeforeColon, Violation::StatusNotSwitching));
    assert_eq!(closed(&known(timeline.run(), Client)).unwrap().1, 1006);

    let mut scenario = opening();
    scenario.push(Duration::ZERO, Server, Act::Edit(Edit { skip: 97 + 10, remove: 1, insert: b"!".to_vec() }));
    let client = facts(scenario, Client, ms(1000));
    assert!(matches!(client[0].1, Fact::Refused(finding) if finding.violation == Violation::AcceptWrong));
}

#[test]
fn bytes_past_core_are_judged_by_the_other_end() {
    let mut scenario = opening();
    scenario.push(ms(100), Client, Act::Bytes(b"\x81\x01x".to_vec()));
    let server = facts(scenario.clone(), Server, ms(1000));
    assert!(
        matches!(server[1].1, Fact::Failed(Failure::Violation(finding)) if finding.violation == Violation::MaskMissing)
    );
    let client = facts(scenario, Client, ms(1000));
    assert!(matches!(client[1].1, Fact::CloseFrame(Some(CloseCode::PROTOCOL_ERROR), _)));
}

#[test]
fn fragments_with_a_ping_between_them_are_one_message() {
    let mut scenario = opening();
    let part = |payload: &[u8], last| Act::Message { kind: MessageKind::Text, payload: payload.to_vec(), last };
    scenario.push(ms(100), Client, part("안녕".as_bytes().split_at(2).0, false));
    scenario.push(ms(110), Client, Act::Ping(b"?".to_vec()));
    scenario.push(ms(120), Client, part("안녕".as_bytes().split_at(2).1, true));
    let facts: Vec<_> = facts(scenario, Server, ms(1000)).into_iter().map(|(_, fact)| fact).collect();
    assert_eq!(facts, [Fact::Opened, Fact::Ping(b"?".to_vec()), text("안녕")]);
}

#[test]
fn what_cannot_be_sent_is_told() {
    let mut scenario = Scenario::new(7);
    scenario.push(ms(0), Client, Act::text("too early"));
    scenario.push(ms(0), Server, Act::Open);
    scenario.push(ms(1), Client, Act::Open);
    scenario.push(ms(100), Client, Act::Ping(vec![0; 126]));
    scenario.push(ms(200), Client, Act::Close(None, String::new()));
    scenario.push(ms(200), Client, Act::text("too late"));
    let timeline = run(scenario, ms(9000));
    let reasons = timeline.run().learned().iter().filter_map(|it| match it.fact {
        Fact::NotSent(reason) => Some(reason),
        _ => None,
    });
    let core = NotSent::Refused;
    let expected = [NotSent::NotOpen, NotSent::NotOpen, core(SendError::ControlTooLong), core(SendError::Closing)];
    assert_eq!(reasons.collect::<Vec<_>>(), expected);
}

#[test]
fn a_fork_goes_its_own_way_beside_the_original() {
    let mut scenario = opening();
    scenario.push(ms(1000), Client, Act::text("one"));
    scenario.push(ms(2000), Client, Act::text("two"));
    let original = run(scenario, ms(9000));
    let here = original.until(0, |learned| (learned.role, &learned.fact) == (Client, &text("one"))).unwrap();
    let fork = run(original.fork(here, Cause::End(Client, Act::text("three"))), ms(9000));
    let said = |run: &Run| known(run, Server).into_iter().map(|(_, fact)| fact).skip(1).collect::<Vec<_>>();
    assert_eq!(said(fork.run()), [text("one"), text("three")]);
    assert_eq!(said(original.run()), [text("one"), text("two")]);
    assert_eq!((fork.clock(here), fork.trace(here)), (original.clock(here), original.trace(here)));
    assert_eq!(fork.what(here + 1), Some(Happening::Input(2)), "it is done right there");
}

#[test]
fn what_never_comes_is_not_waited_for() {
    let timeline = run(opening(), ms(9000));
    let opened = timeline.until(0, |learned| learned.fact == Fact::Opened).unwrap();
    assert_eq!(
        timeline.learned(opened).last().map(|learned| (learned.role, &learned.fact)),
        Some((Server, &Fact::Opened))
    );
    assert!(timeline.learned(opened - 1).is_empty());
    assert_eq!(timeline.until(opened, |learned| learned.fact == Fact::Died), None);
}

#[test]
fn a_held_run_goes_so_far_and_no_further() {
    let mut scenario = opening();
    scenario.push(ms(1000), Client, Act::text("one"));
    let held = run(scenario.clone(), ms(999));
    let whole = Timeline::new(scenario, None);
    assert!(held.last() < whole.last());
    assert_eq!(held.trace(held.last()), whole.trace(held.last()));
    assert_eq!(whole.seek(ms(999)), held.last());
    assert_eq!((whole.what(0), whole.clock(0), whole.stage(0, Client)), (None, ms(0), Stage::Waiting));
    assert_eq!([Client, Server].map(|role| whole.stage(whole.last(), role)), [Stage::Open; 2]);
}

#[test]
fn any_request_can_be_sent_and_the_answer_is_measured_by_its_key() {
    let request = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    let mut scenario = Scenario::new(7);
    scenario.push(ms(0), Client, Act::OpenWith(request.to_vec()));
    let timeline = run(scenario, ms(9000));
    assert_eq!(timeline.run().trace().stream(Direction::ClientToServer), request);
    let response = String::from_utf8_lossy(timeline.run().trace().stream(Direction::ServerToClient));
    assert!(response.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{response}");
    assert_eq!(timeline.run().stage(Client), Stage::Open);
}

#[test]
fn a_run_that_would_never_end_ends() {
    let mut scenario = opening();
    scenario.change(ms(0), Change::Latency(Duration::ZERO));
    scenario.push(ms(0), Client, Act::Echo(true));
    scenario.push(ms(100), Client, Act::text("again"));
    assert_eq!(Timeline::new(scenario, None).last(), 20_000);
}

#[test]
fn the_numbers_are_the_same_everywhere() {
    let mut scenario = Scenario::new(101);
    scenario.change(ms(0), Change::Jitter(ms(50)));
    scenario.change(ms(0), Change::Loss(300));
    scenario.change(ms(0), Change::SegmentSize(100));
    scenario.push(ms(0), Client, Act::Open);
    let timeline = run(scenario, ms(9000));
    let arrived =
        |role| timeline.run().flights(role).iter().map(|it| it.arrived.unwrap().as_micros()).collect::<Vec<_>>();
    assert_eq!(arrived(Client), [9950, 20406, 23998, 23998, 318600, 318600]);
    assert_eq!(arrived(Server), [357479, 357479]);
    let request = String::from_utf8_lossy(timeline.run().written(Client));
    assert_eq!(request.lines().nth(4), Some("Sec-WebSocket-Key: 0QJKX61k1xcEZqfQlUt2ow=="));
}

#[test]
fn a_scenario_is_a_short_text_of_harmless_characters() {
    let mut scenario = opening();
    scenario.push(ms(1500), Client, Act::text("안녕"));
    let code = scenario.encode();
    assert_eq!(code, "BwIAAODGWwQG7JWI64WV");
    assert_eq!(Scenario::decode(&code), Ok(scenario));
}

#[test]
fn what_is_wrong_with_such_a_text_is_told() {
    use CodeError::*;
    for (code, error) in [
        ("", Truncated),
        ("B*", Character),
        ("BwIAAODGWwQG7JWI64", Truncated),
        ("BwIAAODGWwQG7JWI64WVAA", Content),
        ("BwEA_w", Content),
        ("____________________", Content),
    ] {
        assert_eq!(Scenario::decode(code), Err(error), "{code}");
    }
}

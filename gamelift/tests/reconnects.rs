//! §1.4 and §1.7: how each SDK connects, and comes back; and what the service makes of it. A test per row, named after
//! it.
mod support;

use std::time::Duration;

use support::*;
use ws101_gamelift::message::{Dialect, PlayerSessionPolicy, Request, request};
use ws101_gamelift::process::{Output, Settings};
use ws101_gamelift::service::{Config, EventCode, Faults, ProcessStatus, TerminationReason};

/// The times of all attempts of a process that nobody answers.
fn attempts(dialect: Dialect) -> Vec<u64> {
    let mut world = World::new(Config::default());
    world.down = true;
    world.start(Settings::new(dialect, "p1"), false);
    world.run_until(s(1000));
    let first = world.connects[0].2.clone();
    assert!(world.connects.iter().all(|(.., url)| *url == first), "the same URL, with the same IdempotencyToken");
    world.connects.iter().map(|(at, ..)| at.as_secs()).collect()
}

#[test]
fn row_1_4_go_tries_eight_times() {
    assert_eq!(attempts(Dialect::Go), [0, 8, 24, 56, 88, 120, 152, 184]);
}

#[test]
fn row_1_4_cpp_tries_seven_times() {
    assert_eq!(attempts(Dialect::Cpp), [0, 4, 12, 28, 60, 92, 124]);
}

#[test]
fn row_1_4_csharp_tries_eight_times() {
    assert_eq!(attempts(Dialect::CSharp), [0, 4, 12, 28, 60, 92, 124, 156]);
}

#[test]
fn row_1_4_a_403_is_tried_again_like_any_other_failure() {
    for dialect in [Dialect::Go, Dialect::Cpp, Dialect::CSharp] {
        let mut world = World::new(Config::default());
        world.service.set_faults(key("p1"), Faults { refuse: true, ..Faults::default() });
        let peer = world.start(Settings::new(dialect, "p1"), false);
        world.run_until(s(3));
        world.service.set_faults(key("p1"), Faults::default());
        world.run_until(s(10));
        assert_eq!(world.connects.len(), 2);
        assert_eq!(world.record(peer).status, ProcessStatus::Active, "{dialect:?}");
    }
}

#[test]
fn row_1_4_the_last_403_is_told_as_forbidden() {
    for (dialect, word) in [
        (Dialect::Go, "LocalConnectionFailed"),
        (Dialect::Cpp, "WEBSOCKET_CONNECT_FAILURE_FORBIDDEN"),
        (Dialect::CSharp, "WEBSOCKET_CONNECT_FAILURE_FORBIDDEN"),
    ] {
        let mut process = ws101_gamelift::process::Process::new(Settings::new(dialect, "p1"), support::seeded());
        process.start(s(0));
        let mut told = None;
        for second in 0..300 {
            process.on_deadline(s(second));
            while let Some(output) = process.poll() {
                match output {
                    Output::Connect { link, .. } => process.refused(s(second), link, Some(403)),
                    Output::Failed { call, why } => told = Some((call, why)),
                    _ => {}
                }
            }
        }
        assert_eq!(told, Some(("InitSDK", word.to_owned())));
    }
}

/// Ready and with a session; then the connection ends with `code`. Gives the world and the URLs from then on.
fn cut(dialect: Dialect, code: Option<u16>) -> (World, Vec<(Duration, String)>) {
    let (mut world, peer) = World::go(dialect);
    world.run_until(s(1));
    world.create();
    world.run_until(s(10));
    assert_eq!(world.event(EventCode::SessionActive).map(|event| event.message.contains("is active")), Some(true));
    let before = world.connects.len();
    let connection = world.newest(peer);
    world.cut(connection, code);
    world.pump();
    world.run_until(s(11));
    let new = world.connects[before..].iter().map(|(at, _, url)| (*at, url.clone())).collect();
    (world, new)
}

fn token(url: &str) -> &str {
    url.split(['?', '&']).find_map(|pair| pair.strip_prefix("IdempotencyToken=")).expect("a token")
}

#[test]
fn row_1_7_eof_without_close_go_and_cpp_come_back_at_once_by_the_same_url() {
    for dialect in [Dialect::Go, Dialect::Cpp] {
        let (world, new) = cut(dialect, None);
        assert_eq!(new, [(s(10), world.connects[0].2.clone())], "{dialect:?}");
    }
}

#[test]
fn row_1_7_eof_without_close_csharp_comes_back_with_a_new_idempotency_token() {
    let (world, new) = cut(Dialect::CSharp, None);
    assert_eq!(new.len(), 1);
    assert_ne!(token(&new[0].1), token(&world.connects[0].2));
}

#[test]
fn row_1_7_close_1000_or_1001_go_comes_back() {
    for code in [1000, 1001] {
        assert_eq!(cut(Dialect::Go, Some(code)).1.len(), 1);
    }
}

#[test]
fn row_1_7_close_1000_cpp_stays_away_and_is_taken_for_crashed() {
    let (mut world, new) = cut(Dialect::Cpp, Some(1000));
    assert_eq!(new, []);
    world.run_until(s(600));
    assert_eq!(world.connects.len(), 1);
    assert_eq!(world.record(0).reason, Some(TerminationReason::Crashed));
}

#[test]
fn row_1_7_close_1000_csharp_comes_back_with_its_next_message() {
    let (mut world, new) = cut(Dialect::CSharp, Some(1000));
    assert_eq!(new, []);
    // The next message is the next health report at the latest.
    world.run_until(s(85));
    assert_eq!(world.connects.len(), 2);
    assert_eq!(world.record(0).status, ProcessStatus::Active);
}

#[test]
fn row_1_7_other_close_codes_all_come_back() {
    for dialect in [Dialect::Go, Dialect::Cpp, Dialect::CSharp] {
        assert_eq!(cut(dialect, Some(1011)).1.len(), 1, "{dialect:?}");
    }
}

#[test]
fn row_1_7_two_timeouts_in_a_row_go_and_cpp_open_a_new_connection() {
    for dialect in [Dialect::Go, Dialect::Cpp] {
        let (mut world, peer) = World::go(dialect);
        world.run_until(s(1));
        world.service.set_faults(key("p1"), Faults { mute: true, ..Faults::default() });
        world.run_until(s(200));
        assert!(world.connects.len() > 1, "{dialect:?}");
        // What was carried out was not answered; the reports arrived all the same.
        assert_eq!(world.record(peer).status, ProcessStatus::Active);
        assert_eq!(world.record(peer).health.misses, 0);
    }
}

#[test]
fn row_1_7_whoever_comes_back_has_its_state_and_does_not_activate_again() {
    for dialect in [Dialect::Go, Dialect::Cpp, Dialect::CSharp] {
        let (mut world, _) = cut(dialect, None);
        world.run_until(s(30));
        assert_eq!(world.times(0, "ActivateServerProcess").len(), 1);
        assert_eq!(world.pushed(0, "CreateGameSession").len(), 1);
        assert_eq!(world.record(0).status, ProcessStatus::Active);
        assert!(world.record(0).game_session_id.is_some());
    }
}

#[test]
fn row_1_7_go_writes_nothing_for_five_seconds_and_that_is_no_miss() {
    let (mut world, _) = cut(Dialect::Go, None);
    let policy = request::UpdatePlayerSessionCreationPolicy {
        game_session_id: String::new(),
        policy: PlayerSessionPolicy::DenyAll,
    };
    let now = world.now;
    world.peers[0].process.call(now, Request::UpdatePlayerSessionCreationPolicy(policy));
    world.run_until(s(300));
    assert_eq!(world.times(0, "UpdatePlayerSessionCreationPolicy"), [s(15)], "5 s after the new connection");
    assert!(world.event(EventCode::Missed).is_none());
}

#[test]
fn row_1_7_of_two_connections_the_newest_wins() {
    let (mut world, peer) = World::go(Dialect::Go);
    world.run_until(s(1));
    let old = world.newest(peer);
    let now = world.now;
    world.service.refresh_connection(now, &key("p1"), None).unwrap();
    world.pump();
    let new = world.newest(peer);
    assert_ne!(old, new);
    assert_eq!(world.peers[peer].links.len(), 2, "both are open for some seconds");
    world.run_until(s(3));
    world.create();
    assert!(world.pushed(peer, "CreateGameSession").len() == 1);
    world.run_until(s(7));
    assert_eq!(world.peers[peer].links.values().collect::<Vec<_>>(), [&new], "Go closed the old one after 5 s");
    assert!(world.connects[1].2.contains("Authorization="));
    assert_ne!(token(&world.connects[0].2), token(&world.connects[1].2));
}

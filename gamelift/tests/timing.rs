//! §3: times, a test per row, named after it. Whatever is not the SDK's own affair is seen in what the endpoint gets
//! and sends.
mod support;

use std::time::Duration;

use serde_json::json;
use support::*;
use ws101_gamelift::message::{Dialect, GameSessionStatus, PlayerSessionStatus};
use ws101_gamelift::process::{Fault, HealthCheck, SdkTiming, Settings};
use ws101_gamelift::service::{Config, EventCode, Faults, ProcessStatus, TerminationReason};

const DIALECTS: [Dialect; 3] = [Dialect::Go, Dialect::Cpp, Dialect::CSharp];

fn with(dialect: Dialect, change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::new(dialect, "p1");
    change(&mut settings);
    settings
}

/// A process with these settings in a world of its own; nobody supervises it.
fn world(settings: Settings) -> World {
    let mut world = World::new(Config::default());
    world.start(settings, false);
    world
}

/// What its reports said.
fn reports(world: &World) -> Vec<bool> {
    let own = world.wire.iter().filter(|(.., to_it, text)| !to_it && text["Action"] == "HeartbeatServerProcess");
    own.map(|(.., text)| text["HealthStatus"].as_bool().expect("a report")).collect()
}

#[test]
fn row_3_the_first_heartbeat_comes_at_once() {
    for dialect in DIALECTS {
        let world = world(Settings::new(dialect, "p1"));
        assert_eq!(world.times(0, "HeartbeatServerProcess"), [s(0)]);
        assert_eq!(world.times(0, "HeartbeatServerProcess"), world.times(0, "ActivateServerProcess"));
    }
}

#[test]
fn row_3_heartbeats_come_every_50_to_70_seconds_each_drawn_anew() {
    for dialect in DIALECTS {
        let mut world = world(Settings::new(dialect, "p1"));
        world.run_until(s(7200));
        let times = world.times(0, "HeartbeatServerProcess");
        let gaps: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.len() > 100 && gaps.iter().all(|gap| (s(50)..=s(70)).contains(gap)), "{gaps:?}");
        assert!(gaps.iter().any(|gap| *gap < s(55)) && gaps.iter().any(|gap| *gap > s(65)));
        assert!(world.event(EventCode::Missed).is_none(), "a spacing of up to 75 s is no miss");
    }
}

#[test]
fn row_3_a_health_check_that_takes_longer_than_50_seconds_is_unhealthy() {
    for dialect in DIALECTS {
        let mut world = world(with(dialect, |settings| {
            settings.behaviour.fault = Some((s(1), Fault::CallbackBlocks));
        }));
        world.run_until(s(500));
        assert!(reports(&world).len() > 2);
        assert_eq!(reports(&world)[1..3], [false, false]);
        let times = world.times(0, "HeartbeatServerProcess");
        assert!(times[1] >= s(100) && times[1] <= s(120), "50 to 70 s, and 50 s more: {times:?}");
        assert!(world.event(EventCode::ProcessUnhealthy).is_some());
    }
}

#[test]
fn row_3_without_a_callback_go_and_csharp_report_false_and_cpp_true() {
    for (dialect, says) in [(Dialect::Go, false), (Dialect::CSharp, false), (Dialect::Cpp, true)] {
        let mut world = world(with(dialect, |settings| settings.behaviour.health_check = HealthCheck::Absent));
        world.run_until(s(600));
        assert!(reports(&world).iter().all(|said| *said == says));
        assert_eq!(world.event(EventCode::ProcessUnhealthy).is_none(), says, "{dialect:?}");
    }
}

#[test]
fn row_3_process_ready_fails_without_an_answer_in_6_seconds_in_go_and_csharp() {
    for (dialect, delay, exit) in [(Dialect::Go, 7, true), (Dialect::CSharp, 7, true), (Dialect::Cpp, 7, false)] {
        let mut world = World::new(Config::default());
        world.service.set_faults(key("p1"), Faults { delay: s(delay), ..Faults::default() });
        world.start(Settings::new(dialect, "p1"), false);
        world.run_until(s(10));
        assert_eq!(world.peers[0].exit.is_some(), exit, "{dialect:?}");
    }
}

#[test]
fn row_3_requests_are_waited_for_20_seconds_and_cpp_sends_them_up_to_5_times() {
    let mut world = World::new(Config::default());
    world.start(Settings::new(Dialect::Cpp, "p1"), false);
    world.service.set_faults(key("p1"), Faults { mute: true, ..Faults::default() });
    let id = world.create();
    world.run_until(s(400));
    let sent: Vec<_> = world
        .wire
        .iter()
        .filter(|(.., to_it, text)| !to_it && text["Action"] == "ActivateGameSession")
        .map(|(.., text)| text["RequestId"].clone())
        .collect();
    assert_eq!(sent.len(), 5);
    assert!(sent.iter().all(|request| *request == sent[0]), "the same request");
    let times = world.times(0, "ActivateGameSession");
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= s(20)), "{times:?}");
    // It was carried out once, and the other four are no errors.
    assert_eq!(
        world.service.game_sessions().find(|session| session.id == id).unwrap().status,
        GameSessionStatus::Active
    );
    assert!(world.event(EventCode::Rejected).is_none());
}

#[test]
fn row_3_go_can_be_made_faster_and_so_can_the_service() {
    let mut config = Config::default();
    config.timing = config.timing.faster(10);
    let mut world = World::new(config);
    world.start(with(Dialect::Go, |settings| settings.timing = SdkTiming::of(Dialect::Go).faster(10)), false);
    world.run_until(s(100));
    let times = world.times(0, "HeartbeatServerProcess");
    assert!(times.windows(2).all(|pair| (s(5)..=s(7)).contains(&(pair[1] - pair[0]))), "{times:?}");
    assert!(world.event(EventCode::Missed).is_none());
}

#[test]
fn row_3_three_misses_in_180_seconds_and_the_process_is_told_to_end() {
    let mut world = world(with(Dialect::Go, |settings| settings.behaviour.fault = Some((s(1), Fault::Frozen))));
    world.run_until(s(179));
    let misses = world.events.iter().filter(|event| event.code == EventCode::Missed).count();
    assert_eq!((misses, world.record(0).status), (2, ProcessStatus::Active));
    world.run_until(s(180));
    assert_eq!(world.record(0).health.misses, 3);
    assert!(
        world
            .event(EventCode::ProcessUnhealthy)
            .unwrap()
            .message
            .contains("exceeded 3 minutes without reporting healthy")
    );
    assert_eq!(world.pushed(0, "TerminateProcess"), [s(180)]);
    // Frozen, it does not hear; after 5 min it is ended by force.
    world.run_until(s(480));
    assert_eq!(world.kills, [(key("p1"), TerminationReason::ForceTerminated)]);
}

#[test]
fn row_3_one_healthy_report_wipes_the_misses_out() {
    let mut service = service();
    ready(&mut service, s(0), 1, "p1");
    for (at, healthy) in [(0, false), (60, false), (120, true), (180, false), (240, false)] {
        let report = json!({"Action": "HeartbeatServerProcess", "HealthStatus": healthy});
        service.on_deadline(s(at));
        ask(&mut service, s(at), 1, report);
    }
    service.on_deadline(s(299));
    assert_eq!(service.process(&key("p1")).unwrap().status, ProcessStatus::Active);
    service.on_deadline(s(300));
    assert_eq!(service.process(&key("p1")).unwrap().status, ProcessStatus::Terminating);
}

#[test]
fn row_3_a_stuck_main_loop_is_never_found() {
    let mut world = world(with(Dialect::Go, |settings| settings.behaviour.fault = Some((s(1), Fault::MainLoopStuck))));
    world.run_until(s(7200));
    assert_eq!(world.record(0).status, ProcessStatus::Active);
    assert!(world.event(EventCode::Missed).is_none());
}

#[test]
fn row_3_init_sdk_not_called_in_5_minutes() {
    let mut world = World::new(Config::default());
    world.start(with(Dialect::Go, |settings| settings.behaviour.start = s(1000)), true);
    world.run_until(s(299));
    assert_eq!(world.record(0).status, ProcessStatus::Launched);
    world.run_until(s(300));
    assert_eq!(world.kills, [(key("p1"), TerminationReason::InitializationTimeout)]);
    assert!(world.event(EventCode::SdkInitializationTimeout).is_some());
}

#[test]
fn row_3_process_ready_not_called_in_5_minutes() {
    let mut world = World::new(Config::default());
    world.start(with(Dialect::Go, |settings| settings.behaviour.ready = s(1000)), true);
    world.run_until(s(300));
    assert_eq!(world.kills, [(key("p1"), TerminationReason::ReadyTimeout)]);
    assert!(world.event(EventCode::ProcessReadyTimeout).is_some());
}

#[test]
fn row_3_activate_game_session_not_called() {
    let mut world = world(with(Dialect::Go, |settings| settings.behaviour.activates = false));
    let id = world.create();
    world.run_until(s(299));
    let status = |world: &World| world.service.game_sessions().find(|session| session.id == id).unwrap().status;
    assert_eq!(status(&world), GameSessionStatus::Activating);
    world.run_until(s(301));
    assert_eq!(status(&world), GameSessionStatus::Terminated);
    assert!(world.event(EventCode::ActivationTimeout).is_some());
    assert_eq!(world.record(0).status, ProcessStatus::Terminated, "a process hosts one session, ever");
}

#[test]
fn row_3_a_reserved_player_who_does_not_come_in_60_seconds_frees_the_slot() {
    let mut world = world(Settings::new(Dialect::Go, "p1"));
    let id = world.create();
    world.run_until(s(10));
    let reserve = |world: &mut World, player: &str| {
        let now = world.now;
        world.service.call(now, "CreatePlayerSession", json!({"GameSessionId": id, "PlayerId": player}))
    };
    reserve(&mut world, "a").unwrap();
    reserve(&mut world, "b").unwrap();
    assert_eq!(reserve(&mut world, "c").unwrap_err().kind.word(), "GameSessionFullException");
    world.run_until(s(70));
    assert!(world.service.player_sessions().all(|player| player.status == PlayerSessionStatus::TimedOut));
    reserve(&mut world, "c").unwrap();
}

#[test]
fn row_3_process_ending_not_called_in_5_minutes_after_terminate_process() {
    let mut world = world(with(Dialect::Go, |settings| settings.behaviour.shutdown = s(1000)));
    world.service.terminate_process(s(0), &key("p1")).unwrap();
    world.run_until(s(299));
    assert_eq!(world.record(0).status, ProcessStatus::Terminating);
    world.run_until(s(300));
    assert_eq!(world.kills, [(key("p1"), TerminationReason::ForceTerminated)]);
    assert!(world.event(EventCode::ProcessForceTerminated).is_some());
}

#[test]
fn row_3_no_exit_in_30_seconds_after_process_ending() {
    let mut world = World::new(Config::default());
    world.start(with(Dialect::Go, |settings| settings.behaviour.exit = s(1000)), true);
    world.run_until(s(10));
    let now = world.now;
    world.peers[0].process.process_ending(now);
    world.run_until(s(39));
    assert_eq!(world.kills, []);
    world.run_until(s(41));
    assert_eq!(world.kills, [(key("p1"), TerminationReason::ExitTimeout)]);
    assert!(world.event(EventCode::ProcessExitTimeout).is_some());
}

#[test]
fn row_3_an_exit_without_process_ending_is_a_crash() {
    let mut world = World::new(Config::default());
    world.start(Settings::new(Dialect::Go, "p1"), true);
    let id = world.create();
    world.run_until(s(5));
    world.gone(0, 139);
    world.pump();
    assert_eq!(world.record(0).reason, Some(TerminationReason::Crashed));
    assert!(world.event(EventCode::ProcessCrashed).is_some());
    let session = world.service.game_sessions().find(|session| session.id == id).unwrap();
    assert_eq!((session.status, &*session.status_reason), (GameSessionStatus::Terminated, "INTERRUPTED"));
}

#[test]
fn row_3_a_lost_process_that_nobody_supervises_is_crashed_when_it_had_its_time_to_come_back() {
    let (mut world, _) = World::go(Dialect::Go);
    world.down = true;
    let connection = world.newest(0);
    world.cut(connection, None);
    world.run_until(s(219));
    assert_eq!(world.record(0).status, ProcessStatus::Active);
    world.run_until(s(221));
    assert_eq!(world.record(0).reason, Some(TerminationReason::Crashed));
}

#[test]
fn row_3_refresh_connection_is_repeated_every_minute_until_it_works() {
    let mut service = service();
    ready(&mut service, s(0), 1, "p1");
    service.refresh_connection(s(0), &key("p1"), None).unwrap();
    let first = sent(&mut service).remove(0).1;
    assert_eq!(first["Action"], "RefreshConnection");
    service.on_deadline(s(60));
    assert_eq!(sent(&mut service).remove(0).1, first, "the same, again");
    let token = first["AuthToken"].as_str().unwrap();
    service.connected(s(61), ws101_gamelift::service::ConnectionId(2), &query("p1", token)).unwrap();
    service.on_deadline(s(121));
    assert!(sent(&mut service).iter().all(|(_, text)| text["Action"] != "RefreshConnection"));
}

#[test]
fn time_is_scaled_only_while_all_attached_processes_follow() {
    let mut service = service();
    assert_eq!(service.scale_time(0).unwrap_err().kind.word(), "InvalidRequestException");
    ready(&mut service, s(0), 1, "p1");
    let report = json!({"Action": "HeartbeatServerProcess", "HealthStatus": true});
    ask(&mut service, s(0), 1, report.clone());
    let refused = service.scale_time(10).unwrap_err();
    assert!(refused.message.contains("HEALTHCHECK_INTERVAL"), "{refused}");
    ask(&mut service, s(6), 1, report);
    service.scale_time(10).unwrap();
    assert_eq!(service.config().timing.unhealthy, s(18));
    // C++ keeps its 60 s: it is not let in, and would not be followed.
    let cpp = "pID=p2&ComputeId=host-1&FleetId=fleet-local-1&sdkVersion=5.4.0&sdkLanguage=Cpp";
    let cpp = ws101_gamelift::message::ConnectQuery::parse(cpp).unwrap();
    let connection = ws101_gamelift::service::ConnectionId(2);
    assert!(service.connected(s(7), connection, &cpp).unwrap_err().why.contains("keeps its 60 s"));
    service.scale_time(1).unwrap();
    service.connected(s(8), connection, &cpp).unwrap();
    assert!(service.scale_time(10).unwrap_err().message.contains("Cpp, keeps its 60 s"));
}

/// [inf] Nothing in the SDKs says when the service refreshes by itself; only that it must, before API Gateway's 2 h.
#[test]
fn row_3_refresh_connection_comes_by_itself_where_a_schedule_is_set() {
    let mut config = Config::default();
    config.timing.refresh_after = Some(s(3600));
    let mut world = World::new(config);
    world.start(Settings::new(Dialect::Go, "p1"), false);
    world.run_until(s(3700));
    assert_eq!(world.pushed(0, "RefreshConnection"), [s(3600)]);
    assert_eq!(world.connects.len(), 2);
    world.run_until(s(7300));
    assert_eq!(world.pushed(0, "RefreshConnection").len(), 2, "each connection has its age");
}

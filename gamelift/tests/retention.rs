//! What has ended is kept for a while, and not for ever.
mod support;

use serde_json::json;
use support::*;
use ws101_gamelift::random::Seeded;
use ws101_gamelift::service::{Config, ConnectionId, Service};

#[test]
fn the_oldest_of_a_thousand_ended_processes_makes_room_with_its_session() {
    let mut service = service();
    let mut journal = service.snapshot(s(0));
    for number in 0..1100 {
        let at = s(number);
        ready(&mut service, at, number, &format!("p{number}"));
        let id = create(&mut service, at);
        ask(&mut service, at, number, json!({"Action": "ActivateGameSession", "GameSessionId": id}));
        service.call(at, "CreatePlayerSession", json!({"GameSessionId": id, "PlayerId": "a"})).unwrap();
        if number > 0 {
            ask(&mut service, at, number, json!({"Action": "TerminateServerProcess"}));
            service.disconnected(at, ConnectionId(number));
        }
        journal.extend(service.take_changes(at));
    }
    // The first one still lives; of the others the first hundred or so are forgotten.
    assert_eq!(service.processes().count(), 1002);
    assert_eq!((service.game_sessions().count(), service.player_sessions().count()), (1002, 1002));
    assert!(service.process(&key("p0")).is_some() && service.process(&key("p50")).is_none());
    let restored = Service::restore(Config::default(), Seeded(0), journal, s(1099));
    let keys = |service: &Service| service.processes().map(|process| process.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&restored), keys(&service));
    assert!(restored.game_sessions().eq(service.game_sessions()));
    assert!(restored.player_sessions().eq(service.player_sessions()));
}

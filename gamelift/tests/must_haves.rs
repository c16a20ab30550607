//! The must-haves of §0, as far as they are decided here: each one breaks a real SDK if it is missed.
mod support;

use serde_json::json;
use support::*;
use ws101_gamelift::message::{ConnectQuery, GameSessionId, RequestAction};
use ws101_gamelift::service::{ConnectionId, ProcessStatus};

#[test]
fn must_have_2_every_response_has_action_request_id_and_status() {
    let mut service = service();
    ready(&mut service, s(0), 1, "p1");
    let id = create(&mut service, s(0));
    sent(&mut service);
    for action in RequestAction::ALL {
        let request = json!({"Action": action.name(), "RequestId": "r", "GameSessionId": id, "GameSessionArn": id});
        let answer = ask(&mut service, s(1), 1, request);
        assert_eq!(answer["Action"], action.name());
        assert!(answer["RequestId"].as_str().unwrap().starts_with("ask-"));
        assert!(answer["StatusCode"].is_i64(), "{answer}");
        assert_eq!(answer["StatusCode"] == 200, answer.get("ErrorMessage").is_none(), "{answer}");
    }
}

#[test]
fn must_have_3_a_push_has_no_request_id() {
    let mut service = service();
    ready(&mut service, s(0), 1, "p1");
    let id = create(&mut service, s(0));
    service.push_update(&id, Default::default(), "", None).unwrap();
    service.refresh_connection(s(0), &key("p1"), None).unwrap();
    service.terminate_process(s(0), &key("p1")).unwrap();
    let pushes = sent(&mut service);
    let names: Vec<_> = pushes.iter().map(|(_, push)| push["Action"].as_str().unwrap()).collect();
    assert_eq!(names, ["CreateGameSession", "UpdateGameSession", "RefreshConnection", "TerminateProcess"]);
    for (_, push) in pushes {
        assert!(push.get("RequestId").is_none() && push.get("StatusCode").is_none(), "{push}");
    }
}

#[test]
fn must_have_4_every_request_is_answered_at_once() {
    let mut service = service();
    service.connected(s(0), ConnectionId(1), &query("p1", "")).unwrap();
    service.message(s(0), ConnectionId(1), r#"{"Action":"ActivateServerProcess","RequestId":"r"}"#);
    assert_eq!(sent(&mut service).len(), 1);
}

#[test]
fn must_have_5_no_push_before_the_process_is_ready() {
    let mut service = service();
    service.connected(s(0), ConnectionId(1), &query("p1", "")).unwrap();
    let error =
        service.call(s(0), "CreateGameSession", json!({"FleetId": FLEET, "MaximumPlayerSessionCount": 1})).unwrap_err();
    assert_eq!(error.kind.word(), "FleetCapacityExceededException");
    let placement = json!({"PlacementId": "pl", "GameSessionQueueName": "q", "MaximumPlayerSessionCount": 1});
    service.call(s(0), "StartGameSessionPlacement", placement).unwrap();
    service.refresh_connection(s(0), &key("p1"), None).unwrap_err();
    assert_eq!(sent(&mut service), []);
    // The answer comes before the push that it makes possible.
    service.message(s(1), ConnectionId(1), r#"{"Action":"ActivateServerProcess","RequestId":"r","Port":7777}"#);
    let sent = sent(&mut service);
    assert_eq!(sent[0].1["StatusCode"], 200);
    assert_eq!(sent[1].1["Action"], "CreateGameSession");
}

#[test]
fn must_have_6_pushes_go_to_the_newest_connection_alone() {
    let mut service = service();
    ready(&mut service, s(0), 1, "p1");
    service.connected(s(1), ConnectionId(2), &query("p1", "")).unwrap();
    create(&mut service, s(1));
    assert_eq!(sent(&mut service)[0].0, 2);
    // The older one is still answered: Go lets it drain. Its end means nothing.
    service.message(
        s(2),
        ConnectionId(1),
        r#"{"Action":"HeartbeatServerProcess","RequestId":"h","HealthStatus":true}"#,
    );
    assert_eq!(sent(&mut service)[0].0, 1);
    service.disconnected(s(6), ConnectionId(1));
    assert_eq!(service.process(&key("p1")).unwrap().connection, Some(ConnectionId(2)));
    // When the newest is lost, the older one does not become the newest again.
    service.connected(s(7), ConnectionId(3), &query("p1", "")).unwrap();
    service.disconnected(s(8), ConnectionId(3));
    assert_eq!(service.process(&key("p1")).unwrap().connection, None);
}

#[test]
fn must_have_8_any_key_order_nulls_and_unknown_keys() {
    let mut service = service();
    let query = ConnectQuery::parse("sdkVersion=5.0.0&Extra=1&pID=p1&FleetId=fleet-local-1&ComputeId=host-1").unwrap();
    service.connected(s(0), ConnectionId(1), &query).unwrap();
    let text = r#"{"Future":{"x":[1]},"LogPaths":null,"SdkToolName":null,"Port":7777,"RequestId":"r","Action":"ActivateServerProcess"}"#;
    service.message(s(0), ConnectionId(1), text);
    assert_eq!(sent(&mut service)[0].1["StatusCode"], 200);
}

#[test]
fn must_have_9_game_properties_are_an_object_of_strings() {
    let mut service = service();
    ready(&mut service, s(0), 1, "p1");
    let input =
        json!({"FleetId": FLEET, "MaximumPlayerSessionCount": 8, "GameProperties": [{"Key": "map", "Value": "dust"}]});
    let output = service.call(s(0), "CreateGameSession", input).unwrap();
    assert_eq!(output["GameSession"]["GameProperties"], json!([{"Key": "map", "Value": "dust"}]));
    assert_eq!(sent(&mut service)[0].1["GameProperties"], json!({"map": "dust"}));
}

#[test]
fn must_have_10_game_session_ids_are_arns_with_a_real_region() {
    let mut service = service();
    ready(&mut service, s(0), 1, "p1");
    let id = create(&mut service, s(0));
    let parsed = GameSessionId::parse(&id).unwrap();
    assert_eq!((&*parsed.region, &*parsed.fleet_id), ("us-west-2", FLEET));
    assert_eq!(parsed.to_string(), id);
    for wrong in ["arn:aws:gamelift:local::gamesession/f/g", "gsess-1", "arn:aws:gamelift:us-west-2::gamesession/f/a_b"]
    {
        assert!(GameSessionId::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn integers_are_json_integers() {
    let mut service = service();
    ready(&mut service, s(0), 1, "p1");
    create(&mut service, s(0));
    let (_, push) = sent(&mut service).remove(0);
    assert!(push["Port"].is_u64() && push["MaximumPlayerSessionCount"].is_u64());
    service.terminate_process(s(10), &key("p1")).unwrap();
    assert_eq!(sent(&mut service)[0].1["TerminationTime"], 310_000);
}

/// §1.4: whoever is to be refused gets a 403.
#[test]
fn duplicate_ids_and_wrong_tokens_are_refused_with_403() {
    let mut service = service();
    let register =
        json!({"FleetId": FLEET, "ComputeName": "host-1", "Location": "custom-location-1", "IpAddress": "10.0.0.1"});
    service.call(s(0), "RegisterCompute", register).unwrap();
    let named = json!({"FleetId": FLEET, "ComputeName": "host-1"});
    // Any token is good until one was handed out.
    service.connected(s(0), ConnectionId(1), &query("p0", "whatever")).unwrap();
    let token = service.call(s(0), "GetComputeAuthToken", named).unwrap()["AuthToken"].as_str().unwrap().to_owned();
    let refused = service.connected(s(0), ConnectionId(2), &query("p1", "wrong")).unwrap_err();
    assert_eq!(refused.status, 403);
    service.connected(s(0), ConnectionId(3), &query("p1", &token)).unwrap();
    let refused = service.connected(s(901), ConnectionId(4), &query("p2", &token)).unwrap_err();
    assert!(refused.why.contains("expired"), "{refused}");
    // A reconnect uses the URL of the first connection.
    service.connected(s(901), ConnectionId(5), &query("p1", &token)).unwrap();
    service.message(s(902), ConnectionId(5), r#"{"Action":"TerminateServerProcess","RequestId":"t"}"#);
    assert_eq!(service.process(&key("p1")).unwrap().status, ProcessStatus::Terminated);
    let refused = service.connected(s(903), ConnectionId(6), &query("p1", &token)).unwrap_err();
    assert!(refused.why.contains("has ended"), "{refused}");
}

//! The AWS API's operations: JSON in, JSON out, and the modelled exceptions by their names.
mod support;

use serde_json::{Value, json};
use support::*;
use ws101_gamelift::service::Service;
use ws101_gamelift::service::api::OPERATIONS;

/// The operations that issue and README promise.
const PROMISED: &[&str] = &[
    "ListFleets",
    "DescribeFleetAttributes",
    "CreateFleet",
    "DescribeFleetEvents",
    "CreateLocation",
    "ListLocations",
    "RegisterCompute",
    "DeregisterCompute",
    "ListCompute",
    "DescribeCompute",
    "GetComputeAuthToken",
    "CreateGameSession",
    "DescribeGameSessions",
    "DescribeGameSessionDetails",
    "SearchGameSessions",
    "UpdateGameSession",
    "TerminateGameSession",
    "CreatePlayerSession",
    "CreatePlayerSessions",
    "DescribePlayerSessions",
    "StartGameSessionPlacement",
    "DescribeGameSessionPlacement",
    "StopGameSessionPlacement",
];

fn call(service: &mut Service, operation: &str, input: Value) -> Value {
    service.call(s(1), operation, input).unwrap_or_else(|error| panic!("{operation}: {error}"))
}

/// The name of the exception.
fn error(service: &mut Service, operation: &str, input: Value) -> &'static str {
    service.call(s(1), operation, input).expect_err(operation).kind.word()
}

/// A service with an active session on `p1`.
fn active() -> (Service, String) {
    let mut service = service();
    ready(&mut service, s(0), 1, "p1");
    let id = create(&mut service, s(0));
    ask(&mut service, s(0), 1, json!({"Action": "ActivateGameSession", "GameSessionId": id}));
    (service, id)
}

#[test]
fn every_promised_operation_is_there_and_no_other() {
    assert_eq!(OPERATIONS, PROMISED);
    let error = service().call(s(0), "CreateBuild", json!({})).unwrap_err();
    assert_eq!(error.to_string(), "InvalidRequestException: CreateBuild is not in this simulator");
}

#[test]
fn members_of_wrong_types_are_invalid_requests() {
    for operation in OPERATIONS {
        assert_eq!(error(&mut service(), operation, json!("text")), "InvalidRequestException", "{operation}");
    }
    let input = json!({"FleetId": FLEET, "MaximumPlayerSessionCount": "two"});
    assert_eq!(error(&mut service(), "CreateGameSession", input), "InvalidRequestException");
}

#[test]
fn fleets_and_locations() {
    let mut service = service();
    assert_eq!(call(&mut service, "ListFleets", json!({})), json!({"FleetIds": [FLEET]}));
    let output = call(&mut service, "CreateLocation", json!({"LocationName": "custom-classroom"}));
    assert_eq!(output["Location"]["LocationName"], "custom-classroom");
    assert_eq!(error(&mut service, "CreateLocation", json!({"LocationName": "custom-classroom"})), "ConflictException");
    assert_eq!(error(&mut service, "CreateLocation", json!({"LocationName": "class"})), "InvalidRequestException");
    assert_eq!(call(&mut service, "ListLocations", json!({}))["Locations"].as_array().unwrap().len(), 2);
    let fleet = json!({"Name": "mine", "ComputeType": "ANYWHERE", "Locations": [{"Location": "custom-classroom"}]});
    let output = call(&mut service, "CreateFleet", fleet.clone());
    let id = output["FleetAttributes"]["FleetId"].as_str().unwrap();
    assert_eq!(output["LocationStates"], json!([{"Location": "custom-classroom", "Status": "ACTIVE"}]));
    let mut managed = fleet;
    managed["ComputeType"] = json!("EC2");
    assert_eq!(error(&mut service, "CreateFleet", managed), "InvalidRequestException");
    let output = call(&mut service, "DescribeFleetAttributes", json!({"FleetIds": [id]}));
    assert_eq!(output["FleetAttributes"][0]["ComputeType"], "ANYWHERE");
    assert_eq!(error(&mut service, "DescribeFleetAttributes", json!({"FleetIds": ["fleet-no"]})), "NotFoundException");
    let output = call(&mut service, "DescribeFleetEvents", json!({"FleetId": id}));
    assert_eq!(output["Events"][0]["EventCode"], "FLEET_CREATED");
    // The first page has a token for the second.
    let output = call(&mut service, "ListFleets", json!({"Limit": 1}));
    let output = call(&mut service, "ListFleets", json!({"Limit": 1, "NextToken": output["NextToken"]}));
    assert_eq!((output["FleetIds"].as_array().unwrap().len(), output.get("NextToken")), (1, None));
    assert_eq!(error(&mut service, "ListFleets", json!({"NextToken": "mine"})), "InvalidRequestException");
}

#[test]
fn computes_and_their_tokens() {
    let mut service = service();
    let compute =
        json!({"FleetId": FLEET, "ComputeName": "pc", "Location": "custom-location-1", "IpAddress": "10.0.0.1"});
    let named = json!({"FleetId": FLEET, "ComputeName": "pc"});
    let output = call(&mut service, "RegisterCompute", compute.clone());
    assert_eq!(output["Compute"]["GameLiftServiceSdkEndpoint"], "ws://127.0.0.1:8101/gamelift");
    assert_eq!(error(&mut service, "RegisterCompute", compute.clone()), "ConflictException");
    for (member, wrong) in [("FleetId", "InvalidRequestException"), ("Location", "InvalidRequestException")] {
        let mut input = compute.clone();
        input[member] = json!("fleet-no");
        assert_eq!(error(&mut service, "RegisterCompute", input), wrong);
    }
    assert_eq!(call(&mut service, "DescribeCompute", named.clone()), output);
    let listed = call(&mut service, "ListCompute", json!({"FleetId": FLEET}));
    assert_eq!(listed["ComputeList"], json!([output["Compute"]]));
    let token = call(&mut service, "GetComputeAuthToken", named.clone());
    assert_eq!(token["ExpirationTimestamp"], json!(901.0));
    assert!(token["AuthToken"].as_str().unwrap().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    // One that is about to expire is not handed out again, and is good until it does.
    let mut later = |at: u64| service.call(s(at), "GetComputeAuthToken", named.clone()).unwrap()["AuthToken"].clone();
    assert_eq!(later(600), token["AuthToken"]);
    let next = later(602);
    assert_ne!(next, token["AuthToken"]);
    for (number, token) in [&token["AuthToken"], &next].into_iter().enumerate() {
        let text = format!("pID=p{number}&ComputeId=pc&FleetId={FLEET}&Authorization={}", token.as_str().unwrap());
        let query = ws101_gamelift::message::ConnectQuery::parse(&text).unwrap();
        service.connected(s(900), ws101_gamelift::service::ConnectionId(number as u64), &query).unwrap();
    }
    assert_eq!(call(&mut service, "DeregisterCompute", named.clone()), json!({}));
    for operation in ["DescribeCompute", "DeregisterCompute", "GetComputeAuthToken"] {
        assert_eq!(error(&mut service, operation, named.clone()), "NotFoundException");
    }
}

#[test]
fn game_sessions_are_created_listed_changed_and_ended() {
    let mut service = service();
    let input = json!({"FleetId": FLEET, "MaximumPlayerSessionCount": 2, "Name": "n", "IdempotencyToken": "once",
        "GameProperties": [{"Key": "map", "Value": "dust"}]});
    assert_eq!(error(&mut service, "CreateGameSession", input.clone()), "FleetCapacityExceededException");
    ready(&mut service, s(0), 1, "p1");
    let session = call(&mut service, "CreateGameSession", input.clone())["GameSession"].clone();
    assert_eq!((&session["Status"], &session["Port"]), (&json!("ACTIVATING"), &json!(7777)));
    assert_eq!(call(&mut service, "CreateGameSession", input.clone())["GameSession"], session, "the same token");
    let mut other = input;
    other["Name"] = json!("another");
    assert_eq!(error(&mut service, "CreateGameSession", other), "IdempotentParameterMismatchException");
    let by_id = json!({"GameSessionId": session["GameSessionId"]});
    assert_eq!(call(&mut service, "DescribeGameSessions", by_id.clone())["GameSessions"], json!([session]));
    let details = call(&mut service, "DescribeGameSessionDetails", by_id.clone());
    assert_eq!(details["GameSessionDetails"][0]["ProtectionPolicy"], "NoProtection");
    let update = json!({"GameSessionId": session["GameSessionId"], "PlayerSessionCreationPolicy": "DENY_ALL"});
    assert_eq!(error(&mut service, "UpdateGameSession", update.clone()), "InvalidGameSessionStatusException");
    ask(&mut service, s(1), 1, json!({"Action": "ActivateGameSession", "GameSessionId": session["GameSessionId"]}));
    let filter = "gameSessionProperties.map = 'dust' AND hasAvailablePlayerSessions=true";
    let search = json!({"FleetId": FLEET, "FilterExpression": filter,
        "SortExpression": "creationTimeMillis DESC"});
    assert_eq!(call(&mut service, "SearchGameSessions", search.clone())["GameSessions"].as_array().unwrap().len(), 1);
    call(&mut service, "UpdateGameSession", update);
    assert_eq!(call(&mut service, "SearchGameSessions", search)["GameSessions"], json!([]));
    let mut end = by_id.clone();
    assert_eq!(error(&mut service, "TerminateGameSession", end.clone()), "InvalidRequestException");
    end["TerminationMode"] = json!("TRIGGER_ON_PROCESS_TERMINATE");
    assert_eq!(call(&mut service, "TerminateGameSession", end.clone())["GameSession"]["Status"], "TERMINATING");
    ask(&mut service, s(2), 1, json!({"Action": "TerminateServerProcess"}));
    assert_eq!(call(&mut service, "DescribeGameSessions", by_id)["GameSessions"][0]["Status"], "TERMINATED");
    assert_eq!(error(&mut service, "TerminateGameSession", end), "InvalidGameSessionStatusException");
    let unknown = json!({"GameSessionId": "arn:aws:gamelift:us-west-2::gamesession/fleet-local-1/none"});
    assert_eq!(error(&mut service, "DescribeGameSessions", unknown), "NotFoundException");
    assert_eq!(
        error(&mut service, "DescribeGameSessions", json!({"GameSessionId": "gsess-1"})),
        "InvalidRequestException"
    );
}

#[test]
fn player_sessions_take_slots_of_active_sessions() {
    let (mut service, id) = active();
    let player = |name: &str| json!({"GameSessionId": id, "PlayerId": name, "PlayerData": "d"});
    let output = call(&mut service, "CreatePlayerSession", player("a"))["PlayerSession"].clone();
    assert_eq!((&output["Status"], &output["PlayerData"]), (&json!("RESERVED"), &json!("d")));
    let two = json!({"GameSessionId": id, "PlayerIds": ["b", "c"]});
    assert_eq!(error(&mut service, "CreatePlayerSessions", two), "GameSessionFullException");
    call(&mut service, "CreatePlayerSessions", json!({"GameSessionId": id, "PlayerIds": ["b"]}));
    assert_eq!(error(&mut service, "CreatePlayerSession", player("c")), "GameSessionFullException");
    let accept =
        json!({"Action": "AcceptPlayerSession", "GameSessionId": id, "PlayerSessionId": output["PlayerSessionId"]});
    assert_eq!(ask(&mut service, s(1), 1, accept)["StatusCode"], 200);
    let reserved = json!({"GameSessionId": id, "PlayerSessionStatusFilter": "ACTIVE"});
    let found = call(&mut service, "DescribePlayerSessions", reserved);
    assert_eq!(found["PlayerSessions"][0]["PlayerId"], "a");
    assert_eq!(
        error(&mut service, "DescribePlayerSessions", json!({"PlayerSessionId": "psess-no"})),
        "NotFoundException"
    );
    assert_eq!(error(&mut service, "DescribePlayerSessions", json!({})), "InvalidRequestException");
    ready(&mut service, s(1), 2, "p2");
    let activating = create(&mut service, s(1));
    let early = json!({"GameSessionId": activating, "PlayerId": "a"});
    assert_eq!(error(&mut service, "CreatePlayerSession", early), "InvalidGameSessionStatusException");
}

#[test]
fn placements_wait_for_a_process() {
    let mut service = service();
    let input = json!({"PlacementId": "pl", "GameSessionQueueName": "q", "MaximumPlayerSessionCount": 2,
        "DesiredPlayerSessions": [{"PlayerId": "a"}]});
    let output = call(&mut service, "StartGameSessionPlacement", input.clone());
    assert_eq!(output["GameSessionPlacement"]["Status"], "PENDING");
    assert_eq!(error(&mut service, "StartGameSessionPlacement", input), "InvalidRequestException");
    ready(&mut service, s(1), 1, "p1");
    let id = service.game_sessions().next().unwrap().id.clone();
    ask(&mut service, s(1), 1, json!({"Action": "ActivateGameSession", "GameSessionId": id}));
    let placement = json!({"PlacementId": "pl"});
    let output = call(&mut service, "DescribeGameSessionPlacement", placement.clone())["GameSessionPlacement"].clone();
    assert_eq!((&output["Status"], &output["GameSessionArn"]), (&json!("FULFILLED"), &json!(id)));
    assert_eq!(output["PlacedPlayerSessions"][0]["PlayerId"], "a");
    assert_eq!(error(&mut service, "StopGameSessionPlacement", placement), "InvalidRequestException");
    assert_eq!(error(&mut service, "StopGameSessionPlacement", json!({"PlacementId": "no"})), "NotFoundException");
    let input = json!({"PlacementId": "pl2", "GameSessionQueueName": "q", "MaximumPlayerSessionCount": 2});
    call(&mut service, "StartGameSessionPlacement", input);
    let output = call(&mut service, "StopGameSessionPlacement", json!({"PlacementId": "pl2"}));
    assert_eq!(output["GameSessionPlacement"]["Status"], "CANCELLED");
}

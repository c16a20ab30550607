//! The recorded exchanges of §1.3, §2.2 and §2.3: read, and written again byte for byte, in the dialects of Go and C++.

use ws101_gamelift::message::{
    Authorization, ConnectQuery, Dialect, FromService, Outcome, Push, Request, RequestAction, Response, read_request,
    read_response, write_error, write_push, write_request, write_response,
};

/// §2.2, as sent by Go. The ellipses are the record's own.
const GO_REQUESTS: &[&str] = &[
    r#"{"Action":"ActivateServerProcess","RequestId":"80524526-4155-44d0-8444-ccb04fdc6977","SdkVersion":"5.6.0","SdkLanguage":"Go","Port":7777,"LogPaths":["/local/game/logs"]}"#,
    r#"{"Action":"HeartbeatServerProcess","RequestId":"a769ab42-a394-4d36-b36d-a08526d50d5a","HealthStatus":true}"#,
    r#"{"Action":"ActivateGameSession","RequestId":"6eaf6727-23ed-467f-aa13-ea881ee6bfc1","GameSessionId":"arn:…"}"#,
    r#"{"Action":"UpdatePlayerSessionCreationPolicy","RequestId":"bf900fb7-427c-4611-8a5e-2d978c3d742f","GameSessionId":"arn:…","PlayerSessionPolicy":"DENY_ALL"}"#,
    r#"{"Action":"AcceptPlayerSession","RequestId":"90429b49-78a9-4cc6-a5a4-ee7bb54dc655","GameSessionId":"arn:…","PlayerSessionId":"psess-1"}"#,
    r#"{"Action":"DescribePlayerSessions","RequestId":"88061d43-6e6f-401d-9504-3886f874d445","GameSessionId":"arn:…","PlayerSessionStatusFilter":"ACTIVE","Limit":10}"#,
    r#"{"Action":"StartMatchBackfill","RequestId":"35a3d42c-…","GameSessionArn":"arn:…","MatchmakingConfigurationArn":"arn:aws:gamelift:us-west-2:123456789012:matchmakingconfiguration/mm1","TicketId":"","Players":[{"PlayerId":"p1","Team":"red","PlayerAttributes":{"modes":{"AttrType":"STRING_LIST","SL":["a","b"]},"name":{"AttrType":"STRING","S":"bob"},"skill":{"AttrType":"DOUBLE","N":12.5},"w":{"AttrType":"STRING_DOUBLE_MAP","SDM":{"x":1}}},"LatencyInMs":{"us-west-2":20}}]}"#,
    r#"{"Action":"StopMatchBackfill","RequestId":"e938c963-…","GameSessionArn":"arn:aws:gamelift:us-west-2:123456789012:gamesession/fleet-local-1/gsess-0001","MatchmakingConfigurationArn":"arn:aws:gamelift:us-west-2:123456789012:matchmakingconfiguration/mm1","TicketId":"ticket-1"}"#,
    r#"{"Action":"RemovePlayerSession","RequestId":"077f9460-…","GameSessionId":"arn:…","PlayerSessionId":"psess-1"}"#,
    r#"{"Action":"GetComputeCertificate","RequestId":"d250e4b0-d5ea-4230-85ff-86b0bd0c4483"}"#,
    r#"{"Action":"GetFleetRoleCredentials","RequestId":"13a3bada-…","RoleArn":"arn:aws:iam::123456789012:role/r","RoleSessionName":"fleet-local-1-host-1"}"#,
    r#"{"Action":"TerminateServerProcess","RequestId":"21111d4d-dcb5-4e9c-9650-5b221840b6b0"}"#,
];

#[test]
fn go_requests_are_read_and_written_again_byte_for_byte() {
    let mut actions = Vec::new();
    for text in GO_REQUESTS {
        let (id, request) = read_request(text).unwrap();
        assert_eq!(write_request(Dialect::Go, &id, &request), *text);
        actions.push(request.action());
    }
    actions.sort();
    assert_eq!(actions, RequestAction::ALL, "the record has every request once");
}

/// §2.2: C++ sends the same objects, but no `TicketId` key when it is empty, no log paths when there are none, and a player's
/// team last.
#[test]
fn cpp_requests_are_read_and_written_again_byte_for_byte() {
    for text in [
        r#"{"Action":"ActivateServerProcess","RequestId":"0123456789abcdefghijklmnopqrstuv","SdkVersion":"5.4.0","SdkLanguage":"Cpp","Port":7777,"LogPaths":["/local/game/logs"]}"#,
        r#"{"Action":"ActivateServerProcess","RequestId":"0123456789abcdefghijklmnopqrstuv","SdkVersion":"5.4.0","SdkLanguage":"Cpp"}"#,
        r#"{"Action":"HeartbeatServerProcess","RequestId":"a","HealthStatus":false}"#,
        r#"{"Action":"DescribePlayerSessions","RequestId":"b","GameSessionId":"arn:…","PlayerSessionStatusFilter":"ACTIVE","Limit":10}"#,
        r#"{"Action":"StartMatchBackfill","RequestId":"c","GameSessionArn":"arn:…","MatchmakingConfigurationArn":"arn:…","Players":[{"PlayerId":"p1","PlayerAttributes":{},"LatencyInMs":{},"Team":"red"}]}"#,
        r#"{"Action":"TerminateServerProcess","RequestId":"d"}"#,
    ] {
        let (id, request) = read_request(text).unwrap();
        assert_eq!(write_request(Dialect::Cpp, &id, &request), text);
    }
}

/// What one dialect writes means the same as what another one writes.
#[test]
fn every_request_survives_every_dialect() {
    for text in GO_REQUESTS {
        let (id, request) = read_request(text).unwrap();
        for dialect in Dialect::ALL {
            let written = write_request(*dialect, &id, &request);
            assert_eq!(read_request(&written).unwrap(), (id.clone(), request.clone()), "{dialect}: {written}");
        }
    }
}

/// §2.1: C# serialises absent values as `null` and may put Action and RequestId last; §2.4: `attrType`, unused values as null or 0.
#[test]
fn csharp_requests_are_read() {
    let text = r#"{"GameSessionArn":"arn:…","MatchmakingConfigurationArn":"arn:…","TicketId":null,"Players":[{"PlayerId":"p1","Team":null,
        "PlayerAttributes":{"skill":{"attrType":"DOUBLE","S":null,"N":12.5,"SL":null,"SDM":null},"name":{"attrType":"STRING","S":"bob","N":0,"SL":null,"SDM":null}},
        "LatencyInMs":null}],"Action":"StartMatchBackfill","RequestId":"guid"}"#;
    let (_, Request::StartMatchBackfill(request)) = read_request(text).unwrap() else { panic!() };
    assert_eq!(request.ticket_id, "");
    let player = &request.players[0];
    assert_eq!(serde_json::to_string(&player.player_attributes["skill"]).unwrap(), r#"{"AttrType":"DOUBLE","N":12.5}"#);
    assert_eq!(serde_json::to_string(&player.player_attributes["name"]).unwrap(), r#"{"AttrType":"STRING","S":"bob"}"#);
    let written = write_request(Dialect::CSharp, "guid", &Request::DescribePlayerSessions(Default::default()));
    assert_eq!(
        written,
        r#"{"GameSessionId":null,"PlayerId":null,"PlayerSessionId":null,"PlayerSessionStatusFilter":null,"NextToken":null,"Limit":0,"Action":"DescribePlayerSessions","RequestId":"guid"}"#
    );
    read_request(&written).unwrap();
}

/// §2.2: Go sends `null` for log paths when there are none.
#[test]
fn log_paths_may_be_null() {
    let text = r#"{"Action":"ActivateServerProcess","RequestId":"r","SdkVersion":"5.6.0","SdkLanguage":"Go","Port":7777,"LogPaths":null}"#;
    let (id, request) = read_request(text).unwrap();
    assert_eq!(write_request(Dialect::Go, &id, &request), text);
}

/// §2.2, responses accepted by both SDKs.
#[test]
fn responses_are_read_and_written_again_byte_for_byte() {
    for (action, text) in [
        (
            RequestAction::ActivateServerProcess,
            r#"{"Action":"ActivateServerProcess","RequestId":"80524526-4155-44d0-8444-ccb04fdc6977","StatusCode":200}"#,
        ),
        (
            RequestAction::DescribePlayerSessions,
            r#"{"Action":"DescribePlayerSessions","RequestId":"88061d43-…","StatusCode":200,"PlayerSessions":[{"PlayerId":"p1","PlayerSessionId":"psess-1","GameSessionId":"arn:…","FleetId":"fleet-local-1","PlayerData":"","IpAddress":"127.0.0.1","Port":7777,"CreationTime":1700000000000,"Status":"ACTIVE","DnsName":"localhost"}]}"#,
        ),
        (
            RequestAction::StartMatchBackfill,
            r#"{"Action":"StartMatchBackfill","RequestId":"35a3d42c-…","StatusCode":200,"TicketId":"ticket-local-1"}"#,
        ),
    ] {
        let FromService::Answer { request_id, text: whole, .. } = FromService::read(text) else { panic!("{text}") };
        let response: Response = read_response(action, &whole).unwrap();
        assert_eq!(write_response(action, &request_id, &response), text);
    }
    let text = r#"{"Action":"RemovePlayerSession","RequestId":"077f9460-…","StatusCode":404,"ErrorMessage":"no such player session"}"#;
    let FromService::Failure { request_id, outcome, message } = FromService::read(text) else { panic!() };
    assert_eq!(outcome, Outcome::NotFound);
    assert_eq!(write_error("RemovePlayerSession", &request_id, outcome, &message), text);
}

/// §2.3.
#[test]
fn pushes_are_read_and_written_again_byte_for_byte() {
    for text in [
        r#"{"Action":"CreateGameSession","GameSessionId":"arn:aws:gamelift:us-west-2::gamesession/fleet-local-1/custom-location-1/gsess-0001","GameSessionName":"local-1","MaximumPlayerSessionCount":8,"Port":7777,"IpAddress":"127.0.0.1","DnsName":"localhost","GameSessionData":"data!","MatchmakerData":"","GameProperties":{"map":"dust","mode":"ctf"}}"#,
        r#"{"Action":"UpdateGameSession","GameSession":{"GameSessionId":"arn:…","Name":"local-1","FleetId":"fleet-local-1","MaximumPlayerSessionCount":8,"Port":7777,"IpAddress":"127.0.0.1","DnsName":"localhost","GameSessionData":"data!","MatchmakerData":"{}","GameProperties":{"map":"dust"},"Status":"ACTIVE"},"UpdateReason":"MATCHMAKING_DATA_UPDATED","BackfillTicketId":"ticket-local-1"}"#,
        r#"{"Action":"TerminateProcess","TerminationTime":1795340087407}"#,
        r#"{"Action":"RefreshConnection","RefreshConnectionEndpoint":"ws://127.0.0.1:9080/refreshed","AuthToken":"refreshed-token"}"#,
    ] {
        let FromService::Push(push) = FromService::read(text) else { panic!("{text}") };
        assert_eq!(write_push(&push), text);
    }
}

/// §0.3: a push with a RequestId and no StatusCode is taken for a failed response; with 200 it is a push.
#[test]
fn a_push_with_a_request_id_needs_a_200() {
    let push = |envelope: &str| {
        FromService::read(&format!(r#"{{"Action":"TerminateProcess"{envelope},"TerminationTime":1}}"#))
    };
    assert!(matches!(push(""), FromService::Push(Push::TerminateProcess(_))));
    assert!(matches!(push(r#","RequestId":null"#), FromService::Push(_)));
    assert!(matches!(push(r#","RequestId":"r","StatusCode":200"#), FromService::Push(_)));
    assert!(matches!(push(r#","RequestId":"r""#), FromService::Failure { .. }));
}

/// §1.3, the queries of Go's and of C++'s upgrade requests.
#[test]
fn queries_are_read_and_written_again_byte_for_byte() {
    let go = "Authorization=tok+en%2F%2B%3D1&ComputeId=host-1&FleetId=fleet-local-1&IdempotencyToken=fb0eecc7-f3ca-4bad-8ea1-5d1d0c9b9331&pID=proc-1&sdkLanguage=Go&sdkVersion=5.6.0";
    let query = ConnectQuery::parse(go).unwrap();
    assert_eq!(query.authorization, Authorization::Token("tok en/+=1".into()));
    assert_eq!((&*query.process_id, &*query.compute_id, &*query.fleet_id), ("proc-1", "host-1", "fleet-local-1"));
    assert_eq!(query.write(Dialect::Go), go);

    let cpp = "Authorization=tok%20en&ComputeId=host-1&FleetId=fleet-local-1&IdempotencyToken=3ByTJMVsxHPBIz72HS4wWqVmP9SNt18k&pID=proc-1&sdkLanguage=Cpp&sdkVersion=5.4.0";
    let query = ConnectQuery::parse(cpp).unwrap();
    assert_eq!(query.sdk_language, "Cpp");
    // C++ writes the value raw, so what it was given was already escaped.
    let raw = ConnectQuery { authorization: Authorization::Token("tok%20en".into()), ..query };
    assert_eq!(raw.write(Dialect::Cpp), cpp);
}

/// §0.8 and §1.2: any order, unknown parameters, no IdempotencyToken; exact case of the names.
#[test]
fn queries_come_in_any_order() {
    let query =
        ConnectQuery::parse("x=1&pID=p&ComputeId=h&FleetId=f&Authorization=SigV4&X-Amz-Credential=AKID%2F20260101%2Fus-west-2%2Fgamelift%2Faws4_request").unwrap();
    assert_eq!(query.idempotency_token, None);
    assert_eq!(query.authorization, Authorization::SigV4 { access_key_id: "AKID".into() });
    assert_eq!(ConnectQuery::parse("pid=p&ComputeId=h&FleetId=f").unwrap_err().to_string(), "the query has no pID");
}

/// §2.1: status codes; 201 and 204 count as errors.
#[test]
fn status_codes_mean_what_the_sdks_make_of_them() {
    for (code, outcome) in [
        (200, Outcome::Success),
        (201, Outcome::InternalServiceException),
        (204, Outcome::InternalServiceException),
        (400, Outcome::BadRequest),
        (401, Outcome::Unauthorized),
        (403, Outcome::Forbidden),
        (404, Outcome::NotFound),
        (409, Outcome::Conflict),
        (418, Outcome::BadRequest),
        (429, Outcome::TooManyRequests),
        (500, Outcome::InternalServiceException),
    ] {
        assert_eq!(Outcome::of(code), outcome, "{code}");
    }
}

/// What cannot be read says why, and keeps the request id for the answer.
#[test]
fn what_cannot_be_read_says_why() {
    let why = |text: &str| {
        let unreadable = read_request(text).unwrap_err();
        (unreadable.request_id, unreadable.why)
    };
    assert_eq!(why("[]"), (String::new(), "the message is not a JSON object".into()));
    assert_eq!(why(r#"{"RequestId":"r"}"#), ("r".into(), "Action is missing".into()));
    assert_eq!(why(r#"{"Action":"Dance","RequestId":"r"}"#), ("r".into(), "Action `Dance` is not known".into()));
    assert_eq!(why(r#"{"Action":"TerminateServerProcess"}"#), (String::new(), "RequestId is missing".into()));
    let (id, why) =
        why(r#"{"Action":"UpdatePlayerSessionCreationPolicy","RequestId":"r","PlayerSessionPolicy":"SOME"}"#);
    assert_eq!(id, "r");
    assert!(why.starts_with("PlayerSessionPolicy cannot be `SOME`; it is one of ACCEPT_ALL, DENY_ALL"), "{why}");
}

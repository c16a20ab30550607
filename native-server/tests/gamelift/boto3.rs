//! The Anywhere workflow, walked by boto3 as it is, with nothing set but `endpoint_url`.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::Server;

/// What a developer writes. It starts the sample game server with what the API gave, and is a player too.
const WALK: &str = r#"
import os, socket, subprocess, sys, time
sys.path.insert(0, sys.argv[3])
import boto3
from botocore.config import Config

protocol = sys.argv[4]
gamelift = boto3.client(
    "gamelift", endpoint_url=sys.argv[1], region_name="us-west-2",
    aws_access_key_id="any", aws_secret_access_key="any",
)
assert gamelift.meta.service_model.metadata["protocol"], protocol

def until(what, get, wanted):
    for _ in range(200):
        if get() == wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"{what}: {get()} is not {wanted}")

def refused(name, call, **input):
    try:
        call(**input)
    except gamelift.exceptions.ClientError as error:
        assert type(error).__name__ == name, error
        assert isinstance(error, getattr(gamelift.exceptions, name))
        assert error.response["Error"]["Message"], error
    else:
        raise AssertionError(f"{name} was expected")

fleet = "fleet-local-1"
assert gamelift.list_fleets()["FleetIds"] == [fleet]
attributes = gamelift.describe_fleet_attributes(FleetIds=[fleet])["FleetAttributes"][0]
assert attributes["ComputeType"] == "ANYWHERE" and attributes["CreationTime"].year > 2000, attributes

compute = gamelift.register_compute(
    FleetId=fleet, ComputeName="my-pc", Location="custom-location-1", IpAddress="127.0.0.1")["Compute"]
token = gamelift.get_compute_auth_token(FleetId=fleet, ComputeName="my-pc")
assert token["ExpirationTimestamp"].timestamp() > time.time()
environment = dict(os.environ, GAMELIFT_SDK_WEBSOCKET_URL=compute["GameLiftServiceSdkEndpoint"],
    GAMELIFT_SDK_AUTH_TOKEN=token["AuthToken"], GAMELIFT_SDK_PROCESS_ID="my-process",
    GAMELIFT_SDK_HOST_ID=compute["ComputeName"], GAMELIFT_SDK_FLEET_ID=compute["FleetId"])

wanted = dict(FleetId=fleet, MaximumPlayerSessionCount=2, Name="walk", GameProperties=[{"Key": "map", "Value": "dust"}])
refused("FleetCapacityExceededException", gamelift.create_game_session, **wanted)
game = subprocess.Popen([sys.argv[2], "game-server", "--quiet"], env=environment)
try:
    for _ in range(200):
        try:
            session = gamelift.create_game_session(**wanted)["GameSession"]
            break
        except gamelift.exceptions.FleetCapacityExceededException:
            time.sleep(0.05)
    assert session["Status"] == "ACTIVATING" and session["GameProperties"] == wanted["GameProperties"], session
    id = session["GameSessionId"]
    def sessions():
        return gamelift.describe_game_sessions(GameSessionId=id)["GameSessions"][0]
    until("the session", lambda: sessions()["Status"], "ACTIVE")
    assert gamelift.search_game_sessions(FleetId=fleet, FilterExpression="gameSessionProperties.map = 'dust'")["GameSessions"]

    player = gamelift.create_player_session(GameSessionId=id, PlayerId="player-1")["PlayerSession"]
    assert player["Status"] == "RESERVED", player
    def players(status):
        found = gamelift.describe_player_sessions(GameSessionId=id, PlayerSessionStatusFilter=status)
        return [player["PlayerId"] for player in found["PlayerSessions"]]
    # The player goes to the game, over a connection of its own, and the game has the player session accepted.
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(player["PlayerSessionId"].encode(), (player["IpAddress"], player["Port"]))
    until("the player", lambda: players("ACTIVE"), ["player-1"])
    client.sendto(b"leave " + player["PlayerSessionId"].encode(), (player["IpAddress"], player["Port"]))
    until("the player", lambda: players("COMPLETED"), ["player-1"])

    gamelift.update_game_session(GameSessionId=id, PlayerSessionCreationPolicy="DENY_ALL")
    refused("InvalidGameSessionStatusException", gamelift.create_player_session, GameSessionId=id, PlayerId="player-2")
    gamelift.update_game_session(GameSessionId=id, PlayerSessionCreationPolicy="ACCEPT_ALL")
    made = gamelift.create_player_sessions(GameSessionId=id, PlayerIds=["player-2", "player-3"])["PlayerSessions"]
    assert len(made) == 2
    refused("GameSessionFullException", gamelift.create_player_session, GameSessionId=id, PlayerId="player-4")

    gamelift.terminate_game_session(GameSessionId=id, TerminationMode="TRIGGER_ON_PROCESS_TERMINATE")
    until("the session", lambda: sessions()["Status"], "TERMINATED")
    assert game.wait(10) == 0, "the process has ended by itself"
    refused("InvalidGameSessionStatusException", gamelift.terminate_game_session,
        GameSessionId=id, TerminationMode="FORCE_TERMINATE")
finally:
    game.kill()

refused("ConflictException", gamelift.register_compute,
    FleetId=fleet, ComputeName="my-pc", Location="custom-location-1", IpAddress="127.0.0.1")
refused("NotFoundException", gamelift.describe_game_sessions, GameSessionId=id + "-no")
refused("InvalidRequestException", gamelift.describe_game_sessions, GameSessionId="gsess-1")
refused("InvalidRequestException", gamelift.create_build)
placement = gamelift.start_game_session_placement(
    PlacementId="pl", GameSessionQueueName="queue", MaximumPlayerSessionCount=2)["GameSessionPlacement"]
assert placement["Status"] == "PENDING" and placement["StartTime"].timestamp() > time.time() - 60
assert gamelift.stop_game_session_placement(PlacementId="pl")["GameSessionPlacement"]["Status"] == "CANCELLED"
events = gamelift.describe_fleet_events(FleetId=fleet, StartTime=time.time() - 3600)["Events"]
assert [event["EventCode"] for event in events] == ["FLEET_CREATED"], events
location = gamelift.create_location(LocationName="custom-classroom")["Location"]
made = gamelift.create_fleet(Name="mine", ComputeType="ANYWHERE", Locations=[{"Location": location["LocationName"]}])
assert made["FleetAttributes"]["FleetId"] in gamelift.list_fleets()["FleetIds"]
gamelift.deregister_compute(FleetId=fleet, ComputeName="my-pc")
print("ok", gamelift.meta.service_model.metadata["protocol"])
"#;

/// The version, so that a new one does not break the tests of a day on which nothing else has changed.
const BOTO3: &str = "boto3==1.44.5";
/// One from before GameLift's model knew of CBOR: it speaks AWS JSON 1.1.
const OLDER: &str = "boto3==1.37.38";

fn python(arguments: &[&str]) -> Option<Output> {
    let mut python = Command::new("python3");
    python.args(arguments).env_remove("AWS_PROFILE").stdin(Stdio::null()).output().ok()
}

/// Walks, with a boto3 that is installed for it.
fn walk(requirement: &str, protocol: &str) {
    // Python is a language that a machine for Rust need not have; but where it is, nothing is skipped.
    if !python(&["-m", "pip", "--version"]).is_some_and(|output| output.status.success()) {
        eprintln!("SKIPPED: there is no python3 with pip on this machine");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(requirement.replace("==", "-"));
    let target = folder.to_string_lossy();
    if !folder.join("boto3").is_dir() {
        let installed = python(&["-m", "pip", "install", "--quiet", "--target", &target, requirement]).unwrap();
        assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    }
    let server = Server::start(&[]);
    let url = format!("http://{}", server.address);
    let walked = python(&["-c", WALK, &url, env!("CARGO_BIN_EXE_ws101"), &target, protocol]).unwrap();
    assert!(walked.status.success(), "{}", String::from_utf8_lossy(&walked.stderr));
    assert_eq!(String::from_utf8_lossy(&walked.stdout).trim(), format!("ok {protocol}"));
}

#[test]
fn boto3_walks_the_anywhere_workflow_in_cbor() {
    walk(BOTO3, "smithy-rpc-v2-cbor");
}

#[test]
fn an_older_boto3_walks_it_in_json() {
    walk(OLDER, "json");
}

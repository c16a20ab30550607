//! `/api/gamelift`: what AWS does not have. `GET` tells how everything is; a `POST` of JSON below it makes something
//! happen.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ws101_gamelift::message::UpdateReason;
use ws101_gamelift::service::{
    ApiError, ApiErrorKind, Event, Faults, ProcessKey, ProcessStatus, ServerProcess, Service,
};

use super::hub::Hub;
use super::{Answer, command};

/// Something that can be asked for.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    Status,
    Drop,
    Faults,
    Refresh,
    UpdateGameSession,
    Terminate,
    Time,
    Environment,
}

/// A request's body. Each verb has a use for some of it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    /// Which process; by itself if no other has this id.
    pub(super) process_id: String,
    pub(super) fleet_id: String,
    pub(super) compute_name: String,
    /// `drop`: the code of a Close frame; without one the TCP connection ends.
    pub(super) close_code: Option<u16>,
    /// `faults`: refuse its upgrades with 403.
    pub(super) refuse: bool,
    /// `faults`: do not answer.
    pub(super) mute: bool,
    /// `faults`: answer so many milliseconds later.
    pub(super) delay: u64,
    /// `refresh`: the URL that it is sent to, if it is another one.
    pub(super) endpoint: Option<String>,
    /// `update-game-session`: which one,
    pub(super) game_session_id: String,
    /// why,
    pub(super) update_reason: String,
    /// by which ticket,
    pub(super) backfill_ticket_id: String,
    /// and what the matchmaker says, as JSON in a text.
    pub(super) matchmaker_data: Option<String>,
    /// `time`: how many times as fast it passes.
    pub(super) factor: u32,
}

impl Verb {
    pub(super) fn new(method: &str, path: &str) -> Option<Self> {
        let verb = path.strip_prefix(PATH)?;
        Some(match (method, verb) {
            ("GET" | "HEAD", "") => Self::Status,
            ("POST", "/drop") => Self::Drop,
            ("POST", "/faults") => Self::Faults,
            ("POST", "/refresh") => Self::Refresh,
            ("POST", "/update-game-session") => Self::UpdateGameSession,
            ("POST", "/terminate") => Self::Terminate,
            ("POST", "/time") => Self::Time,
            ("POST", "/environment") => Self::Environment,
            _ => return None,
        })
    }

    pub(super) fn answer(self, hub: &Hub, may: bool, body: &[u8]) -> Answer {
        let input = match serde_json::from_slice(if body.is_empty() { b"{}" } else { body }) {
            Ok(input) => input,
            Err(error) => return refusal(400, &format!("The body cannot be read: {error}.")),
        };
        if !may {
            return refusal(403, "From another machine, add the teacher's token: ?teacher=TOKEN.");
        }
        match hub.act(|service, now| self.carry_out(service, now, input)) {
            Ok(output) => json_answer(200, &output),
            Err(error) => {
                let status = match error.kind {
                    ApiErrorKind::NotFound => 404,
                    ApiErrorKind::Conflict | ApiErrorKind::NotReady => 409,
                    _ => 400,
                };
                refusal(status, &format!("{}.", error.message))
            }
        }
    }

    fn carry_out(self, service: &mut Service, now: Duration, input: Input) -> Result<Value, ApiError> {
        match self {
            Self::Status => return Ok(status(service)),
            Self::Environment => {
                let key = ProcessKey {
                    fleet_id: or(input.fleet_id, &service.config().fleet_id),
                    compute_name: or(input.compute_name, "host-1"),
                    process_id: or(input.process_id, "ManagedResource"),
                };
                return Ok(json!(BTreeMap::from_iter(command::environment(service, now, &key))));
            }
            Self::Time => service.scale_time(input.factor)?,
            Self::UpdateGameSession => {
                let reason = UpdateReason::from_word(&or(input.update_reason, "MATCHMAKING_DATA_UPDATED"));
                let reason = reason.ok_or_else(|| invalid("UpdateReason is not one of the protocol's"))?;
                service.push_update(
                    &input.game_session_id,
                    reason,
                    &input.backfill_ticket_id,
                    input.matchmaker_data,
                )?;
            }
            Self::Faults => {
                let faults =
                    Faults { refuse: input.refuse, mute: input.mute, delay: Duration::from_millis(input.delay) };
                // It need not have connected yet.
                let key = match (&*input.fleet_id, &*input.compute_name) {
                    ("", _) | (_, "") => find(service, &input)?.key.clone(),
                    (fleet_id, compute_name) => ProcessKey {
                        fleet_id: fleet_id.into(),
                        compute_name: compute_name.into(),
                        process_id: input.process_id,
                    },
                };
                service.set_faults(key, faults);
            }
            Self::Drop => {
                let process = find(service, &input)?;
                let Some(connection) = process.connection else {
                    let message = format!("{} has no connection now", process.key);
                    return Err(ApiError { kind: ApiErrorKind::NotReady, message });
                };
                service.close_connection(connection, input.close_code);
            }
            Self::Refresh => {
                let key = find(service, &input)?.key.clone();
                service.refresh_connection(now, &key, input.endpoint)?;
            }
            Self::Terminate => {
                let key = find(service, &input)?.key.clone();
                service.terminate_process(now, &key)?;
            }
        }
        Ok(json!({}))
    }
}

/// The process that is meant: of several with this id, the one that has not ended.
fn find<'s>(service: &'s Service, input: &Input) -> Result<&'s ServerProcess, ApiError> {
    let fits = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
    let mut found: Vec<&ServerProcess> = service
        .processes()
        .filter(|process| process.key.process_id == input.process_id)
        .filter(|process| fits(&input.fleet_id, &process.key.fleet_id))
        .filter(|process| fits(&input.compute_name, &process.key.compute_name))
        .collect();
    if found.len() > 1 {
        found.retain(|process| process.status != ProcessStatus::Terminated);
    }
    match *found {
        [process] => Ok(process),
        [] => {
            let message =
                format!("there is no server process {}; `ws101 gamelift status` lists them", input.process_id);
            Err(ApiError { kind: ApiErrorKind::NotFound, message })
        }
        _ => Err(invalid("several server processes have this id: give FleetId and ComputeName too")),
    }
}

/// How everything is. Times are milliseconds since 1970.
fn status(service: &Service) -> Value {
    let processes = service.processes().map(|process| {
        let faults = service.faults(&process.key);
        let last_report = process.health.last_report;
        json!({
            "ProcessId": process.key.process_id,
            "ComputeName": process.key.compute_name,
            "FleetId": process.key.fleet_id,
            "Status": process.status.word(),
            "Reason": process.reason.map(|reason| reason.word()),
            "SdkLanguage": process.sdk_language,
            "SdkVersion": process.sdk_version,
            "Port": process.port,
            "IsConnected": process.connection.is_some(),
            "LastReport": last_report.map(|(at, healthy)| json!({"Time": at.as_millis(), "Healthy": healthy})),
            "Misses": process.health.misses,
            "GameSessionId": process.game_session_id,
            "Refuse": faults.refuse,
            "Mute": faults.mute,
            "Delay": faults.delay.as_millis(),
        })
    });
    let sessions = service.game_sessions().map(|session| {
        let players = service.player_sessions().filter(|player| player.game_session_id == session.id);
        let players = players.map(|player| {
            json!({"PlayerSessionId": player.id, "PlayerId": player.player_id, "Status": player.status.word()})
        });
        json!({
            "GameSessionId": session.id,
            "Name": session.name,
            "ProcessId": session.process.process_id,
            "Status": session.status.word(),
            "StatusReason": session.status_reason,
            "MaximumPlayerSessionCount": session.maximum_players,
            "Players": players.collect::<Vec<_>>(),
        })
    });
    let events: Vec<&Event> = service.events().collect();
    let events = events.iter().rev().take(EVENTS).rev().map(|event| {
        json!({
            "Number": event.number,
            "Time": event.at.as_millis(),
            "Code": event.code.word(),
            "ProcessId": event.process.as_ref().map(|key| &key.process_id),
            "Message": event.message,
        })
    });
    json!({
        "Endpoint": service.config().endpoint,
        "TimeFactor": service.time_factor(),
        "Fleets": service.fleets().map(|fleet| &fleet.id).collect::<Vec<_>>(),
        "Computes": service.computes().map(|compute| &compute.name).collect::<Vec<_>>(),
        "Processes": processes.collect::<Vec<_>>(),
        "GameSessions": sessions.collect::<Vec<_>>(),
        "Events": events.collect::<Vec<_>>(),
    })
}

fn or(text: String, default: &str) -> String {
    if text.is_empty() { default.into() } else { text }
}

fn invalid(message: &str) -> ApiError {
    ApiError { kind: ApiErrorKind::InvalidRequest, message: message.into() }
}

fn refusal(status: u16, sentence: &str) -> Answer {
    json_answer(status, &json!({"Message": sentence}))
}

fn json_answer(status: u16, output: &Value) -> Answer {
    let fields = vec![("Cache-Control", "no-store".to_owned())];
    Answer { status, media_type: "application/json", fields, body: output.to_string().into_bytes() }
}

/// Where it is.
pub(super) const PATH: &str = "/api/gamelift";
/// So many events are told, the newest ones.
const EVENTS: usize = 200;

//! `ws101 gamelift …`: the command line of what [`control`](super::control) does.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde_json::Value;
use ws101_gamelift::service::api::{NamedCompute, RegisterComputeInput};
use ws101_gamelift::service::{ProcessKey, Service};

use super::control::{Input, PATH};
use super::supervise;

/// What there is to be done.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the environment that points an unmodified game server at this endpoint.
    ///
    /// Use it as `env $(ws101 gamelift env) ./my-server`, or `ws101 gamelift env > file` for `docker run --env-file
    /// file`.
    Env {
        #[command(flatten)]
        at: At,
        /// The fleet.
        #[arg(long, default_value = "")]
        fleet: String,
        /// The compute; it is registered, if it was not [default: host-1].
        #[arg(long, default_value = "")]
        compute: String,
        /// The process's id [default: ManagedResource, with which each start makes up a new one].
        #[arg(long, default_value = "")]
        process_id: String,
    },
    /// Keep game servers running on this machine: start them, and end them when GameLift says so.
    Supervise(supervise::Options),
    /// Tell how everything is, as JSON.
    Status {
        #[command(flatten)]
        at: At,
    },
    /// Cut a process's connection.
    Drop {
        #[command(flatten)]
        at: At,
        process_id: String,
        /// With a Close frame of this code, instead of none.
        #[arg(long)]
        close_code: Option<u16>,
    },
    /// Let things go wrong for a process; without a flag, no longer.
    Faults {
        #[command(flatten)]
        at: At,
        process_id: String,
        /// Refuse its upgrade requests with 403.
        #[arg(long)]
        refuse: bool,
        /// Do not answer its requests.
        #[arg(long)]
        mute: bool,
        /// Answer so many milliseconds later.
        #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
        delay: u64,
        /// The fleet of a process that has not connected yet.
        #[arg(long, default_value = "", requires = "compute")]
        fleet: String,
        /// Its compute.
        #[arg(long, default_value = "", requires = "fleet")]
        compute: String,
    },
    /// Push RefreshConnection.
    Refresh {
        #[command(flatten)]
        at: At,
        process_id: String,
        /// Send it to another URL.
        #[arg(long)]
        endpoint: Option<String>,
    },
    /// Push UpdateGameSession, as a matchmaker does.
    UpdateGameSession {
        #[command(flatten)]
        at: At,
        game_session_id: String,
        /// MATCHMAKING_DATA_UPDATED, BACKFILL_FAILED, BACKFILL_TIMED_OUT or BACKFILL_CANCELLED.
        #[arg(long, default_value = "MATCHMAKING_DATA_UPDATED")]
        reason: String,
        /// The backfill ticket.
        #[arg(long, default_value = "")]
        ticket: String,
        /// What the matchmaker says: JSON.
        #[arg(long)]
        matchmaker_data: Option<String>,
    },
    /// Push TerminateProcess.
    Terminate {
        #[command(flatten)]
        at: At,
        process_id: String,
    },
    /// Let all time limits pass so many times as fast; 1 is as they are.
    Time {
        #[command(flatten)]
        at: At,
        factor: u32,
    },
}

/// Where the server is.
#[derive(Clone, Debug, Args)]
pub(crate) struct At {
    /// Where `ws101 serve` is.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8101")]
    pub(crate) server: String,
    /// The teacher's token, for a server on another machine.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) teacher_token: Option<String>,
}

impl At {
    /// Host and port.
    pub(crate) fn host(&self) -> anyhow::Result<&str> {
        let host = self.server.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        let host = host.filter(|host| !host.contains('/') && host.contains(':'));
        host.with_context(|| format!("--server {} is no address such as http://127.0.0.1:8101", self.server))
    }

    /// Asks for something; gives the JSON of the answer.
    fn ask(&self, method: &str, verb: &str, input: &Input) -> anyhow::Result<Value> {
        let host = self.host()?;
        let query = self.teacher_token.as_ref().map(|token| format!("?teacher={token}")).unwrap_or_default();
        let body = if method == "POST" { serde_json::to_string(input)? } else { String::new() };
        let request = format!(
            "{method} {PATH}{verb}{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let exchange = || {
            let mut stream = TcpStream::connect(host)?;
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            stream.write_all(request.as_bytes())?;
            let mut response = String::new();
            stream.read_to_string(&mut response)?;
            std::io::Result::Ok(response)
        };
        let response =
            exchange().with_context(|| format!("No server answers at {}: start it with `ws101 serve`", self.server))?;
        let (head, body) = response.split_once("\r\n\r\n").unwrap_or_default();
        let output: Value = serde_json::from_str(body)
            .with_context(|| format!("{} answers otherwise than ws101 does: {body}", self.server))?;
        if !head.starts_with("HTTP/1.1 200") {
            bail!("{}", output["Message"].as_str().unwrap_or(body));
        }
        Ok(output)
    }
}

/// Carries a command out.
pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    if let Command::Supervise(options) = command {
        crate::log("ws101=info");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("No event loop can be started")?;
        runtime.block_on(async {
            let stop = crate::stop_signal().context("Ctrl-C cannot be waited for")?;
            supervise::run(options, stop).await
        })?;
    } else {
        std::io::stdout().write_all(command.ask()?.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Command {
    /// Asks the server; gives what is to be printed.
    fn ask(self) -> anyhow::Result<String> {
        let (at, method, verb, input) = match self {
            Self::Supervise(_) => return Ok(String::new()),
            Self::Env { at, fleet, compute, process_id } => {
                let input = Input { fleet_id: fleet, compute_name: compute, process_id, ..Input::default() };
                let variables = at.ask("POST", "/environment", &input)?;
                let lines = variables.as_object().into_iter().flatten();
                return Ok(lines
                    .map(|(name, value)| format!("{name}={}\n", value.as_str().unwrap_or_default()))
                    .collect());
            }
            Self::Status { at } => {
                return Ok(serde_json::to_string_pretty(&at.ask("GET", "", &Input::default())?)? + "\n");
            }
            Self::Drop { at, process_id, close_code } => {
                (at, "POST", "/drop", Input { process_id, close_code, ..Input::default() })
            }
            Self::Faults { at, process_id, refuse, mute, delay, fleet, compute } => {
                let (fleet_id, compute_name) = (fleet, compute);
                (
                    at,
                    "POST",
                    "/faults",
                    Input { process_id, fleet_id, compute_name, refuse, mute, delay, ..Input::default() },
                )
            }
            Self::Refresh { at, process_id, endpoint } => {
                (at, "POST", "/refresh", Input { process_id, endpoint, ..Input::default() })
            }
            Self::UpdateGameSession { at, game_session_id, reason, ticket, matchmaker_data } => {
                let (update_reason, backfill_ticket_id) = (reason, ticket);
                let input =
                    Input { game_session_id, update_reason, backfill_ticket_id, matchmaker_data, ..Input::default() };
                (at, "POST", "/update-game-session", input)
            }
            Self::Terminate { at, process_id } => (at, "POST", "/terminate", Input { process_id, ..Input::default() }),
            Self::Time { at, factor } => (at, "POST", "/time", Input { factor, ..Input::default() }),
        };
        at.ask(method, verb, &input)?;
        Ok(String::new())
    }
}

/// The variables that point a game server at this endpoint (§1.5); where time is scaled, those of the SDK for Go
/// besides.
pub(super) fn environment(service: &mut Service, now: Duration, key: &ProcessKey) -> Vec<(String, String)> {
    let (fleet_id, compute_name) = (key.fleet_id.clone(), key.compute_name.clone());
    let location =
        service.fleets().find(|fleet| fleet.id == fleet_id).and_then(|fleet| fleet.locations.first().cloned());
    let register = RegisterComputeInput {
        fleet_id: fleet_id.clone(),
        compute_name: compute_name.clone(),
        location,
        ip_address: Some(service.config().default_ip_address.clone()),
        ..Default::default()
    };
    // It may be registered already, and nothing else is to be known of it.
    let _ = service.register_compute(now, register);
    let token = service.get_compute_auth_token(now, NamedCompute { fleet_id, compute_name });
    let mut variables = vec![
        ("GAMELIFT_SDK_WEBSOCKET_URL", service.config().endpoint.clone()),
        ("GAMELIFT_SDK_AUTH_TOKEN", token.map(|token| token.auth_token).unwrap_or_default()),
        ("GAMELIFT_SDK_PROCESS_ID", key.process_id.clone()),
        ("GAMELIFT_SDK_HOST_ID", key.compute_name.clone()),
        ("GAMELIFT_SDK_FLEET_ID", key.fleet_id.clone()),
    ];
    let factor = service.time_factor();
    if factor > 1 {
        let scaled = |seconds: u32| format!("{}ms", seconds * 1000 / factor);
        variables.extend([
            ("HEALTHCHECK_INTERVAL", scaled(60)),
            ("HEALTHCHECK_MAX_JITTER", scaled(10)),
            ("HEALTHCHECK_TIMEOUT", scaled(50)),
            ("DISCONNECT_WEBSOCKET_TIMEOUT", scaled(5)),
        ]);
    }
    variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

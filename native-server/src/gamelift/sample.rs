//! `ws101 game-server`: a small real process that speaks as server SDK 5 does, and can be made to fail.
//!
//! What it does is decided by [`ws101_gamelift::process`]; here are its sockets: tungstenite for GameLift, and UDP for
//! players, who send `psess-…` to come and `leave psess-…` to go.

use std::collections::HashMap;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::UdpSocket;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use ws101_gamelift::message::{Dialect, Request, limits, request};
use ws101_gamelift::process::{Behaviour, Callback, Fault, HealthCheck, LinkId, Output, Process, SdkTiming, Settings};

use super::hub::random_bits;

/// What it lets choose. As with the SDKs, variables of the environment (`ws101 gamelift env`) come before arguments.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// The WebSocket URL, as RegisterCompute gives it.
    #[arg(long, default_value = "ws://127.0.0.1:8101/gamelift")]
    websocket_url: String,
    /// The token of GetComputeAuthToken.
    #[arg(long, default_value = "")]
    auth_token: String,
    /// The fleet.
    #[arg(long, default_value = "fleet-local-1")]
    fleet: String,
    /// The compute's name.
    #[arg(long, default_value = "host-1")]
    host: String,
    /// The process's id; ManagedResource is a new one.
    #[arg(long, default_value = MANAGED)]
    process_id: String,
    /// The UDP port for players; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Which SDK it behaves like.
    #[arg(long, value_enum, default_value_t = Sdk::Go)]
    sdk: Sdk,
    /// Seconds until it calls InitSDK.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0)]
    slow_start: f64,
    /// Seconds from InitSDK to ProcessReady.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0)]
    slow_ready: f64,
    /// Seconds that it loads the map, before ActivateGameSession.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.2)]
    load: f64,
    /// Never call ActivateGameSession.
    #[arg(long)]
    no_activate: bool,
    /// Have no OnHealthCheck.
    #[arg(long)]
    no_callback: bool,
    /// Have an OnHealthCheck that says false.
    #[arg(long, conflicts_with = "no_callback")]
    unhealthy: bool,
    /// What goes wrong, some seconds after ProcessReady.
    #[arg(long, value_enum)]
    fault: Option<Failing>,
    /// How many seconds after.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, requires = "fault")]
    fault_after: f64,
    /// The SDK's times pass so many times as fast, but for its patience with answers. (The five variables of the SDK
    /// for Go are read as well.)
    #[arg(long, value_name = "FACTOR", default_value_t = 1)]
    time: u32,
    /// Be so many protocol clients in one process, without a port for players.
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    count: u32,
    /// End when the standard input does: whoever started this process is gone then.
    #[arg(long)]
    with_parent: bool,
    /// Do not tell what is called.
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sdk {
    Go,
    Cpp,
    Csharp,
}

/// The ways to fail. Three of them are called "hung", and are three different faults.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Failing {
    /// It is gone, without ProcessEnding.
    Crash,
    /// OnHealthCheck never returns: reported unhealthy after 50 s.
    CallbackBlocks,
    /// The whole process is frozen: reports stop, the connection stays.
    Frozen,
    /// The main loop is stuck while OnHealthCheck still says true: never found.
    MainLoopStuck,
}

/// Runs to its end.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    if options.with_parent {
        // A thread of its own, because a read cannot be taken back.
        std::thread::spawn(|| {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            std::process::exit(1);
        });
    }
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("No event loop can be started")?;
    let code: anyhow::Result<i32> = runtime.block_on(async {
        if options.count <= 1 {
            let socket = game_socket(options.port).await?;
            let port = socket.local_addr().context("The game's port is not known")?.port();
            let settings = options.settings(port, None);
            return Ok(Game::new(settings, options.quiet).run(Some(&socket)).await);
        }
        let games: Vec<_> = (0..options.count)
            .map(|number| {
                let settings = options.settings(options.port.max(1024), Some(number));
                let quiet = options.quiet;
                tokio::spawn(async move { Game::new(settings, quiet).run(None).await })
            })
            .collect();
        let mut worst = 0;
        for game in games {
            worst = game.await.unwrap_or(-1).max(worst);
        }
        Ok(worst)
    });
    Ok(ExitCode::from(u8::try_from(code?).unwrap_or(1)))
}

/// GameLift takes ports up to 60000, and systems give higher ones away.
async fn game_socket(port: u16) -> anyhow::Result<UdpSocket> {
    loop {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port)).await;
        let socket = socket.with_context(|| format!("UDP port {port} cannot be had: choose another with --port"))?;
        if port != 0 || socket.local_addr().is_ok_and(|address| u32::from(address.port()) <= limits::PORT) {
            return Ok(socket);
        }
    }
}

impl Options {
    fn settings(&self, port: u16, number: Option<u32>) -> Settings {
        let dialect = match self.sdk {
            Sdk::Go => Dialect::Go,
            Sdk::Cpp => Dialect::Cpp,
            Sdk::Csharp => Dialect::CSharp,
        };
        let variable = |name: &str, argument: &str| {
            std::env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| argument.to_owned())
        };
        let mut process_id = variable("GAMELIFT_SDK_PROCESS_ID", &self.process_id);
        if process_id == MANAGED {
            process_id = format!("sample-{:032x}", random_bits());
        }
        if let Some(number) = number {
            process_id = format!("{process_id}-{number}");
        }
        let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let fault = self.fault.map(|fault| match fault {
            Failing::Crash => Fault::Crash,
            Failing::CallbackBlocks => Fault::CallbackBlocks,
            Failing::Frozen => Fault::Frozen,
            Failing::MainLoopStuck => Fault::MainLoopStuck,
        });
        let real = SdkTiming::of(dialect);
        // Networks do not become faster.
        let (request, activation) = (real.request, real.activation);
        Settings {
            endpoint: variable("GAMELIFT_SDK_WEBSOCKET_URL", &self.websocket_url),
            auth_token: variable("GAMELIFT_SDK_AUTH_TOKEN", &self.auth_token),
            fleet_id: variable("GAMELIFT_SDK_FLEET_ID", &self.fleet),
            compute_id: variable("GAMELIFT_SDK_HOST_ID", &self.host),
            port: port.into(),
            timing: timing(SdkTiming { request, activation, ..real.faster(self.time) }),
            behaviour: Behaviour {
                start: seconds(self.slow_start),
                ready: seconds(self.slow_ready),
                load: seconds(self.load),
                activates: !self.no_activate,
                health_check: match (self.no_callback, self.unhealthy) {
                    (true, _) => HealthCheck::Absent,
                    (_, true) => HealthCheck::Unhealthy,
                    _ => HealthCheck::Healthy,
                },
                fault: fault.map(|fault| (seconds(self.fault_after), fault)),
                ..Behaviour::default()
            },
            ..Settings::new(dialect, process_id)
        }
    }
}

/// The times, as far as the variables of the SDK for Go say others.
fn timing(mut timing: SdkTiming) -> SdkTiming {
    let variable = |name: &str, time: &mut Duration| {
        if let Some(given) = std::env::var(name).ok().as_deref().and_then(go_duration) {
            *time = given;
        }
    };
    variable("HEALTHCHECK_INTERVAL", &mut timing.heartbeat);
    variable("HEALTHCHECK_MAX_JITTER", &mut timing.jitter);
    variable("HEALTHCHECK_TIMEOUT", &mut timing.health_check);
    variable("SERVICE_CALL_TIMEOUT", &mut timing.request);
    variable("DISCONNECT_WEBSOCKET_TIMEOUT", &mut timing.drain);
    timing
}

/// A duration as Go writes it, with one unit: `6s`, `500ms`, `1m`.
fn go_duration(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| c.is_ascii_alphabetic())?;
    let seconds = match &text[unit..] {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        _ => return None,
    };
    text[..unit].parse::<f64>().ok().and_then(|number| Duration::try_from_secs_f64(number * seconds).ok())
}

/// One process, and its sockets.
struct Game {
    process: Process,
    quiet: bool,
    started: Instant,
    links: HashMap<LinkId, UnboundedSender<Outgoing>>,
    to: UnboundedSender<(LinkId, Incoming)>,
    incoming: UnboundedReceiver<(LinkId, Incoming)>,
}

enum Outgoing {
    Text(String),
    Close(u16),
}

enum Incoming {
    Opened,
    Refused(Option<u16>),
    Text(String),
    Lost(Option<u16>),
}

impl Game {
    fn new(settings: Settings, quiet: bool) -> Self {
        let (to, incoming) = unbounded_channel();
        let process = Process::new(settings, random_bits);
        Self { process, quiet, started: Instant::now(), links: HashMap::new(), to, incoming }
    }

    /// Runs to its end, and gives the exit code.
    async fn run(mut self, players: Option<&UdpSocket>) -> i32 {
        self.process.start(self.started.elapsed());
        let mut datagram = [0; 256];
        loop {
            while let Some(output) = self.process.poll() {
                if let Some(code) = self.on_output(output) {
                    return code;
                }
            }
            if self.process.fault() == Some(Fault::Frozen) {
                // All of it, as a debugger or a page fault without end would do.
                loop {
                    std::thread::park();
                }
            }
            let deadline = self.process.deadline().map(|deadline| self.started + deadline);
            let alarm = async {
                match deadline {
                    Some(deadline) => sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            let player = async {
                match players {
                    Some(players) => players.recv(&mut datagram).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = alarm => self.process.on_deadline(self.started.elapsed()),
                Some((link, incoming)) = self.incoming.recv() => self.on_incoming(link, incoming),
                Ok(len) = player => self.on_datagram(&datagram[..len]),
            }
        }
    }

    fn on_output(&mut self, output: Output) -> Option<i32> {
        match output {
            Output::Connect { link, url } => {
                let (to, outgoing) = unbounded_channel();
                self.links.insert(link, to);
                tokio::spawn(connection(link, url, self.to.clone(), outgoing));
            }
            Output::Send { link, text } => self.write(link, Outgoing::Text(text)),
            Output::Close { link, code } => {
                if let Some(code) = code {
                    self.write(link, Outgoing::Close(code));
                }
                self.links.remove(&link);
            }
            Output::Callback(callback) => self.tell(&told(&callback)),
            Output::Failed { call, why } => self.tell(&format!("{call} failed: {why}")),
            Output::Exit { code } if self.process.fault() == Some(Fault::Crash) => {
                self.tell(&format!("crashes, as if by {code}"));
                std::process::abort();
            }
            Output::Exit { code } => return Some(code),
        }
        None
    }

    fn on_incoming(&mut self, link: LinkId, incoming: Incoming) {
        let now = self.started.elapsed();
        match incoming {
            Incoming::Opened => {
                self.tell("is connected");
                self.process.opened(now, link);
            }
            Incoming::Refused(status) => {
                self.tell(&format!(
                    "cannot connect: {}",
                    status.map_or("no answer".into(), |status| status.to_string())
                ));
                self.process.refused(now, link, status);
            }
            Incoming::Text(text) => self.process.received(now, link, &text),
            Incoming::Lost(code) => {
                self.links.remove(&link);
                self.process.lost(link, code);
            }
        }
    }

    /// A player comes or goes; whether a player session is right only GameLift knows.
    fn on_datagram(&mut self, datagram: &[u8]) {
        let text = String::from_utf8_lossy(datagram);
        let game_session_id = self.process.game_session_id().to_owned();
        let request = match text.trim().strip_prefix("leave ") {
            Some(id) => Request::RemovePlayerSession(request::RemovePlayerSession {
                game_session_id,
                player_session_id: id.into(),
            }),
            None => Request::AcceptPlayerSession(request::AcceptPlayerSession {
                game_session_id,
                player_session_id: text.trim().into(),
            }),
        };
        self.tell(&format!("a player says: {}", text.trim()));
        self.process.call(self.started.elapsed(), request);
    }

    fn write(&self, link: LinkId, outgoing: Outgoing) {
        if let Some(to) = self.links.get(&link) {
            // What is written to a connection that is gone is lost: the SDK's own problem.
            let _ = to.send(outgoing);
        }
    }

    fn tell(&self, what: &str) {
        if !self.quiet {
            // Nobody may be listening.
            let _ = writeln!(std::io::stdout(), "{} {what}", self.process.settings().process_id);
        }
    }
}

fn told(callback: &Callback) -> String {
    match callback {
        Callback::StartGameSession(push) => format!("OnStartGameSession: {}", push.game_session_id),
        Callback::UpdateGameSession(push) => format!("OnUpdateGameSession: {}", push.update_reason),
        Callback::ProcessTerminate(at) => format!("OnProcessTerminate, by {} ms after 1970", at.as_millis()),
        Callback::HealthCheck(Some(healthy)) => format!("OnHealthCheck: {healthy}"),
        Callback::HealthCheck(None) => "OnHealthCheck: blocks".into(),
    }
}

/// A connection from its beginning to its end. It ends, without a Close frame, when nobody can write to it any more.
async fn connection(
    link: LinkId,
    url: String,
    to: UnboundedSender<(LinkId, Incoming)>,
    mut outgoing: UnboundedReceiver<Outgoing>,
) {
    let mut socket = match connect_async(url).await {
        Ok((socket, _)) => socket,
        Err(error) => {
            let status = match error {
                Error::Http(response) => Some(response.status().as_u16()),
                _ => None,
            };
            let _ = to.send((link, Incoming::Refused(status)));
            return;
        }
    };
    let _ = to.send((link, Incoming::Opened));
    let mut code = None;
    loop {
        tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => drop(to.send((link, Incoming::Text(text.to_string())))),
                Some(Ok(Message::Close(close))) => code = close.map(|close| close.code.into()),
                // It answers pings by itself.
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break,
            },
            next = outgoing.recv() => {
                let outcome = match next {
                    Some(Outgoing::Text(text)) => socket.send(Message::text(text)).await,
                    Some(Outgoing::Close(code)) => {
                        let close = CloseFrame { code: code.into(), reason: "Websocket client closing".into() };
                        socket.close(Some(close)).await
                    }
                    None => break,
                };
                if outcome.is_err() {
                    break;
                }
            }
        }
    }
    let _ = to.send((link, Incoming::Lost(code)));
}

/// §1.5: the process makes up its own id.
const MANAGED: &str = "ManagedResource";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        assert_eq!(go_duration("6s"), Some(Duration::from_secs(6)));
        assert_eq!(go_duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(go_duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(go_duration("2m"), Some(Duration::from_secs(120)));
        assert_eq!(go_duration("6"), None);
        assert_eq!(go_duration("-6s"), None);
    }
}

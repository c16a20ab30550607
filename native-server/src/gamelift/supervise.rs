//! A supervisor, the part of an Anywhere compute's agent: really starts processes, and really ends them.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tracing::{info, warn};

use super::AGENT_PATH;
use super::agent::Report;
use super::command::At;
use super::hub::Order;
use crate::greeting;

/// What `ws101 gamelift supervise` lets choose.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) at: At,
    /// The fleet.
    #[arg(long, default_value = "fleet-local-1")]
    pub(crate) fleet: String,
    /// The compute that this machine is in it. It is registered, if it was not.
    #[arg(long, default_value = "supervised-1")]
    pub(crate) compute: String,
    /// The address at which players reach this machine.
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into())]
    pub(crate) ip: IpAddr,
    /// How many processes run: each that ends is replaced.
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) processes: u32,
    /// The game server and its arguments [default: the sample game server].
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// Supervises until `stop`, then ends all processes.
pub(crate) async fn run(options: Options, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let own = std::env::current_exe().context("This program does not know where it is: give a COMMAND")?;
    let mut command = options.command.clone();
    if command.is_empty() {
        command = vec![own.to_string_lossy().into_owned()];
        command.extend(["game-server", "--quiet", "--with-parent"].map(String::from));
    }
    let (to, exits) = unbounded_channel();
    let mut supervisor = Supervisor { options, command, running: HashMap::new(), to, exits, quick: false };
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            outcome = supervisor.connection() => match outcome {
                Err(error) if error.is::<Refused>() => return Err(error),
                Err(error) => warn!("{error:#}"),
                Ok(()) => {}
            },
            () = &mut stop => break,
        }
        // The processes run on while nobody listens; so does this.
        sleep(RETRY).await;
    }
    supervisor.leave().await;
    Ok(())
}

struct Supervisor {
    options: Options,
    command: Vec<String>,
    /// By process id; what is held ends the process when it is sent to.
    running: HashMap<String, oneshot::Sender<()>>,
    to: UnboundedSender<Exit>,
    exits: UnboundedReceiver<Exit>,
    /// The last process that exited had hardly begun.
    quick: bool,
}

struct Exit {
    process_id: String,
    quick: bool,
}

/// The server's last word: to try again would change nothing.
#[derive(Debug, thiserror::Error)]
#[error("The server does not want this supervisor: {0}")]
struct Refused(String);

impl Supervisor {
    fn url(&self) -> anyhow::Result<String> {
        let Options { at, fleet, compute, ip, processes, .. } = &self.options;
        let token = at.teacher_token.as_ref().map(|token| format!("&teacher={token}")).unwrap_or_default();
        let host = at.host()?;
        Ok(format!("ws://{host}{AGENT_PATH}?fleet={fleet}&compute={compute}&ip={ip}&processes={processes}{token}"))
    }

    /// Does what is ordered, until the connection ends.
    async fn connection(&mut self) -> anyhow::Result<()> {
        let (mut socket, _) = match connect_async(self.url()?).await {
            Ok(connected) => connected,
            Err(Error::Http(response)) => {
                let sentence = response.into_body().unwrap_or_default();
                return Err(Refused(String::from_utf8_lossy(&sentence).trim().to_owned()).into());
            }
            Err(error) => bail!("The server cannot be reached ({error}): start it with `ws101 serve`"),
        };
        let running = Report::Running(self.running.keys().cloned().collect());
        socket.send(text(&running)?).await?;
        loop {
            tokio::select! {
                message = socket.next() => match message {
                    Some(Ok(Message::Text(order))) => self.obey(serde_json::from_str(&order)?),
                    Some(Ok(Message::Close(Some(close)))) if close.code != CloseCode::Away => {
                        return Err(Refused(close.reason.to_string()).into());
                    }
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error.into()),
                    None => return Ok(()),
                },
                Some(exit) = self.exits.recv() => {
                    self.note(&exit);
                    socket.send(text(&Report::Exited(exit.process_id))?).await?;
                }
            }
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Start { process_id, environment } => self.start(process_id, environment),
            Order::End { process_id } => {
                if let Some(end) = self.running.remove(&process_id) {
                    // One that has just exited needs no end.
                    let _ = end.send(());
                }
            }
        }
    }

    fn start(&mut self, process_id: String, environment: Vec<(String, String)>) {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).envs(environment).stdin(Stdio::piped()).kill_on_drop(true);
        let (end, ended) = oneshot::channel();
        self.running.insert(process_id.clone(), end);
        // A game server that cannot run is not started as fast as it ends.
        let wait = if self.quick { QUICK } else { Duration::ZERO };
        let to = self.to.clone();
        tokio::spawn(async move {
            sleep(wait).await;
            let begin = Instant::now();
            match command.spawn() {
                Ok(mut child) => {
                    // Held open: it ends with this program, by which a process can tell that it does.
                    let _stdin = child.stdin.take();
                    info!(pid = child.id(), "{process_id} is started");
                    tokio::select! {
                        status = child.wait() => info!("{process_id} exited: {status:?}"),
                        _ = ended => {
                            // Waits for it, so that it is really gone.
                            let outcome = child.kill().await;
                            info!("{process_id} is ended: {outcome:?}");
                        }
                    }
                }
                Err(error) => warn!("{:?} cannot be started: {error}", command.as_std().get_program()),
            }
            let _ = to.send(Exit { process_id, quick: begin.elapsed() < QUICK });
        });
    }

    fn note(&mut self, exit: &Exit) {
        self.running.remove(&exit.process_id);
        self.quick = exit.quick;
    }

    /// Ends what runs: those that hear of it by TerminateProcess, the others by force.
    async fn leave(mut self) {
        let told = timeout(LEAVE, async {
            let (mut socket, _) = connect_async(self.url()?).await?;
            socket.send(text(&Report::Leaving)?).await?;
            while !self.running.is_empty() {
                let Some(exit) = self.exits.recv().await else { break };
                self.note(&exit);
            }
            anyhow::Ok(())
        });
        // Without a server nobody else tells them.
        let _ = told.await;
        for (_, end) in self.running.drain() {
            let _ = end.send(());
        }
        drop(self.to);
        let _ = timeout(LEAVE, async { while self.exits.recv().await.is_some() {} }).await;
    }
}

fn text(report: &Report) -> serde_json::Result<Message> {
    Ok(Message::text(serde_json::to_string(report)?))
}

/// Between two attempts to connect.
const RETRY: Duration = Duration::from_millis(500);
/// Whoever exits sooner is started again later.
const QUICK: Duration = Duration::from_secs(1);
/// So long processes have to end when the supervisor does.
const LEAVE: Duration = Duration::from_secs(2);

/// The sample game servers of `ws101 serve --game-servers`, in this very process.
pub(crate) struct Here {
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

/// Supervises them, if any are wanted.
pub(crate) fn here(options: &super::Options, address: SocketAddr) -> Here {
    let (stop, stopped) = oneshot::channel();
    let reached = greeting::reachable(address);
    // The first one is for this machine; players may be on others.
    let own = reached.first().copied().unwrap_or(address);
    let ip = reached.get(1).unwrap_or(&own).ip();
    let options = Options {
        at: At { server: format!("http://{own}"), teacher_token: None },
        fleet: "fleet-local-1".into(),
        compute: "sample-1".into(),
        ip,
        processes: options.game_servers,
        command: Vec::new(),
    };
    let task = tokio::spawn(async move {
        if options.processes > 0
            && let Err(error) = run(options, async { drop(stopped.await) }).await
        {
            warn!("{error:#}");
        }
    });
    Here { stop, task }
}

impl Here {
    /// Ends them.
    pub(crate) async fn end(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

//! The measurement, and its table.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::time::{Instant, sleep};

use crate::audience::Audience;
use crate::drive::{self, Batch, Target};
use crate::measure::{cpu, median, resident};

#[derive(clap::Args)]
pub struct Options {
    /// The server to be measured
    #[arg(long)]
    ws101: PathBuf,
    /// Another peer: a name and the command that starts it, which prints its address
    #[arg(long, value_name = "NAME=COMMAND")]
    also: Vec<String>,
    /// How many rounds
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// Milliseconds of each server's turn
    #[arg(long, default_value_t = 500)]
    turn: u64,
    /// Only what has this in its name
    #[arg(long)]
    only: Option<String>,
}

struct Server {
    name: String,
    process: Child,
    target: Target,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Messages of so many bytes, so many at once, on so many connections.
struct Echo {
    name: &'static str,
    size: usize,
    at_once: usize,
    connections: usize,
    bar: f64,
}

const ECHOES: [Echo; 4] = [
    Echo { name: "echo 64 B, 64 connections", size: 64, at_once: 1, connections: 64, bar: 1.10 },
    Echo { name: "echo 64 B, 1,000 connections", size: 64, at_once: 1, connections: 1_000, bar: 1.20 },
    Echo { name: "echo 16 KiB, 64 connections", size: 16_384, at_once: 1, connections: 64, bar: 1.15 },
    Echo { name: "echo 64 B, 16 in flight, 64 connections", size: 64, at_once: 16, connections: 64, bar: 1.20 },
];
const OPENED: usize = 10_000;
const AUDIENCE: usize = 5_000;
/// The servers of which `ws101` is told, and against which.
const OURS: &str = "ws101";
const LIMIT: &str = "rawtcp";
const PEERS: [&str; 4] = ["fastwebsockets", "tokio-websockets", "tokio-tungstenite4k", "tokio-tungstenite"];

pub fn run(options: &Options) -> Result<()> {
    // This process is the load: it keeps off the servers' core.
    let own = std::process::id().to_string();
    let _ = Command::new("taskset").args(["-cp", "1", &own]).stdout(Stdio::null()).status();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let wanted = |name: &str| options.only.as_ref().is_none_or(|only| name.contains(only.as_str()));
        for echo in ECHOES.iter().filter(|echo| wanted(echo.name)) {
            measure_echo(echo, options).await?;
        }
        if wanted("one message to 5,000") {
            measure_broadcast(options).await?;
        }
        if wanted("open 10,000") {
            measure_opening(options).await?;
        }
        if wanted("idle 10,000") {
            measure_idle(options).await?;
        }
        Ok(())
    })
}

async fn measure_echo(echo: &Echo, options: &Options) -> Result<()> {
    let servers = start(options, &Role::ECHO)?;
    let mut streams = Vec::new();
    for server in &servers {
        streams.push(drive::open(&server.target, echo.connections).await.with_context(|| server.name.clone())?);
    }
    let mut costs = vec![Vec::new(); servers.len()];
    // The first round warms up.
    for round in 0..=options.rounds {
        for turn in 0..servers.len() {
            let index = (turn + round) % servers.len();
            let server = &servers[index];
            let batch = Batch::new(echo.size, echo.at_once, &server.target);
            let before = cpu(server.process.id())?;
            let time = Duration::from_millis(options.turn);
            let messages = drive::echo(&mut streams[index], &batch, time).await.with_context(|| server.name.clone())?;
            let cost = (cpu(server.process.id())? - before) as f64 / messages as f64;
            if round > 0 {
                costs[index].push(cost);
            }
        }
    }
    tell(echo.name, "µs of server CPU per message", &servers, &costs, LIMIT, Some(echo.bar));
    Ok(())
}

/// Each turn has an audience of its own: all of them at once would be more connections than a process may have.
async fn measure_broadcast(options: &Options) -> Result<()> {
    let servers = start(options, &Role::BROADCAST)?;
    let mut costs = vec![Vec::new(); servers.len()];
    for round in 0..=options.rounds {
        for turn in 0..servers.len() {
            let index = (turn + round) % servers.len();
            let server = &servers[index];
            let batch = Batch::new(64, 1, &server.target);
            let streams = drive::open(&server.target, AUDIENCE).await.with_context(|| server.name.clone())?;
            let mut audience = Audience::new(streams);
            // The first message tells that all have joined, or is not heard by all.
            sleep(Duration::from_millis(200)).await;
            audience.hear(&batch).await.with_context(|| server.name.clone())?;
            let (before, end) = (cpu(server.process.id())?, Instant::now() + Duration::from_millis(options.turn));
            let mut deliveries = 0;
            while Instant::now() < end {
                audience.hear(&batch).await.with_context(|| server.name.clone())?;
                deliveries += AUDIENCE;
            }
            let cost = (cpu(server.process.id())? - before) as f64 / deliveries as f64;
            if round > 0 {
                costs[index].push(cost);
            }
            drop(audience);
            sleep(Duration::from_millis(500)).await;
        }
    }
    let peers = servers.iter().zip(&costs).filter(|(server, _)| PEERS.contains(&server.name.as_str()));
    let best = peers.min_by(|(_, a), (_, b)| median(a).0.total_cmp(&median(b).0)).context("there are peers")?.0;
    tell("one message to 5,000", "µs of server CPU per recipient", &servers, &costs, &best.name, Some(1.0));
    Ok(())
}

async fn measure_opening(options: &Options) -> Result<()> {
    let servers = start(options, &Role::IDLE)?;
    let mut costs = vec![Vec::new(); servers.len()];
    for round in 0..=options.rounds.min(5) {
        for turn in 0..servers.len() {
            let index = (turn + round) % servers.len();
            let server = &servers[index];
            let before = cpu(server.process.id())?;
            let streams = drive::open(&server.target, OPENED).await.with_context(|| server.name.clone())?;
            let cost = (cpu(server.process.id())? - before) as f64 / OPENED as f64;
            if round > 0 {
                costs[index].push(cost);
            }
            drop(streams);
            sleep(Duration::from_millis(500)).await;
        }
    }
    tell("open 10,000", "µs of server CPU per connection", &servers, &costs, "fastwebsockets", Some(1.0));
    Ok(())
}

async fn measure_idle(options: &Options) -> Result<()> {
    println!("\nidle 10,000: resident memory per connection, after 3 s of rest");
    for server in start(options, &Role::IDLE)? {
        let before = resident(server.process.id())?;
        let mut streams = drive::open(&server.target, OPENED).await.with_context(|| server.name.clone())?;
        sleep(Duration::from_secs(3)).await;
        let each = (resident(server.process.id())? - before) as f64 / OPENED as f64;
        print!("  {:<24} {:>8.2} kB", server.name, each / 1000.0);
        if server.name == OURS {
            let page = drive::page(server.target.address).await?;
            let answered = drive::ping(&mut streams).await?;
            ensure!(answered == OPENED, "only {answered} of {OPENED} answer a ping");
            let verdict = if each <= 2000.0 { "met" } else { "NOT met" };
            print!("   bar 2.00: {verdict}; all answer a ping; the page loads in {:.1} ms", page.as_secs_f64() * 1e3);
        }
        println!();
    }
    Ok(())
}

/// What the servers are there for.
struct Role {
    /// What the peers are told,
    peers: &'static [&'static str],
    /// and the paths on which ours does the same: also with the tap recording, if that is of interest.
    ours: &'static str,
    recording: Option<&'static str>,
    /// Whether those of `--also` can do it.
    also: bool,
}

impl Role {
    const ECHO: Self =
        Self { peers: &[], ours: "/ws/echo", recording: Some("/ws/echo?watch=load-0123456789abcdef"), also: true };
    const IDLE: Self = Self { recording: None, ..Self::ECHO };
    const BROADCAST: Self = Self {
        peers: &["--broadcast"],
        ours: "/ws/broadcast",
        recording: Some("/ws/broadcast?watch=load-0123456789abcdef"),
        also: false,
    };
}

fn start(options: &Options, role: &Role) -> Result<Vec<Server>> {
    let own = std::env::current_exe()?.display().to_string();
    let mut servers = Vec::new();
    for peer in [LIMIT].into_iter().chain(PEERS) {
        let path = (peer != LIMIT).then_some("/");
        servers.push(server(peer, &[&[&own, "serve", peer], role.peers].concat(), path)?);
    }
    for also in options.also.iter().filter(|_| role.also) {
        let (name, command) = also.split_once('=').context("--also NAME=COMMAND")?;
        servers.push(server(name, &command.split(' ').collect::<Vec<_>>(), Some("/"))?);
    }
    let ws101 = options.ws101.display().to_string();
    let serve = [&ws101, "serve", "--port", "0", "--max-per-address", "20000", "--max-broadcasts", "1000000"];
    servers.push(server(OURS, &serve, Some(role.ours))?);
    if let Some(recording) = role.recording {
        servers.push(server("ws101, tap recording", &serve, Some(recording))?);
    }
    Ok(servers)
}

fn server(name: &str, command: &[&str], path: Option<&'static str>) -> Result<Server> {
    let mut process = Command::new("taskset")
        .args(["-c", "0"])
        .args(command)
        .stdout(Stdio::piped())
        // Some write pages about each connection that is reset.
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{name} cannot be started"))?;
    let mut line = String::new();
    BufReader::new(process.stdout.take().context("it has a standard output")?).read_line(&mut line)?;
    let address = line.trim().trim_start_matches("http://").trim_end_matches('/');
    let address = address.parse().with_context(|| format!("{name} printed no address: {line:?}"))?;
    Ok(Server { name: name.to_owned(), process, target: Target { address, path } })
}

/// Prints what each took, and its ratio to `anchor` in the same rounds.
fn tell(name: &str, unit: &str, servers: &[Server], costs: &[Vec<f64>], anchor: &str, bar: Option<f64>) {
    let rounds = costs.first().map_or(0, Vec::len);
    println!("\n{name}: {unit}, and paired ratio to {anchor} over {rounds} rounds: median [95 % interval]");
    let Some(base) = servers.iter().position(|server| server.name == anchor) else { return };
    for (server, own) in servers.iter().zip(costs) {
        let ratios: Vec<f64> = own.iter().zip(&costs[base]).map(|(own, base)| own / base).collect();
        let (cost, ..) = median(own);
        let (ratio, low, high) = median(&ratios);
        print!("  {:<24} {:>8.2} {ratio:>8.2} [{low:.2}–{high:.2}]", server.name, cost / 1000.0);
        match bar {
            Some(bar) if server.name == OURS => {
                println!("   bar {bar:.2}: {}", if low <= bar { "met" } else { "NOT met" });
            }
            _ => println!(),
        }
    }
}

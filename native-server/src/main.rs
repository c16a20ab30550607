//! WebSocket 101's server: one port for the page, HTTP and real WebSockets, with a tap below.
//!
//! Below everything lies the [`wire`]: a TCP stream in which the [`tap`] sees every byte. [`http`] judges each request's raw
//! head by core and answers it, or hands the connection to [`ws`]. [`server`] is what they share.

mod budget;
mod cli;
mod client;
mod gamelift;
mod greeting;
mod http;
mod limits;
mod pace;
mod page;
mod places;
mod rate;
mod scratch;
mod segments;
mod server;
mod tap;
mod teacher;
mod tls;
mod wire;
mod ws;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use tracing_subscriber::EnvFilter;

use crate::cli::{Command, Serve};
use crate::server::{Server, listen};
use crate::teacher::Teacher;
use crate::tls::Tls;

fn main() -> ExitCode {
    let cli = match cli::read() {
        Ok(cli) => cli,
        Err((text, failed)) => {
            // Nobody can be told that there is nobody to be told.
            let _ = if failed { write!(io::stderr(), "{text}") } else { write!(io::stdout(), "{text}") };
            return if failed { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let outcome = match cli.command {
        Command::Serve(options) => serve(&options).map(|()| ExitCode::SUCCESS),
        Command::Connect(options) => client::connect::run(&options),
        Command::Decode(options) => client::decode::run(&options),
        Command::Completions { shell } => Ok(cli::completions(shell)),
        Command::Gamelift(command) => gamelift::command::run(command),
        Command::GameServer(options) => gamelift::sample::run(&options),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "ws101: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Logs to stderr from `level` on, or as RUST_LOG says.
fn log(level: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
}

fn serve(options: &Serve) -> anyhow::Result<()> {
    log(["warn", "ws101=debug", "trace"][usize::from(options.verbose).min(2)]);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("No threads can be started")?;
    let outcome = runtime.block_on(async {
        let address = options.address().map_err(anyhow::Error::msg)?;
        let teacher = Teacher::new(options.teacher_token.clone()).context("The system has no randomness")?;
        let tls = Tls::new(options)?;
        let listener = listen(address).map_err(|error| cannot_listen(address, &error))?;
        let stop = stop_signal().context("Ctrl-C cannot be waited for")?;
        let token = options.lan.then(|| teacher.token());
        let address = listener.local_addr().context("The port is not known")?;
        announce(address, token, tls.is_some())?;
        let hub = gamelift::Hub::new(&options.gamelift, address)?;
        let game_servers = gamelift::supervise::here(&options.gamelift, address);
        Server::new(options, teacher, tls, address, hub).run(listener, stop).await;
        game_servers.end().await;
        Ok(())
    });
    // Whoever has not taken leave by now is left.
    runtime.shutdown_background();
    outcome
}

/// One sentence that says what to do.
fn cannot_listen(address: SocketAddr, error: &io::Error) -> anyhow::Error {
    let (ip, port) = (address.ip(), address.port());
    match error.kind() {
        io::ErrorKind::AddrInUse => anyhow!(
            "Port {port} is in use. Stop the other program or choose another: ws101 serve --port {}",
            if port == u16::MAX { 8101 } else { port + 1 }
        ),
        io::ErrorKind::PermissionDenied => {
            anyhow!("Port {port} needs more rights than this user has. Choose one above 1023: ws101 serve --port 8101")
        }
        io::ErrorKind::AddrNotAvailable => {
            anyhow!("This machine has no address {ip}. Leave --bind out, or give an address of this machine")
        }
        _ => anyhow!("Port {port} of {ip} cannot be listened on ({error}). Try another one with --port or --bind"),
    }
}

/// Tells where the server is.
fn announce(address: SocketAddr, teacher: Option<&str>, tls: bool) -> anyhow::Result<()> {
    if page::PLACEHOLDER {
        writeln!(
            io::stderr(),
            "ws101: no page is built into this binary: run `cargo xtask demo` for the whole thing."
        )?;
    }
    let mut stdout = io::stdout().lock();
    let text = greeting::greeting(&greeting::reachable(address), teacher, tls);
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).context("The address cannot be printed")
}

/// Ctrl-C, or what `kill` and service managers send.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

//! The command line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::{client, gamelift};

/// WebSocket 101: one port for the page, HTTP and real WebSockets, with a tap below that shows their bytes.
#[derive(Debug, Parser)]
#[command(name = "ws101", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the page and the WebSocket routes until Ctrl-C.
    ///
    /// Open the printed address in a browser. RUST_LOG=ws101=debug (or -v) tells what happens; it is quiet otherwise.
    Serve(Serve),
    /// Talk to a WebSocket server, and see every head and frame taken apart.
    ///
    /// A line that is typed is sent as a text message; /ping, /pong, /binary and /close send the others. What crossed the wire is
    /// printed as it stands there: → from this client, ← from the server. `ws101 connect ws://127.0.0.1:8101/ws/push` shows a
    /// server that speaks by itself, and .../ws/misbehave?frame=masked one that breaks the protocol. Lines can be piped in: at
    /// their end, the connection is closed. Fails (exit code 1) if the handshake does, or the server breaks a rule.
    #[command(verbatim_doc_comment)]
    Connect(client::connect::Options),
    /// Take bytes apart: frames, or the head of a request or response.
    ///
    /// Names each field of each frame, undoes the masking, and tells each rule of RFC 6455 that is broken, with its section:
    /// `ws101 decode 81 85 37 fa 21 3d 7f 9f 4d 51 58` is a "Hello" from a client, `ws101 decode --from client 81 05 48656c6c6f`
    /// one that lacks its mask. Exit code 0: all is well; 1: a rule is broken, or something is missing at the end.
    #[command(verbatim_doc_comment)]
    Decode(client::decode::Options),
    /// Print completions for a shell, e.g. for `source <(ws101 completions bash)`.
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Point game servers at this server's GameLift endpoint, start and end them, and let things go wrong.
    #[command(subcommand)]
    Gamelift(gamelift::command::Command),
    /// Be a sample game server.
    GameServer(gamelift::sample::Options),
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Serve {
    /// The port; 0 takes any free one, and prints which.
    #[arg(long, default_value_t = 8101)]
    pub(crate) port: u16,
    /// Let everybody in this network connect: prints the addresses, a QR code for phones and the teacher's token.
    #[arg(long)]
    pub(crate) lan: bool,
    /// The address to listen on [default: 127.0.0.1, with --lan all of IPv4]. One beyond loopback needs --lan.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) bind: Option<IpAddr>,
    /// Speak TLS too (https:// and wss:// on the same port), with a self-signed certificate that is made once and kept. Browsers
    /// ask whether to trust it; phones refuse it for wss://.
    #[arg(long)]
    pub(crate) tls: bool,
    /// Speak TLS too, with this certificate (PEM, its chain behind it).
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with = "tls")]
    pub(crate) cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Another name by which this server is called, e.g. behind a proxy. It answers to addresses, localhost and the machine's
    /// name, and to no others, so that a page elsewhere cannot make its own name lead here. May be given more than once.
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    pub(crate) allow_host: Vec<String>,
    /// The token for what only a teacher may do, instead of a fresh one: 16 to 64 letters, digits, '-' or '_'.
    #[arg(long, value_name = "TOKEN", value_parser = token)]
    pub(crate) teacher_token: Option<String>,
    /// Another origin that may use the wire feed and read the HTTP routes, e.g. of `trunk serve`
    /// (http://127.0.0.1:8080). May be given more than once.
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub(crate) allow_origin: Vec<String>,
    /// MiB for the tap, which keeps the newest bytes that pages asked to see.
    #[arg(long, value_name = "MIB", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) tap_memory: u32,
    /// How many connections may be open at once.
    #[arg(long, value_name = "COUNT", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_connections: u32,
    /// How many of them may come from one address.
    #[arg(long, value_name = "COUNT", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_per_address: u32,
    /// MiB that all connections together may hold of what is not read or not written completely.
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(crate) memory: u32,
    /// MiB that a WebSocket message or a request's body may have.
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) max_message: u32,
    /// Messages a second that an address may send to everybody on /ws/broadcast. 0: only the teacher may.
    #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) max_broadcasts: u32,
    /// Compress messages (permessage-deflate) for clients that offer it. Off, because it hides the bytes that are to be seen;
    /// `?compression=on` or `off` in a WebSocket's URL decides for that connection.
    #[arg(long)]
    pub(crate) compression: bool,
    /// Seconds that a request's head may take.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) head_timeout: Duration,
    /// Seconds that an HTTP connection may wait for its next request.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) keep_alive: Duration,
    /// Seconds of silence on a WebSocket after which the server sends a ping.
    #[arg(long, value_name = "SECONDS", default_value = "45", value_parser = seconds)]
    pub(crate) ping_interval: Duration,
    /// Seconds that the pong may take.
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub(crate) pong_timeout: Duration,
    /// Seconds that a peer may take no byte of what is sent to it, or send none of a body that it announced.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) stall_timeout: Duration,
    #[command(flatten)]
    pub(crate) gamelift: gamelift::Options,
    /// Tell more: -v what happens to connections, -vv everything.
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl Serve {
    /// The address to listen on; `Err` is a sentence.
    pub(crate) fn address(&self) -> Result<SocketAddr, String> {
        let default = if self.lan { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let ip = self.bind.unwrap_or(default.into());
        if ip.is_loopback() || self.lan {
            Ok(SocketAddr::new(ip, self.port))
        } else {
            Err(format!("--bind {ip} lets everybody in the network connect: say so with --lan"))
        }
    }
}

/// Reads the command line. `Err` is how the program ends instead: a text, and whether it is a failure.
pub(crate) fn read() -> Result<Cli, (String, bool)> {
    Cli::try_parse().map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => (error.to_string(), false),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => (error.to_string(), true),
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let what = first.strip_prefix("error: ").unwrap_or(first).trim_end_matches('.');
            (format!("ws101: {what}. `ws101 serve --help` lists the options.\n"), true)
        }
    })
}

/// Prints what a shell has to know.
pub(crate) fn completions(shell: clap_complete::Shell) -> ExitCode {
    clap_complete::generate(shell, &mut Cli::command(), "ws101", &mut std::io::stdout());
    ExitCode::SUCCESS
}

/// A positive number of seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "give a number of seconds, e.g. 10".to_owned())?;
    if (0.001..=86_400.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("give between 0.001 and 86400 seconds".to_owned())
    }
}

/// An origin as browsers send it: scheme, host and perhaps a port, nothing behind.
fn origin(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/').to_ascii_lowercase();
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', ' ', '*', ',']) => Ok(text),
        _ => Err("give an origin such as http://127.0.0.1:8080".to_owned()),
    }
}

/// A host name without a port, as it is compared.
fn host_name(text: &str) -> Result<String, String> {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_good) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("give a host name without a port, e.g. classroom.example".to_owned())
    }
}

/// A token that fits into a query as it is.
fn token(text: &str) -> Result<String, String> {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if (16..=64).contains(&text.len()) && text.bytes().all(is_good) {
        Ok(text.to_owned())
    } else {
        Err("give 16 to 64 letters, digits, '-' or '_'".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn origins_are_brought_into_the_form_of_browsers() {
        assert_eq!(origin("http://LocalHost:8080/"), Ok("http://localhost:8080".to_owned()));
        assert!(origin("*").is_err());
        assert!(origin("localhost:8080").is_err());
        assert!(origin("http://a/b").is_err());
    }
}

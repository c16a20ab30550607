//! GameLift, live: an endpoint that unmodified server SDK 5 processes connect to, and the AWS API beside it.
//!
//! All of what happens is decided by [`ws101_gamelift::service`], which does no I/O. [`hub`] is what it lacks: a clock,
//! a timer, connections and a journal. [`process`] is a connection of a game server, [`agent`] one of a supervisor;
//! [`aws`] and [`control`] are what is asked over HTTP. The other ends are here too: [`sample`] is a game server,
//! [`supervise`] a supervisor, [`command`] the command line.

mod agent;
mod aws;
mod cbor;
pub(crate) mod command;
mod control;
mod hub;
mod journal;
mod process;
pub(crate) mod sample;
pub(crate) mod supervise;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use ws101_core::head::RequestHead;

pub(crate) use self::hub::Hub;
use crate::http::query_value;
use crate::server::Server;
use crate::ws::Socket;

/// What `ws101 serve` lets choose.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Run so many sample game servers, as a supervisor does: each that ends is replaced.
    #[arg(long, value_name = "COUNT", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=200))]
    pub(crate) game_servers: u32,
    /// Write what GameLift's endpoint answers to this file first, and go on from it after a restart.
    #[arg(long, value_name = "FILE")]
    pub(crate) gamelift_journal: Option<PathBuf>,
    /// Let GameLift's time limits pass so many times as fast. Only for sample game servers, or Go with its variables.
    #[arg(long, value_name = "FACTOR", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) gamelift_time: u32,
}

/// A request over HTTP, told from its head.
pub(crate) struct Call {
    what: What,
    /// What the caller gives for the teacher's token.
    token: Option<String>,
}

enum What {
    Aws(aws::Operation),
    Control(control::Verb),
}

/// What is answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) media_type: &'static str,
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// What a connection of GameLift's goes on as.
pub(crate) enum Upgrade {
    /// A game server's, as one of its newest.
    Process(process::Joined),
    /// A supervisor's.
    Agent(agent::Introduction),
}

impl Call {
    /// The call that a request is, if it is one: AWS's API shares `/` with the page, and is told by a field.
    pub(crate) fn new(head: &RequestHead<'_>, path: &str, query: &str) -> Option<Self> {
        if let Some(operation) = aws::Operation::new(head, path) {
            return Some(Self { token: operation.access_key_id(head), what: What::Aws(operation) });
        }
        let verb = control::Verb::new(head.method(), path)?;
        Some(Self { what: What::Control(verb), token: query_value(query, "teacher").map(str::to_owned) })
    }

    /// Answers it. `peer`: who asks. Beyond this machine only whoever has the teacher's token may.
    pub(crate) fn answer(&self, server: &Server, peer: IpAddr, body: &[u8]) -> Answer {
        let may = is_allowed(server, peer, self.token.as_deref());
        match &self.what {
            What::Aws(operation) => operation.answer(&server.gamelift, may, body),
            What::Control(verb) => verb.answer(&server.gamelift, may, body),
        }
    }
}

impl Upgrade {
    /// A game server or a supervisor wants to connect. `Err` is a sentence, for a 403.
    pub(crate) fn new(hub: &Arc<Hub>, path: &str, query: &str) -> Result<Self, String> {
        if path == AGENT_PATH {
            return agent::Introduction::new(query).map(Self::Agent);
        }
        process::Joined::new(hub, query).map(Self::Process)
    }

    /// Runs the connection to its end.
    pub(crate) async fn run(self, server: &Server, socket: &Socket, peer: IpAddr) {
        let run = async {
            match self {
                Self::Process(joined) => joined.run(socket).await,
                Self::Agent(agent) => {
                    let may = is_allowed(server, peer, agent.token());
                    agent.run(&server.gamelift, socket, may).await;
                }
            }
        };
        tokio::select! {
            () = run => {}
            // The end of the server is no Close frame: C++ would take it for a reason not to come back (§1.7).
            () = server.stopping() => {}
        }
    }

    /// Whether the server pings on it. Not a game server: whether it still lives is told by its reports, and a frozen
    /// one is to be found by its misses.
    pub(crate) fn is_pinged(&self) -> bool {
        matches!(self, Self::Agent(_))
    }
}

/// Whether `path` is the endpoint's, or anything below it (§0.8).
pub(crate) fn is_endpoint(path: &str) -> bool {
    path.strip_prefix(ENDPOINT_PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_allowed(server: &Server, peer: IpAddr, token: Option<&str>) -> bool {
    peer.to_canonical().is_loopback() || server.teacher.is(token)
}

/// Where game servers connect to.
pub(crate) const ENDPOINT_PATH: &str = "/gamelift";
/// A request's body: game session data may have 256 KiB, and escapes.
pub(crate) const LARGEST_BODY: usize = 2 << 20;
/// Where supervisors connect to.
pub(crate) const AGENT_PATH: &str = "/api/gamelift/agent";

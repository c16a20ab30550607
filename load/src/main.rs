//! `ws101` beside its peers and beside a TCP echo without WebSocket: server CPU per message, per opened connection, and memory
//! per idle connection.
//!
//! All servers run at once, on the first core; the load comes from the second. In each round every server has its turn, and its
//! CPU time, from the operating system's accounting, is divided by that of the TCP echo *in the same round*: what disturbs the
//! machine disturbs both. Linux only.

mod audience;
mod drive;
mod measure;
mod peers;
mod rooms;
mod run;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Be one of the peers
    Serve {
        /// Which one
        peer: peers::Peer,
        /// Send each message to all, instead of back
        #[arg(long)]
        broadcast: bool,
    },
    /// Measure
    Run(run::Options),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve { peer, broadcast } => peers::serve(peer, broadcast),
        Command::Run(options) => run::run(&options),
    }
}

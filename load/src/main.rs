//! `ws101` beside its peers and beside a TCP echo without WebSocket: server CPU per message, per opened connection, and memory
//! per idle connection.
//!
//! All servers run at once, on the first core; the load comes from the second. In each round every server has its turn, and its
//! CPU time, from the operating system's accounting, is divided by that of the TCP echo *in the same round*: what disturbs the
//! machine disturbs both. Linux only.

mod drive;
mod measure;
mod peers;
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
    },
    /// Measure
    Run(run::Options),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve { peer } => peers::serve(peer),
        Command::Run(options) => run::run(&options),
    }
}

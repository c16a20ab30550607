//! Set up, demo, test: the commands of README and CI.
#![allow(clippy::print_stdout)] // A command-line tool talks on stdout; all of it passes through `process::say`.

mod autobahn;
mod bench;
mod bench_page;
mod bench_server;
mod browser;
mod demo;
mod dist;
mod fingerprint;
mod firefox;
mod page;
mod process;
mod repo;
mod server;
mod shots;
mod size;
mod test;
mod tools;
mod wasm_target;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// WebSocket 101: set up, demo, test.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing for everything below: the wasm target, trunk, wasm-bindgen, cargo-deny, Chromium, Firefox
    Setup,
    /// Build the page into dist/
    Page {
        /// Small instead of quick to build
        #[arg(long)]
        release: bool,
    },
    /// Build everything, serve the page and open it
    Demo(demo::Demo),
    /// Everything that CI checks, up to the first failure
    Test(test::Test),
    /// Autobahn|Testsuite against the codec, as server and as client
    Autobahn(autobahn::Autobahn),
    /// Measure
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Screenshots of the page, and contact sheets of all lessons, into target/shots/
    Shots(shots::Shots),
    /// The server with the page in it, for others to use, into target/dist/
    Dist,
    /// The size of the built page, file by file
    Size,
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        process::complain(&error);
        ExitCode::FAILURE
    })
}

fn run() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Setup => setup()?,
        Command::Page { release } => drop(page::build(release)?),
        Command::Demo(demo) => demo.run()?,
        Command::Test(test) => return test.run(),
        Command::Autobahn(autobahn) => autobahn.run()?,
        Command::Bench(bench) => bench.run()?,
        Command::Shots(shots) => shots.run()?,
        Command::Dist => dist::run()?,
        Command::Size => size::report(&repo::page_dir())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn setup() -> anyhow::Result<()> {
    wasm_target::ready()?;
    tools::ready()?;
    tools::deny_ready()?;
    browser::ready()?;
    firefox::ready();
    process::say("Ready.");
    Ok(())
}

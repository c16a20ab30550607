//! What is measured, and by which command.

use std::process::Command;

use anyhow::Result;

use crate::process::{cargo, run};
use crate::{bench_page, bench_server, repo};

/// Measure
#[derive(clap::Subcommand)]
pub(crate) enum Bench {
    /// The codec beside its peers and beside memcpy; arguments are passed on (--rounds N, --only TEXT, --json FILE)
    Codec {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// The instructions that the codec's main paths take, beside those in bench/instructions.json; needs valgrind
    Instructions {
        /// Write them there instead of failing where they are more
        #[arg(long)]
        record: bool,
    },
    /// The server beside its peers and beside a TCP echo; arguments are passed on (--rounds N, --turn MS, --only TEXT)
    Server {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// How fast the page starts in Chromium: compile + init, and until the first lesson can be used
    Page,
}

impl Bench {
    pub(crate) fn run(&self) -> Result<()> {
        match self {
            Self::Codec { args } => run(codec().args(args)),
            Self::Server { args } => bench_server::run_it(args),
            Self::Page => bench_page::run_it(),
            Self::Instructions { record } => {
                let mut counted = codec();
                counted.arg("--instructions").args(record.then_some("--record"));
                run(&mut counted)
            }
        }
    }
}

/// `bench/` is a workspace of its own.
fn codec() -> Command {
    let manifest = repo::root().join("bench").join("Cargo.toml");
    let mut cargo = cargo(["run", "--release", "--locked", "--manifest-path"]);
    cargo.arg(manifest).arg("--");
    cargo
}

//! The benchmarks of `bench/`, which is a workspace of its own.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{cargo, run};
use crate::repo;

/// Measure
#[derive(clap::Subcommand)]
pub(crate) enum Bench {
    /// The codec beside its peers and beside memcpy; arguments are passed on (--rounds N, --only TEXT, --json FILE)
    Codec {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

impl Bench {
    pub(crate) fn run(&self) -> Result<()> {
        match self {
            Self::Codec { args } => run(bench(&["run", "--release"]).arg("--").args(args)),
        }
    }
}

fn bench(args: &[&str]) -> std::process::Command {
    let mut cargo = cargo(args);
    cargo.arg("--locked").arg("--manifest-path").arg(manifest());
    cargo
}

fn manifest() -> PathBuf {
    repo::root().join("bench").join("Cargo.toml")
}

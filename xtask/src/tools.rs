//! trunk and wasm-bindgen's command-line tools: those on PATH where they fit, else installed into `.tools`.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process::{ask, cargo, command, path_with, run, say, which};
use crate::repo;

/// Newer ones need a newer rustc than `rust-version` in Cargo.toml promises.
const TRUNK: &str = "0.21.14";
const CARGO_DENY: &str = "0.20.2";
const GECKODRIVER: &str = "0.37.1";

/// The tools, and the PATH on which trunk finds them (what it does not find there, it would download).
pub(crate) struct Tools {
    path: OsString,
}

impl Tools {
    /// The PATH with which to start trunk and the tests in wasm.
    pub(crate) fn path(&self) -> &OsString {
        &self.path
    }
}

/// Makes sure that the tools are there. Quick when they are.
pub(crate) fn ready() -> Result<Tools> {
    let tools = Tools { path: path_with(&repo::tools_dir().join("bin"))? };
    if !tools.has("trunk", TRUNK) {
        say(format!("Installing trunk {TRUNK}, which builds the page, into .tools (about 4 minutes on two cores) …"));
        install("trunk", TRUNK, &["--locked", "--no-default-features"])?;
    }
    // It reads what the crate of the same name has written into the wasm file, and accepts no other version's.
    let wasm_bindgen = repo::locked_version("wasm-bindgen")?;
    if !["wasm-bindgen", "wasm-bindgen-test-runner"].iter().all(|tool| tools.has(tool, &wasm_bindgen)) {
        say(format!("Installing wasm-bindgen's tools {wasm_bindgen} into .tools (about 2 minutes on two cores) …"));
        // Without `--locked`: the lock file that it was published with names a package that cannot be had any more.
        let tools = ["--bin", "wasm-bindgen", "--bin", "wasm-bindgen-test-runner"];
        install("wasm-bindgen-cli", &wasm_bindgen, &tools)?;
    }
    clean()?;
    Ok(tools)
}

/// Makes sure that cargo-deny is there, which only the tests use.
pub(crate) fn deny_ready() -> Result<Tools> {
    let tools = Tools { path: path_with(&repo::tools_dir().join("bin"))? };
    // Whichever version somebody has already will do.
    if ask(command("cargo-deny").arg("--version").env("PATH", &tools.path)).is_none() {
        say(format!(
            "Installing cargo-deny {CARGO_DENY}, which checks licences, into .tools (about 2 minutes on two cores) …"
        ));
        install("cargo-deny", CARGO_DENY, &["--locked"])?;
        clean()?;
    }
    Ok(tools)
}

/// The program through which tests drive Firefox. Debian has the browser, but not this.
pub(crate) fn geckodriver() -> Result<PathBuf> {
    // Whichever version somebody has already will do.
    if let Some(found) = which("geckodriver") {
        return Ok(found);
    }
    let installed = repo::tools_dir().join("bin").join(format!("geckodriver{}", std::env::consts::EXE_SUFFIX));
    if !installed.is_file() {
        say(format!(
            "Installing geckodriver {GECKODRIVER}, which drives Firefox, into .tools (about 2 minutes on two cores) …"
        ));
        install("geckodriver", GECKODRIVER, &["--locked"])?;
        clean()?;
    }
    Ok(installed)
}

impl Tools {
    fn has(&self, tool: &str, version: &str) -> bool {
        let said = ask(command(tool).arg("--version").env("PATH", &self.path));
        said.is_some_and(|said| said.split_whitespace().nth(1) == Some(version))
    }
}

fn install(package: &str, version: &str, more: &[&str]) -> Result<()> {
    let mut command = cargo(["install", package, "--version", version, "--force"]);
    command.args(more).arg("--root").arg(repo::tools_dir()).arg("--target-dir").arg(build_dir());
    if !std::io::stderr().is_terminal() {
        command.arg("--quiet");
    }
    // They run for seconds and are built once: quick to build comes before quick to run.
    command.env("CARGO_PROFILE_RELEASE_LTO", "off");
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    command.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    run(&mut command).with_context(|| {
        format!("could not install {package} {version}; with a network, `cargo xtask setup` can simply be run again")
    })
}

/// What is left of building the tools is larger than the tools.
fn clean() -> Result<()> {
    let leftovers = build_dir();
    if leftovers.exists() {
        std::fs::remove_dir_all(&leftovers).with_context(|| format!("could not remove {}", leftovers.display()))?;
    }
    Ok(())
}

fn build_dir() -> PathBuf {
    repo::tools_dir().join("target")
}

//! Builds the page with trunk into `dist/`, unless it is there already.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::process::{command, run, say};
use crate::{fingerprint, repo, size, tools, wasm_target};

/// All that the page is made from. Cargo.lock stands for the libraries and the version of wasm-bindgen.
const INPUTS: [&str; 10] = [
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "web",
    "lesson",
    "trace",
    "gamelift",
    "core",
    "xtask/src/size.rs",
];

/// Builds the page and returns the folder that it lies in. A release build is small, compressed, and held to its budget.
pub(crate) fn build(release: bool) -> Result<PathBuf> {
    let dist = repo::page_dir();
    let stamp_file = repo::target_dir().join("page.stamp");
    let before = stamp(release)?;
    if fs::read_to_string(&stamp_file).is_ok_and(|stamp| stamp == before) {
        say("The page in dist/ is up to date.");
        return Ok(dist);
    }

    let compiler = wasm_target::ready()?;
    let tools = tools::ready()?;
    say("Building the page (a minute or two the first time) …");
    let mut trunk = command("trunk");
    trunk.args(["build", "--skip-version-check"]).env("PATH", tools.path());
    // trunk wants `true` or `false` where everybody else takes any value.
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    if release {
        trunk.arg("--release");
    }
    compiler.apply(&mut trunk);
    run(&mut trunk)?;
    if !dist.join("index.html").is_file() {
        bail!("trunk left no dist/index.html");
    }
    if release {
        size::compress(&dist)?;
        size::report(&dist)?;
    }
    fs::create_dir_all(repo::target_dir())?;
    fs::write(&stamp_file, stamp(release)?).with_context(|| format!("could not write {}", stamp_file.display()))?;
    Ok(dist)
}

/// What went in, what came out (`trunk serve` writes to the same folder), and how.
fn stamp(release: bool) -> Result<String> {
    let root = repo::root();
    let made_from = fingerprint::of(&root, &INPUTS)?;
    let made = fingerprint::of(&root, &["dist"])?;
    Ok(format!("{made_from:016x} {made:016x} release={release}"))
}

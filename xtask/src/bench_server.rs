//! `cargo xtask bench server`: the load of `load/`, which is a workspace of its own.

use anyhow::Result;

use crate::process::{ask, cargo, command, run, say};
use crate::repo;

/// Builds the server and its peers, and measures.
pub(crate) fn run_it(args: &[String]) -> Result<()> {
    run(&mut cargo(["build", "--release", "--package", "ws101"]))?;
    let server = repo::target_dir().join("release").join("ws101");
    let mut load = cargo(["run", "--release", "--locked", "--manifest-path"]);
    load.arg(repo::root().join("load/Cargo.toml")).arg("--target-dir").arg(repo::target_dir().join("load"));
    load.args(["--", "run", "--ws101"]).arg(server);
    for (name, program) in [("npm ws", npm_ws()), ("Python websockets", pythons_websockets())] {
        match program {
            Some(program) => drop(load.arg("--also").arg(format!("{name}={program}"))),
            None => say(format!("{name} is left out: it cannot be installed here.")),
        }
    }
    run(load.args(args))
}

/// The command that starts an echo on npm's `ws`, installed into `.tools` at the first time.
fn npm_ws() -> Option<String> {
    let folder = repo::tools_dir().join("load-npm");
    if !folder.join("node_modules/ws").is_dir() {
        let prefix = folder.to_str()?;
        ask(command("npm").args(["install", "--silent", "--no-audit", "--no-fund", "--prefix", prefix, "ws@8"]))?;
    }
    // A module is looked for from where the script lies.
    let script = folder.join("ws.mjs");
    std::fs::copy(repo::root().join("load/peers/ws.mjs"), &script).ok()?;
    Some(format!("node {}", script.display()))
}

/// The same for Python's `websockets`.
fn pythons_websockets() -> Option<String> {
    let folder = repo::tools_dir().join("load-python");
    if !folder.join("websockets").is_dir() {
        let target = folder.to_str()?;
        ask(command("python3").args(["-m", "pip", "install", "--quiet", "--target", target, "websockets"]))?;
    }
    let script = folder.join("websockets_echo.py");
    std::fs::copy(repo::root().join("load/peers/websockets_echo.py"), &script).ok()?;
    // A script's own folder is where its imports are looked for.
    Some(format!("python3 {}", script.display()))
}

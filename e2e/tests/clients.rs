//! Real clients, written by others, talk to `/ws/echo`: directly, and through nginx.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;
use ws101_e2e::{Nginx, Server};

const TEXT: &str = "안녕 WebSocket";

/// Where packages for these tests are kept between runs.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(name)
}

/// Runs a program to its end and gives what it printed. Its standard input stays open and silent: wscat ends with it.
async fn output(program: &str, args: &[&str]) -> Result<String> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().with_context(|| format!("no {program}"))?;
    let _open = child.stdin.take();
    let output = tokio::time::timeout(std::time::Duration::from_secs(120), child.wait_with_output());
    let output = output.await.with_context(|| format!("{program} hangs"))??;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} {}: {stderr}", args.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

/// Whether `program` is there. These clients come in languages that a machine for Rust need not have.
async fn has(program: &str) -> bool {
    let is_there = output(program, &["--version"]).await.is_ok();
    if !is_there {
        eprintln!("SKIPPED: there is no {program} on this machine");
    }
    is_there
}

#[tokio::test]
async fn wscat() -> Result<()> {
    if !has("node").await || !has("npm").await {
        return Ok(());
    }
    let server = Server::start().await?;
    let folder = folder("wscat");
    let program = folder.join("node_modules/.bin/wscat");
    if !program.is_file() {
        let prefix = folder.to_string_lossy();
        output("npm", &["install", "--silent", "--no-audit", "--no-fund", "--prefix", &prefix, "wscat@6"]).await?;
    }
    let nginx = Nginx::before(server.address()).await?;
    for address in [server.address()].into_iter().chain(nginx.as_ref().map(Nginx::address)) {
        let url = format!("ws://{address}/ws/echo");
        let printed =
            output(&program.to_string_lossy(), &["--connect", &url, "--execute", TEXT, "--wait", "1"]).await?;
        assert_eq!(printed.trim(), TEXT);
    }
    Ok(())
}

const PYTHON: &str = r#"
import sys
from websockets.sync.client import connect
from websockets.exceptions import ConnectionClosedOK

with connect(sys.argv[1], compression=None) as socket:
    for message in (sys.argv[2], "", "x" * 126, bytes(range(256)) * 300):
        socket.send(message)
        assert socket.recv() == message
    socket.send(["frag", "ment", "ed"])
    assert socket.recv() == "fragmented"
    assert socket.ping("are you there").wait(5)
    socket.close(4000, "done")
    try:
        socket.recv()
    except ConnectionClosedOK:
        pass
    except Exception as error:
        assert error.rcvd.code == 4000, error
print("ok")
"#;

#[tokio::test]
async fn pythons_websockets() -> Result<()> {
    if !has("python3").await || output("python3", &["-m", "pip", "--version"]).await.is_err() {
        eprintln!("SKIPPED: python3 and its pip are needed");
        return Ok(());
    }
    let server = Server::start().await?;
    let folder = folder("python");
    let target = folder.to_string_lossy();
    if !folder.join("websockets").is_dir() {
        output("python3", &["-m", "pip", "install", "--quiet", "--target", &target, "websockets"]).await?;
    }
    let script = format!("import sys\nsys.path.insert(0, sys.argv[3])\n{PYTHON}");
    let nginx = Nginx::before(server.address()).await?;
    for address in [server.address()].into_iter().chain(nginx.as_ref().map(Nginx::address)) {
        let url = format!("ws://{address}/ws/echo");
        let printed = output("python3", &["-c", &script, &url, TEXT, &target]).await?;
        assert_eq!(printed.trim(), "ok");
    }
    Ok(())
}

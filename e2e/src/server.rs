//! The server under test: the real binary in a process of its own.

use std::net::SocketAddr;
use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::process::{Child, Command};

use crate::process::{await_line, program};

/// A running `ws101 serve`; ends with this value.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    child: Child,
}

impl Server {
    /// Starts it on a free port.
    pub async fn start() -> Result<Self> {
        Self::start_on(0).await
    }

    /// Starts it on `port`; 0 takes a free one.
    pub async fn start_on(port: u16) -> Result<Self> {
        let mut command = Command::new(program("WS101_BIN")?);
        command.args(["serve", "--port", &port.to_string()]);
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().context("ws101 does not start")?;
        let stdout = child.stdout.take().context("stdout is piped")?;
        let address = await_line(stdout, |line| {
            let url = line.split_whitespace().find_map(|word| word.strip_prefix("http://"))?;
            url.trim_end_matches('/').parse().ok()
        });
        Ok(Self { address: address.await.context("ws101 prints no address")?, child })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Kills it as `kill -9` does: without a word to anybody.
    pub async fn kill(mut self) -> Result<SocketAddr> {
        self.child.kill().await?;
        Ok(self.address)
    }
}

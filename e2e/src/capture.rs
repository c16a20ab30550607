//! A second witness, who knows the protocols: tshark on the loopback interface, where capturing is allowed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::process::{Child, Command};

use crate::process::await_line;
use crate::proxy::Recorded;

/// A capture that goes on.
#[derive(Debug)]
pub struct Capture {
    tshark: Child,
    file: PathBuf,
    port: u16,
}

/// What tshark saw on one TCP connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The bytes, put together from the segments.
    pub bytes: Recorded,
    /// The WebSocket frames that it dissected: whether the client sent them, their opcodes, their payloads' lengths.
    pub frames: Vec<(bool, u8, u64)>,
}

impl Capture {
    /// Begins to capture what a server on `port` gets and sends. `None`, and a line that says so, where there is no tshark or it may not
    /// capture.
    pub async fn start(port: u16) -> Result<Option<Self>> {
        let file = std::env::temp_dir().join(format!("ws101-e2e-{}-{port}.pcapng", std::process::id()));
        let mut command = Command::new("tshark");
        command.args(["-i", "lo", "-f", &format!("tcp port {port}"), "-w"]).arg(&file);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let Ok(mut tshark) = command.spawn() else {
            eprintln!("SKIPPED: there is no tshark on this machine");
            return Ok(None);
        };
        let stderr = tshark.stderr.take().context("stderr is piped")?;
        // Its last words before the first packet.
        let started = await_line(stderr, |line| line.contains("-- File: ").then_some(())).await;
        if started.is_err() {
            eprintln!("SKIPPED: tshark may not capture on this machine");
            return Ok(None);
        }
        Ok(Some(Self { tshark, file, port }))
    }

    /// Ends it: what was seen, connection by connection.
    pub async fn end(mut self) -> Result<Vec<Captured>> {
        // The last packets are on their way through the kernel's buffer.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let id = self.tshark.id().context("tshark has ended by itself")?.to_string();
        Command::new("kill").args(["-INT", &id]).status().await?;
        ensure!(self.tshark.wait().await?.success(), "tshark failed");
        let mut command = Command::new("tshark");
        command.arg("-r").arg(&self.file).args(["-d", &format!("tcp.port=={},http", self.port)]);
        command.args(["-Y", "tcp.len > 0 && !tcp.analysis.retransmission", "-T", "fields"]);
        for field in ["tcp.stream", "tcp.dstport", "tcp.payload", "websocket.opcode", "websocket.payload_length"] {
            command.args(["-e", field]);
        }
        let output = command.output().await?;
        ensure!(output.status.success(), "tshark: {}", String::from_utf8_lossy(&output.stderr));
        let _ = tokio::fs::remove_file(&self.file).await;
        let mut connections = BTreeMap::<u64, Captured>::new();
        for line in String::from_utf8(output.stdout)?.lines() {
            let [stream, to, payload, opcodes, lengths] = line.split('\t').collect::<Vec<_>>()[..] else {
                bail!("tshark printed {line:?}");
            };
            let connection = connections.entry(stream.parse()?).or_default();
            let is_client = to.parse::<u16>()? == self.port;
            let bytes = if is_client { &mut connection.bytes.client } else { &mut connection.bytes.server };
            for digits in payload.as_bytes().chunks(2) {
                bytes.push(u8::from_str_radix(std::str::from_utf8(digits)?, 16)?);
            }
            // Several frames in one segment are separated by commas.
            for (opcode, len) in opcodes.split(',').zip(lengths.split(',')).filter(|(opcode, _)| !opcode.is_empty()) {
                connection.frames.push((is_client, opcode.parse()?, len.parse()?));
            }
        }
        Ok(connections.into_values().collect())
    }
}

//! A second witness, who knows the protocols: tshark on the loopback interface, where capturing is allowed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
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
    /// The WebSocket frames that it dissected.
    pub frames: Vec<CapturedFrame>,
}

/// A frame's header, as tshark understood it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturedFrame {
    /// The client sent it.
    pub from_client: bool,
    /// FIN.
    pub fin: bool,
    /// The reserved bits, RSV1 as 4.
    pub rsv: u8,
    /// The opcode.
    pub opcode: u8,
    /// The masking key, if there is one.
    pub masking_key: Option<[u8; 4]>,
    /// How long the payload is, whichever form the length has.
    pub payload_len: u64,
}

impl Capture {
    /// Begins to capture what a server on `port` gets and sends. `None`, and a line that says so, where there is no tshark or it may not
    /// capture.
    pub async fn start(port: u16) -> Result<Option<Self>> {
        let file = std::env::temp_dir().join(format!("ws101-e2e-{}-{port}.pcapng", std::process::id()));
        let mut command = Command::new("tshark");
        // Of the 2 MiB that it would have by itself, a page that is sent at once leaves nothing.
        command.args(["-B", "32", "-i", "lo", "-f", &format!("tcp port {port}"), "-w"]).arg(&file);
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
        command.args(["-Y", "tcp.len > 0 && !tcp.analysis.retransmission"]);
        command.args(["-T", "json", "--no-duplicate-keys", "-J", "tcp websocket"]);
        let output = command.output().await?;
        ensure!(output.status.success(), "tshark: {}", String::from_utf8_lossy(&output.stderr));
        let _ = tokio::fs::remove_file(&self.file).await;
        let packets: Vec<Value> = serde_json::from_slice(&output.stdout).context("tshark's JSON")?;
        let mut connections = BTreeMap::<u64, Captured>::new();
        for packet in &packets {
            let layers = &packet["_source"]["layers"];
            let connection = connections.entry(number(&layers["tcp"]["tcp.stream"])?).or_default();
            let from_client = number(&layers["tcp"]["tcp.dstport"])? == u64::from(self.port);
            let bytes = if from_client { &mut connection.bytes.client } else { &mut connection.bytes.server };
            bytes.extend(hexadecimal(&layers["tcp"]["tcp.payload"])?);
            // Several frames may end in one segment.
            let frames = match &layers["websocket"] {
                Value::Array(frames) => &frames[..],
                Value::Null => &[],
                frame => std::slice::from_ref(frame),
            };
            for frame in frames {
                connection.frames.push(CapturedFrame::new(from_client, frame)?);
            }
        }
        Ok(connections.into_values().collect())
    }
}

impl CapturedFrame {
    fn new(from_client: bool, fields: &Value) -> Result<Self> {
        let field = |name: &str| &fields[format!("websocket.{name}")];
        // The longer forms of the length have fields of their own.
        let long = ["payload_length_ext_16", "payload_length_ext_64"].into_iter().find(|name| field(name).is_string());
        let key = hexadecimal(field("masking_key"))?;
        Ok(Self {
            from_client,
            fin: number(field("fin"))? == 1,
            rsv: u8::try_from(number(field("rsv"))?)?,
            opcode: u8::try_from(number(field("opcode"))?)?,
            masking_key: if key.is_empty() { None } else { Some(key[..].try_into()?) },
            payload_len: number(field(long.unwrap_or("payload_length")))?,
        })
    }
}

/// Decimal, or hexadecimal with `0x` before it.
fn number(value: &Value) -> Result<u64> {
    let text = value.as_str().with_context(|| format!("tshark printed {value} for a number"))?;
    let number = text.strip_prefix("0x").map_or_else(|| text.parse(), |digits| u64::from_str_radix(digits, 16));
    number.with_context(|| format!("tshark printed {text:?} for a number"))
}

/// Bytes with colons between them; none for a field that is not there.
fn hexadecimal(value: &Value) -> Result<Vec<u8>> {
    let text = value.as_str().unwrap_or_default();
    let bytes = text.split(':').filter(|digits| !digits.is_empty()).map(|digits| Ok(u8::from_str_radix(digits, 16)?));
    bytes.collect::<Result<_>>().with_context(|| format!("tshark printed {text:?} for bytes"))
}

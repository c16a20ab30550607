//! The load: connections that send prepared bytes and count what comes back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use socket2::SockRef;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

/// A server, as the load sees it.
#[derive(Clone, Debug)]
pub struct Target {
    pub address: SocketAddr,
    /// The path to upgrade; none for bytes without WebSocket.
    pub path: Option<&'static str>,
}

/// What is sent again and again, and how much comes back for it.
#[derive(Clone)]
pub struct Batch {
    pub bytes: Arc<[u8]>,
    pub answer: usize,
    messages: u64,
}

impl Batch {
    /// So many messages of so many bytes at once.
    pub fn new(size: usize, messages: usize, target: &Target) -> Self {
        let header = |masked: u8| match size {
            0..126 => vec![0x82, masked | size as u8],
            126..65_536 => [&[0x82, masked | 126][..], &(size as u16).to_be_bytes()].concat(),
            _ => [&[0x82, masked | 127][..], &(size as u64).to_be_bytes()].concat(),
        };
        let key = [0x37, 0xfa, 0x21, 0x3d];
        let payload = (0..size).map(|i| (i as u8) ^ key[i % 4]);
        let message: Vec<u8> = header(0x80).into_iter().chain(key).chain(payload).collect();
        let answer = if target.path.is_some() { header(0).len() + size } else { message.len() };
        Self { bytes: message.repeat(messages).into(), answer: answer * messages, messages: messages as u64 }
    }
}

/// Opens connections, some at a time.
pub async fn open(target: &Target, count: usize) -> Result<Vec<TcpStream>> {
    let mut streams = Vec::with_capacity(count);
    let mut opening = JoinSet::new();
    for _ in 0..count {
        if opening.len() >= 64 {
            streams.push(opening.join_next().await.context("one is opening")???);
        }
        let target = target.clone();
        opening.spawn(async move { timeout(PATIENCE, connect(&target)).await? });
    }
    while let Some(stream) = opening.join_next().await {
        streams.push(stream??);
    }
    Ok(streams)
}

async fn connect(target: &Target) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(target.address).await?;
    stream.set_nodelay(true)?;
    // A reset at the end: else thousands of ports would wait for a minute after each round.
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    let Some(path) = target.path else { return Ok(stream) };
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        ensure!(stream.read_buf(&mut head).await? > 0, "refused: {}", String::from_utf8_lossy(&head));
    }
    ensure!(head.starts_with(b"HTTP/1.1 101 "), "refused: {}", String::from_utf8_lossy(&head));
    Ok(stream)
}

/// Has every connection send the batch and wait for its answer, for a while. Returns how many messages came back.
pub async fn echo(streams: &mut Vec<TcpStream>, batch: &Batch, time: Duration) -> Result<u64> {
    let end = Instant::now() + time;
    let mut tasks = JoinSet::new();
    for mut stream in streams.drain(..) {
        let batch = batch.clone();
        tasks.spawn(async move {
            let mut buffer = vec![0; batch.answer.min(64 * 1024)];
            let mut done = 0;
            while Instant::now() < end {
                round_trip(&mut stream, &batch, &mut buffer).await?;
                done += batch.messages;
            }
            anyhow::Ok((stream, done))
        });
    }
    let mut sum = 0;
    while let Some(outcome) = tasks.join_next().await {
        let (stream, done) = outcome??;
        streams.push(stream);
        sum += done;
    }
    Ok(sum)
}

async fn round_trip(stream: &mut TcpStream, batch: &Batch, buffer: &mut [u8]) -> Result<()> {
    timeout(PATIENCE, async {
        stream.write_all(&batch.bytes).await?;
        let mut left = batch.answer;
        while left > 0 {
            let len = left.min(buffer.len());
            let len = stream.read(&mut buffer[..len]).await?;
            ensure!(len > 0, "the server ended the connection");
            left -= len;
        }
        Ok(())
    })
    .await?
}

/// Pings every connection, and counts the pongs.
pub async fn ping(streams: &mut [TcpStream]) -> Result<usize> {
    let mut answered = 0;
    for stream in streams {
        stream.write_all(&[0x89, 0x81, 0, 0, 0, 0, b'?']).await?;
        let mut pong = [0; 3];
        timeout(PATIENCE, stream.read_exact(&mut pong)).await??;
        answered += usize::from(pong == [0x8A, 1, b'?']);
    }
    Ok(answered)
}

/// Loads a page, and tells how long that took.
pub async fn page(address: SocketAddr) -> Result<Duration> {
    let begin = Instant::now();
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").await?;
    let mut response = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut response)).await??;
    ensure!(response.starts_with(b"HTTP/1.1 200 "), "the page does not load");
    Ok(begin.elapsed())
}

pub const PATIENCE: Duration = Duration::from_secs(20);

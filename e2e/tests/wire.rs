//! What the wire feed tells of a connection, beside two who saw it too: a recording proxy, byte by byte, and tshark, frame by frame.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite;
use ws101_e2e::{Capture, CapturedFrame, Recorded, Recorder, Server};
use ws101_trace::feed::FromServer;
use ws101_trace::{Direction, Dissection, Trace};

const WATCH: &str = "wire-test-0123456789";

/// A connection that is to be watched: where it goes, what is sent, and how many bytes of frames are awaited before it is closed.
struct Talk {
    target: &'static str,
    fields: &'static str,
    writes: Vec<Vec<u8>>,
    awaited: usize,
}

impl Talk {
    fn new(target: &'static str, writes: Vec<Vec<u8>>, awaited: usize) -> Self {
        Self { target, fields: "", writes, awaited }
    }
}

fn talks() -> Vec<Talk> {
    let text = "안녕 WebSocket".as_bytes();
    let long = vec![7; 1_000];
    let longest = vec![9; 100_000];
    let split = frame(0x82, 1, &long);
    let all_kinds = || {
        vec![
            frame(0x81, 0, text),
            // Several in one write, a ping between fragments, and an empty message.
            [
                frame(0x01, 1, b"frag"),
                frame(0x89, 2, b"ping"),
                frame(0x00, 3, b""),
                frame(0x80, 4, b"ments"),
                frame(0x82, 5, b""),
            ]
            .concat(),
            // One in three writes.
            split[..1].to_vec(),
            split[1..7].to_vec(),
            split[7..].to_vec(),
            frame(0x82, 6, &longest),
            // Nobody has asked for it.
            frame(0x8A, 7, b"pong"),
        ]
    };
    let echoed = 2 + text.len() + 2 + 4 + 2 + 9 + 2 + 4 + 1_000 + 10 + 100_000;
    vec![
        Talk::new("/ws/echo", all_kinds(), echoed),
        Talk::new("/ws/reference", all_kinds(), echoed),
        // The compressed "Hello" of RFC 7692 §7.2.3, whole, in two fragments, and by reference to the one before.
        Talk {
            fields: "Sec-WebSocket-Extensions: permessage-deflate\r\n",
            ..Talk::new(
                "/ws/echo?compression=on",
                vec![
                    frame(0xC1, 8, &[0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]),
                    frame(0x41, 9, &[0xF2, 0x48, 0xCD]),
                    frame(0x80, 10, &[0xC9, 0xC9, 0x07, 0x00]),
                    frame(0xC1, 11, &[0xF2, 0x00, 0x11, 0x00, 0x00]),
                ],
                3 * 3,
            )
        },
        Talk::new("/ws/push?every=5&size=300", vec![], 30 * 304),
        Talk::new("/ws/duplex?every=10&size=70000", all_kinds(), echoed + 5 * 70_010),
        Talk::new("/ws/broadcast", vec![frame(0x81, 12, b"to all")], 8),
        Talk::new("/ws/misbehave?frame=masked", vec![frame(0x81, 13, text)], 2 + text.len()),
    ]
}

/// A client's frame, of a key that no other has.
fn frame(first: u8, number: u8, payload: &[u8]) -> Vec<u8> {
    let key = [0x37, 0xFA, 0x21, number];
    let len = payload.len();
    let mut bytes = match len {
        0..126 => vec![first, 0x80 | len as u8],
        126..65_536 => [&[first, 0x80 | 126][..], &(len as u16).to_be_bytes()].concat(),
        _ => [&[first, 0x80 | 127][..], &(len as u64).to_be_bytes()].concat(),
    };
    bytes.extend(key);
    bytes.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

async fn hold(talk: &Talk, address: SocketAddr) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let separator = if talk.target.contains('?') { '&' } else { '?' };
    let request = format!(
        "GET {}{separator}watch={WATCH} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{}\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        talk.target, talk.fields
    );
    stream.write_all(request.as_bytes()).await?;
    let mut received = Vec::new();
    let head = loop {
        if let Some(at) = received.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        ensure!(stream.read_buf(&mut received).await? > 0, "refused: {}", String::from_utf8_lossy(&received));
    };
    for bytes in &talk.writes {
        stream.write_all(bytes).await?;
        sleep(Duration::from_millis(5)).await;
    }
    while received.len() < head + talk.awaited {
        ensure!(stream.read_buf(&mut received).await? > 0, "it ended after {} bytes", received.len());
    }
    stream.write_all(&frame(0x88, 14, &[&4_000_u16.to_be_bytes()[..], b"done"].concat())).await?;
    while stream.read_buf(&mut received).await? > 0 {}
    Ok(())
}

/// What the feed tells, trace by trace, until so many are closed.
fn told(address: SocketAddr, count: usize) -> Result<Vec<(String, Trace)>> {
    let stream = std::net::TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let (mut feed, _) = tungstenite::client(format!("ws://{address}/ws/wire?watch={WATCH}"), stream)?;
    // They are numbered in the order of their opening.
    let mut traces = BTreeMap::<u64, (String, Trace)>::new();
    while traces.values().filter(|(_, trace)| trace.closed().is_some()).count() < count {
        let message = feed.read()?;
        match serde_json::from_str(message.to_text()?)? {
            FromServer::Hello { .. } => {}
            FromServer::Opened { trace, path } => drop(traces.insert(trace, (path, Trace::new()))),
            FromServer::Bytes { trace, at, direction, bytes } => {
                let (_, trace) = traces.get_mut(&trace).context("bytes of a trace that was not opened")?;
                trace.push(Duration::from_micros(at), direction, &bytes);
            }
            FromServer::Closed { trace, at } => {
                let (_, trace) = traces.get_mut(&trace).context("the end of a trace that was not opened")?;
                trace.close(Duration::from_micros(at));
            }
            FromServer::Lost { bytes } => bail!("{bytes} bytes were lost"),
        }
    }
    Ok(traces.into_values().collect())
}

/// The frames of a trace, in the words of the capture: the client's, then the server's.
fn frames(trace: &Trace) -> Vec<CapturedFrame> {
    let mut dissection = Dissection::default();
    dissection.update(trace);
    let of = |direction| dissection.items().iter().filter(move |item| item.direction == direction);
    let all = Direction::BOTH.into_iter().flat_map(of);
    all.filter_map(|item| {
        let header = item.frame()?.header?;
        Some(CapturedFrame {
            from_client: item.direction == Direction::ClientToServer,
            fin: header.fin,
            rsv: header.rsv,
            opcode: header.opcode.value(),
            masking_key: header.mask,
            payload_len: header.payload_len,
        })
    })
    .collect()
}

#[tokio::test]
async fn the_feed_tells_what_the_proxy_and_tshark_saw() -> Result<()> {
    let server = Server::start().await?;
    let capture = Capture::start(server.address().port()).await?;
    let recorder = Recorder::before(server.address()).await?;
    let talks = talks();
    for talk in &talks {
        let held = timeout(Duration::from_secs(30), hold(talk, recorder.address()));
        held.await.map_err(anyhow::Error::from).flatten().context(talk.target)?;
    }
    let (address, count) = (server.address(), talks.len());
    let told = tokio::task::spawn_blocking(move || told(address, count)).await??;
    let recorded = recorder.connections();
    assert_eq!((told.len(), recorded.len()), (talks.len(), talks.len()));
    let captured = match capture {
        Some(capture) => Some(capture.end().await?),
        None => None,
    };
    for ((talk, (path, trace)), recorded) in talks.iter().zip(&told).zip(&recorded) {
        assert_eq!(talk.target.split('?').next(), Some(path.as_str()));
        let of = |direction| trace.stream(direction).to_vec();
        let bytes = Recorded { client: of(Direction::ClientToServer), server: of(Direction::ServerToClient) };
        assert!(bytes == *recorded, "{path}: the feed and the proxy differ");
        let frames = frames(trace);
        assert!(frames.len() >= talk.writes.len() + 2, "{path}: {frames:?}");
        if let Some(captured) = &captured {
            let captured = captured.iter().find(|one| one.bytes == bytes);
            let mut captured = captured.with_context(|| format!("{path}: tshark saw other bytes"))?.frames.clone();
            captured.sort_by_key(|frame| !frame.from_client);
            assert_eq!(frames, captured, "{path}");
        }
    }
    Ok(())
}

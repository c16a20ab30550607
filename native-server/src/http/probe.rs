//! `POST /api/probe`: the server's own client, for what a page cannot do.
//!
//! A browser sends no broken upgrade request and no illegal frame. So a page has the server do it: the request's body, at most
//! 16 KiB, is sent byte for byte over a new TCP connection to this server's own port, and never anywhere else: a broken
//! request, or a good one with any frames right behind it. What came back is the response:
//!
//! ```json
//! {"sent": 163, "received": "SFRUUC8xLjEgNDAwIEJhZCBSZXF1ZXN0DQo…", "closed": true, "ms": 1}
//! ```
//!
//! `sent` counts the bytes, `received` has those of the answer in Base64, `closed` tells whether the server ended the connection,
//! and `ms` after how many milliseconds the last of all this happened. The probe ends when the server does, after a silence
//! (`?silence=MS`, 1 to 3,000; 300 if not given), or with 64 KiB of answer. Pages of other origins may not use it (403), an
//! address may do so twenty times at once and five times a second (429), and nothing in this server trusts loopback.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::query::query_value;
use super::response::Response;
use crate::rate::Rate;

/// The server's own client.
pub(crate) struct Prober {
    to: SocketAddr,
    rate: Rate,
    /// Probes that may run at once. It bounds, too, how deep a probe of a probe goes.
    places: Semaphore,
}

#[derive(Serialize)]
struct Answer {
    sent: usize,
    received: String,
    closed: bool,
    ms: u64,
}

impl Prober {
    /// For a server that listens on `address`.
    pub(crate) fn new(address: SocketAddr) -> Self {
        let ip = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let to = SocketAddr::new(ip, address.port());
        Self { to, rate: Rate::new(20, Duration::from_millis(200)), places: Semaphore::new(32) }
    }

    /// Sends `bytes` for a peer, and answers with what came back.
    pub(super) async fn probe(&self, peer: IpAddr, bytes: &[u8], silence: Duration) -> Response {
        if let Err(wait) = self.rate.take(peer, Instant::now()) {
            let seconds = wait.as_secs() + 1;
            let sentence = "You probe faster than this server allows: wait a moment.";
            return Response::sentence(429, sentence).with("Retry-After", &seconds.to_string());
        }
        let Ok(_place) = self.places.acquire().await else { return Response::sentence(503, FAILED) };
        match exchange(self.to, bytes, silence).await.map(|answer| serde_json::to_vec(&answer)) {
            Ok(Ok(json)) => Response::new(200, "application/json", json).with("Cache-Control", "no-store"),
            Ok(Err(_)) | Err(_) => Response::sentence(503, FAILED),
        }
    }
}

/// How long a silence ends a probe.
pub(super) fn silence(query: &str) -> Duration {
    let ms = query_value(query, "silence").and_then(|text| text.parse().ok()).unwrap_or(300_u64);
    Duration::from_millis(ms.clamp(1, 3_000))
}

async fn exchange(to: SocketAddr, bytes: &[u8], silence: Duration) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(to).await?;
    let begin = Instant::now();
    // It is small enough for the sockets' buffers; and a server that refuses the beginning need not take the end.
    let _ = stream.write_all(bytes).await;
    let mut received = Vec::new();
    let mut last = begin;
    let mut closed = false;
    let deadline = begin + LONGEST;
    while !closed && received.len() < LARGEST_ANSWER {
        let wait = silence.min(deadline.duration_since(Instant::now()));
        match timeout(wait, stream.read_buf(&mut received)).await {
            // A reset is an end as well.
            Ok(Ok(0) | Err(_)) => closed = true,
            Ok(Ok(_)) => {}
            Err(_silent) => break,
        }
        last = Instant::now();
    }
    let ms = u64::try_from(last.duration_since(begin).as_millis()).unwrap_or(u64::MAX);
    Ok(Answer { sent: bytes.len(), received: STANDARD.encode(&received), closed, ms })
}

/// The largest request that is sent.
pub(super) const LARGEST: usize = 16 * 1024;
const LARGEST_ANSWER: usize = 64 * 1024;
/// A server that speaks on and on is listened to for so long.
const LONGEST: Duration = Duration::from_secs(5);
const FAILED: &str = "The server cannot connect to itself at the moment: try again soon.";

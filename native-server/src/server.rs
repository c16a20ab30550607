//! The server: what all connections share, and the loop that accepts them.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::FutureExt as _;
use serde::Serialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, timeout};
use tracing::{debug, warn};

use crate::budget::Budget;
use crate::cli::Serve;
use crate::gamelift;
use crate::http::{self, Agreed, Hosts, Origins, Prober, Upgrade, UpgradeTo};
use crate::limits::Limits;
use crate::page;
use crate::places::{Full, Places};
use crate::tap::{Tap, Usage, WatchId};
use crate::teacher::Teacher;
use crate::tls::{self, Tls};
use crate::wire::Wire;
use crate::ws::{self, Broadcast, BroadcastUsage, Kind, Registry, Settings, Socket};

/// What all connections share.
pub(crate) struct Server {
    pub(crate) limits: Limits,
    pub(crate) origins: Origins,
    pub(crate) hosts: Hosts,
    pub(crate) teacher: Teacher,
    pub(crate) budget: Arc<Budget>,
    pub(crate) prober: Prober,
    pub(crate) gamelift: Arc<gamelift::Hub>,
    tls: Option<Tls>,
    tap: Tap,
    registry: Arc<Registry>,
    broadcast: Broadcast,
    places: Places,
    /// Places for connections with permessage-deflate.
    compression: Arc<Semaphore>,
    stop: watch::Sender<bool>,
    started: Instant,
}

/// `GET /api/status`.
#[derive(Serialize)]
struct Status<'s> {
    version: &'static str,
    uptime_ms: u64,
    page: &'static str,
    connections: Connections,
    broadcast: BroadcastUsage,
    memory: Memory,
    tap: Usage,
    limits: &'s Limits,
}

#[derive(Serialize)]
struct Connections {
    open: usize,
    websocket: usize,
    feeds: usize,
}

/// In bytes.
#[derive(Serialize)]
struct Memory {
    held: usize,
}

impl Server {
    /// A server that is going to accept what comes to `address`.
    pub(crate) fn new(
        options: &Serve,
        teacher: Teacher,
        tls: Option<Tls>,
        address: SocketAddr,
        gamelift: Arc<gamelift::Hub>,
    ) -> Arc<Self> {
        let limits = Limits::new(options);
        Arc::new(Self {
            gamelift,
            tls,
            hosts: Hosts::new(&options.allow_host),
            teacher,
            budget: Budget::new(limits.memory),
            prober: Prober::new(address),
            origins: Origins::new(options.allow_origin.clone()),
            tap: Tap::new((options.tap_memory as usize) << 20),
            registry: Arc::default(),
            broadcast: Broadcast::new(limits.broadcasts_per_second),
            places: Places::new(limits.connections, limits.connections_per_address),
            compression: Arc::new(Semaphore::new(limits.compressed_connections)),
            stop: watch::Sender::new(false),
            started: Instant::now(),
            limits,
        })
    }

    /// Accepts connections until `end`, then takes leave of all.
    pub(crate) async fn run(self: Arc<Self>, listener: TcpListener, end: impl Future<Output = ()>) {
        // In a task, so that what is accepted is handed to a thread that is awake: this one's is not among the runtime's workers.
        let server = self.clone();
        let mut serving = tokio::spawn(async move {
            tokio::select! {
                () = server.accept(listener) => {}
                () = server.gamelift.run() => {}
                () = server.broadcast.run() => {}
            }
        });
        tokio::select! {
            outcome = &mut serving => {
                // What went wrong was said where it did; it must not look like an end that somebody wished for.
                if let Some(panic) = outcome.err().and_then(|error| error.try_into_panic().ok()) {
                    std::panic::resume_unwind(panic);
                }
            }
            () = end => serving.abort(),
        }
        self.take_leave().await;
    }

    /// The status as JSON.
    pub(crate) fn status(&self) -> String {
        let status = Status {
            version: env!("CARGO_PKG_VERSION"),
            uptime_ms: u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX),
            page: if page::PLACEHOLDER { "placeholder" } else { "built in" },
            connections: Connections {
                open: self.places.taken(),
                websocket: self.registry.count(Kind::Shown),
                feeds: self.registry.count(Kind::Feed),
            },
            broadcast: self.broadcast.usage(),
            memory: Memory { held: self.budget.held() },
            tap: self.tap.usage(),
            limits: &self.limits,
        };
        serde_json::to_string(&status).unwrap_or_default()
    }

    /// What went over the connections of a watch id, as JSON.
    pub(crate) fn counts(&self, watch: &WatchId) -> serde_json::Result<Vec<u8>> {
        self.tap.counts(watch)
    }

    /// For whom that is to be recorded which no page claims.
    pub(crate) fn anybody(&self) -> Option<&WatchId> {
        self.tap.anybody()
    }

    /// When it started.
    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    /// How long it is up.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Returns when the server stops.
    pub(crate) async fn stopping(&self) {
        // The sender lives as long as `self`, so this cannot fail.
        let _ = self.stop.subscribe().wait_for(|&stop| stop).await;
    }

    /// A place for a connection that compresses, if there is one left.
    pub(crate) fn compression_place(&self) -> Option<OwnedSemaphorePermit> {
        self.compression.clone().try_acquire_owned().ok()
    }

    async fn accept(self: &Arc<Self>, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.admit(stream, peer),
                Err(error) => {
                    // File descriptors that ran out come back when a connection ends.
                    warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        debug!(%peer, "connected");
        if let Err(full) = self.places.take(peer.ip()) {
            // One write, and no waiting: whoever is one too many may not cost more.
            let _ = stream.try_write(match full {
                Full::Server => SERVER_FULL,
                Full::Address => ADDRESS_FULL,
            });
            return;
        }
        let place = Place { server: self.clone(), peer: peer.ip() };
        // Small answers go out at once; without it the connection is only slower.
        let _ = stream.set_nodelay(true);
        tokio::spawn(http(place, stream));
    }

    /// Closes what is open: first those that are watched, so that their last frames reach the feeds, then the feeds.
    async fn take_leave(&self) {
        self.stop.send_replace(true);
        self.registry.go_away(Kind::Shown);
        let end = Instant::now() + LEAVE;
        while self.registry.count(Kind::Shown) > 0 && Instant::now() < end - LEAVE / 2 {
            sleep(Duration::from_millis(10)).await;
        }
        self.registry.go_away(Kind::Feed);
        while self.places.taken() > 0 && Instant::now() < end {
            sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A connection, or what is left of it: a future that tells what follows it. Each has memory of its own on the heap, so that what one
/// needed is given back when the next one begins, and the task itself is two pointers: an idle connection is small.
struct Part(Pin<Box<dyn Future<Output = Option<Part>> + Send>>);

impl Part {
    /// Nothing follows it.
    fn last(future: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Box::pin(future.map(|()| None)))
    }
}

impl Future for Part {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        while let Some(next) = ready!(self.0.as_mut().poll(cx)) {
            *self = next;
        }
        Poll::Ready(())
    }
}

/// A connection's place, given back when it ends.
struct Place {
    server: Arc<Server>,
    peer: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.server.places.give_back(self.peer);
    }
}

fn http(place: Place, stream: TcpStream) -> Part {
    Part(Box::pin(async move {
        let server = &place.server;
        let mut wire = Wire::new(stream, server.tap.tape());
        if let Some(tls) = &server.tls {
            // In a future of its own, which is given back.
            wire = Box::pin(perhaps_secure(wire, tls, server)).await?;
        }
        let upgrade = http::serve(wire, server).await?;
        Some(websocket(place, *upgrade))
    }))
}

/// The first byte tells whether a connection speaks TLS; if it does, its handshake may take as long as a head.
async fn perhaps_secure(mut wire: Wire, tls: &Tls, server: &Server) -> Option<Wire> {
    let first = tokio::select! {
        first = timeout(server.limits.keep_alive, wire.first_byte()) => first.ok()?.ok()??,
        () = server.stopping() => return None,
    };
    if first == tls::FIRST_BYTE {
        let session = tls.session().ok()?;
        match timeout(server.limits.head_time, wire.secure(session)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                debug!(%error, "TLS was not agreed on");
                return None;
            }
            Err(_) => return None,
        }
    }
    Some(wire)
}

fn websocket(place: Place, upgrade: Upgrade) -> Part {
    let Upgrade { mut wire, agreed: Agreed { response, compression }, head, early, watch, to } = upgrade;
    let server = &place.server;
    if let UpgradeTo::Reference = to {
        // One after the other: it refuses a request with bytes behind it, which is not what its clients came to see.
        wire.unread(head);
        wire.unread(early);
        return Part::last(async move {
            ws::reference(wire, &place.server.limits, watch, &place.server.registry).await;
        });
    }
    let kind = if matches!(to, UpgradeTo::Feed(_)) { Kind::Feed } else { Kind::Shown };
    let mut config = server.limits.websocket(compression.is_some());
    if matches!(&to, UpgradeTo::GameLift(upgrade) if !upgrade.is_pinged()) {
        config.ping_interval = None;
    }
    if let UpgradeTo::Broadcast(_) = to {
        config.max_frame = server.limits.max_broadcast as u64;
        config.max_message = config.max_frame;
    }
    let settings = Settings { config, stall: server.limits.stall, share: server.budget.share() };
    let socket = Arc::new(Socket::new(wire, settings, compression, response, early));
    let to = match to {
        // The end of the server is told to them in another way.
        UpgradeTo::GameLift(upgrade) => {
            return Part::last(async move {
                upgrade.run(&place.server, &socket, place.peer).await;
            });
        }
        to => to,
    };
    // Given back at the end.
    let held = (server.registry.enter(kind, watch, &socket), place);
    match to {
        UpgradeTo::Push(pace) => Part::last(async move {
            let _held = held;
            ws::push(&socket, pace).await;
        }),
        UpgradeTo::Duplex(pace) => Part::last(async move {
            let _held = held;
            ws::duplex(&socket, pace).await;
        }),
        UpgradeTo::Events(pace) => Part::last(async move {
            let (_registration, place) = held;
            ws::events(&socket, pace, place.server.started).await;
        }),
        UpgradeTo::Broadcast(teacher) => Part::last(async move {
            let (_registration, place) = held;
            place.server.broadcast.join(&socket, place.peer, teacher).await;
        }),
        UpgradeTo::Close(code) => Part::last(async move {
            let _held = held;
            ws::close(&socket, code).await;
        }),
        UpgradeTo::Misbehave(how) => Part::last(async move {
            let _held = held;
            ws::misbehave(&socket, how).await;
        }),
        UpgradeTo::Feed(watch) => Part::last(async move {
            let (_registration, Place { server, .. }) = &held;
            let feed = server.tap.feed(watch.as_ref());
            ws::feed(&socket, feed, watch.as_ref(), &server.registry).await;
        }),
        UpgradeTo::Echo | UpgradeTo::Reference | UpgradeTo::GameLift(_) => Part::last(async move {
            let _held = held;
            ws::echo(&socket).await;
        }),
    }
}

/// Listens, with a backlog for a whole class that comes at once.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => tokio::net::TcpSocket::new_v4()?,
        SocketAddr::V6(_) => tokio::net::TcpSocket::new_v6()?,
    };
    // A restart must not wait for the connections of the last run to time out. On Windows it would mean something else.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(4096)
}

/// How long the end of the server waits for the connections'.
const LEAVE: Duration = Duration::from_secs(2);
const SERVER_FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n\
    Content-Length: 46\r\n\r\nThis server has no place left: try again soon.";
const ADDRESS_FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n\
    Content-Length: 64\r\n\r\nToo many connections come from your address: close some of them.";

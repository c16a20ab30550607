//! The peers, each in the loop that its documentation has.

use std::cell::RefCell;
use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;

use fastwebsockets::{FragmentCollector, OpCode, upgrade};
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_websockets::ServerBuilder;

use crate::rooms::Rooms;

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Peer {
    /// An echo of bytes, without WebSocket: the limit.
    Rawtcp,
    TokioTungstenite,
    /// With a read buffer of 4 KiB instead of 128.
    TokioTungstenite4k,
    Fastwebsockets,
    TokioWebsockets,
}

pub fn serve(peer: Peer, broadcast: bool) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // On a worker, so that what is accepted is handed to a thread that is awake.
    runtime.block_on(runtime.spawn(async move {
        let listener = listen()?;
        println!("{}", listener.local_addr()?);
        let rooms = Rooms::new();
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let rooms = rooms.clone();
            match peer {
                _ if broadcast => tokio::spawn(member(peer, stream, rooms)),
                Peer::Rawtcp => tokio::spawn(rawtcp(stream)),
                Peer::TokioTungstenite => tokio::spawn(tungstenite(stream, WebSocketConfig::default())),
                Peer::TokioTungstenite4k => tokio::spawn(tungstenite(stream, small())),
                Peer::Fastwebsockets => tokio::spawn(fastwebsockets(stream)),
                Peer::TokioWebsockets => tokio::spawn(tokio_websockets(stream)),
            };
        }
    }))?
}

async fn member(peer: Peer, stream: TcpStream, rooms: Rooms) {
    match peer {
        Peer::Rawtcp => rooms.rawtcp(stream).await,
        Peer::TokioTungstenite => rooms.tungstenite(stream, WebSocketConfig::default()).await,
        Peer::TokioTungstenite4k => rooms.tungstenite(stream, small()).await,
        Peer::Fastwebsockets => rooms.fastwebsockets(stream).await,
        Peer::TokioWebsockets => rooms.tokio_websockets(stream).await,
    }
}

fn small() -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(4096)
}

fn listen() -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
    socket.listen(4096)
}

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// Reads into memory that is every connection's, so that one that waits owns none.
async fn rawtcp(stream: TcpStream) {
    while stream.readable().await.is_ok() {
        let rest = SCRATCH.with_borrow_mut(|scratch| {
            let len = stream.try_read(scratch)?;
            if len == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let written = match stream.try_write(&scratch[..len]) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
                other => other?,
            };
            Ok(scratch[written..len].to_vec())
        });
        let mut rest = match rest {
            Ok(rest) => rest,
            Err(error) if io::Error::kind(&error) == io::ErrorKind::WouldBlock => continue,
            Err(_) => return,
        };
        while !rest.is_empty() {
            if stream.writable().await.is_err() {
                return;
            }
            match stream.try_write(&rest) {
                Ok(len) => drop(rest.drain(..len)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }
}

async fn tungstenite(stream: TcpStream, config: WebSocketConfig) {
    let Ok(mut socket) = accept_async_with_config(stream, Some(config)).await else { return };
    while let Some(Ok(message)) = socket.next().await {
        if (message.is_text() || message.is_binary()) && socket.send(message).await.is_err() {
            return;
        }
    }
}

async fn fastwebsockets(stream: TcpStream) {
    let service = service_fn(|mut request: Request<Incoming>| async move {
        let Ok((response, upgraded)) = upgrade::upgrade(&mut request) else {
            return Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()));
        };
        tokio::spawn(async move {
            let Ok(socket) = upgraded.await else { return };
            let mut socket = FragmentCollector::new(socket);
            while let Ok(frame) = socket.read_frame().await {
                let is_data = matches!(frame.opcode, OpCode::Text | OpCode::Binary);
                if frame.opcode == OpCode::Close || is_data && socket.write_frame(frame).await.is_err() {
                    break;
                }
            }
        });
        Ok(response)
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades().await;
}

async fn tokio_websockets(stream: TcpStream) {
    let Ok((_, mut socket)) = ServerBuilder::new().accept(stream).await else { return };
    while let Some(Ok(message)) = socket.next().await {
        if (message.is_text() || message.is_binary()) && socket.send(message).await.is_err() {
            return;
        }
    }
}

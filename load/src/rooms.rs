//! The peers where one message goes to many. Each connection's loop sends what a channel tells all of them, and tells it what comes: as their
//! documentation, and tokio's, would have it. They have no way to write from elsewhere.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use fastwebsockets::{FragmentCollector, Frame, OpCode, upgrade};
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::broadcast;
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_websockets::ServerBuilder;

/// A channel of each peer's own kind of message.
#[derive(Clone)]
pub struct Rooms {
    rawtcp: Arc<Mutex<Vec<Arc<TcpStream>>>>,
    fastwebsockets: broadcast::Sender<Bytes>,
    tokio_websockets: broadcast::Sender<tokio_websockets::Message>,
    tungstenite: broadcast::Sender<tokio_tungstenite::tungstenite::Message>,
}

impl Rooms {
    pub fn new() -> Self {
        Self {
            rawtcp: Arc::default(),
            fastwebsockets: broadcast::Sender::new(QUEUE),
            tokio_websockets: broadcast::Sender::new(QUEUE),
            tungstenite: broadcast::Sender::new(QUEUE),
        }
    }

    /// The limit: whoever reads something writes it to all.
    pub async fn rawtcp(self, stream: TcpStream) {
        let stream = Arc::new(stream);
        let members = || self.rawtcp.lock().unwrap_or_else(PoisonError::into_inner);
        members().push(stream.clone());
        let mut buffer = [0; 4096];
        while stream.readable().await.is_ok() {
            match stream.try_read(&mut buffer) {
                Ok(0) => break,
                Ok(len) => members().iter().for_each(|member| drop(member.try_write(&buffer[..len]))),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
        members().retain(|member| !Arc::ptr_eq(member, &stream));
    }

    pub async fn tungstenite(self, stream: TcpStream, config: WebSocketConfig) {
        let Ok(mut socket) = accept_async_with_config(stream, Some(config)).await else { return };
        let mut heard = self.tungstenite.subscribe();
        loop {
            tokio::select! {
                message = socket.next() => match message {
                    Some(Ok(message)) if message.is_text() || message.is_binary() => drop(self.tungstenite.send(message)),
                    Some(Ok(_)) => {}
                    _ => return,
                },
                Ok(message) = heard.recv() => if socket.send(message).await.is_err() { return },
            }
        }
    }

    pub async fn fastwebsockets(self, stream: TcpStream) {
        let service = service_fn(|mut request: Request<Incoming>| {
            let room = self.fastwebsockets.clone();
            async move {
                let Ok((response, upgraded)) = upgrade::upgrade(&mut request) else {
                    return Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()));
                };
                tokio::spawn(async move {
                    let Ok(socket) = upgraded.await else { return };
                    let mut socket = FragmentCollector::new(socket);
                    let mut heard = room.subscribe();
                    loop {
                        tokio::select! {
                            frame = socket.read_frame() => match frame {
                                Ok(frame) if matches!(frame.opcode, OpCode::Text | OpCode::Binary) => {
                                    drop(room.send(Bytes::copy_from_slice(&frame.payload)));
                                }
                                Ok(frame) if frame.opcode != OpCode::Close => {}
                                _ => return,
                            },
                            Ok(message) = heard.recv() => {
                                let frame = Frame::binary(fastwebsockets::Payload::Borrowed(&message));
                                if socket.write_frame(frame).await.is_err() {
                                    return;
                                }
                            }
                        }
                    }
                });
                Ok(response)
            }
        });
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades().await;
    }

    pub async fn tokio_websockets(self, stream: TcpStream) {
        let Ok((_, mut socket)) = ServerBuilder::new().accept(stream).await else { return };
        let mut heard = self.tokio_websockets.subscribe();
        loop {
            tokio::select! {
                message = socket.next() => match message {
                    Some(Ok(message)) if message.is_text() || message.is_binary() => {
                        drop(self.tokio_websockets.send(message));
                    }
                    Some(Ok(_)) => {}
                    _ => return,
                },
                Ok(message) = heard.recv() => if socket.send(message).await.is_err() { return },
            }
        }
    }
}

/// How many messages may wait for the slowest.
const QUEUE: usize = 256;

//! An independent witness: a TCP proxy that writes down what passes, and knows nothing of HTTP or WebSocket.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// What passed on one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// From the client to the server.
    pub client: Vec<u8>,
    /// From the server to the client.
    pub server: Vec<u8>,
}

/// A recording proxy on a free port.
#[derive(Debug)]
pub struct Recorder {
    address: SocketAddr,
    connections: Arc<Mutex<Vec<Recorded>>>,
}

type Stream = fn(&mut Recorded) -> &mut Vec<u8>;

impl Recorder {
    /// Passes everything on to `target`, which may come and go.
    pub async fn before(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let connections = Arc::<Mutex<Vec<Recorded>>>::default();
        let recorded = connections.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let recorded = recorded.clone();
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(target).await else { return };
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    let index = {
                        let mut connections = recorded.lock().unwrap_or_else(PoisonError::into_inner);
                        connections.push(Recorded::default());
                        connections.len() - 1
                    };
                    tokio::join!(
                        pass(from_client, to_server, recorded.clone(), index, |one| &mut one.client),
                        pass(from_server, to_client, recorded.clone(), index, |one| &mut one.server),
                    );
                });
            }
        });
        Ok(Self { address, connections })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has passed so far, connection by connection.
    pub fn connections(&self) -> Vec<Recorded> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Writes down, then passes on: nobody can have seen a byte that is not written down.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    connections: Arc<Mutex<Vec<Recorded>>>,
    index: usize,
    stream: Stream,
) {
    let mut chunk = vec![0; 64 << 10];
    while let Ok(len @ 1..) = from.read(&mut chunk).await {
        let bytes = &chunk[..len];
        stream(&mut connections.lock().unwrap_or_else(PoisonError::into_inner)[index]).extend_from_slice(bytes);
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
    // The other end sees the end of the stream, as it would without a proxy.
    let _ = to.shutdown().await;
}

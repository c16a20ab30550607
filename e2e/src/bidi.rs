//! WebDriver BiDi, the newer of WebDriver's two protocols: it tells what stands in the console, and sets the size of a page.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A connection to a browser.
#[derive(Debug)]
pub(crate) struct Bidi(Box<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
    events: Vec<Value>,
}

impl Bidi {
    /// Connects to the address that the driver has given as the session's `webSocketUrl`.
    pub(crate) async fn connect(url: &str) -> Result<Self> {
        let (socket, _) = connect_async(url).await.with_context(|| format!("no BiDi at {url}"))?;
        Ok(Self(Box::new(Mutex::new(Inner { socket, last_id: 0, events: Vec::new() }))))
    }

    /// Calls a command and waits for its result. What else the browser says meanwhile is kept.
    pub(crate) async fn call(&self, method: &str, params: Value) -> Result<Value> {
        let mut inner = self.0.lock().await;
        let answer = tokio::time::timeout(Duration::from_secs(30), inner.call(method, &params));
        answer.await.with_context(|| format!("{method} was not answered within 30 s"))?
    }

    /// The events since the last call: all those that the browser has sent before this.
    pub(crate) async fn events(&self) -> Result<Vec<Value>> {
        // Its messages come in order, so whatever was sent before this answer has been read with it.
        self.call("session.status", json!({})).await?;
        Ok(std::mem::take(&mut self.0.lock().await.events))
    }
}

impl Inner {
    async fn call(&mut self, method: &str, params: &Value) -> Result<Value> {
        self.last_id += 1;
        let command = json!({ "id": self.last_id, "method": method, "params": params });
        self.socket.send(Message::text(command.to_string())).await?;
        loop {
            let message = self.socket.next().await.context("the browser has closed its BiDi connection")??;
            let Message::Text(text) = message else { continue };
            let mut said: Value = serde_json::from_str(&text)?;
            if said["id"] == json!(self.last_id) {
                ensure!(said["type"] == "success", "{command}: {said}");
                return Ok(said["result"].take());
            }
            self.events.push(said);
        }
    }
}

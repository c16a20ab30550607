//! A running server, and what talks to it.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tungstenite::{Message, WebSocket};

/// How long anything may take before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The binary under test.
pub(crate) fn ws101() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ws101"));
    command.env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// A server on a free port, ended with the test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) process: Child,
}

impl Server {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::spawn(ws101(), options)
    }

    pub(crate) fn spawn(mut command: Command, options: &[&str]) -> Self {
        let mut process = command
            .args(["serve", "--port", "0"])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/'));
        let address = address.unwrap_or_else(|| panic!("{line:?} is no address")).parse().unwrap();
        Self { address, process }
    }

    pub(crate) fn connect(&self) -> Raw {
        Raw::connect(self.address)
    }

    /// A WebSocket by an independent client.
    pub(crate) fn websocket(&self, target: &str) -> WebSocket<TcpStream> {
        websocket(self.address, target)
    }

    /// The most memory that the process ever had, in bytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn peak_memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
    }

    #[cfg(unix)]
    pub(crate) fn terminate(&self) {
        assert!(Command::new("kill").arg(self.process.id().to_string()).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn stream(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

pub(crate) fn websocket(address: SocketAddr, target: &str) -> WebSocket<TcpStream> {
    tungstenite::client(format!("ws://{address}{target}"), stream(address)).unwrap().0
}

/// A socket on which a test writes bytes as they are.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
    held: Vec<u8>,
}

/// A response, as far as tests look at it.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (other, value) = line.split_once(": ")?;
            other.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

impl Raw {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self { stream: stream(address), held: Vec::new() }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.stream.write_all(bytes.as_ref()).unwrap();
        self
    }

    /// Exactly so many bytes.
    pub(crate) fn take(&mut self, len: usize) -> Vec<u8> {
        while self.held.len() < len {
            assert!(self.more() > 0, "the stream ended after {:?}", String::from_utf8_lossy(&self.held));
        }
        self.held.drain(..len).collect()
    }

    pub(crate) fn head(&mut self) -> String {
        loop {
            if let Some(at) = self.held.windows(4).position(|four| four == b"\r\n\r\n") {
                return String::from_utf8(self.take(at + 4)).unwrap();
            }
            assert!(self.more() > 0, "the stream ended after {:?}", String::from_utf8_lossy(&self.held));
        }
    }

    pub(crate) fn response(&mut self) -> Response {
        self.response_to("GET")
    }

    pub(crate) fn response_to(&mut self, method: &str) -> Response {
        let head = self.head();
        let status = head[9..12].parse().unwrap();
        let mut response = Response { status, head, body: Vec::new() };
        let len = response.field("content-length").map_or(0, |len| len.parse().unwrap());
        if method != "HEAD" {
            response.body = self.take(len);
        }
        response
    }

    /// What comes until the peer ends the connection.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        while self.more() > 0 {}
        std::mem::take(&mut self.held)
    }

    fn more(&mut self) -> usize {
        let mut buffer = [0; 65_536];
        let len = loop {
            match self.stream.read(&mut buffer) {
                // A signal to the process says nothing about the stream.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read.unwrap(),
            }
        };
        self.held.extend_from_slice(&buffer[..len]);
        len
    }
}

/// The bytes of a request with a Host field.
pub(crate) fn request(line: &str, fields: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n")
}

/// The bytes of a good upgrade request.
pub(crate) fn upgrade(target: &str) -> String {
    let fields = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
        Sec-WebSocket-Version: 13\r\n";
    request(&format!("GET {target}"), fields)
}

/// A client's frame with less than 126 bytes of payload.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let key = [0x37, 0xfa, 0x21, 0x3d];
    let mut bytes = vec![first, 0x80 | u8::try_from(payload.len()).unwrap()];
    bytes.extend(key);
    bytes.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

/// Passes bytes on between a client and the server, and keeps a copy: what a tap must have seen.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<[Vec<u8>; 2]>>,
    done: Vec<thread::JoinHandle<()>>,
}

impl Proxy {
    /// For one connection.
    pub(crate) fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new([Vec::new(), Vec::new()]));
        let copies = seen.clone();
        let pump = thread::spawn(move || {
            let (client, server) = (listener.accept().unwrap().0, stream(server));
            let up = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let copies_up = copies.clone();
            let upwards = thread::spawn(move || pass(up.0, up.1, &copies_up, 0));
            pass(server, client, &copies, 1);
            upwards.join().unwrap();
        });
        Self { address, seen, done: vec![pump] }
    }

    /// Both directions, when both have ended.
    pub(crate) fn finish(mut self) -> [Vec<u8>; 2] {
        self.done.drain(..).for_each(|thread| thread.join().unwrap());
        self.seen()
    }

    pub(crate) fn seen(&self) -> [Vec<u8>; 2] {
        self.seen.lock().unwrap().clone()
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, seen: &Mutex<[Vec<u8>; 2]>, direction: usize) {
    let mut buffer = [0; 16_384];
    while let Ok(len @ 1..) = from.read(&mut buffer) {
        seen.lock().unwrap()[direction].extend_from_slice(&buffer[..len]);
        if to.write_all(&buffer[..len]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// Waits until `condition` holds.
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "never: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The next message that is text or binary.
pub(crate) fn data(socket: &mut WebSocket<TcpStream>) -> Message {
    loop {
        let message = socket.read().unwrap();
        if message.is_text() || message.is_binary() {
            return message;
        }
    }
}

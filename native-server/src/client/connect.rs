//! `ws101 connect`: a client for people, on tungstenite, that shows what crosses its wire.

use std::io::{self, BufRead as _, Write as _};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, Message};
use ws101_trace::{Direction, Dissection, Trace};

use super::decode::bytes_of;
use super::show::{self, Form, is_broken};

/// Where to connect to.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// The server and the path, e.g. ws://127.0.0.1:8101/ws/echo.
    #[arg(value_name = "URL")]
    url: String,
    /// Tell it to a program: a JSON object on each line.
    #[arg(long)]
    json: bool,
}

/// Connects, sends what is typed, and prints what crosses the wire until one side closes.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.context("The program cannot wait for two things at once")?.block_on(talk(options));
    outcome.map(|good| if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn talk(options: &Options) -> anyhow::Result<bool> {
    let Some(rest) = options.url.strip_prefix("ws://") else {
        bail!("{} is no address for this client: it speaks ws://HOST:PORT/PATH, without TLS", options.url);
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { authority.to_owned() } else { format!("{authority}:80") };
    let stream = timeout(PATIENCE, TcpStream::connect(&address)).await.map_err(|_| anyhow!("it does not answer"));
    let stream = stream.and_then(|stream| Ok(stream?));
    let stream = stream.with_context(|| format!("{address} cannot be connected to: is a server running there?"))?;

    let trace = Arc::new(Mutex::new(Trace::new()));
    let recorder = Recorder { stream, trace: trace.clone(), begin: Instant::now() };
    let mut screen = Screen::new(trace, if options.json { Form::Json } else { Form::Text });
    let opened = tokio_tungstenite::client_async(&options.url, recorder).await;
    screen.update()?;
    match opened {
        Ok((socket, _)) => converse(socket, &mut screen).await?,
        Err(error) => screen.fail(&error),
    }
    screen.update()?;
    Ok(screen.good)
}

async fn converse(mut socket: WebSocketStream<Recorder>, screen: &mut Screen) -> anyhow::Result<()> {
    if screen.form == Form::Text {
        writeln!(io::stderr(), "{HELP}")?;
    }
    let mut lines = typed();
    let mut typing = true;
    loop {
        let outcome = tokio::select! {
            message = socket.next() => match message {
                Some(Ok(_)) => Ok(()),
                Some(Err(error)) => Err(error),
                None => return Ok(()),
            },
            line = lines.recv(), if typing => match line.as_deref().map(Command::read) {
                Some(Ok(Command(message))) => socket.send(message).await,
                Some(Err(sentence)) => {
                    writeln!(io::stderr(), "{sentence}")?;
                    Ok(())
                }
                // What was piped in has ended: what is still to come is awaited for a moment.
                None => {
                    typing = false;
                    let normal = CloseFrame { code: CloseCode::Normal, reason: "".into() };
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    socket.close(Some(normal)).await
                }
            },
        };
        screen.update()?;
        match outcome {
            Ok(()) => {}
            Err(tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed) => return Ok(()),
            Err(error) => {
                screen.fail(&error);
                return Ok(());
            }
        }
    }
}

/// What is typed, line by line. The thread ends with the program: nothing can wake it from reading.
fn typed() -> mpsc::Receiver<String> {
    let (to, lines) = mpsc::channel(16);
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if to.blocking_send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// What a line asks to send.
#[derive(Debug, PartialEq, Eq)]
struct Command(Message);

impl Command {
    /// `Err` is a sentence.
    fn read(line: &str) -> Result<Self, String> {
        let Some(command) = line.strip_prefix('/').filter(|rest| !rest.starts_with('/')) else {
            // A second slash takes the meaning from the first.
            return Ok(Self(Message::text(line.strip_prefix('/').unwrap_or(line))));
        };
        let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
        let small = |make: fn(Vec<u8>) -> Message| match rest.len() {
            0..=125 => Ok(Self(make(rest.as_bytes().to_vec()))),
            _ => Err("A control frame carries at most 125 bytes.".to_owned()),
        };
        match name {
            "ping" => small(|payload| Message::Ping(payload.into())),
            "pong" => small(|payload| Message::Pong(payload.into())),
            "binary" => {
                let bytes = bytes_of(rest).ok_or("Give bytes in hexadecimal: /binary 00 ff")?;
                Ok(Self(Message::binary(bytes)))
            }
            "close" => {
                let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
                if code.is_empty() {
                    return Ok(Self(Message::Close(None)));
                }
                let code = code.parse::<u16>().map(CloseCode::from).ok().filter(|code| code.is_allowed());
                let code = code.ok_or("Give a code that may be sent: /close 1000 reason")?;
                if reason.len() > 123 {
                    return Err("A reason has at most 123 bytes.".to_owned());
                }
                Ok(Self(Message::Close(Some(CloseFrame { code, reason: reason.to_owned().into() }))))
            }
            _ => Err(HELP.to_owned()),
        }
    }
}

/// Prints what is new.
struct Screen {
    trace: Arc<Mutex<Trace>>,
    dissection: Dissection,
    shown: usize,
    form: Form,
    /// Nothing went wrong.
    good: bool,
}

impl Screen {
    fn new(trace: Arc<Mutex<Trace>>, form: Form) -> Self {
        let dissection = Dissection::of(&lock(&trace));
        Self { trace, dissection, shown: 0, form, good: true }
    }

    fn update(&mut self) -> io::Result<()> {
        let trace = lock(&self.trace);
        self.dissection.update(&trace);
        let mut stdout = io::stdout().lock();
        for item in &self.dissection.items()[self.shown..] {
            stdout.write_all(show::item(self.form, item, trace.stream(item.direction)).as_bytes())?;
            self.good &= !is_broken(&item.findings);
        }
        self.shown = self.dissection.items().len();
        stdout.flush()
    }

    fn fail(&mut self, error: &tungstenite::Error) {
        self.good = false;
        // Nobody can be told that there is nobody to be told.
        let _ = writeln!(io::stderr(), "ws101: {error}");
    }
}

/// A stream whose bytes are recorded.
struct Recorder {
    stream: TcpStream,
    trace: Arc<Mutex<Trace>>,
    begin: Instant,
}

impl AsyncRead for Recorder {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        lock(&self.trace).push(self.begin.elapsed(), Direction::ServerToClient, &buf.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Recorder {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let len = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        lock(&self.trace).push(self.begin.elapsed(), Direction::ClientToServer, &bytes[..len]);
        Poll::Ready(Ok(len))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

fn lock(trace: &Mutex<Trace>) -> MutexGuard<'_, Trace> {
    trace.lock().unwrap_or_else(PoisonError::into_inner)
}

const HELP: &str =
    "A line is sent as text. /ping TEXT, /pong TEXT, /binary HEX and /close CODE REASON send those; // a slash.";
const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_messages_or_commands() {
        let read = |line| Command::read(line).map(|Command(message)| message);
        assert_eq!(read("hello"), Ok(Message::text("hello")));
        assert_eq!(read("//hello"), Ok(Message::text("/hello")));
        assert_eq!(read("/ping a b"), Ok(Message::Ping("a b".into())));
        assert_eq!(read("/binary 00 ff"), Ok(Message::binary(vec![0, 255])));
        assert_eq!(read("/close"), Ok(Message::Close(None)));
        let close = CloseFrame { code: CloseCode::from(4000), reason: "so long".into() };
        assert_eq!(read("/close 4000 so long"), Ok(Message::Close(Some(close))));
        for line in ["/close 1005", "/binary xyz", "/fly", &format!("/ping {}", "x".repeat(126))] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}

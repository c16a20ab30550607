//! An echo on the crate alone, for Autobahn|Testsuite: `autobahn server 127.0.0.1:9002` or `autobahn client 127.0.0.1:9001`.
//!
//! Blocking sockets and a thread per connection, so that nothing but the crate is under test. permessage-deflate is on.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for the test bench")]

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use ws101_core::MessageKind;
use ws101_core::Role;
use ws101_core::connection::{Client, Config, Connection, Event, Failure, Input, Masking, Server};
use ws101_core::deflate::{Deflater, Inflater};
use ws101_core::handshake::deflate::Parameters;
use ws101_core::handshake::{accept, client, server};
use ws101_core::head::{Limits, RequestHead, ResponseHead};
use ws101_core::message::Joiner;
use ws101_core::rules::Strict;

const AGENT: &str = "ws101-core";
/// The crate's own offer, then one that says what a fuzzing server of cases 13.2, 13.5 and 13.6 waits to hear.
const OFFERS: &str = "permessage-deflate; client_max_window_bits, \
    permessage-deflate; client_no_context_takeover; client_max_window_bits";
/// The suite sends messages of 16 MiB.
const MAX_MESSAGE: u64 = 32 << 20;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        ["server", address] => serve(address),
        ["client", address] => run_cases(address),
        _ => {
            println!("usage: autobahn server ADDRESS | autobahn client ADDRESS");
            std::process::exit(2)
        }
    }
}

fn serve(address: &str) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || {
            // What goes wrong with one peer is that peer's result in the report.
            let _ = echo_one(stream);
        });
    }
    Ok(())
}

fn echo_one(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    let acceptance = loop {
        read_some(&mut stream, &mut buffer)?;
        match RequestHead::read(&buffer, &Limits::default()).map_err(io::Error::other)? {
            None => {}
            Some(head) => {
                let policy = server::Policy { compression: true, ..server::Policy::default() };
                let verdict = server::judge(&head, &policy);
                let len = head.bytes().len();
                buffer.drain(..len);
                match verdict {
                    Ok(acceptance) => break acceptance,
                    Err(rejection) => return stream.write_all(&rejection.response()),
                }
            }
        }
    };
    stream.write_all(&acceptance.response())?;
    Socket::new(stream, Server, acceptance.deflate, buffer).run(|socket, kind, message| socket.send(kind, message))
}

/// Runs every case that the fuzzing server has, then has it write its report.
fn run_cases(address: &str) -> io::Result<()> {
    let mut count = 0;
    connect(address, "/getCaseCount")?.run(|_, _, message| {
        count = std::str::from_utf8(message).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    })?;
    for case in 1..=count {
        // A case may end as badly as it likes, in a reset before the 101 is read as well: the report judges.
        if let Ok(socket) = connect(address, &format!("/runCase?case={case}&agent={AGENT}")) {
            let _ = socket.run(|socket, kind, message| socket.send(kind, message));
        }
        if case % 50 == 0 {
            println!("{case} of {count} cases");
        }
    }
    connect(address, &format!("/updateReports?agent={AGENT}"))?.run(|_, _, _| {})
}

type Keys = Box<dyn FnMut() -> [u8; 4]>;

fn connect(address: &str, target: &str) -> io::Result<Socket<Client<Keys>>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    // Predictable keys are enough for a test bench on the same machine.
    let key = accept::key_from_nonce(*b"the sample nonce");
    let offer = client::Offer { key: &key, protocols: &[], compression: true };
    let fields = &[("Sec-WebSocket-Extensions", OFFERS)];
    let request = client::Request { host: address, target, key: &key, protocols: &[], compression: false, fields };
    stream.write_all(&request.to_bytes())?;
    let mut buffer = Vec::new();
    let established = loop {
        read_some(&mut stream, &mut buffer)?;
        if let Some(head) = ResponseHead::read(&buffer, &Limits::default()).map_err(io::Error::other)? {
            let refused = |finding: ws101_core::rules::Finding| io::Error::other(finding.violation.sentence());
            let established = client::check(&head, &offer, &mut Strict).map_err(refused)?;
            let len = head.bytes().len();
            buffer.drain(..len);
            break established;
        }
    };
    let mut state = 0x2545_F491_u32;
    let keys: Keys = Box::new(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_ne_bytes()
    });
    Ok(Socket::new(stream, Client(keys), established.deflate, buffer))
}

fn read_some(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    let mut chunk = [0; 4096];
    match stream.read(&mut chunk)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        len => {
            buffer.extend_from_slice(&chunk[..len]);
            Ok(())
        }
    }
}

struct Socket<M> {
    stream: TcpStream,
    connection: Connection<M>,
    joiner: Option<Joiner>,
    deflater: Option<Deflater>,
    out: Vec<u8>,
    scratch: Vec<u8>,
    /// Received and not consumed.
    kept: Vec<u8>,
}

impl<M: Masking> Socket<M> {
    fn new(stream: TcpStream, masking: M, deflate: Option<Parameters>, kept: Vec<u8>) -> Self {
        let role = masking.role();
        let config = Config {
            max_frame: MAX_MESSAGE,
            max_message: MAX_MESSAGE,
            compression: deflate.is_some(),
            ..Config::default()
        };
        let joiner = match &deflate {
            Some(parameters) => Joiner::inflating(Inflater::new(role, parameters), MAX_MESSAGE as usize),
            None => Joiner::new(),
        };
        Self {
            stream,
            connection: Connection::new(masking, config, Duration::ZERO),
            joiner: Some(joiner),
            deflater: deflate.map(|parameters| Deflater::new(role, &parameters)),
            out: Vec::new(),
            scratch: Vec::new(),
            kept,
        }
    }

    fn send(&mut self, kind: MessageKind, message: &[u8]) {
        let sent = match &mut self.deflater {
            Some(deflater) => {
                self.scratch.clear();
                deflater.message(message, &mut self.scratch);
                self.connection.send_compressed(kind, &self.scratch, &mut self.out)
            }
            None => self.connection.send(kind, message, &mut self.out),
        };
        // Nothing may be sent once a Close is: the message is dropped, as the RFC has it.
        let _ = sent;
    }

    fn run(mut self, mut on_message: impl FnMut(&mut Self, MessageKind, &[u8])) -> io::Result<()> {
        let started = Instant::now();
        let mut buffer = vec![0; 256 << 10];
        let mut end = self.kept.len();
        buffer[..end].copy_from_slice(&self.kept);
        let mut joiner = self.joiner.take().expect("it is only taken here");
        loop {
            let mut input = Input::new(&mut buffer[..end]);
            loop {
                match self.connection.receive(&mut input, started.elapsed(), &mut self.out) {
                    Ok(None) | Err(_) => break,
                    Ok(Some(Event::Data(piece))) => match joiner.push(&piece) {
                        Ok(Some(message)) => on_message(&mut self, piece.kind, message),
                        Ok(None) => {}
                        Err(failure) => self.fail(failure),
                    },
                    Ok(Some(_)) => {}
                }
            }
            let consumed = input.consumed();
            buffer.copy_within(consumed..end, 0);
            end -= consumed;
            self.stream.write_all(&self.out)?;
            self.out.clear();
            if self.connection.is_done() {
                return self.finish();
            }
            match self.stream.read(&mut buffer[end..])? {
                0 => return Ok(()),
                len => end += len,
            }
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.connection.fail(failure, &mut self.out);
    }

    /// The server ends TCP first; a client waits for that (RFC 6455 §7.1.1). Then what is still under way is read, lest a reset
    /// overtakes our Close.
    fn finish(mut self) -> io::Result<()> {
        if self.connection.role() == Role::Server {
            self.stream.shutdown(std::net::Shutdown::Write)?;
        }
        self.stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        while self.stream.read(&mut [0; 4096])? > 0 {}
        Ok(())
    }
}

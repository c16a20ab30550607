//! An independent peer at the other end: tungstenite's client on our server's side of the protocol, and its server on our client's.

#![cfg(not(target_arch = "wasm32"))]

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode as TheirCode;
use ws101_core::connection::{Client, Config, Connection, Event, Input, Masking, Server};
use ws101_core::frame::CloseCode;
use ws101_core::handshake::{accept, client, server};
use ws101_core::head::{Limits, RequestHead, ResponseHead};
use ws101_core::message::Joiner;
use ws101_core::rules::Strict;
use ws101_core::{MessageKind, Role};

/// Reads until `complete` says how many bytes the head has; returns the head and what came behind it.
fn read_head(stream: &mut TcpStream, complete: impl Fn(&[u8]) -> Option<usize>) -> (Vec<u8>, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 7];
        let len = stream.read(&mut chunk).expect("the peer sends a head");
        assert_ne!(len, 0, "the peer ended inside its head");
        bytes.extend_from_slice(&chunk[..len]);
        if let Some(end) = complete(&bytes) {
            let behind = bytes.split_off(end);
            return (bytes, behind);
        }
    }
}

/// Drives a connection over a blocking socket until it is done; `on_message` may send.
fn drive<M: Masking>(
    mut stream: TcpStream,
    masking: M,
    mut buffer: Vec<u8>,
    first: impl FnOnce(&mut Connection<M>, &mut Vec<u8>),
    mut on_message: impl FnMut(&mut Connection<M>, MessageKind, &[u8], &mut Vec<u8>),
) {
    let now = Duration::ZERO;
    let mut connection = Connection::new(masking, Config::default(), now);
    let (mut joiner, mut out) = (Joiner::new(), Vec::new());
    first(&mut connection, &mut out);
    loop {
        let mut input = Input::new(&mut buffer);
        while let Some(event) = connection.receive(&mut input, now, &mut out).expect("the peer keeps the rules") {
            if let Event::Data(piece) = event
                && let Some(message) = joiner.push(&piece).expect("nothing is compressed")
            {
                on_message(&mut connection, piece.kind, message, &mut out);
            }
        }
        let consumed = input.consumed();
        buffer.drain(..consumed);
        stream.write_all(&out).expect("the peer reads");
        out.clear();
        if connection.is_done() && connection.role() == Role::Server {
            return;
        }
        let mut chunk = [0; 4093];
        match stream.read(&mut chunk) {
            Ok(0) => return assert!(connection.is_done(), "the peer ended without a Close"),
            Ok(len) => buffer.extend_from_slice(&chunk[..len]),
            Err(error) => {
                assert!(connection.is_done() && error.kind() == ErrorKind::ConnectionReset, "{error}");
                return;
            }
        }
    }
}

fn messages() -> Vec<Message> {
    let lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20];
    let binary = lengths.iter().map(|&len| Message::binary(vec![0xA5; len]));
    let text = lengths.iter().map(|&len| Message::text("안".repeat(len / 3)));
    binary.chain(text).collect()
}

#[test]
fn their_client_talks_to_our_server() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let ours = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let head = |bytes: &[u8]| Some(RequestHead::read(bytes, &Limits::default()).unwrap()?.bytes().len());
        let (head, behind) = read_head(&mut stream, head);
        let head = RequestHead::read(&head, &Limits::default()).unwrap().unwrap();
        let acceptance = server::judge(&head, &server::Policy::default()).unwrap();
        stream.write_all(&acceptance.response()).unwrap();
        drive(
            stream,
            Server,
            behind,
            |_, _| {},
            |connection, kind, message, out| {
                connection.send(kind, message, out).unwrap();
            },
        );
    });
    let (mut theirs, response) = tungstenite::connect(format!("ws://{address}/ws/echo")).unwrap();
    assert_eq!(response.status(), 101);
    for message in messages() {
        theirs.send(message.clone()).unwrap();
        assert_eq!(theirs.read().unwrap(), message);
    }
    theirs.send(Message::Ping("are you there".into())).unwrap();
    assert_eq!(theirs.read().unwrap(), Message::Pong("are you there".into()));
    theirs.close(None).unwrap();
    while theirs.read().is_ok() {}
    ours.join().unwrap();
}

#[test]
fn our_client_talks_to_their_server() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let theirs = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut socket = tungstenite::accept(stream).unwrap();
        loop {
            match socket.read() {
                Ok(message @ (Message::Text(_) | Message::Binary(_))) => socket.send(message).unwrap(),
                Ok(Message::Close(Some(frame))) => {
                    assert_eq!((frame.code, frame.reason.as_str()), (TheirCode::Away, "done"));
                }
                Ok(_) => {}
                Err(tungstenite::Error::ConnectionClosed) => return,
                Err(error) => panic!("{error}"),
            }
        }
    });
    let mut stream = TcpStream::connect(address).unwrap();
    let key = accept::key_from_nonce(*b"the sample nonce");
    let host = address.to_string();
    let request =
        client::Request { host: &host, target: "/", key: &key, protocols: &[], compression: false, fields: &[] };
    stream.write_all(&request.to_bytes()).unwrap();
    let head = |bytes: &[u8]| Some(ResponseHead::read(bytes, &Limits::default()).unwrap()?.bytes().len());
    let (head, behind) = read_head(&mut stream, head);
    let head = ResponseHead::read(&head, &Limits::default()).unwrap().unwrap();
    client::check(&head, &client::Offer { key: &key, ..client::Offer::default() }, &mut Strict).unwrap();
    let mut expected = messages().into_iter();
    let mut awaited = expected.next();
    let mut key = 0_u32;
    let keys = Client(move || {
        key = key.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        key.to_be_bytes()
    });
    let send = |connection: &mut Connection<_>, message: &Message, out: &mut Vec<u8>| match message {
        Message::Text(text) => connection.send(MessageKind::Text, text.as_bytes(), out),
        message => connection.send(MessageKind::Binary, &message.clone().into_data(), out),
    };
    let first = awaited.clone();
    drive(
        stream,
        keys,
        behind,
        |connection, out| send(connection, &first.unwrap(), out).unwrap(),
        |connection, _, echo, out| {
            assert_eq!(awaited.take().unwrap().into_data(), echo);
            awaited = expected.next();
            match &awaited {
                Some(next) => send(connection, next, out).unwrap(),
                None => connection.close(Some(CloseCode::GOING_AWAY), "done", Duration::ZERO, out).unwrap(),
            }
        },
    );
    theirs.join().unwrap();
}

//! `/ws/misbehave`: a server that breaks the protocol, so that a class can see what its browser does then.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::Socket;
use super::echo::echo;
use crate::scratch;

/// What is done after the opening handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misbehaviour {
    /// These bytes are sent. An echo follows, for a client that has not noticed.
    Frames(&'static [u8]),
    /// Nothing is sent any more, whatever comes.
    Silence,
    /// The connection ends without a Close frame.
    Drop,
}

impl Misbehaviour {
    /// By its name in the query.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "silence" => Some(Self::Silence),
            "drop" => Some(Self::Drop),
            _ => FRAMES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| Self::Frames(bytes)),
        }
    }

    /// All names, for a sentence.
    pub(crate) fn names() -> String {
        let frames = FRAMES.iter().map(|(name, _)| *name);
        frames.chain(["silence", "drop"]).collect::<Vec<_>>().join(", ")
    }
}

/// Misbehaves, to the end of the connection.
pub(crate) async fn misbehave(socket: &Socket, how: Misbehaviour) {
    match how {
        Misbehaviour::Frames(bytes) => {
            socket.inject(bytes);
            echo(socket).await;
        }
        Misbehaviour::Silence => {
            // What is written then is the 101.
            if socket.flush().is_ok() {
                be_silent(socket).await;
            }
        }
        Misbehaviour::Drop => {
            if socket.flush().is_ok() {
                socket.wire.finish().await;
            }
        }
    }
}

/// Reads what comes and answers nothing, until the peer has had enough or the server ends.
async fn be_silent(socket: &Socket) {
    let deadline = Instant::now() + LONGEST_SILENCE;
    loop {
        tokio::select! {
            ready = socket.wire.readable() => if ready.is_err() { return },
            () = socket.woken.notified() => return,
            () = sleep_until(deadline) => return,
        }
        match scratch::with(|scratch| socket.wire.try_read(scratch)) {
            Ok(0) => return,
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => return,
            Ok(_) | Err(_) => {}
        }
    }
}

/// Longer than any client waits for a pong.
const LONGEST_SILENCE: Duration = Duration::from_secs(300);

/// What no server may send, by name.
const FRAMES: &[(&str, &[u8])] = &[
    ("masked", b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
    ("rsv1", b"\xc1\x05Hello"),
    ("rsv2", b"\xa1\x05Hello"),
    ("rsv3", b"\x91\x05Hello"),
    ("reserved-data", b"\x83\x05Hello"),
    ("reserved-control", b"\x8b\x00"),
    ("fragmented-ping", b"\x09\x00"),
    ("long-ping", &LONG_PING),
    ("continuation", b"\x80\x05Hello"),
    ("interrupted", b"\x01\x03Hel\x81\x02lo"),
    ("long-length", b"\x81\x7e\x00\x05Hello"),
    ("huge-length", b"\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00"),
    ("invalid-utf8", b"\x81\x02\xc3\x28"),
    ("close-one-byte", b"\x88\x01\x03"),
    ("close-1005", b"\x88\x02\x03\xed"),
    ("close-invalid-utf8", b"\x88\x04\x03\xe8\xc3\x28"),
    // Not illegal yet: the rest of it never comes.
    ("half", b"\x81\x7e\x10\x00Hello"),
];

/// A ping with a byte too many.
const LONG_PING: [u8; 130] = {
    let mut frame = [b'.'; 130];
    (frame[0], frame[1], frame[2], frame[3]) = (0x89, 126, 0, 126);
    frame
};

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ws101_core::connection::{Client, Config, Connection, Input};

    use super::*;

    #[test]
    fn a_strict_client_fails_for_each_of_them() {
        for (name, bytes) in FRAMES {
            let mut connection = Connection::new(Client(|| [0; 4]), Config::default(), Duration::ZERO);
            let (mut bytes, mut out) = (bytes.to_vec(), Vec::new());
            let mut input = Input::new(&mut bytes);
            let outcome = loop {
                match connection.receive(&mut input, Duration::ZERO, &mut out) {
                    Ok(Some(_)) => {}
                    other => break other.map(drop),
                }
            };
            assert_eq!(outcome.is_err(), *name != "half", "{name}");
        }
    }

    #[test]
    fn names_are_found() {
        assert_eq!(Misbehaviour::named("silence"), Some(Misbehaviour::Silence));
        assert!(matches!(Misbehaviour::named("rsv1"), Some(Misbehaviour::Frames(b"\xc1\x05Hello"))));
        assert_eq!(Misbehaviour::named("good"), None);
        assert!(Misbehaviour::names().ends_with("half, silence, drop"));
    }
}

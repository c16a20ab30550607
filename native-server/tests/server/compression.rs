//! permessage-deflate, by frames as they stand on the wire.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};

use crate::support::{Raw, Server, frame, upgrade};

/// An upgrade that offers compression; whether it was agreed on.
fn agrees(server: &Server, target: &str) -> (Raw, bool) {
    let mut raw = server.connect();
    raw.send(upgrade(target).replace("Upgrade: w", "Sec-WebSocket-Extensions: permessage-deflate\r\nUpgrade: w"));
    let head = raw.head();
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    (raw, head.contains("\r\nSec-WebSocket-Extensions: permessage-deflate"))
}

#[test]
fn compression_is_agreed_on_only_where_it_was_asked_for() {
    let server = Server::start(&[]);
    for (target, agreed) in [
        ("/ws/echo", false),
        ("/", false),
        ("/ws/echo?compression=on", true),
        ("/ws/push?compression=on", true),
        ("/?compression=on", true),
    ] {
        assert_eq!(agrees(&server, target).1, agreed, "{target}");
    }
    let server = Server::start(&["--compression"]);
    for (target, agreed) in [("/ws/echo", true), ("/", true), ("/ws/echo?compression=off", false)] {
        assert_eq!(agrees(&server, target).1, agreed, "{target}");
    }
}

#[test]
fn compressed_messages_come_back_compressed_with_a_window_that_lasts() {
    let server = Server::start(&[]);
    let (mut raw, _) = agrees(&server, "/ws/echo?compression=on");
    let mut decompress = Decompress::new(false);
    let mut lengths = Vec::new();
    for _ in 0..2 {
        // RFC 7692 §7.2.3.1
        raw.send(frame(0xC1, &[0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]));
        let header = raw.take(2);
        assert_eq!(header[0], 0xC1);
        let mut payload = raw.take(usize::from(header[1]));
        lengths.push(payload.len());
        payload.extend([0, 0, 0xFF, 0xFF]);
        let mut message = Vec::with_capacity(100);
        decompress.decompress_vec(&payload, &mut message, FlushDecompress::Sync).unwrap();
        assert_eq!(message, b"Hello");
    }
    assert!(lengths[1] <= lengths[0], "{lengths:?}");
    // One that is not compressed is read as well.
    raw.send(frame(0x81, b"plain"));
    assert_eq!(raw.take(1), [0xC1]);
}

#[test]
fn a_bomb_is_too_big_and_goes_off_nowhere() {
    let server = Server::start(&["--max-message", "1"]);
    let (mut raw, _) = agrees(&server, "/ws/echo?compression=on");
    let mut other = server.websocket("/ws/echo");
    let mut bomb = Vec::with_capacity(1 << 20);
    let zeros = vec![0; 256 << 20];
    Compress::new(Compression::best(), false).compress_vec(&zeros, &mut bomb, FlushCompress::Sync).unwrap();
    assert!(bomb.len() < 300_000);
    // Compressed data is masked with a key of zeros: it goes out as it is.
    let mut bytes = vec![0xC2, 0xFF];
    bytes.extend((bomb.len() as u64).to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(bomb);
    raw.send(bytes);
    let answer = raw.take(4);
    assert_eq!((answer[0], &answer[2..]), (0x88, &1009_u16.to_be_bytes()[..]));
    #[cfg(target_os = "linux")]
    assert!(server.peak_memory() < 64 << 20, "{}", server.peak_memory());
    other.send(tungstenite::Message::text("alive")).unwrap();
    assert_eq!(other.read().unwrap(), tungstenite::Message::text("alive"));
}

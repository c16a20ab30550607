//! What is sent and received: the messages of every case, and their bytes on the wire.

use ws101_core::MessageKind;
use ws101_core::frame::{Header, encode};

/// A message as the cases have it.
#[derive(Clone)]
pub struct Message {
    pub kind: MessageKind,
    pub payload: Vec<u8>,
}

/// Messages of one kind and size, together about 256 KiB: what a core's own cache holds.
pub fn uniform(payload: &[u8], kind: MessageKind) -> Vec<Message> {
    let count = ((256 << 10) / (payload.len() + 14)).clamp(1, 4096);
    // A different first byte each: a receiver that mixes them up is found out.
    let message = |index: usize| {
        let mut payload = payload.to_vec();
        if kind == MessageKind::Binary
            && let Some(first) = payload.first_mut()
        {
            *first = index as u8;
        }
        Message { kind, payload }
    };
    (0..count).map(message).collect()
}

pub fn binary(len: usize) -> Vec<Message> {
    let mut random = Random(len as u64);
    uniform(&(0..len).map(|_| random.next() as u8).collect::<Vec<_>>(), MessageKind::Binary)
}

/// 100,000 small messages, 0 to 125 bytes, half of them text.
pub fn mixed() -> Vec<Message> {
    let mut random = Random(1);
    let message = |_| {
        let len = random.next() as usize % 126;
        if random.next().is_multiple_of(2) {
            Message { kind: MessageKind::Text, payload: ascii(len) }
        } else {
            Message { kind: MessageKind::Binary, payload: (0..len).map(|_| random.next() as u8).collect() }
        }
    };
    (0..100_000).map(message).collect()
}

/// Text of ASCII characters.
pub fn ascii(len: usize) -> Vec<u8> {
    b"WebSocket 101: two bytes of header down, six bytes up. ".iter().copied().cycle().take(len).collect()
}

/// Text of characters of one to four bytes.
pub fn mixed_scripts(len: usize) -> Vec<u8> {
    let sentence = "안녕하세요, WebSocket! Привет, мир. κόσμε 🎮 你好，世界。 éàü こんにちは ";
    let mut text = String::new();
    while text.len() + sentence.len() <= len {
        text.push_str(sentence);
    }
    let mut bytes = text.into_bytes();
    bytes.resize(len, b'.');
    bytes
}

/// The messages as a client sends them: each in one frame, masked with a key of its own.
pub fn from_client(messages: &[Message]) -> Vec<u8> {
    let mut random = Random(7);
    let mut wire = Vec::new();
    for Message { kind, payload } in messages {
        let key = (random.next() as u32).to_ne_bytes();
        encode(Header::new(true, kind.opcode(), Some(key), payload.len() as u64), payload, &mut wire);
    }
    wire
}

/// As a server does: not masked.
pub fn from_server(messages: &[Message]) -> Vec<u8> {
    let mut wire = Vec::new();
    for Message { kind, payload } in messages {
        encode(Header::new(true, kind.opcode(), None, payload.len() as u64), payload, &mut wire);
    }
    wire
}

/// The request of a page in Chromium, about 500 bytes.
pub const REQUEST: &[u8] = b"GET /ws/echo HTTP/1.1\r\n\
    Host: 127.0.0.1:8101\r\n\
    Connection: Upgrade\r\n\
    Pragma: no-cache\r\n\
    Cache-Control: no-cache\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\r\n\
    Upgrade: websocket\r\n\
    Origin: http://127.0.0.1:8101\r\n\
    Sec-WebSocket-Version: 13\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Accept-Language: en-US,en;q=0.9\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";

/// What the answer to it must contain (RFC 6455 §1.3 has this key).
pub const ACCEPT: &[u8] = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// xorshift64*: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 24
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_numbers_are_not_all_zero() {
        assert!(binary(64)[1].payload.iter().any(|&byte| byte != 0));
    }
}

//! The peers, each as its authors would use it for speed.

use std::pin::Pin;
use std::task::{Context, Waker};

use bytes::{BufMut as _, Bytes, BytesMut};
use fastwebsockets::{FragmentCollector, Frame, Payload};
use futures::{Sink as _, Stream as _};
use tokio_util::codec::{Decoder as _, Encoder as _};
use ws101_core::MessageKind;

use crate::candidates::{Receiver, Seen, Sender};
use crate::kernel::{READ, Socket, now};

/// Frames and messages may be as large as the largest here, and some.
const LIMIT: usize = 16 << 20;

// --- tungstenite: `read` and `write` on a blocking socket.

pub struct Tungstenite(tungstenite::WebSocket<Socket>);

impl Tungstenite {
    pub fn new(socket: Socket) -> Self {
        // The default of 128 KiB is cleared before each read; this much is fastest here.
        let config = tungstenite::protocol::WebSocketConfig::default().read_buffer_size(16 << 10);
        Self(tungstenite::WebSocket::from_raw_socket(socket, tungstenite::protocol::Role::Server, Some(config)))
    }
}

impl Receiver for Tungstenite {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        for _ in 0..count {
            match self.0.read().expect("a message") {
                tungstenite::Message::Binary(payload) => seen.message(MessageKind::Binary, &payload),
                tungstenite::Message::Text(payload) => seen.message(MessageKind::Text, payload.as_bytes()),
                _ => {}
            }
        }
    }
}

impl Sender for Tungstenite {
    fn send(&mut self, batch: &[&'static [u8]]) {
        for payload in batch {
            self.0.write(tungstenite::Message::Binary(Bytes::from_static(payload))).expect("it is open");
        }
        self.0.flush().expect("it is open");
    }
}

pub fn tungstenite_handshake(request: &'static [u8]) {
    drop(tungstenite::accept(Socket::new(request)).expect("a request without fault"));
}

// --- fastwebsockets: its collector, without which fragments would be the application's.

pub struct FastWebSockets(FragmentCollector<Socket>);

impl FastWebSockets {
    pub fn new(socket: Socket) -> Self {
        let socket = fastwebsockets::WebSocket::after_handshake(socket, fastwebsockets::Role::Server);
        Self(FragmentCollector::new(socket))
    }
}

impl Receiver for FastWebSockets {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        now(async {
            for _ in 0..count {
                let frame = self.0.read_frame().await.expect("a message");
                let is_text = frame.opcode == fastwebsockets::OpCode::Text;
                seen.message(if is_text { MessageKind::Text } else { MessageKind::Binary }, &frame.payload);
            }
        });
    }
}

impl Sender for FastWebSockets {
    fn send(&mut self, batch: &[&'static [u8]]) {
        now(async {
            for payload in batch {
                self.0.write_frame(Frame::binary(Payload::Borrowed(payload))).await.expect("it is open");
            }
        });
    }
}

// --- tokio-websockets: its stream and sink.

pub struct TokioWebSockets(tokio_websockets::WebSocketStream<Socket>);

impl TokioWebSockets {
    pub fn new(socket: Socket) -> Self {
        let config = tokio_websockets::Config::default().flush_threshold(READ);
        Self(tokio_websockets::ServerBuilder::new().config(config).serve(socket))
    }
}

impl Receiver for TokioWebSockets {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..count {
            let std::task::Poll::Ready(Some(Ok(message))) = Pin::new(&mut self.0).poll_next(&mut context) else {
                panic!("no message");
            };
            let kind = if message.is_text() { MessageKind::Text } else { MessageKind::Binary };
            seen.message(kind, message.as_payload());
        }
    }
}

impl Sender for TokioWebSockets {
    fn send(&mut self, batch: &[&'static [u8]]) {
        let mut context = Context::from_waker(Waker::noop());
        for payload in batch {
            assert!(Pin::new(&mut self.0).poll_ready(&mut context).is_ready());
            let message = tokio_websockets::Message::binary(Bytes::from_static(payload));
            Pin::new(&mut self.0).start_send(message).expect("it is open");
        }
        assert!(Pin::new(&mut self.0).poll_flush(&mut context).is_ready());
    }
}

pub fn tokio_websockets_handshake(request: &'static [u8]) {
    let builder = tokio_websockets::ServerBuilder::new();
    drop(now(builder.accept(Socket::new(request))).expect("a request without fault"));
}

// --- A buffer that the next two fill themselves, as sockudo-ws's own stream does.

struct Window {
    socket: Socket,
    buffer: BytesMut,
}

impl Window {
    fn new(socket: Socket) -> Self {
        Self { socket, buffer: BytesMut::with_capacity(READ) }
    }

    fn read(&mut self) {
        if self.buffer.is_empty() {
            // Where it cannot, the capacity tells.
            let _reclaimed = self.buffer.try_reclaim(READ);
        }
        if self.buffer.capacity() - self.buffer.len() < 4096 {
            self.buffer.reserve(READ);
        }
        let room = self.buffer.capacity() - self.buffer.len();
        self.buffer.put_slice(self.socket.arrived(room));
    }

    fn write(&mut self) {
        self.socket.write(&self.buffer);
        self.buffer.clear();
    }
}

// --- yawc's codec: frames only; whether they make messages, nobody looks. Text is checked here with what yawc uses.

pub struct YawcCodec {
    window: Window,
    decoder: yawc::codec::Decoder,
    encoder: yawc::codec::Encoder,
}

impl YawcCodec {
    pub fn new(socket: Socket) -> Self {
        Self {
            window: Window::new(socket),
            decoder: yawc::codec::Decoder::new(yawc::Role::Server, LIMIT),
            encoder: yawc::codec::Encoder::new(yawc::Role::Server),
        }
    }
}

fn see_yawc(frame: &yawc::Frame, seen: &mut impl Seen) {
    let is_text = frame.opcode() == yawc::OpCode::Text;
    seen.message(if is_text { MessageKind::Text } else { MessageKind::Binary }, frame.payload());
}

impl Receiver for YawcCodec {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        let mut received = 0;
        while received < count {
            let Some(frame) = self.decoder.decode(&mut self.window.buffer).expect("a frame") else {
                self.window.read();
                continue;
            };
            if frame.opcode() == yawc::OpCode::Text {
                assert!(simdutf8::basic::from_utf8(frame.payload()).is_ok());
            }
            see_yawc(&frame, seen);
            received += 1;
        }
    }
}

impl Sender for YawcCodec {
    fn send(&mut self, batch: &[&'static [u8]]) {
        for payload in batch {
            let frame = yawc::Frame::binary(Bytes::from_static(payload));
            self.encoder.encode(frame, &mut self.window.buffer).expect("it cannot fail");
        }
        self.window.write();
    }
}

// --- yawc's WebSocket: messages.

pub struct Yawc(yawc::WebSocket<Socket>);

impl Yawc {
    pub fn new(socket: Socket) -> Self {
        let options = yawc::Options::default().without_compression().with_limits(LIMIT, LIMIT).with_utf8();
        Self(yawc::WebSocket::from_stream(socket, yawc::Role::Server, options).expect("nothing to negotiate"))
    }
}

impl Receiver for Yawc {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..count {
            let std::task::Poll::Ready(Ok(frame)) = self.0.poll_next_frame(&mut context) else { panic!("no message") };
            see_yawc(&frame, seen);
        }
    }
}

// --- sockudo-ws: its protocol without I/O.

pub struct Sockudo {
    window: Window,
    protocol: sockudo_ws::protocol::Protocol,
    messages: Vec<sockudo_ws::protocol::Message>,
}

impl Sockudo {
    pub fn new(socket: Socket) -> Self {
        Self {
            window: Window::new(socket),
            protocol: sockudo_ws::protocol::Protocol::new(sockudo_ws::protocol::Role::Server, LIMIT, LIMIT),
            messages: Vec::new(),
        }
    }
}

impl Receiver for Sockudo {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        let mut received = 0;
        while received < count {
            self.window.read();
            self.protocol.process_into(&mut self.window.buffer, &mut self.messages).expect("messages");
            received += self.messages.len();
            for message in self.messages.drain(..) {
                let kind = if message.is_text() { MessageKind::Text } else { MessageKind::Binary };
                seen.message(kind, message.as_bytes());
            }
        }
    }
}

impl Sender for Sockudo {
    fn send(&mut self, batch: &[&'static [u8]]) {
        for payload in batch {
            let message = sockudo_ws::protocol::Message::Binary(Bytes::from_static(payload));
            self.protocol.encode_message(&message, &mut self.window.buffer).expect("it cannot fail");
        }
        self.window.write();
    }
}

pub fn sockudo_handshake(request: &'static [u8]) {
    now(sockudo_ws::handshake::server_handshake(&mut Socket::new(request))).expect("a request without fault");
}

// --- soketto: its receiver and sender. Text is the application's to check, as in its own example.

pub struct Soketto {
    sender: soketto::Sender<Socket>,
    receiver: soketto::Receiver<Socket>,
    message: Vec<u8>,
}

impl Soketto {
    pub fn new(socket: Socket) -> Self {
        let mut builder = soketto::connection::Builder::new(socket, soketto::Mode::Server);
        builder.set_max_message_size(LIMIT);
        builder.set_max_frame_size(LIMIT);
        builder.set_buffer(BytesMut::with_capacity(READ));
        let (sender, receiver) = builder.finish();
        Self { sender, receiver, message: Vec::new() }
    }
}

impl Receiver for Soketto {
    fn receive(&mut self, count: usize, seen: &mut impl Seen) {
        now(async {
            for _ in 0..count {
                self.message.clear();
                let data = self.receiver.receive_data(&mut self.message).await.expect("a message");
                if data.is_text() {
                    assert!(simdutf8::basic::from_utf8(&self.message).is_ok());
                    seen.message(MessageKind::Text, &self.message);
                } else {
                    seen.message(MessageKind::Binary, &self.message);
                }
            }
        });
    }
}

impl Sender for Soketto {
    fn send(&mut self, batch: &[&'static [u8]]) {
        now(async {
            for payload in batch {
                self.sender.send_binary(payload).await.expect("it is open");
            }
            self.sender.flush().await.expect("it is open");
        });
    }
}

pub fn soketto_handshake(request: &'static [u8]) {
    use soketto::handshake::server::Response;
    now(async {
        let mut server = soketto::handshake::Server::new(Socket::new(request));
        let key = server.receive_request().await.expect("a request without fault").key();
        server.send_response(&Response::Accept { key, protocol: None }).await.expect("it is open");
    });
}

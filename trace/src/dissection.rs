//! A trace taken apart by `core`: heads, bodies and frames, with their fields, spans and violations.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use ws101_core::dissect::{Frame, FrameDissector};
use ws101_core::frame::{HeaderField, Opcode};
use ws101_core::handshake::{client, deflate, server};
use ws101_core::head::{BodyLength, Field as HeadField, Limits, RequestHead, ResponseHead};
use ws101_core::rules::Finding;
use ws101_core::{Content, Role, Span};

use crate::{Direction, Trace};

/// A range of bits of one direction's stream: bit 0 is the most significant one of its first byte, as in the RFC's drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bits {
    /// The first bit.
    pub start: usize,
    /// One past the last bit.
    pub end: usize,
}

impl Bits {
    /// All bits of these bytes.
    pub const fn of_bytes(span: Span) -> Self {
        Self { start: 8 * span.start, end: 8 * span.end }
    }

    /// The bytes that these bits are in, wholly or in part.
    pub const fn bytes(self) -> Span {
        Span::new(self.start / 8, self.end.div_ceil(8))
    }

    /// How many bits.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// True for no bits.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// True if all of `other` lies within.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// True if some bit lies in both.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A request's method.
    Method,
    /// A request's target.
    Target,
    /// `HTTP/1.1`, in a request or a response.
    HttpVersion,
    /// A response's status code.
    StatusCode,
    /// A response's reason phrase.
    Reason,
    /// A whole field line of a head, and where its name and value stand in the stream.
    HeadField {
        /// The name.
        name: Span,
        /// The value without the white space around it.
        value: Span,
    },
    /// The empty line that ends a head.
    HeadEnd,
    /// The body of an HTTP message.
    Body,
    /// A field of a frame's header.
    Header(HeaderField),
    /// The code in a Close frame's payload, masked or not.
    CloseCode,
    /// The reason in a Close frame's payload, masked or not.
    CloseReason,
    /// Any other frame's payload, masked or not.
    Payload,
}

/// A part of an item and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// What it is.
    pub part: Part,
    /// Where.
    pub bits: Bits,
}

/// What an [`Item`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A request's head.
    RequestHead,
    /// A response's head.
    ResponseHead {
        /// The status code; 0 where the status line is malformed.
        status: u16,
    },
    /// The body of an HTTP message.
    Body,
    /// A frame.
    Frame(Frame),
    /// Bytes that are none of these, e.g. a head that is too long to be read.
    Opaque,
}

/// Something that went over the wire: a head, a body, a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which way.
    pub direction: Direction,
    /// When its last byte crossed the wire.
    pub at: Duration,
    /// Its bytes in that direction's stream.
    pub span: Span,
    /// What it is.
    pub kind: ItemKind,
    /// Its parts, in the order of the wire.
    pub fields: Vec<Field>,
    /// The rules that it breaks, with spans in that direction's stream.
    pub findings: Vec<Finding>,
    /// All its bytes are there.
    pub complete: bool,
}

impl Item {
    /// How many of its bytes are the application's own: a body's, or a data frame's payload.
    pub fn payload_len(&self) -> usize {
        match &self.kind {
            ItemKind::Body => self.span.len(),
            ItemKind::Frame(frame) if matches!(frame.content, Content::Data { .. }) => frame.payload.len(),
            _ => 0,
        }
    }

    /// The frame, if it is one.
    pub fn frame(&self) -> Option<&Frame> {
        match &self.kind {
            ItemKind::Frame(frame) => Some(frame),
            _ => None,
        }
    }
}

/// Where HTTP ended in both streams: the next byte of each is the first of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    /// In the client's stream: right behind the request.
    pub client: usize,
    /// In the server's stream: right behind the 101.
    pub server: usize,
}

/// A trace taken apart. Grows with its trace; see [`update`](Self::update).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dissection {
    items: Vec<Item>,
    partial: Vec<Item>,
    switch: Option<Switch>,
    reading: Reading,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reading {
    Http(Http),
    Frames {
        client: FrameDissector,
        server: FrameDissector,
    },
    /// Something could not be read; the rest is opaque.
    Lost {
        client: usize,
        server: usize,
    },
}

/// How far each direction has been read, and what is known of what comes next there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Http {
    client: Side,
    server: Side,
    /// The requests that are not answered yet.
    asked: VecDeque<Asked>,
    /// What the last 101 agreed on.
    deflate: Option<deflate::Parameters>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Side {
    at: usize,
    /// Between a head and its last body byte.
    body: Option<BodyLength>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    /// The value of `Sec-WebSocket-Key`, if this is an upgrade request.
    upgrade: Option<String>,
    offers_deflate: bool,
    is_head_request: bool,
}

impl Default for Dissection {
    fn default() -> Self {
        Self { items: Vec::new(), partial: Vec::new(), switch: None, reading: Reading::Http(Http::default()) }
    }
}

impl Dissection {
    /// Takes a whole trace apart.
    pub fn of(trace: &Trace) -> Self {
        let mut dissection = Self::default();
        dissection.update(trace);
        dissection
    }

    /// Reads on in the same trace, which has grown since.
    pub fn update(&mut self, trace: &Trace) {
        // A response can make the client's bytes readable that were there before it, so these are tried after each of the server's.
        while self.step(trace, Direction::ClientToServer) || self.step(trace, Direction::ServerToClient) {}
        self.partial = Direction::BOTH.into_iter().filter_map(|direction| self.rest(trace, direction)).collect();
    }

    /// What is complete, in order of time.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The beginnings whose rest has not come yet: at most one for each direction.
    pub fn partial(&self) -> &[Item] {
        &self.partial
    }

    /// Where HTTP ended, if the upgrade came about.
    pub fn switch(&self) -> Option<Switch> {
        self.switch
    }

    /// Reads the next item of one direction; false if there is none yet.
    fn step(&mut self, trace: &Trace, direction: Direction) -> bool {
        let Some(item) = self.next_item(trace, direction) else { return false };
        // Nearly always at the end: only what waited for a 101 goes in further up.
        let index = self.items.partition_point(|earlier| earlier.at <= item.at);
        self.items.insert(index, item);
        true
    }

    fn next_item(&mut self, trace: &Trace, direction: Direction) -> Option<Item> {
        let stream = trace.stream(direction);
        match &mut self.reading {
            Reading::Lost { .. } => None,
            Reading::Frames { client, server } => {
                let dissector = if direction == Direction::ClientToServer { client } else { server };
                dissector.next_frame(stream).map(|frame| frame_item(trace, direction, frame))
            }
            Reading::Http(http) => {
                let side = if direction == Direction::ClientToServer { &mut http.client } else { &mut http.server };
                if let Some(length) = side.body {
                    let end = match length {
                        BodyLength::Bytes(len) => side.at.checked_add(usize::try_from(len).ok()?)?,
                        _ => trace.closed().map(|_| stream.len())?,
                    };
                    if end > stream.len() {
                        return None;
                    }
                    let span = Span::new(side.at, end);
                    *side = Side { at: end, body: None };
                    return Some(body_item(trace, direction, span, true));
                }
                let bytes = stream.get(side.at..).filter(|bytes| !bytes.is_empty())?;
                let item = match direction {
                    Direction::ClientToServer => request_item(trace, http, bytes),
                    Direction::ServerToClient => response_item(trace, http, bytes),
                };
                match item {
                    Ok(item) => {
                        if let Some(ItemKind::ResponseHead { status: 101 }) = item.as_ref().map(|item| &item.kind) {
                            self.switch_to_frames();
                        }
                        item
                    }
                    Err(_too_large) => {
                        self.reading = Reading::Lost { client: http.client.at, server: http.server.at };
                        None
                    }
                }
            }
        }
    }

    /// The 101 has been read: if an upgrade was asked for, what follows are frames.
    fn switch_to_frames(&mut self) {
        let Reading::Http(http) = &self.reading else { return };
        if http.asked.front().is_some_and(|asked| asked.upgrade.is_some()) {
            let (client, server) = (http.client.at, http.server.at);
            let frames = |reader, at| match &http.deflate {
                Some(parameters) => FrameDissector::inflating(reader, at, parameters),
                None => FrameDissector::new(reader, at),
            };
            let (of_client, of_server) = (frames(Role::Server, client), frames(Role::Client, server));
            self.switch = Some(Switch { client, server });
            self.reading = Reading::Frames { client: of_client, server: of_server };
        }
    }

    /// What is there of an item that is not complete.
    fn rest(&self, trace: &Trace, direction: Direction) -> Option<Item> {
        let stream = trace.stream(direction);
        let is_client = direction == Direction::ClientToServer;
        let (at, body) = match &self.reading {
            Reading::Frames { client, server } => {
                let frame = if is_client { client } else { server }.partial_frame(stream)?;
                return Some(frame_item(trace, direction, frame));
            }
            Reading::Http(http) => {
                let side = if is_client { &http.client } else { &http.server };
                (side.at, side.body.is_some())
            }
            Reading::Lost { client, server } => (if is_client { *client } else { *server }, false),
        };
        let span = Span::new(at, stream.len());
        if span.is_empty() {
            return None;
        }
        let mut item = body_item(trace, direction, span, false);
        if !body {
            item.kind = ItemKind::Opaque;
            item.fields.clear();
        }
        Some(item)
    }
}

fn request_item(trace: &Trace, http: &mut Http, bytes: &[u8]) -> Result<Option<Item>, ws101_core::head::TooLarge> {
    // While an upgrade is asked for, nobody knows what the bytes behind the request are.
    if http.asked.back().is_some_and(|asked| asked.upgrade.is_some()) {
        return Ok(None);
    }
    let Some(head) = RequestHead::read(bytes, &LIMITS)? else { return Ok(None) };
    let at = http.client.at;
    let is_upgrade = head.fields.has_token("upgrade", "websocket");
    let mut findings = Vec::new();
    let mut offers_deflate = false;
    if is_upgrade {
        let Ok(acceptance) = server::examine(&head, &server::Policy::default(), &mut findings);
        let offers = acceptance.map(|acceptance| acceptance.offers).unwrap_or_default();
        offers_deflate = offers.iter().any(|offer| offer.name == deflate::NAME);
    } else {
        findings.clone_from(&head.findings);
    }
    let key = head.fields.values("sec-websocket-key").next().unwrap_or_default();
    let upgrade = is_upgrade.then(|| String::from_utf8_lossy(key).into_owned());
    http.asked.push_back(Asked { upgrade, offers_deflate, is_head_request: head.method() == "HEAD" });
    http.client = Side { at: at + head.bytes().len(), body: Some(head.body()).filter(|&body| body != NOTHING) };
    let line = [(Part::Method, head.method), (Part::Target, head.target), (Part::HttpVersion, head.version)];
    let fields = head_fields(at, &line, head.fields.iter(), head.end_span());
    let span = Span::new(at, http.client.at);
    Ok(Some(head_item(trace, Direction::ClientToServer, span, ItemKind::RequestHead, fields, findings)))
}

fn response_item(trace: &Trace, http: &mut Http, bytes: &[u8]) -> Result<Option<Item>, ws101_core::head::TooLarge> {
    let Some(head) = ResponseHead::read(bytes, &LIMITS)? else { return Ok(None) };
    let at = http.server.at;
    let status = head.status_code;
    let asked = http.asked.front();
    let mut findings = Vec::new();
    match asked.and_then(|asked| Some((asked.upgrade.as_ref()?, asked.offers_deflate))) {
        // The offer of subprotocols is not kept: the demo's routes have none.
        Some((key, compression)) if status == 101 => {
            let offer = client::Offer { key, protocols: &[], compression };
            let Ok(established) = client::check(&head, &offer, &mut findings);
            http.deflate = established.deflate;
        }
        _ => findings.clone_from(&head.findings),
    }
    let mut body = Some(head.body()).filter(|&body| body != NOTHING);
    if asked.is_some_and(|asked| asked.is_head_request) {
        body = None;
    }
    // 1xx responses are not the last word (RFC 9110 §15.2), but for the 101, whose request is looked at once more.
    if !(100..200).contains(&status) {
        http.asked.pop_front();
    }
    http.server = Side { at: at + head.bytes().len(), body };
    let line = [(Part::HttpVersion, head.version), (Part::StatusCode, head.status), (Part::Reason, head.reason)];
    let fields = head_fields(at, &line, head.fields.iter(), head.end_span());
    let span = Span::new(at, http.server.at);
    let kind = ItemKind::ResponseHead { status };
    Ok(Some(head_item(trace, Direction::ServerToClient, span, kind, fields, findings)))
}

fn head_fields<'f>(
    at: usize,
    line: &[(Part, Span)],
    fields: impl Iterator<Item = &'f HeadField>,
    end: Span,
) -> Vec<Field> {
    let field = |part, span: Span| Field { part, bits: Bits::of_bytes(span.shifted(at)) };
    let line = line.iter().filter(|(_, span)| !span.is_empty()).map(|&(part, span)| field(part, span));
    let fields =
        fields.map(|one| field(Part::HeadField { name: one.name.shifted(at), value: one.value.shifted(at) }, one.line));
    line.chain(fields).chain([field(Part::HeadEnd, end)]).collect()
}

fn head_item(
    trace: &Trace,
    direction: Direction,
    span: Span,
    kind: ItemKind,
    fields: Vec<Field>,
    mut findings: Vec<Finding>,
) -> Item {
    for finding in &mut findings {
        finding.span = finding.span.shifted(span.start);
    }
    let at = trace.time_of(direction, span.end - 1);
    Item { direction, at, span, kind, fields, findings, complete: true }
}

fn body_item(trace: &Trace, direction: Direction, span: Span, complete: bool) -> Item {
    Item {
        direction,
        at: trace.time_of(direction, span.end.saturating_sub(1)),
        span,
        kind: ItemKind::Body,
        fields: alloc::vec![Field { part: Part::Body, bits: Bits::of_bytes(span) }],
        findings: Vec::new(),
        complete,
    }
}

fn frame_item(trace: &Trace, direction: Direction, mut frame: Frame) -> Item {
    let span = frame.span;
    let mut fields = Vec::new();
    if let Some(header) = &frame.header {
        let base = 8 * span.start;
        fields.extend(header.fields().map(|(field, start, bits)| Field {
            part: Part::Header(field),
            bits: Bits { start: base + start, end: base + start + bits },
        }));
        let payload = frame.payload;
        let mut push = |part, span: Span| {
            if !span.is_empty() {
                fields.push(Field { part, bits: Bits::of_bytes(span) });
            }
        };
        if frame.content == Content::Control(Opcode::CLOSE) && payload.len() >= 2 {
            push(Part::CloseCode, Span::new(payload.start, payload.start + 2));
            push(Part::CloseReason, Span::new(payload.start + 2, payload.end));
        } else {
            push(Part::Payload, payload);
        }
    }
    Item {
        direction,
        at: trace.time_of(direction, span.end - 1),
        span,
        fields,
        findings: core::mem::take(&mut frame.findings),
        complete: frame.complete,
        kind: ItemKind::Frame(frame),
    }
}

/// Wider than any endpoint's: a head that a server refuses for its size is to be shown.
const LIMITS: Limits = Limits { bytes: 1 << 20, fields: 10_000 };

const NOTHING: BodyLength = BodyLength::Bytes(0);

#[cfg(test)]
mod tests;

//! What crossed a wire, for a terminal or for a program.

use std::fmt::Write as _;

use serde_json::{Value, json};
use ws101_core::dissect::Frame;
use ws101_core::frame::{CloseCode, Header, LengthForm, Opcode};
use ws101_core::rules::{Finding, Severity};
use ws101_core::{Content, MessageKind, Span};
use ws101_trace::{Direction, Item, ItemKind, Part};

/// In which form things are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    /// A JSON object on each line.
    Json,
}

/// Tells a head, a body or a frame; `stream` is all bytes of its direction.
pub(super) fn item(form: Form, item: &Item, stream: &[u8]) -> String {
    if let ItemKind::Frame(frame) = &item.kind {
        return self::frame(form, item.direction, frame, &item.findings);
    }
    let what = match item.kind {
        ItemKind::RequestHead => "request",
        ItemKind::ResponseHead { .. } => "response",
        ItemKind::Body => "body",
        ItemKind::Opaque | ItemKind::Frame(_) => "bytes",
    };
    let bytes = item.span.of(stream);
    if form == Form::Json {
        let mut object = begin(what, item.direction, item.span, item.complete, &item.findings);
        match item.kind {
            ItemKind::RequestHead | ItemKind::ResponseHead { .. } => {
                let fields = item.fields.iter().filter_map(|field| match field.part {
                    Part::HeadField { name, value } => Some(json!([lossy(name.of(stream)), lossy(value.of(stream))])),
                    _ => None,
                });
                object["line"] = lossy(bytes.split(|&byte| byte == b'\r' || byte == b'\n').next().unwrap_or_default());
                object["fields"] = fields.collect();
            }
            _ => object["hex"] = hex(bytes).into(),
        }
        return format!("{object}\n");
    }
    let mut text = format!("{} {what}, {}\n", arrow(item.direction), extent(item.span, item.complete));
    match item.kind {
        ItemKind::RequestHead | ItemKind::ResponseHead { .. } => {
            for line in String::from_utf8_lossy(bytes).trim_end().lines() {
                push(&mut text, &format!("    {}", printable(line)));
            }
        }
        _ => push(&mut text, &format!("    {}", preview(bytes))),
    }
    violations(&mut text, &item.findings);
    text
}

/// Tells a frame, and what is found in it.
pub(super) fn frame(form: Form, direction: Direction, frame: &Frame, findings: &[Finding]) -> String {
    if form == Form::Json {
        return frame_as_json(direction, frame, findings);
    }
    let mut text = arrow(direction).to_owned();
    match frame.header {
        Some(header) => {
            push(&mut text, &format!(" {} frame, {}", name(&header, frame), extent(frame.span, frame.complete)));
            push(&mut text, &format!("    {}", header_line(&header)));
        }
        None => push(&mut text, &format!(" a part of a frame's header, {}", extent(frame.span, false))),
    }
    if !frame.unmasked.is_empty() {
        push(&mut text, &format!("    {}", payload(frame)));
    }
    violations(&mut text, findings);
    text
}

/// Whether something is wrong with it.
pub(super) fn is_broken(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.violation.severity() == Severity::Fatal)
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn frame_as_json(direction: Direction, frame: &Frame, findings: &[Finding]) -> String {
    let mut object = begin("frame", direction, frame.span, frame.complete, findings);
    if let Some(header) = frame.header {
        object["fin"] = header.fin.into();
        object["rsv"] = header.rsv.into();
        object["opcode"] = header.opcode.value().into();
        object["name"] = opcode_name(header.opcode).into();
        object["masking_key"] = header.mask.map(|key| hex(&key)).into();
        object["payload_length"] = header.payload_len.into();
        object["header_length"] = header.len().into();
        object["payload"] = hex(&frame.unmasked).into();
        if let Ok(text) = std::str::from_utf8(&frame.unmasked)
            && matches!(frame.content, Content::Data { kind: MessageKind::Text, compressed: false, .. })
        {
            object["text"] = text.into();
        }
        if let Some((code, reason)) = close(frame) {
            object["close_code"] = code.value().into();
            object["close_reason"] = reason.into();
        }
    }
    format!("{object}\n")
}

fn begin(what: &str, direction: Direction, span: Span, complete: bool, findings: &[Finding]) -> Value {
    let findings = findings.iter().map(|Finding { violation, span }| {
        json!({
            "rule": violation.key(),
            "section": violation.section(),
            "sentence": violation.sentence(),
            "fatal": violation.severity() == Severity::Fatal,
            "start": span.start,
            "end": span.end,
        })
    });
    json!({
        "what": what,
        "from": if direction == Direction::ClientToServer { "client" } else { "server" },
        "start": span.start,
        "end": span.end,
        "complete": complete,
        "violations": findings.collect::<Vec<_>>(),
    })
}

fn name(header: &Header, frame: &Frame) -> String {
    let part = match frame.content {
        Content::Data { first: true, last: false, .. } => " (first fragment)",
        Content::Data { first: false, last: false, .. } => " (fragment)",
        Content::Data { first: false, last: true, .. } => " (last fragment)",
        Content::Data { compressed: true, .. } => " (compressed)",
        _ => "",
    };
    format!("{}{part}", opcode_name(header.opcode))
}

fn header_line(header: &Header) -> String {
    let length = match header.length_form {
        LengthForm::Bits7 => format!("{}", header.payload_len),
        LengthForm::Bits16 => format!("126, then {} in 16 bits", header.payload_len),
        LengthForm::Bits64 => format!("127, then {} in 64 bits", header.payload_len),
    };
    let mask = header.mask.map_or_else(|| "MASK 0".to_owned(), |key| format!("MASK 1 key {}", hex(&key)));
    let (fin, opcode) = (u8::from(header.fin), header.opcode.value());
    format!("FIN {fin} · RSV {:03b} · opcode 0x{opcode:X} · {mask} · length {length}", header.rsv)
}

fn payload(frame: &Frame) -> String {
    if let Some((code, reason)) = close(frame) {
        let reason = if reason.is_empty() { String::new() } else { format!(", \"{}\"", printable(&reason)) };
        return format!("{} {}{reason}", code.value(), code.name());
    }
    preview(frame.inflated.as_ref().unwrap_or(&frame.unmasked))
}

fn close(frame: &Frame) -> Option<(CloseCode, String)> {
    if frame.content != Content::Control(Opcode::CLOSE) {
        return None;
    }
    let (code, reason) = frame.unmasked.split_first_chunk()?;
    Some((CloseCode::new(u16::from_be_bytes(*code)), String::from_utf8_lossy(reason).into_owned()))
}

fn opcode_name(opcode: Opcode) -> &'static str {
    match opcode {
        Opcode::CONTINUATION => "continuation",
        Opcode::TEXT => "text",
        Opcode::BINARY => "binary",
        Opcode::CLOSE => "close",
        Opcode::PING => "ping",
        Opcode::PONG => "pong",
        _ => "reserved",
    }
}

fn violations(text: &mut String, findings: &[Finding]) {
    for Finding { violation, span } in findings {
        let how = if violation.severity() == Severity::Fatal { "BROKEN" } else { "doubtful" };
        let (section, sentence) = (violation.section(), violation.sentence());
        push(text, &format!("    {how}: {sentence} ({section}; bytes {}–{})", span.start, span.end));
    }
}

fn extent(span: Span, complete: bool) -> String {
    let more = if complete { "" } else { " so far" };
    let s = if span.len() == 1 { "" } else { "s" };
    format!("{} byte{s}{more}", span.len())
}

fn arrow(direction: Direction) -> &'static str {
    if direction == Direction::ClientToServer { "→" } else { "←" }
}

/// Text as it is, anything else in hexadecimal; the beginning, if it is long.
fn preview(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(LONGEST)];
    let more = if bytes.len() > LONGEST { format!(" … {} bytes in all", bytes.len()) } else { String::new() };
    match std::str::from_utf8(shown) {
        Ok(text) => format!("\"{}\"{more}", printable(text)),
        Err(_) => format!("{}{more}", hex(shown)),
    }
}

/// A terminal's control codes are not obeyed when a peer sends them.
fn printable(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

fn lossy(bytes: &[u8]) -> Value {
    String::from_utf8_lossy(bytes).into()
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// So many bytes of a payload are shown.
const LONGEST: usize = 400;

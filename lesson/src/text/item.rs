//! Names of what went over the wire.

use ws101_core::frame::Opcode;
use ws101_trace::{Direction, Item, ItemKind, Trace};

use super::{Key, Language, say};

/// The glyph of a direction.
pub const fn glyph(direction: Direction) -> &'static str {
    match direction {
        Direction::ClientToServer => "▶",
        Direction::ServerToClient => "◀",
    }
}

/// What a frame is, in a word or two.
pub const fn opcode(opcode: Opcode, language: Language) -> &'static str {
    match opcode {
        Opcode::CONTINUATION => language.pick("이어짐", "continuation"),
        Opcode::TEXT => language.pick("텍스트", "text"),
        Opcode::BINARY => language.pick("바이너리", "binary"),
        Opcode::CLOSE => language.pick("닫기", "close"),
        Opcode::PING => language.pick("핑", "ping"),
        Opcode::PONG => language.pick("퐁", "pong"),
        _ => language.pick("예약됨", "reserved"),
    }
}

/// What is printed on an item's block: HTTP's own first words, or a frame's opcode.
pub fn label(item: &Item, trace: &Trace, language: Language) -> String {
    match &item.kind {
        ItemKind::RequestHead | ItemKind::ResponseHead { .. } => first_line(item, trace),
        ItemKind::Body => language.pick("본문", "body").into(),
        ItemKind::Opaque => "…".into(),
        ItemKind::Frame(frame) => match &frame.header {
            Some(header) => opcode(header.opcode, language).into(),
            None => "…".into(),
        },
    }
}

/// The whole name, for those who do not see the block.
pub fn name(item: &Item, trace: &Trace, language: Language) -> String {
    let who = match item.direction {
        Direction::ClientToServer => Key::ClientSpeaks,
        Direction::ServerToClient => Key::ServerSpeaks,
    };
    let label = label(item, trace, language);
    let mut text = [who.text(language), ": ", &label].concat();
    match item.frame().and_then(|frame| frame.header.map(|header| (header.len(), frame.payload.len()))) {
        Some((header, payload)) => {
            text.push_str(language.pick(" 프레임, ", " frame, "));
            text.push_str(&say::frame_sizes(header, payload, language));
        }
        None => {
            text.push_str(", ");
            text.push_str(&say::bytes(item.span.len()));
        }
    }
    if !item.complete {
        text.push_str(", ");
        text.push_str(Key::Incomplete.text(language));
    }
    if !item.findings.is_empty() {
        text.push_str(", ");
        text.push_str(Key::Violations.text(language));
    }
    text
}

/// The method and path of a request without its query, or the status and reason of a response.
fn first_line(item: &Item, trace: &Trace) -> String {
    let bytes = item.span.of(trace.stream(item.direction));
    let line = bytes.split(|&byte| byte == b'\r' || byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    match item.kind {
        ItemKind::RequestHead => {
            let without_version = line.rsplit_once(' ').map_or(&*line, |(front, _)| front);
            without_version.split('?').next().unwrap_or_default().to_owned()
        }
        _ => line.split_once(' ').map_or(&*line, |(_, rest)| rest).to_owned(),
    }
}

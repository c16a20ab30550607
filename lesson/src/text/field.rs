//! One sentence for every field.

use ws101_core::Span;
use ws101_core::frame::{CloseCode, Header, HeaderField, LengthForm, Opcode};
use ws101_trace::{Direction, Field, Item, Part, Trace};

use super::{Language, close, header, say};

/// What a field is called: the RFC's name for a frame's, the header's own name for HTTP's.
pub fn name(field: &Field, item: &Item, trace: &Trace, language: Language) -> String {
    let fixed = match field.part {
        Part::Method => language.pick("메서드", "method"),
        Part::Target => language.pick("요청 대상", "request target"),
        Part::HttpVersion => language.pick("HTTP 버전", "HTTP version"),
        Part::StatusCode => language.pick("상태 코드", "status code"),
        Part::Reason => language.pick("상태 설명", "reason phrase"),
        Part::HeadField { name, .. } => {
            return String::from_utf8_lossy(name.of(trace.stream(item.direction))).into_owned();
        }
        Part::HeadEnd => language.pick("빈 줄", "empty line"),
        Part::Body => language.pick("본문", "body"),
        Part::Header(field) => header_field(field, language),
        Part::CloseCode => language.pick("닫기 코드", "close code"),
        Part::CloseReason => language.pick("닫은 이유", "close reason"),
        Part::Payload => language.pick("페이로드", "payload"),
    };
    fixed.to_owned()
}

/// What a field of a frame's header is called.
pub const fn header_field(field: HeaderField, language: Language) -> &'static str {
    match field {
        HeaderField::Fin => "FIN",
        HeaderField::Rsv1 => "RSV1",
        HeaderField::Rsv2 => "RSV2",
        HeaderField::Rsv3 => "RSV3",
        HeaderField::Opcode => language.pick("옵코드", "opcode"),
        HeaderField::Mask => "MASK",
        HeaderField::PayloadLen => language.pick("길이", "length"),
        HeaderField::ExtendedPayloadLen => language.pick("확장 길이", "extended length"),
        HeaderField::MaskingKey => language.pick("마스킹 키", "masking key"),
    }
}

/// A field's value, short.
pub fn value(field: &Field, item: &Item, trace: &Trace) -> String {
    let frame = item.frame();
    let Some(header) = frame.and_then(|frame| frame.header) else {
        let span = match field.part {
            Part::HeadField { value, .. } => value,
            Part::HeadEnd => return "CR LF".into(),
            _ => field.bits.bytes(),
        };
        return String::from_utf8_lossy(span.of(trace.stream(item.direction))).into_owned();
    };
    let bit = |set: bool| if set { "1" } else { "0" }.to_owned();
    match field.part {
        Part::Header(HeaderField::Fin) => bit(header.fin),
        Part::Header(HeaderField::Rsv1) => bit(header.rsv & 4 != 0),
        Part::Header(HeaderField::Rsv2) => bit(header.rsv & 2 != 0),
        Part::Header(HeaderField::Rsv3) => bit(header.rsv & 1 != 0),
        Part::Header(HeaderField::Opcode) => format!("0x{:X}", header.opcode.value()),
        Part::Header(HeaderField::Mask) => bit(header.mask.is_some()),
        Part::Header(HeaderField::PayloadLen) => seven_bits(&header).to_string(),
        Part::Header(HeaderField::ExtendedPayloadLen) => header.payload_len.to_string(),
        Part::Header(HeaderField::MaskingKey) => header.mask.map(|key| hex(&key)).unwrap_or_default(),
        Part::CloseCode => close_code(item).map(|code| code.value().to_string()).unwrap_or_default(),
        Part::CloseReason => {
            let reason = frame.and_then(|frame| frame.unmasked.get(2..)).unwrap_or_default();
            String::from_utf8_lossy(reason).into_owned()
        }
        _ => say::bytes(field.bits.bytes().len()),
    }
}

/// What a field means here, as one sentence or two.
pub fn sentence(field: &Field, item: &Item, trace: &Trace, language: Language) -> String {
    let text = |korean: &'static str, english: &'static str| language.pick(korean, english).to_owned();
    let bytes = field.bits.bytes();
    match field.part {
        Part::Method => match bytes.of(trace.stream(item.direction)) {
            b"GET" => text(
                "무엇을 해 달라는 요청인지 나타냅니다. 웹소켓은 언제나 GET으로 시작합니다.",
                "What is asked for. WebSocket always begins with GET.",
            ),
            b"POST" => {
                text("본문에 담은 내용을 서버에 보내는 요청입니다.", "Sends the content in the body to the server.")
            }
            _ => text("무엇을 해 달라는 요청인지 나타냅니다.", "What is asked for."),
        },
        Part::Target => text(
            "서버의 어느 주소인지 나타냅니다. watch 값은 이 페이지의 연결을 캡처 지점에서 찾는 데 씁니다.",
            "Which address on the server. The watch value is how the tap finds this page’s own connections.",
        ),
        Part::HttpVersion => text("업그레이드에는 HTTP/1.1이 필요합니다.", "An upgrade needs HTTP/1.1."),
        Part::StatusCode => match bytes.of(trace.stream(item.direction)) {
            b"101" => text(
                "프로토콜을 바꾼다는 뜻입니다. 이 응답이 끝나면 이 연결은 더 이상 HTTP가 아닙니다.",
                "The protocol is switched: behind this response, the connection is no longer HTTP.",
            ),
            _ => text(
                "서버가 요청을 어떻게 처리했는지 나타내는 세 자리 수입니다.",
                "Three digits that say what became of the request.",
            ),
        },
        Part::Reason => text(
            "사람이 읽는 설명입니다. 프로그램은 상태 코드만 봅니다.",
            "For people to read; programs look at the status code only.",
        ),
        Part::HeadField { name, .. } => {
            let name = String::from_utf8_lossy(name.of(trace.stream(item.direction))).into_owned();
            header::explain(&name).purpose(language).to_owned()
        }
        Part::HeadEnd => text(
            "헤더가 여기서 끝난다는 표시입니다. 101이라면 바로 다음 바이트부터 프레임입니다.",
            "The headers end here. Behind a 101, the very next byte is a frame’s.",
        ),
        Part::Body => text("HTTP가 나르는 내용입니다.", "The content that HTTP carries."),
        Part::Header(part) => match item.frame().and_then(|frame| frame.header) {
            Some(header) => header_sentence(part, &header, item.direction, language),
            None => String::new(),
        },
        Part::CloseCode => {
            let code = close_code(item).unwrap_or(CloseCode::NO_STATUS);
            close::sentence(code, language).to_owned()
        }
        Part::CloseReason => text(
            "사람이 읽으라고 덧붙인 글입니다. UTF-8로 123바이트까지 적을 수 있습니다.",
            "A text for people, in UTF-8, of up to 123 bytes.",
        ),
        Part::Payload => payload_sentence(item, bytes, language),
    }
}

fn header_sentence(part: HeaderField, header: &Header, direction: Direction, language: Language) -> String {
    let text = |korean: &'static str, english: &'static str| language.pick(korean, english).to_owned();
    match part {
        HeaderField::Fin if header.fin => {
            text("메시지의 마지막 프레임입니다.", "This is the last frame of its message.")
        }
        HeaderField::Fin => {
            text("같은 메시지의 프레임이 더 옵니다(단편화).", "More frames of this message follow (fragmentation).")
        }
        HeaderField::Rsv1 => text(
            "확장을 위해 남겨 둔 비트입니다. 압축 확장이 켜진 연결에서는 1이면 압축된 메시지입니다.",
            "Reserved for extensions. Where compression was agreed on, 1 marks a compressed message.",
        ),
        HeaderField::Rsv2 | HeaderField::Rsv3 => text(
            "확장을 위해 남겨 둔 비트입니다. 합의한 확장이 없으면 0입니다.",
            "Reserved for extensions. Without one it is 0.",
        ),
        HeaderField::Opcode => opcode_sentence(header.opcode, language).to_owned(),
        HeaderField::Mask => match (header.mask.is_some(), direction) {
            (true, Direction::ClientToServer) => text(
                "페이로드를 마스킹했습니다. 클라이언트는 모든 프레임을 마스킹해야 합니다.",
                "The payload is masked. A client has to mask every frame.",
            ),
            (false, Direction::ServerToClient) => text(
                "마스킹하지 않았습니다. 서버는 마스킹하면 안 됩니다.",
                "The payload is not masked. A server must not mask.",
            ),
            (false, Direction::ClientToServer) => text(
                "마스킹하지 않았습니다. 클라이언트의 프레임이므로 규칙 위반입니다.",
                "The payload is not masked, which a client’s frame must be.",
            ),
            (true, Direction::ServerToClient) => text(
                "마스킹했습니다. 서버의 프레임이므로 규칙 위반입니다.",
                "The payload is masked, which a server’s frame must not be.",
            ),
        },
        HeaderField::PayloadLen => match header.length_form {
            LengthForm::Bits7 => text(
                "페이로드의 바이트 수입니다. 125까지는 이 7비트에 그대로 적습니다.",
                "The payload’s bytes. Up to 125 they are written right here, in 7 bits.",
            ),
            LengthForm::Bits16 => text(
                "126은 길이가 아니라 표시입니다. 진짜 길이는 다음 2바이트에 있습니다.",
                "126 is no length but a sign: the length stands in the next 2 bytes.",
            ),
            LengthForm::Bits64 => text(
                "127은 길이가 아니라 표시입니다. 진짜 길이는 다음 8바이트에 있습니다.",
                "127 is no length but a sign: the length stands in the next 8 bytes.",
            ),
        },
        HeaderField::ExtendedPayloadLen => text(
            "페이로드의 바이트 수입니다. 큰 자리가 앞에 옵니다.",
            "The payload’s bytes, the most significant byte first.",
        ),
        HeaderField::MaskingKey => text(
            "브라우저가 프레임마다 새로 뽑는 난수입니다. 페이로드를 이 키와 XOR해서, 중간의 프록시가 HTTP로 잘못 읽는 일을 막습니다.",
            "Random, fresh for every frame. XOR with it keeps proxies in between from taking the payload for HTTP.",
        ),
    }
}

/// What an opcode says.
pub const fn opcode_sentence(opcode: Opcode, language: Language) -> &'static str {
    match opcode {
        Opcode::CONTINUATION => language.pick(
            "앞에서 시작한 메시지를 이어 갑니다(continuation).",
            "Continuation: goes on with the message that was begun.",
        ),
        Opcode::TEXT => {
            language.pick("텍스트 메시지의 시작입니다(text). 내용은 UTF-8입니다.", "Text: begins a message in UTF-8.")
        }
        Opcode::BINARY => language.pick(
            "바이너리 메시지의 시작입니다(binary). 어떤 바이트든 담습니다.",
            "Binary: begins a message of any bytes.",
        ),
        Opcode::CLOSE => language
            .pick("닫는 핸드셰이크를 시작하거나 마칩니다(close).", "Close: begins or ends the closing handshake."),
        Opcode::PING => language.pick(
            "살아 있는지 묻습니다(ping). 받은 쪽은 퐁으로 답해야 합니다.",
            "Ping: asks whether the other side is there. It has to answer with a pong.",
        ),
        Opcode::PONG => language.pick(
            "핑에 대한 답입니다(pong). 핑의 페이로드를 그대로 돌려줍니다.",
            "Pong: the answer to a ping, with the ping’s payload.",
        ),
        _ if opcode.is_control() => {
            language.pick("앞으로 쓸 제어 프레임을 위해 비워 둔 값입니다.", "Reserved for control frames yet to come.")
        }
        _ => language.pick("앞으로 쓸 데이터 프레임을 위해 비워 둔 값입니다.", "Reserved for data frames yet to come."),
    }
}

fn payload_sentence(item: &Item, bytes: Span, language: Language) -> String {
    let masked = item.frame().and_then(|frame| frame.header).is_some_and(|header| header.mask.is_some());
    let opcode = item.frame().and_then(|frame| frame.header).map(|header| header.opcode);
    let size = say::bytes(bytes.len());
    let what = match opcode {
        Some(Opcode::PING) => language
            .pick("핑에 담은 내용입니다. 퐁이 그대로 돌려줍니다.", "The ping’s content, which the pong gives back."),
        Some(Opcode::PONG) => language.pick("핑에서 받은 내용을 그대로 돌려줍니다.", "What the ping had, given back."),
        Some(Opcode::TEXT) => language.pick("UTF-8로 적은 글입니다.", "Text in UTF-8."),
        _ => language.pick("메시지의 내용입니다.", "The message’s content."),
    };
    let how = if masked {
        language.pick(" 선로 위에서는 마스킹되어 있습니다.", " On the wire it is masked.")
    } else {
        ""
    };
    [&size, " · ", what, how].concat()
}

fn seven_bits(header: &Header) -> u64 {
    match header.length_form {
        LengthForm::Bits7 => header.payload_len,
        LengthForm::Bits16 => 126,
        LengthForm::Bits64 => 127,
    }
}

fn close_code(item: &Item) -> Option<CloseCode> {
    let code = item.frame()?.unmasked.first_chunk::<2>()?;
    Some(CloseCode::new(u16::from_be_bytes(*code)))
}

/// Bytes as pairs of hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(3 * bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        text.push_str(&hex_byte(*byte));
    }
    text
}

/// A byte as two hexadecimal digits.
pub fn hex_byte(byte: u8) -> String {
    [byte >> 4, byte & 0xF].into_iter().map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])).collect()
}

/// A byte as two groups of four bits.
pub fn bits(byte: u8) -> String {
    let mut text = String::with_capacity(9);
    for place in (0..8).rev() {
        text.push(if byte >> place & 1 == 1 { '1' } else { '0' });
        if place == 4 {
            text.push(' ');
        }
    }
    text
}

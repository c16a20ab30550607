//! Sentences with values.

use std::time::Duration;

use super::Language;

/// A number of bytes: `12 B`, `1,234 B`.
pub fn bytes(count: usize) -> String {
    let mut text = number(count);
    text.push_str(" B");
    text
}

/// A number with its thousands apart.
pub fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time since the connection was opened: `12.3 ms`, `4.56 s`.
pub fn time(at: Duration) -> String {
    // Not 128 bits wide, for which the page would need a division of their own.
    let micros = at.as_micros() as u64;
    match micros {
        0..1_000_000 => tenths(micros / 100, " ms"),
        _ => {
            let hundredths = micros / 10_000;
            [&(hundredths / 100).to_string(), ".", &two_digits(hundredths % 100), " s"].concat()
        }
    }
}

fn tenths(tenths: u64, unit: &str) -> String {
    [&(tenths / 10).to_string(), ".", &(tenths % 10).to_string(), unit].concat()
}

fn two_digits(number: u64) -> String {
    [if number < 10 { "0" } else { "" }, &number.to_string()].concat()
}

/// What a stop of the route takes.
pub fn minutes(minutes: u8, language: Language) -> String {
    [minutes.to_string().as_str(), language.pick("분", " min")].concat()
}

/// The newest items that are out of sight.
pub fn unseen(count: usize, language: Language) -> String {
    match language {
        Language::Korean => format!("→ 새 항목 {count}개"),
        Language::English => format!("→ {count} new"),
    }
}

/// The items before those that are shown.
pub fn earlier(count: usize, language: Language) -> String {
    match language {
        Language::Korean => format!("앞에 {count}개"),
        Language::English => format!("{count} earlier"),
    }
}

/// A connection in the list of connections.
pub fn connection(number: usize, source: &str, state: &str) -> String {
    format!("{number} · {source} · {state}")
}

/// Header and payload of a frame.
pub fn frame_sizes(header: usize, payload: usize, language: Language) -> String {
    match language {
        Language::Korean => format!("헤더 {header} B + 페이로드 {payload} B"),
        Language::English => format!("header {header} B + payload {payload} B"),
    }
}

/// Where HTTP ends in a stream, after so many bytes. Counted from 1, as people do.
pub fn http_ends(bytes: usize, language: Language) -> String {
    let first = bytes + 1;
    match language {
        Language::Korean => format!("1–{bytes}번째 바이트: HTTP · {first}번째 바이트부터: 프레임"),
        Language::English => format!("bytes 1–{bytes}: HTTP · from byte {first} on: frames"),
    }
}

/// How many more bytes can be shown.
pub fn more_bytes(count: usize, language: Language) -> String {
    match language {
        Language::Korean => format!("더 보기: {count}바이트"),
        Language::English => format!("{count} more bytes"),
    }
}

/// Which byte of what is explained bit by bit.
pub fn byte_number(index: usize, language: Language) -> String {
    match language {
        Language::Korean => format!("페이로드의 {index}번 바이트"),
        Language::English => format!("byte {index} of the payload"),
    }
}

/// The comparison's result: bytes that are not content, both ways together.
pub fn ratio(http: usize, websocket: usize, language: Language) -> String {
    let (http_text, websocket_text) = (bytes(http), bytes(websocket));
    let times = number((http + websocket / 2) / websocket.max(1));
    match language {
        Language::Korean => {
            format!("내용이 아닌 바이트 — HTTP: {http_text}, 웹소켓: {websocket_text}. HTTP 쪽이 약 {times}배입니다.")
        }
        Language::English => {
            format!(
                "Bytes that are not content — HTTP: {http_text}, WebSocket: {websocket_text}. HTTP has about {times} times as many."
            )
        }
    }
}

/// The opening handshake's share.
pub fn handshake_once(request: usize, response: usize, language: Language) -> String {
    let (sum, request, response) = (bytes(request + response), bytes(request), bytes(response));
    match language {
        Language::Korean => {
            format!("여는 핸드셰이크: {sum} (요청 {request}, 응답 {response}). 연결마다 처음에 한 번만 듭니다.")
        }
        Language::English => {
            format!(
                "The opening handshake: {sum} (request {request}, response {response}). It is paid once for a connection."
            )
        }
    }
}

/// From which message on WebSocket needs fewer bytes, its opening handshake included.
pub fn break_even(messages: Option<usize>, language: Language) -> String {
    match (messages, language) {
        (Some(1), Language::Korean) => {
            "여는 핸드셰이크까지 더해도, 첫 번째 왕복부터 웹소켓이 바이트를 적게 씁니다.".into()
        }
        (Some(1), Language::English) => {
            "Even with the opening handshake, WebSocket needs fewer bytes from the first round trip on.".into()
        }
        (Some(messages), Language::Korean) => {
            format!(
                "여는 핸드셰이크까지 더하면, {messages}번째 왕복부터 웹소켓이 바이트를 적게 씁니다. 그보다 적게 주고받는다면 HTTP가 낫습니다."
            )
        }
        (Some(messages), Language::English) => {
            format!(
                "With the opening handshake, WebSocket needs fewer bytes from round trip {messages} on. For fewer than that, HTTP costs less."
            )
        }
        (None, Language::Korean) => "이 경우에는 웹소켓이 바이트를 더 씁니다.".into(),
        (None, Language::English) => "In this case WebSocket needs more bytes.".into(),
    }
}

/// A character that is no hexadecimal digit.
pub fn hex_bad(character: char, position: usize, language: Language) -> String {
    match language {
        Language::Korean => {
            format!("{position}번째 글자 ‘{character}’: 16진수 숫자가 아닙니다. 0–9와 a–f만 쓸 수 있습니다.")
        }
        Language::English => {
            format!("Character {position}, “{character}”, is no hexadecimal digit: only 0–9 and a–f are.")
        }
    }
}

/// Bytes that the tap could not keep.
pub fn lost(count: u64, language: Language) -> String {
    match language {
        Language::Korean => format!(
            "캡처 지점이 놓친 바이트: {count} B. 이 연결의 기록은 온전하지 않습니다. ‘다시 연결’로 새로 시작할 수 있습니다."
        ),
        Language::English => {
            format!(
                "Bytes that the tap could not keep: {count} B. This record has a gap; “Reconnect” begins a new one."
            )
        }
    }
}

/// An arrival, for those who listen to the page.
pub fn announcement(count: usize, newest: &str, language: Language) -> String {
    match (count, language) {
        (1, _) => newest.to_owned(),
        (_, Language::Korean) => format!("새 항목 {count}개, 마지막 항목: {newest}"),
        (_, Language::English) => format!("{count} new items, the last one: {newest}"),
    }
}

//! What an end of a connection learned, as a sentence.

use ws101_core::connection::Failure;
use ws101_core::frame::CloseCode;
use ws101_core::{MessageKind, Role};

use super::{Language, say, violation};
use crate::engine::{Fact, Learned};

/// What was learned. `was_open` says whether that end had an open connection: without one there is no close code, but for a page,
/// which is told 1006 all the same.
pub fn sentence(learned: &Learned, was_open: bool, language: Language) -> String {
    let plain = match &learned.fact {
        Fact::Refused(finding) => {
            let refuses = match learned.role {
                Role::Server => language.pick("요청을 거절합니다. ", "Refuses the request. "),
                Role::Client => language.pick("응답을 받아들이지 않습니다. ", "Does not accept the response. "),
            };
            return [refuses, violation::sentence(finding.violation, language)].concat();
        }
        Fact::Message(kind, payload) => return message(*kind, payload, language),
        Fact::CloseFrame(Some(code), _) => {
            return with_code(language.pick("닫기 프레임을 받았습니다.", "A Close frame came."), *code, language);
        }
        Fact::Closed(code) if was_open || learned.role == Role::Client => {
            let ends = language.pick("이쪽의 TCP 연결을 닫습니다.", "Ends its side of the TCP connection.");
            let mut text = with_code(ends, *code, language);
            if *code == CloseCode::ABNORMAL {
                text.push_str(language.pick(" (닫기 프레임 없이 끝남)", " (no Close frame)"));
            }
            return text;
        }
        Fact::Closed(_) => ("이쪽의 TCP 연결을 닫습니다.", "Ends its side of the TCP connection."),
        Fact::Failed(Failure::Violation(finding)) => {
            let fails = language.pick("연결을 실패로 끝냅니다. ", "Fails the connection. ");
            return [fails, violation::sentence(finding.violation, language)].concat();
        }
        Fact::HeadTooLarge => ("헤드가 너무 커서 읽지 않습니다.", "The head is too large to be read."),
        Fact::Opened => {
            ("연결이 열렸습니다. 이제 메시지를 보낼 수 있습니다.", "The connection is open: messages may be sent.")
        }
        Fact::Ping(_) => ("핑을 받았습니다. 퐁으로 답합니다.", "A ping came. It is answered with a pong."),
        Fact::Pong(_) => ("퐁을 받았습니다. 상대가 살아 있습니다.", "A pong came: the other side is alive."),
        Fact::Silence => ("오래 조용해서 핑을 보냅니다.", "Nothing was heard for long, so a ping goes out."),
        Fact::CloseFrame(None, _) => {
            ("닫기 코드가 없는 닫기 프레임을 받았습니다.", "A Close frame without a code came.")
        }
        Fact::Failed(Failure::FrameTooBig | Failure::MessageTooBig) => {
            ("받을 수 있는 크기를 넘어서 연결을 실패로 끝냅니다.", "More came than is taken: fails the connection.")
        }
        Fact::Failed(Failure::PongOverdue) => {
            ("퐁이 제때 오지 않아 연결이 끊겼다고 봅니다.", "No pong came in time: takes the connection for lost.")
        }
        Fact::Failed(Failure::CloseOverdue) => (
            "닫기 프레임의 답이 제때 오지 않아 기다리기를 그만둡니다.",
            "No answer to the Close frame came in time: stops waiting.",
        ),
        Fact::TcpTimedOut => (
            "보낸 바이트를 받았다는 확인이 끝내 오지 않아 TCP가 포기합니다.",
            "What was sent is never acknowledged: TCP gives up.",
        ),
        Fact::Died => {
            ("프로세스가 죽었습니다. 이제 아무것도 모릅니다.", "The process has died, and knows nothing more.")
        }
        Fact::NotSent(_) => ("지금은 보낼 수 없습니다.", "It cannot be sent now."),
    };
    language.pick(plain.0, plain.1).to_owned()
}

fn message(kind: MessageKind, payload: &[u8], language: Language) -> String {
    let what = match std::str::from_utf8(payload) {
        Ok(text) if kind == MessageKind::Text && text.chars().count() <= SHOWN => {
            [language.pick("‘", "“"), text, language.pick("’", "”")].concat()
        }
        _ => say::bytes(payload.len()),
    };
    [language.pick("메시지를 받았습니다: ", "A message came: "), &what].concat()
}

fn with_code(sentence: &str, code: CloseCode, language: Language) -> String {
    [sentence, language.pick(" 닫기 코드: ", " Close code: "), &code.value().to_string()].concat()
}

/// Longer texts are told by their size.
const SHOWN: usize = 40;

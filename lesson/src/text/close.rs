//! What close codes mean.

use ws101_core::frame::CloseCode;

use super::Language;

/// What the code says, as a sentence.
pub const fn sentence(code: CloseCode, language: Language) -> &'static str {
    match code.value() {
        1000 => language.pick("할 일을 마치고 정상으로 닫습니다.", "The purpose is fulfilled: a normal closure."),
        1001 => language.pick(
            "자리를 떠납니다. 서버가 내려가거나 사용자가 페이지를 떠날 때 씁니다.",
            "One side goes away: the server goes down, or the page is left.",
        ),
        1002 => language.pick("상대가 프로토콜을 어겼습니다.", "The other side broke the protocol."),
        1003 => language.pick("받지 않는 종류의 데이터가 왔습니다.", "A kind of data came that is not taken here."),
        1005 => language.pick(
            "닫기 프레임에 코드가 없었다는 표시로, 프레임에는 적을 수 없습니다.",
            "Stands for a Close frame without a code; it may not be sent itself.",
        ),
        1006 => language.pick(
            "닫기 프레임 없이 끊겼다는 표시로, 프레임에는 적을 수 없습니다.",
            "Stands for a connection that ended without a Close frame; it may not be sent itself.",
        ),
        1007 => language.pick(
            "종류와 맞지 않는 내용이 왔습니다. 예를 들면 UTF-8이 아닌 텍스트입니다.",
            "The content does not fit its kind, e.g. text that is not UTF-8.",
        ),
        1008 => language.pick("받는 쪽의 방침에 어긋납니다.", "The receiver’s policy forbids it."),
        1009 => language.pick("메시지가 너무 큽니다.", "The message is too big for the receiver."),
        1010 => language.pick(
            "클라이언트에게 꼭 필요한 확장을 서버가 받아들이지 않았습니다.",
            "The client misses an extension that it needs.",
        ),
        1011 => {
            language.pick("서버가 뜻밖의 문제로 요청을 처리하지 못했습니다.", "The server met an unexpected condition.")
        }
        1012 => language.pick("서버가 다시 시작합니다.", "The server restarts."),
        1013 => {
            language.pick("서버가 바쁩니다. 나중에 다시 시도해야 합니다.", "The server is overloaded: try again later.")
        }
        1014 => language.pick(
            "게이트웨이가 뒤쪽 서버에서 잘못된 응답을 받았습니다.",
            "A gateway got an invalid answer from behind it.",
        ),
        1015 => language.pick(
            "TLS 연결에 실패했다는 표시로, 프레임에는 적을 수 없습니다.",
            "Stands for a failed TLS handshake; it may not be sent itself.",
        ),
        3000..=3999 => language.pick(
            "라이브러리와 프레임워크가 등록해서 쓰는 코드입니다.",
            "A code that libraries and frameworks register.",
        ),
        4000..=4999 => language.pick(
            "애플리케이션이 스스로 뜻을 정하는 코드입니다.",
            "A private code: the application gives it its meaning.",
        ),
        _ => language.pick("뜻이 정해지지 않은 코드입니다.", "No meaning is assigned to this code."),
    }
}

//! A text for every rule that a peer can break.

use ws101_core::rules::Violation;

use super::Language;

/// What is wrong, as a sentence. English is `core`'s own.
pub const fn sentence(violation: Violation, language: Language) -> &'static str {
    match language {
        Language::Korean => korean(violation),
        Language::English => english(violation),
    }
}

macro_rules! sentences {
    ($($rule:ident: $korean:literal, $english:literal;)+) => {
        const fn korean(violation: Violation) -> &'static str {
            match violation { $(Violation::$rule => $korean,)+ }
        }

        const fn english(violation: Violation) -> &'static str {
            match violation { $(Violation::$rule => $english,)+ }
        }
    };
}

sentences! {
    RequestLineMalformed: "요청 줄이 ‘메서드 대상 HTTP-버전’ 꼴이 아닙니다.", "The request line is not “method target HTTP-version”.";
    TargetInvalid: "요청 대상에 URI에 쓸 수 없는 바이트가 있습니다.", "The request target has a byte that no URI has.";
    HttpVersionUnsupported: "HTTP 버전이 1.1 이상의 1.x가 아닙니다.", "The HTTP version is not 1.1 or a later 1.x.";
    StatusLineMalformed: "상태 줄이 ‘HTTP-버전 상태-코드 설명’ 꼴이 아닙니다.", "The status line is not “HTTP-version status-code reason”.";
    BareLineFeed: "줄이 CR LF가 아니라 LF만으로 끝납니다.", "A line ends with LF alone instead of CR LF.";
    BareCarriageReturn: "CR이 LF 바로 앞이 아니라 줄 가운데에 있습니다.", "A CR stands inside a line instead of before its LF.";
    SpaceBeforeFirstField: "첫 헤더 줄 앞에 공백이 있습니다.", "White space stands before the first field line.";
    LineFolding: "헤더 줄이 공백으로 시작합니다. 앞줄을 이어 쓰던 옛 방식으로, 이제는 허용하지 않습니다.", "A field line begins with white space, which once continued the line before.";
    ColonMissing: "헤더 줄에 콜론이 없습니다.", "A field line has no colon.";
    SpaceBeforeColon: "헤더 이름과 콜론 사이에 공백이 있습니다.", "White space stands between a field name and its colon.";
    FieldNameInvalid: "헤더 이름이 비었거나, 이름에 쓸 수 없는 바이트가 있습니다.", "A field name is empty or has a byte that no name may have.";
    FieldValueInvalid: "헤더 값에 제어 문자가 있습니다.", "A field value has a control character.";
    HostMissing: "Host 헤더가 없습니다.", "There is no Host field.";
    HostRepeated: "Host 헤더가 두 번 이상 나옵니다.", "There is more than one Host field.";
    HostInvalid: "Host 값이 ‘호스트’ 또는 ‘호스트:포트’ 꼴이 아닙니다.", "The Host field is not “host” or “host:port”.";
    ContentLengthInvalid: "Content-Length 값이 하나의 십진수가 아닙니다.", "Content-Length is not one decimal number.";
    BodyLengthAmbiguous: "Content-Length와 Transfer-Encoding이 서로 어긋납니다.", "Content-Length and Transfer-Encoding contradict each other.";
    MethodNotGet: "업그레이드 요청의 메서드가 GET이 아닙니다.", "The method of an upgrade request is not GET.";
    UpgradeMissing: "Upgrade 헤더가 없어 평범한 HTTP 요청입니다.", "There is no Upgrade field, so this is an ordinary HTTP request.";
    UpgradeNotWebSocket: "Upgrade 값에 websocket이 없습니다.", "The Upgrade field does not name websocket.";
    ConnectionNotUpgrade: "Connection 값에 Upgrade가 없습니다.", "The Connection field does not have the token Upgrade.";
    VersionMissing: "Sec-WebSocket-Version 헤더가 없습니다.", "There is no Sec-WebSocket-Version field.";
    VersionRepeated: "Sec-WebSocket-Version 헤더가 두 번 이상 나옵니다.", "There is more than one Sec-WebSocket-Version field.";
    VersionUnsupported: "Sec-WebSocket-Version 값이 13이 아닙니다.", "Sec-WebSocket-Version is not 13.";
    KeyMissing: "Sec-WebSocket-Key 헤더가 없습니다.", "There is no Sec-WebSocket-Key field.";
    KeyRepeated: "Sec-WebSocket-Key 헤더가 두 번 이상 나옵니다.", "There is more than one Sec-WebSocket-Key field.";
    KeyInvalid: "Sec-WebSocket-Key 값이 16바이트를 Base64로 적은 것이 아닙니다.", "Sec-WebSocket-Key is not the Base64 of 16 bytes.";
    OriginRepeated: "Origin 헤더가 두 번 이상 나옵니다.", "There is more than one Origin field.";
    ProtocolInvalid: "Sec-WebSocket-Protocol 값이 토큰의 목록이 아닙니다.", "Sec-WebSocket-Protocol is not a list of tokens.";
    ProtocolRepeated: "같은 서브프로토콜을 두 번 제안했습니다.", "The same subprotocol is offered twice.";
    ExtensionsMalformed: "Sec-WebSocket-Extensions 값이 문법에 맞지 않습니다.", "Sec-WebSocket-Extensions breaks its grammar.";
    UpgradeWithBody: "업그레이드 요청에 본문이 있습니다. 그 바이트는 프레임으로 읽히고 맙니다.", "The upgrade request announces a body, whose bytes would be read as frames.";
    StatusNotSwitching: "상태 코드가 101이 아닙니다.", "The status code is not 101.";
    ResponseUpgradeInvalid: "응답에 Upgrade 헤더가 없거나 값이 websocket이 아닙니다.", "The response’s Upgrade field is missing or is not websocket.";
    ResponseConnectionInvalid: "응답의 Connection 값에 Upgrade가 없습니다.", "The response’s Connection field does not have the token Upgrade.";
    AcceptMissing: "Sec-WebSocket-Accept 헤더가 없습니다.", "There is no Sec-WebSocket-Accept field.";
    AcceptRepeated: "Sec-WebSocket-Accept 헤더가 두 번 이상 나옵니다.", "There is more than one Sec-WebSocket-Accept field.";
    AcceptWrong: "Sec-WebSocket-Accept 값이 이 키에서 나오는 값이 아닙니다.", "Sec-WebSocket-Accept is not what this key yields.";
    ProtocolNotOffered: "서버가 제안받지 않은 서브프로토콜을 골랐습니다.", "The server selected a subprotocol that was not offered.";
    ExtensionNotOffered: "서버가 제안받지 않은 확장을 받아들였습니다.", "The server accepted an extension that was not offered.";
    DeflateParametersInvalid: "서버가 permessage-deflate를 받아들이면서 고를 수 없는 매개변수를 골랐습니다.", "The server accepted permessage-deflate with parameters that it may not choose.";
    ReservedBitSet: "뜻을 정한 확장이 없는데 예약 비트가 켜져 있습니다.", "A reserved bit is set although no extension gave it a meaning.";
    CompressedControl: "제어 프레임에 압축 표시(RSV1)가 있습니다. 압축은 메시지에만 합니다.", "RSV1 marks a control frame as compressed, and only messages are.";
    CompressedContinuation: "메시지의 첫 프레임이 아닌데 압축 표시(RSV1)가 있습니다.", "RSV1 is set on a frame that does not begin its message.";
    NotDeflate: "압축했다고 표시한 메시지인데 DEFLATE 데이터가 아닙니다.", "The message is marked as compressed, but is no DEFLATE stream.";
    OpcodeReserved: "아직 뜻이 정해지지 않은 옵코드입니다.", "The opcode is reserved.";
    MaskMissing: "클라이언트가 보낸 프레임인데 마스킹하지 않았습니다.", "A frame from the client is not masked.";
    MaskUnexpected: "서버가 보낸 프레임인데 마스킹했습니다.", "A frame from the server is masked.";
    LengthNotMinimal: "페이로드 길이를 가장 짧은 꼴로 적지 않았습니다.", "The payload length is not written in the shortest form.";
    LengthTopBitSet: "64비트 페이로드 길이의 최상위 비트가 켜져 있습니다.", "The most significant bit of the 64-bit payload length is set.";
    ControlTooLong: "제어 프레임의 페이로드가 125바이트보다 깁니다.", "A control frame’s payload is longer than 125 bytes.";
    ControlFragmented: "제어 프레임을 단편화했습니다.", "A control frame is fragmented.";
    ContinuationUnexpected: "이어 갈 메시지가 없는데 이어지는 프레임이 왔습니다.", "A continuation frame continues nothing.";
    MessageInterleaved: "단편화한 메시지가 끝나기 전에 새 메시지가 시작되었습니다.", "A new message begins before the fragmented one is complete.";
    TextNotUtf8: "텍스트가 UTF-8이 아닙니다.", "The text is not UTF-8.";
    CloseLengthOne: "닫기 프레임의 페이로드가 1바이트입니다. 비우거나, 닫기 코드 2바이트를 다 적어야 합니다.", "A Close frame’s payload has one byte: too many for none, too few for a code.";
    CloseCodeInvalid: "프레임에 적을 수 없는 닫기 코드입니다.", "The close code may not be sent in a frame.";
    CloseReasonNotUtf8: "닫기 프레임의 이유가 UTF-8이 아닙니다.", "The reason of a Close frame is not UTF-8.";
    FrameAfterClose: "닫기 프레임 뒤에 프레임이 더 왔습니다.", "A frame follows the Close frame.";
}

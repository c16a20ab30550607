//! The words of the handshake lab.

use super::Language;
use super::catalogue::catalogue;

catalogue! { Word:
    Title: "핸드셰이크 실험실", "Handshake lab";
    StepRequest: "요청 만들기", "Build the request";
    StepBreak: "망가뜨리기", "Break it";
    StepAccept: "Accept 계산", "Make the Accept";
    StepClient: "브라우저의 검사", "The browser’s checks";
    StepSwitch: "HTTP의 끝", "Where HTTP ends";

    IdeaRequest: "웹소켓은 평범한 HTTP 요청 하나로 시작합니다. 줄을 끄거나 고쳐 보고, 서버의 답이 어떻게 바뀌는지 보세요.",
        "WebSocket begins with one ordinary HTTP request. Switch lines off or rewrite them, and see how the server’s answer changes.";
    IdeaBreak: "서버는 요청을 정해진 순서로 검사하고, 처음 어긋난 곳에서 멈춥니다. 요청을 골라 답을 예상해 보세요.",
        "The server checks a request in a fixed order and stops where it first goes wrong. Choose a request and predict the answer.";
    IdeaAccept: "서버는 요청의 키로 Accept 값을 만들어 101에 넣습니다. 어떻게 만드는지 네 단계로 따라가 봅니다.",
        "The server makes the Accept from the request’s key and puts it into the 101: in four steps, as we shall see.";
    IdeaClient: "101이 왔다고 끝이 아닙니다. 이번에는 브라우저가 서버의 응답을 검사합니다.",
        "A 101 is not the end of it: now it is the browser that checks the server’s response.";
    IdeaSwitch: "101의 마지막 바이트에서 HTTP가 끝납니다. TCP 연결도 포트도 그대로이고, 바이트를 읽는 법만 바뀝니다.",
        "With the last byte of the 101, HTTP ends. TCP connection and port stay: only how the bytes are read changes.";

    AskRequest: "처음 요청에서 한 줄만 뺍니다. 빼도 101이 오는 줄은 몇 개일까요?",
        "Switch off just one line of the first request. How many of the lines can go, and a 101 still comes?";
    AskBreak: "이 요청에 서버는 어떤 상태 코드로 답할까요?", "With which status code will the server answer this request?";
    AskAccept: "다른 컴퓨터가 똑같은 Sec-WebSocket-Key를 보냅니다. 돌아오는 Accept 값은 어떨까요?",
        "Another computer sends the same Sec-WebSocket-Key. What Accept does it get?";
    AskClient: "서버가 Accept의 글자 하나를 틀리게 보냅니다. 브라우저는 어떻게 할까요?",
        "The server gets one character of the Accept wrong. What does the browser do?";

    Same: "같은 값", "The same";
    Different: "다른 값", "Another one";
    Opens: "연결합니다", "It connects";
    Refuses: "거부합니다", "It refuses";

    SpareLines: "빼도 되는 줄: ", "What can go: ";
    WhyRequest: "줄마다 그 줄만 뺐을 때 오는 답을 적어 두었습니다. 101이 아니라면 업그레이드에 꼭 필요한 줄입니다.",
        "Each line now shows the answer that comes without it. Where that is no 101, the upgrade needs the line.";
    WhyNothingWrong: "어긋난 곳이 없어 서버는 업그레이드를 받아들입니다.", "Nothing is wrong, so the server agrees to the upgrade.";
    WhyAccept: "Accept는 키와 고정된 GUID만으로 계산합니다. 누가 보냈는지는 계산에 들어가지 않습니다.",
        "The Accept is computed from the key and a fixed GUID, and nothing else. Who asks plays no part in it.";
    WhyClient: "틀린 Accept는 ‘이 요청을 읽고 웹소켓으로 받아들였다’는 증거가 되지 못합니다. 이제 101의 다른 곳도 망가뜨려 보세요.",
        "A wrong Accept proves nothing: perhaps nobody read this request as WebSocket. Now break other parts of the 101, too.";
    WhySwitch: "빈 줄 바로 다음 바이트가 프레임의 첫 바이트입니다. TCP 연결은 여전히 하나입니다.",
        "The byte right behind the empty line is the first of a frame. It is still one TCP connection.";

    MoreRequest1: "수업 노트는 Upgrade, Connection, Sec-WebSocket-Key 세 줄을 듭니다. 실제로는 Host와 Sec-WebSocket-Version: 13도 있어야 합니다.",
        "The class note names three lines: Upgrade, Connection and Sec-WebSocket-Key. Host and Sec-WebSocket-Version: 13 are needed as well.";
    MoreRequest2: "Sec-WebSocket-Key는 비밀번호가 아닙니다. 브라우저가 연결마다 새로 뽑는 난수 16바이트를 Base64로 적은 값입니다.",
        "Sec-WebSocket-Key is no password: it is 16 random bytes in Base64, new for every connection.";
    MoreRequest3: "웹 페이지의 JavaScript는 이 헤더들을 바꿀 수 없습니다. WebSocket API로 정할 수 있는 것은 주소와 서브프로토콜뿐이고, 나머지는 브라우저가 적습니다. 그래서 여기서는 연습용 요청을 다룹니다.",
        "Page JavaScript cannot change these headers: the WebSocket API takes an address and subprotocols, and the browser writes all the rest. That is why the request here is one to practise on.";
    MoreBreak1: "노트의 ‘Upgrate : websocket’은 두 군데가 틀립니다. 콜론 앞의 공백이 먼저 걸려 400이 옵니다. 공백만 지워도 Upgrate는 모르는 헤더라서 101이 아니라 426이 옵니다.",
        "The note’s “Upgrate : websocket” is wrong twice. The space before the colon is met first: 400. Without it, Upgrate is still an unknown header: 426, and no 101.";
    MoreBreak2: "상태 코드는 무엇을 고쳐야 하는지 알려 줍니다. 400: 요청의 형식이 틀림. 405: GET이 아님. 426: 업그레이드 요청이 없거나 버전이 다름. 505: HTTP 버전이 다름.",
        "The status code says what to mend. 400: the request is malformed. 405: not a GET. 426: no upgrade was asked for, or of another version. 505: another version of HTTP.";
    MoreAccept1: "이어 붙이는 GUID는 RFC 6455에 적힌 고정 문자열입니다. 웹소켓을 모르는 서버나 캐시가 우연히 맞는 값을 돌려주는 일이 없게 합니다.",
        "The GUID is a fixed text in RFC 6455. It keeps a server or cache that knows nothing of WebSocket from giving the right answer by chance.";
    MoreAccept2: "SHA-1은 이제 서명에 쓰지 않습니다. 여기서는 비밀을 지키는 데 쓰는 것이 아니어서 괜찮습니다. 엿보지 못하게 하는 일은 wss, 곧 TLS의 몫입니다.",
        "SHA-1 is no longer used for signatures. That does not matter here, as it keeps no secret. Keeping others from listening is the task of wss, that is of TLS.";
    MoreClient1: "Accept가 없거나 틀릴 때, 요청하지 않은 확장이나 서브프로토콜을 서버가 골랐을 때 브라우저는 연결을 실패로 끝냅니다(RFC 6455 §4.1).",
        "If the Accept is missing or wrong, or if the server picks an extension or subprotocol that nobody offered, the browser fails the connection (RFC 6455 §4.1).";
    MoreClient2: "그때 페이지가 아는 것은 error 이벤트와 닫기 코드 1006뿐입니다. 자세한 이유는 개발자 도구의 콘솔에만 나옵니다.",
        "All that the page learns then is an error event and close code 1006. The reason stands only in the console of the developer tools.";
    MoreSwitch1: "새 연결도, 새 포트도 아닙니다. 그래서 웹소켓은 HTTP와 같은 80번, 443번 포트를 함께 씁니다. 이 수업의 서버도 포트 하나로 둘 다 받습니다.",
        "No new connection, no new port: that is why WebSocket shares ports 80 and 443 with HTTP. The server of this class, too, takes both on one port.";
    MoreSwitch2: "서버는 101을 보낸 뒤 곧바로 프레임을 보내도 됩니다. 한 번에 읽은 바이트에 응답과 프레임이 함께 있을 수 있으므로 빈 줄에서 정확히 나누어 읽어야 합니다.",
        "Right behind the 101 the server may send frames. One read may hold both, so the reader has to divide them exactly behind the empty line.";
    MoreSwitch4: "브라우저가 보낸 프레임은 서버가 되돌려 준 프레임보다 4바이트 깁니다. 브라우저의 프레임에는 마스킹 키가 붙기 때문입니다.",
        "The browser’s frame is 4 bytes longer than the server’s echo of it: frames from a browser carry a masking key.";
    MoreSwitch3: "101은 HTTP/1.1의 방식입니다. HTTP/2에서는 CONNECT 요청으로 같은 일을 합니다(RFC 8441).",
        "The 101 is HTTP/1.1’s way. Over HTTP/2 a CONNECT request does the same (RFC 8441).";

    PresetLabel: "보낼 요청", "The request";
    PresetNote: "노트 그대로", "As in the note";
    PresetMisspelt: "공백만 고치면", "Only the space mended";
    PresetSpace: "철자만 고치면", "Only the spelling mended";
    PresetGood: "올바른 요청", "A good request";
    GroupNote: "수업 노트", "The class note";
    GroupOther: "망가뜨린 곳", "What is broken";
    ServerChecks: "서버의 검사 순서", "What the server checks, in order";
    ClientChecks: "브라우저의 검사 순서", "What the browser checks, in order";
    FaultLabel: "101에서 망가뜨릴 곳 (여러 개 가능)", "What to break in the 101 (any number)";

    CheckRequestLine: "요청 줄", "Request line";
    CheckLines: "줄과 헤더의 형식", "Form of lines and headers";
    CheckHost: "Host", "Host";
    CheckBodyLength: "본문 길이를 적은 헤더", "Length of the body";
    CheckMethod: "메서드: GET", "Method: GET";
    CheckUpgrade: "Upgrade: websocket", "Upgrade: websocket";
    CheckConnection: "Connection: Upgrade", "Connection: Upgrade";
    CheckVersion: "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13";
    CheckKey: "Sec-WebSocket-Key", "Sec-WebSocket-Key";
    CheckOrigin: "Origin", "Origin";
    CheckBody: "본문 없음", "No body";
    CheckProtocol: "Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol";
    CheckExtensions: "Sec-WebSocket-Extensions", "Sec-WebSocket-Extensions";
    CheckStatusLine: "상태 줄", "Status line";
    CheckStatus: "상태 코드: 101", "Status code: 101";
    CheckAccept: "Sec-WebSocket-Accept", "Sec-WebSocket-Accept";

    FaultAcceptWrong: "Accept가 틀림", "wrong Accept";
    FaultAcceptMissing: "Accept가 없음", "no Accept";
    FaultAcceptTwice: "Accept가 두 번", "Accept twice";
    FaultUpgrade: "Upgrade가 없음", "no Upgrade";
    FaultConnection: "Connection이 없음", "no Connection";
    FaultStatus: "101 대신 200", "200 instead of 101";
    FaultStatusLine: "상태 줄이 잘못됨", "garbled status line";
    FaultProtocol: "요청하지 않은 서브프로토콜", "a subprotocol that nobody offered";
    FaultExtension: "요청하지 않은 확장", "an extension that nobody offered";
    FaultDeflate: "허용 범위를 벗어난 압축 매개변수", "a compression parameter that is out of range";
}

/// The question of the last step.
pub fn ask_switch(response: usize, language: Language) -> String {
    let size = super::say::bytes(response);
    match language {
        Language::Korean => [
            "101 응답의 크기: ",
            &size,
            ". 서버가 보내는 바이트를 1번부터 세면, 첫 프레임은 몇 번째 바이트에서 시작할까요?",
        ]
        .concat(),
        Language::English => {
            ["The 101 has ", &size, ". Counting the server’s bytes from 1, at which byte does the first frame begin?"]
                .concat()
        }
    }
}

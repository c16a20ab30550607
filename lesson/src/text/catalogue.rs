//! Texts without values.

use super::Language;

macro_rules! catalogue {
    ($name:ident: $($key:ident: $korean:literal, $english:literal;)+) => {
        /// A text without values, named for what it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $(#[doc = $english] $key,)+ }

        impl $name {
            /// Every key, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$key),+];

            /// The text.
            pub const fn text(self, language: Language) -> &'static str {
                match self { $(Self::$key => language.pick($korean, $english),)+ }
            }
        }
    };
}

pub(super) use catalogue;

catalogue! { Key:
    // The bar at the top
    Lessons: "차례", "Lessons";
    LivePage: "내 브라우저의 연결", "This browser’s connection";
    Seen: "봤음", "seen";
    KeysLabel: "키 안내", "Keys";
    Settings: "화면 설정", "Display";
    SizeLabel: "글자 크기", "Text size";
    SizeNormal: "보통", "Normal";
    SizeLarge: "크게", "Large";
    SizeLarger: "더 크게", "Larger";
    MotionLabel: "움직임", "Motion";
    MotionAuto: "자동", "Auto";
    MotionOff: "끄기", "Off";
    Print: "인쇄", "Print";
    ModeLabel: "보여 줄 연결", "Whose bytes";
    Route: "45분 수업 경로", "The 45-minute route";
    RouteLeave: "경로에서 나가기", "Leave the route";
    Curtain: "화면 다시 보이기", "Show the page again";
    ModeConnecting: "연결하는 중", "Connecting";
    ModeLive: "실제 연결", "Live";
    ModeSimulated: "시뮬레이션", "Simulated";
    LanguageLabel: "언어", "Language";
    ThemeLabel: "화면 색", "Theme";
    ThemeAuto: "자동", "Auto";
    ThemeLight: "밝게", "Light";
    ThemeDark: "어둡게", "Dark";
    Projector: "프로젝터", "Projector";

    // Notices
    NoticeNoServer: "서버를 찾지 못해 시뮬레이션으로 보여 줍니다. 브라우저와 서버 양쪽을 이 페이지 안에서 실행합니다. 바이트는 규격 그대로이지만 실제 네트워크를 지나지는 않습니다.",
        "No server was found, so this is a simulation: both ends run inside this page. The bytes follow the standard, but no network carries them.";
    NoticeServerGone: "서버와 연결이 끊겼습니다. 지금까지의 기록은 그대로 살펴볼 수 있고, 서버가 돌아올 때까지 시뮬레이션으로 이어 갑니다.",
        "The connection to the server was lost. What was recorded stays here to look at, and the page goes on as a simulation until the server is back.";
    NoticeBack: "서버와 다시 연결했습니다. 지금부터는 실제 바이트입니다.", "The server is back. From here on the bytes are real again.";
    NoticeVersion: "이 페이지와 서버의 버전이 다릅니다. 페이지를 새로 고치면 해결됩니다.", "This page and the server are of different versions. Reloading the page mends it.";
    NoticeNoSocket: "서버는 있지만 웹소켓 연결이 열리지 않았습니다. 중간의 프록시가 막았을 수 있습니다. ‘다시 연결’을 눌러 보세요.",
        "The server is there, but the WebSocket connection did not open. A proxy in between may have stopped it. Try “Reconnect”.";
    NoticeHttpFailed: "HTTP 요청이 실패했습니다. 서버가 살아 있는지 확인한 뒤 다시 눌러 보세요.", "The HTTP request failed. See whether the server is running, then try again.";
    NoticeAddress: "주소에서 알아볼 수 없는 부분이 있어 기본값으로 열었습니다. 그 부분", "A part of the address was not understood, so the page begins with its defaults. That part";
    NoticeTooLong: "이보다 길면 주소 하나에 담을 수 없어 더 적지 못합니다.", "More than this does not fit into an address, so it was not taken.";
    Reload: "새로 고침", "Reload";
    TryNow: "지금 서버 찾기", "Look for the server now";
    ShowNewest: "새 연결 보기", "Show the new connection";
    Dismiss: "알림 닫기", "Dismiss";

    // The ribbon
    Ribbon: "선로: 오간 바이트를 시간 순서로", "The wire: what crossed it, in order of time";
    Browser: "브라우저", "Browser";
    Server: "서버", "Server";
    ClientSpeaks: "클라이언트가 보냄", "from the client";
    ServerSpeaks: "서버가 보냄", "from the server";
    SameWire: "같은 연결, 새 언어", "same wire, new language";
    HttpEndsHere: "여기서 HTTP가 끝납니다", "HTTP ends here";
    WireEmpty: "아직 아무것도 오가지 않았습니다.", "Nothing has crossed the wire yet.";
    WireClosed: "연결이 닫혔습니다", "connection closed";
    WireCut: "연결이 끊겼습니다", "connection lost";
    Connection: "연결", "Connection";
    StillOpen: "열림", "open";
    Closed: "닫힘", "closed";
    Incomplete: "아직 다 오지 않음", "not complete yet";

    // Views
    Views: "살펴볼 내용", "Views";
    ViewUpgrade: "업그레이드", "Upgrade";
    ViewFrames: "프레임", "Frames";
    ViewOverhead: "오버헤드", "Overhead";
    ViewAll: "모두 보기", "All in one";
    Measured: "측정값", "measured";
    Simulated: "시뮬레이션 값", "simulated";

    // ① Upgrade
    UpgradeTitle: "HTTP 요청 하나가 웹소켓 연결이 됩니다", "One HTTP request becomes a WebSocket connection";
    UpgradeIdea: "브라우저는 평범한 HTTP 요청으로 부탁하고, 서버는 101로 받아들입니다. 줄을 하나 골라 보세요. 그 줄이 왜 있는지 옆에서 설명합니다.",
        "The browser asks with an ordinary HTTP request, and the server agrees with a 101. Choose a line: beside it stands why it is there.";
    Request: "요청", "Request";
    Response: "응답", "Response";
    UpgradeWaiting: "아직 업그레이드 요청이 없습니다. 연결되면 이 브라우저가 보낸 요청이 바이트 그대로 여기에 나타납니다.",
        "There is no upgrade request yet. Once connected, the very bytes of this browser’s request appear here.";
    ResponseWaiting: "응답을 기다리고 있습니다.", "Waiting for the response.";
    Explanation: "설명", "Explanation";
    WhatFor: "쓰임", "What for";
    Without: "없으면", "Without it";
    ChooseLine: "줄을 고르면 여기에 설명이 나옵니다.", "Choose a line, and its explanation stands here.";
    EssentialAsked: "▶ 요청에 꼭 있어야 하는 헤더", "▶ What the request cannot do without";
    EssentialAnswered: "◀ 101에 꼭 있어야 하는 헤더", "◀ What the 101 cannot do without";
    AcceptTitle: "Sec-WebSocket-Accept 값을 만드는 네 단계", "Sec-WebSocket-Accept in four steps";
    AcceptStepKey: "요청의 Sec-WebSocket-Key 값을 글자 그대로 가져옵니다. Base64를 풀지 않습니다.", "Take the Sec-WebSocket-Key of the request as it is written. It is not decoded.";
    AcceptStepJoin: "그 뒤에 RFC 6455가 정한 고정 문자열(GUID)을 이어 붙입니다.", "Put the GUID from RFC 6455 right behind it.";
    AcceptStepSha1: "이어 붙인 문자열의 SHA-1을 구합니다. 결과는 20바이트입니다.", "Take the SHA-1 of these characters. It has 20 bytes.";
    AcceptStepBase64: "20바이트를 Base64로 적습니다. 28글자가 됩니다.", "Write the 20 bytes in Base64. That makes 28 characters.";
    AcceptReceived: "서버가 보낸 값", "What the server sent";
    AcceptMatches: "계산한 값과 같습니다. 브라우저는 연결을 받아들입니다.", "It equals what we computed: the browser accepts the connection.";
    AcceptDiffers: "계산한 값과 다릅니다. 브라우저는 연결을 거부합니다.", "It differs from what we computed: the browser refuses the connection.";
    AcceptAbsent: "응답에 Sec-WebSocket-Accept가 없습니다. 브라우저는 연결을 거부합니다.", "The response has no Sec-WebSocket-Accept: the browser refuses the connection.";
    AcceptMeaning: "비밀번호도 인증도 아닙니다. 같은 키를 보내면 누구에게나 같은 값이 돌아옵니다. 상대가 웹소켓을 아는 서버라는 증거일 뿐입니다.",
        "It is neither a password nor authentication: whoever sends the same key gets the same value. It only proves that the other side speaks WebSocket.";
    VerifyYourself: "터미널에서 직접 확인하기", "Check it in a terminal";
    SwitchTitle: "HTTP가 끝나는 바이트", "The byte at which HTTP ends";
    SwitchIdea: "TCP 연결은 그대로 하나이고 포트도 그대로입니다. 빈 줄 다음 바이트부터 읽는 법만 바뀝니다.",
        "It is still the same one TCP connection on the same port. From the byte behind the empty line on, only the reading changes.";
    NothingYet: "다음 바이트는 아직 오지 않았습니다", "the next byte has not come yet";
    NoteTitle: "수업 노트와 비교하기", "Compare with the class note";
    NoteUpgrate: "노트의 Upgrate는 Upgrade를 잘못 적은 것입니다. 철자가 틀리면 서버는 모르는 헤더로 보고 지나칩니다. 콜론 앞에 공백이 있어도 안 됩니다. 그런 요청에는 400으로 답합니다(RFC 9112 §5.1).",
        "“Upgrate” in the note is a slip for Upgrade; misspelt, it is an unknown header that servers skip. Nor may a space stand before the colon: that is answered with a 400 (RFC 9112 §5.1).";
    NoteAccept: "노트에 적힌 두 헤더만으로는 부족합니다. 101에는 Sec-WebSocket-Accept도 있어야 합니다. 요청에는 Host와 Sec-WebSocket-Version: 13도 필요합니다.",
        "The two headers in the note are not enough: the 101 also needs Sec-WebSocket-Accept, and the request also needs Host and Sec-WebSocket-Version: 13.";
    NoteKey: "Sec-WebSocket-Key는 보안 장치가 아닙니다. 상대가 웹소켓을 아는지 확인하는 값입니다. ‘유효성 검증’이라는 말은 맞습니다.",
        "Sec-WebSocket-Key is no security device: it checks that the other side speaks WebSocket. “Validation” in the note is right.";
    NoteSwitch: "“응답이 완료되는 즉시 전환된다”는 노트의 설명은 정확합니다. 그 경계가 위의 바이트입니다.",
        "“Switched as soon as the response is complete”, the note says, and that is exact: the boundary is the byte above.";

    // ② Frames
    FramesTitle: "프레임을 비트까지 들여다봅니다", "A frame, down to its bits";
    FramesIdea: "비트, 바이트, 필드는 서로 이어져 있습니다. 하나를 고르면 나머지도 함께 표시됩니다. 방향키로 옮기고 Esc로 되돌립니다.",
        "Bits, bytes and fields belong together: choose one and the others show it too. Arrow keys move, Esc lets go.";
    FramesEmpty: "아직 프레임이 없습니다. 아래에서 메시지를 보내 보세요.", "There is no frame yet. Send a message below.";
    FrameList: "프레임 목록", "Frames";
    FirstTwoBytes: "처음 두 바이트를 비트로", "The first two bytes as bits";
    FrameBytes: "바이트", "Bytes";
    FrameFields: "필드", "Fields";
    UnseenByScript: "페이지의 JavaScript는 이 프레임을 볼 수 없습니다. 브라우저가 스스로 처리합니다.", "Page JavaScript never sees this frame: the browser handles it by itself.";
    UnseenShort: "JavaScript에는 안 보임", "unseen by JavaScript";
    UnmaskTitle: "마스킹 풀기: XOR", "Unmasking: XOR";
    UnmaskIdea: "같은 자리의 키 바이트와 XOR하면 원래 바이트가 나옵니다. 키 4바이트는 되풀이해서 씁니다.",
        "XOR with the key byte above it gives the original byte. The key’s 4 bytes are used over and over.";
    MaskedByte: "선로 위", "on the wire";
    KeyByte: "키", "key";
    PlainByte: "원래 바이트", "original";
    Character: "글자", "character";
    NotMasked: "서버가 보낸 프레임은 마스킹하지 않습니다. 선로 위의 바이트가 그대로 내용입니다.", "Frames from the server are not masked: the bytes on the wire are the content.";
    EmptyPayload: "페이로드가 없는 프레임입니다.", "This frame has no payload.";
    More: "더 보기", "More";
    ContentWord: "내용", "Content";
    NoteTwoBytes: "노트의 ‘최소 2바이트’는 맞습니다. 서버가 보내는 프레임의 크기입니다. 클라이언트가 보낼 때는 마스킹 키 4바이트가 붙어 최소 6바이트입니다.",
        "The note’s “at least 2 bytes” is right for frames from the server. From the client, the masking key adds 4: at least 6.";
    Violations: "규칙 위반", "Rules broken";

    // ③ Overhead
    OverheadTitle: "같은 내용을 HTTP로 한 번, 웹소켓으로 한 번", "The same content, once over HTTP and once over WebSocket";
    OverheadEmpty: "아래에서 ‘HTTP로 한 번, 웹소켓으로 한 번’을 누르면 같은 내용을 두 길로 보내고, 오간 바이트를 세어 나란히 보여 줍니다.",
        "Press “Once over HTTP, once over WebSocket” below: the same content goes both ways, and the bytes are counted side by side.";
    OverheadWaiting: "양쪽의 응답을 기다리고 있습니다.", "Waiting for both answers.";
    Part: "구분", "Part";
    Http: "HTTP", "HTTP";
    WebSocket: "웹소켓", "WebSocket";
    RowOutHead: "▶ 보낼 때 덧붙은 바이트 (요청 헤드 / 프레임 헤더)", "▶ added on the way out (request head / frame header)";
    RowOutBody: "▶ 보낸 내용", "▶ content sent";
    RowInHead: "◀ 받을 때 덧붙은 바이트 (응답 헤드 / 프레임 헤더)", "◀ added on the way back (response head / frame header)";
    RowInBody: "◀ 받은 내용", "◀ content received";
    RowTotal: "합계", "Total";
    RowOverhead: "그중 내용이 아닌 바이트", "of which not content";
    LegendAdded: "빗금: 덧붙은 바이트", "hatched: added bytes";
    LegendContent: "채움: 내용", "solid: content";
    OverheadChart: "막대그래프: 방향과 부분별 바이트. 같은 값이 표에 있습니다.", "Bar chart: bytes by direction and part. The table has the same values.";
    TcpNotCounted: "TCP와 IP의 헤더는 세지 않았습니다. TCP 위에서 오간 바이트만 셌습니다.", "TCP and IP headers are not counted: the tap sits on top of TCP’s byte stream.";
    OverheadReuse: "HTTP 쪽도 이미 열려 있는 TCP 연결을 다시 쓸 수 있습니다(HTTP keep-alive). 그래도 헤더는 요청마다 다시 보냅니다.",
        "HTTP too may use a TCP connection that is already open (HTTP keep-alive). Its headers are sent again with every request all the same.";

    // Lessons
    StepBack: "이전", "Back";
    StepForward: "다음", "Next";
    Reset: "처음 상태로", "Reset";
    Undo: "되돌리기", "Undo";
    Predict: "먼저 예상해 보세요", "Predict first";
    PredictNumber: "숫자로 답하기", "Your number";
    Answer: "예상 제출", "That is my guess";
    Skip: "예상 없이 보기", "Show without guessing";
    Again: "다시 예상하기", "Guess again";
    GuessNow: "예상해 보기", "Guess after all";
    Predicted: "예상과 실제", "The guess, and what came";
    Guessed: "예상", "Your guess";
    NotGuessed: "예상하지 않음", "no guess";
    Came: "실제", "What came";
    GuessRight: "예상이 맞았습니다.", "Your guess was right.";
    GuessWrong: "예상과 다릅니다.", "Not what you guessed.";
    Why: "이유", "Why";
    LineSent: "이 줄 보내기", "Send this line";
    LineText: "줄", "Line";
    LineMore: "다른 헤더 더하기", "Add another header";
    CheckPassed: "통과", "passed";
    CheckFired: "여기서 멈춤", "stops here";
    CheckAlso: "이것도 틀림", "also wrong";
    CheckUnread: "검사하지 않음", "not read";
    AnswerLater: "아직 답이 오지 않았습니다.", "No answer has come yet.";
    LastStep: "마지막 단계", "The last step";
    LessonSimulated: "이 수업의 바이트: 시뮬레이션 값", "this lesson: simulated";
    OnItsWay: "가는 중", "on its way";
    WhatIfNone: "연결이 끝났습니다. 위의 시각을 누르면 그 순간으로 돌아갑니다.", "The connection is over. A time above leads back to its moment.";
    AnswerNone: "서버는 요청의 나머지를 기다리며 답하지 않습니다.", "The server waits for the rest of the request and says nothing.";
    AnswerTitle: "서버의 답", "The server’s answer";
    ProbeTitle: "실제로 보내 보기", "Really send it";
    ProbeWhy: "웹 페이지는 이런 요청을 만들 수 없습니다. 브라우저가 헤더를 스스로 적기 때문입니다. 그래서 서버에 있는 클라이언트가 바이트 그대로 대신 보냅니다.",
        "A page cannot make such a request, because the browser writes these headers itself. So the server’s own client sends these very bytes for you.";
    ProbeSend: "실제 서버에 보내기", "Send to the real server";
    ProbeNoServer: "실제 서버에 연결되어 있지 않아 보낼 수 없습니다.", "There is no connection to a real server to send it over.";
    ProbeSilent: "서버는 아무 답도 하지 않았습니다.", "The server said nothing.";
    ProbeSame: "시뮬레이션과 바이트까지 같습니다.", "The very bytes of the simulation.";
    ProbeDiffers: "시뮬레이션과 다릅니다.", "Not the bytes of the simulation.";
    KeyNextStep: "다음 단계 (프로젝터 모드)", "next step (projector mode)";
    KeyPreviousStep: "이전 단계 (프로젝터 모드)", "previous step (projector mode)";
    KeyCurtain: "화면 가리고 다시 보이기 (프로젝터 모드)", "hide the page and show it again (projector mode)";
    KeyFullScreen: "전체 화면 (프로젝터 모드)", "full screen (projector mode)";
    KeyRelease: "선택 해제, 안내 닫기", "let go, close this";
    KeyHelp: "이 안내 열고 닫기", "open and close this";

    // A run
    RunTitle: "이 연결에 일어난 일", "What happened to this connection";
    RunStart: "처음으로", "To the start";
    RunBack: "한 사건 뒤로", "One event back";
    RunForward: "한 사건 앞으로", "One event on";
    RunPlay: "이어서 보기", "Play";
    RunPause: "멈추기", "Pause";
    RunPace: "속도", "Speed";
    RunMoment: "시각과 사건", "Time and event";
    RunOriginal: "원래 일어난 일", "The original";
    RunToOriginal: "원래대로", "Back to the original";
    RunKnown: "누가 무엇을 언제 알았나", "Who knew what, and when";
    RunNothingKnown: "아직 아는 것이 없습니다.", "Knows nothing yet.";
    RunLater: "아직 일어나지 않음", "still to come";
    WhatIfTitle: "지금 이 순간, 만약", "What if, at this moment";
    WhatIfSay: "브라우저가 메시지를 보낸다면", "the browser sent a message";
    WhatIfPush: "서버가 먼저 메시지를 보낸다면", "the server sent a message unasked";
    WhatIfPing: "서버가 핑을 보낸다면", "the server sent a ping";
    WhatIfClose: "브라우저가 연결을 닫는다면", "the browser closed the connection";
    WhatIfKill: "서버 프로세스가 죽는다면", "the server’s process died";
    WhatIfMend: "랜선을 다시 꽂는다면", "the cable were back";
    WhatIfCut: "랜선이 뽑힌다면", "the cable were pulled";

    // Controls
    Controls: "조작", "Controls";
    Message: "보낼 내용", "Message";
    Kind: "종류", "Kind";
    KindText: "텍스트", "Text";
    KindBinary: "바이너리", "Binary";
    BinaryHint: "16진수로 적습니다. 예: 00 ff 48 69", "In hexadecimal, e.g. 00 ff 48 69";
    Send: "보내기", "Send";
    ServerPing: "서버 핑", "Server ping";
    CompareBoth: "HTTP로 한 번, 웹소켓으로 한 번", "Once over HTTP, once over WebSocket";
    Close: "연결 닫기", "Close";
    CloseCodeLabel: "닫기 코드", "Close code";
    Reconnect: "다시 연결", "Reconnect";
    NotConnected: "연결이 닫혀 있습니다. ‘다시 연결’을 누르면 새로 시작합니다.", "The connection is closed. “Reconnect” begins a new one.";
    HexOdd: "16진수 숫자는 두 개가 한 바이트입니다. 마지막 바이트에 숫자 하나가 모자랍니다.", "Two hexadecimal digits make a byte: the last one lacks a digit.";
    CloseCodeRule: "페이지가 쓸 수 있는 닫기 코드는 1000과 3000–4999입니다. 나머지는 브라우저와 서버의 몫입니다.",
        "A page may close with 1000 or 3000–4999. The other codes belong to browsers and servers.";
    MessageTooLong: "한 번에 보낼 수 있는 내용은 64 KiB까지입니다.", "One message may have up to 64 KiB.";
}

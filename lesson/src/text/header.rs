//! What HTTP's headers are for, and what happens without them.

use super::Language;

/// What a header is for, and what happens without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    purpose: (&'static str, &'static str),
    without: (&'static str, &'static str),
}

impl Explanation {
    /// What it is for.
    pub const fn purpose(&self, language: Language) -> &'static str {
        language.pick(self.purpose.0, self.purpose.1)
    }

    /// What happens without it.
    pub const fn without(&self, language: Language) -> &'static str {
        language.pick(self.without.0, self.without.1)
    }
}

/// The explanation of a header by its name, in any case; a general one for a name that is not in the table.
pub fn explain(name: &str) -> &'static Explanation {
    let lower = name.to_ascii_lowercase();
    let matches = |pattern: &str| match pattern.strip_suffix('*') {
        Some(prefix) => lower.starts_with(prefix),
        None => lower == pattern,
    };
    TABLE.iter().find(|(pattern, _)| matches(pattern)).map_or(&UNKNOWN, |(_, explanation)| explanation)
}

/// Whether an upgrade, or its acceptance, cannot do without this header.
pub fn is_essential(name: &str) -> bool {
    let essential =
        ["host", "connection", "upgrade", "sec-websocket-key", "sec-websocket-version", "sec-websocket-accept"];
    essential.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The names that have an explanation of their own; `*` stands for any ending.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

macro_rules! headers {
    ($($name:literal: $purpose_ko:literal, $purpose_en:literal; $without_ko:literal, $without_en:literal;)+) => {
        static TABLE: &[(&str, Explanation)] = &[$((
            $name,
            Explanation { purpose: ($purpose_ko, $purpose_en), without: ($without_ko, $without_en) },
        ),)+];
    };
}

static UNKNOWN: Explanation = Explanation {
    purpose: (
        "이 수업에서 따로 다루지 않는 헤더입니다. 서버는 모르는 헤더를 그냥 지나칩니다.",
        "This course says nothing particular about this header. Servers skip headers that they do not know.",
    ),
    without: ("업그레이드에는 영향이 없습니다.", "The upgrade does not depend on it."),
};

headers! {
    "host":
        "어느 호스트를 찾아왔는지 알립니다. 주소 하나에 사이트 여럿이 있을 수 있어서 HTTP/1.1은 모든 요청에 이 헤더를 요구합니다.",
        "Names the host that is wanted. One address can have many sites, so HTTP/1.1 demands it in every request.";
        "서버는 400으로 거부합니다.", "The server answers with 400.";
    "connection":
        "바로 다음 상대(프록시나 서버)에게만 적용되는 헤더입니다. 값이 Upgrade이면 Upgrade 헤더를 눈여겨보라는 뜻입니다. 중간의 프록시는 이 헤더를 그대로 넘기지 않습니다.",
        "Speaks only to the next hop. With the value Upgrade it says: mind my Upgrade header. A proxy does not pass it on.";
        "업그레이드 요청이 되지 않아 서버는 400으로 답합니다.", "It is no upgrade request, and the server answers with 400.";
    "upgrade":
        "이 연결에서 앞으로 쓰고 싶은 프로토콜을 알립니다. 응답에 있으면 ‘그렇게 바꾸었다’는 뜻입니다.",
        "Names the protocol that this connection shall speak from now on. In the response it means: done.";
        "평범한 HTTP 요청입니다. 웹소켓만 받는 주소라면 서버는 426(Upgrade Required)으로 답합니다.",
        "It is an ordinary HTTP request. Where only WebSocket is served, the answer is 426 (Upgrade Required).";
    "origin":
        "어느 사이트의 페이지가 연결을 여는지 브라우저가 적습니다. 페이지의 JavaScript는 이 값을 바꿀 수 없어서, 서버가 낯선 사이트를 걸러 낼 수 있습니다.",
        "The browser writes which site’s page opens the connection. Page JavaScript cannot forge it, so a server can turn strangers away.";
        "브라우저가 아닌 프로그램은 보내지 않아도 됩니다. 서버가 확인하지 않으면 다른 사이트의 페이지도 사용자의 쿠키로 연결할 수 있습니다.",
        "Programs other than browsers may leave it out. A server that does not check it lets other sites connect with the user’s cookies.";
    "sec-websocket-key":
        "브라우저가 연결마다 새로 뽑는 16바이트 난수를 Base64로 적은 값입니다. 서버가 웹소켓을 아는지 확인하는 데 쓰며, 비밀번호나 인증이 아닙니다.",
        "16 random bytes, fresh for every connection, in Base64. It serves to see whether the server speaks WebSocket; it is neither a password nor authentication.";
        "서버는 Accept 값을 만들 수 없어 400으로 거부합니다.", "The server cannot make an Accept from it, and answers with 400.";
    "sec-websocket-version":
        "웹소켓 프로토콜의 버전입니다. 쓰이는 값은 13뿐입니다.",
        "The version of the WebSocket protocol. 13 is the only one in use.";
        "서버는 426으로 답하고, 자기가 아는 버전을 알려 줍니다.", "The server answers with 426 and says which version it knows.";
    "sec-websocket-accept":
        "서버가 이 요청을 읽고 웹소켓으로 받아들였다는 증거입니다. 요청의 키에서 네 단계로 만듭니다.",
        "The proof that the server has read this request and takes it as WebSocket: made from the request’s key in four steps.";
        "브라우저는 101을 받고도 연결을 거부합니다.", "The browser refuses the connection in spite of the 101.";
    "sec-websocket-extensions":
        "쓸 수 있는 확장을 제안합니다. permessage-deflate는 메시지를 압축하는 확장입니다. 서버가 응답에 적은 것만 켜집니다.",
        "Offers extensions. permessage-deflate compresses messages. Only what the server names in its response is switched on.";
        "확장 없이 연결합니다. 이 서버는 압축을 켜지 않아서 프레임의 내용이 그대로 보입니다.",
        "The connection does without extensions. This server accepts none, so the frames show their content as it is.";
    "sec-websocket-protocol":
        "웹소켓 위에서 쓸 약속, 곧 서브프로토콜의 후보입니다. 서버는 그중 하나를 골라 같은 헤더로 답합니다.",
        "Candidates for the subprotocol, the agreement on top of WebSocket. The server picks one and answers with the same header.";
        "서브프로토콜 없이 연결합니다.", "The connection has no subprotocol.";
    "user-agent":
        "브라우저의 이름과 버전입니다. HTTP에서는 이만한 바이트를 요청마다 되풀이해서 보냅니다.",
        "The browser’s name and version. With HTTP these bytes are sent again with every request.";
        "업그레이드에는 영향이 없습니다.", "The upgrade does not depend on it.";
    "accept":
        "어떤 형식의 응답을 받고 싶은지 알립니다.", "Says which media types the answer may have.";
        "서버는 어떤 형식으로든 답할 수 있습니다.", "The server may answer with any type.";
    "accept-encoding":
        "응답 본문을 어떤 방식으로 압축해도 되는지 알립니다. 웹소켓 메시지의 압축과는 관계가 없습니다.",
        "Says how the response’s body may be compressed. It has nothing to do with the compression of WebSocket messages.";
        "서버는 압축하지 않고 답합니다.", "The server answers without compression.";
    "accept-language":
        "사용자가 읽는 언어를 좋아하는 순서로 알립니다.", "The languages that the user reads, the preferred one first.";
        "서버는 자기의 기본 언어로 답합니다.", "The server answers in its default language.";
    "cache-control":
        "저장해 둔 응답을 써도 되는지 정합니다. no-cache는 서버에게 꼭 물어보라는 뜻입니다.",
        "Says whether a stored answer will do. no-cache means: ask the server.";
        "보통의 요청이라면 중간의 캐시가 대신 답할 수 있습니다. 101은 캐시에 저장되지 않습니다.",
        "A cache in between might answer an ordinary request. A 101 is never stored.";
    "pragma":
        "HTTP/1.0 시절의 Cache-Control입니다. 아주 오래된 캐시를 위해 함께 보냅니다.",
        "Cache-Control as it was in HTTP/1.0, still sent for very old caches.";
        "오늘날에는 거의 차이가 없습니다.", "Today it makes hardly any difference.";
    "cookie":
        "이 사이트가 브라우저에 맡겨 둔 값입니다. HTTP는 요청마다 다시 보내지만, 웹소켓에서는 이 요청에 한 번만 실립니다.",
        "What this site has left with the browser. HTTP sends it with every request; with WebSocket it travels once, in this request.";
        "서버는 사용자를 다른 방법으로 알아봐야 합니다.", "The server has to recognise its user in another way.";
    "content-length":
        "본문이 몇 바이트인지 알립니다. 어디서 메시지가 끝나는지 이 값으로 압니다.",
        "The number of bytes of the body, by which one knows where the message ends.";
        "요청이라면 본문이 없다는 뜻입니다. 응답이라면 연결이 닫힐 때까지가 본문입니다.",
        "For a request it means that there is no body; a response then goes on until the connection closes.";
    "content-type":
        "본문의 형식과 문자 인코딩입니다.", "The body’s media type and character encoding.";
        "받는 쪽이 형식을 짐작해야 합니다.", "The receiver has to guess the type.";
    "transfer-encoding":
        "본문을 토막으로 나누어 보낸다는 표시입니다.", "Says that the body comes in chunks.";
        "본문의 길이는 Content-Length가 정합니다.", "The body’s length is what Content-Length says.";
    "date":
        "서버가 응답을 만든 시각입니다.", "When the server made the response.";
        "받은 시각을 대신 씁니다.", "The time of arrival is taken instead.";
    "server":
        "서버 프로그램의 이름입니다.", "The name of the server program.";
        "아무 영향이 없습니다.", "Nothing depends on it.";
    "vary":
        "요청의 어떤 헤더에 따라 응답이 달라지는지 캐시에게 알립니다.", "Tells caches on which request headers the answer depends.";
        "캐시가 다른 사람에게 맞춘 응답을 내줄 수 있습니다.", "A cache may hand out an answer that was meant for somebody else.";
    "access-control-*":
        "다른 사이트의 페이지가 이 응답을 읽어도 되는지 브라우저에게 알립니다. 웹소켓에는 이 검사가 없어서 서버가 Origin을 직접 확인해야 합니다.",
        "Tells the browser whether pages of other sites may read this response. WebSocket has no such check: its server has to look at Origin.";
        "다른 사이트의 페이지는 응답을 읽을 수 없습니다.", "Pages of other sites cannot read the response.";
    "sec-fetch-*":
        "누가, 어떤 방식으로, 무엇을 위해 요청하는지 브라우저가 적습니다. 페이지가 꾸며 낼 수 없어서 서버가 수상한 요청을 가릴 수 있습니다.",
        "The browser writes who requests, how, and what for. Pages cannot forge it, so servers can sort out suspicious requests.";
        "업그레이드에는 영향이 없습니다.", "The upgrade does not depend on it.";
    "sec-ch-ua*":
        "브라우저의 이름, 버전, 운영 체제를 짧게 나누어 알립니다. User-Agent를 대신하려고 만든 헤더입니다.",
        "The browser’s name, version and platform in short pieces, made to replace User-Agent.";
        "업그레이드에는 영향이 없습니다.", "The upgrade does not depend on it.";
    "sec-gpc":
        "개인정보를 팔거나 나누지 말라는 뜻을 전합니다.", "Says that the user’s data shall not be sold or shared.";
        "업그레이드에는 영향이 없습니다.", "The upgrade does not depend on it.";
    "referer":
        "어느 페이지에서 보낸 요청인지 알립니다. 철자는 Referrer가 맞지만, 규격이 처음 나올 때의 오타가 굳었습니다.",
        "The page from which the request was made. (It should be “Referrer”; the first specification’s typo has stuck.)";
        "서버는 어디에서 왔는지 알 수 없습니다.", "The server does not know where the request came from.";
    "dnt":
        "추적하지 말아 달라는 부탁입니다. 지키는 서버는 드뭅니다.", "Asks not to be tracked. Few servers comply.";
        "업그레이드에는 영향이 없습니다.", "The upgrade does not depend on it.";
    "priority":
        "이 요청이 얼마나 급한지 알립니다.", "Says how urgent this request is.";
        "서버는 보통의 순서로 처리합니다.", "The server handles it in its usual order.";
    "authorization":
        "누구인지 증명하는 값입니다. 브라우저의 JavaScript는 웹소켓 요청에 이 헤더를 붙일 수 없습니다.",
        "Proves who one is. JavaScript in a browser cannot add it to a WebSocket request.";
        "서버가 로그인을 요구하면 401로 답합니다.", "A server that demands a login answers with 401.";
}

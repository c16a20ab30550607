//! What is to be done about a request, decided from its head alone.

use std::time::Duration;

use ws101_core::frame::CloseCode;
use ws101_core::handshake::server::{Policy, Rejection, judge};
use ws101_core::head::{BodyLength, Fields, RequestHead};

use super::lab::Poll;
use super::query::{query_value, split};
use super::response::Response;
use super::route::{Route, UNWANTED_BODY, WebSocketRoute};
use super::{UpgradeTo, files, probe};
use crate::gamelift;
use crate::pace::Pace;
use crate::server::Server;
use crate::tap::WatchId;
use crate::ws::{Compression, Misbehaviour};

/// What is to be done about a request.
pub(super) struct Plan {
    /// Bytes of the head.
    pub(super) head_len: usize,
    /// Bytes of the body that are to be read, whether or not somebody wants them.
    pub(super) body_len: usize,
    /// The request's target without its query.
    pub(super) path: String,
    /// Who claimed these bytes.
    pub(super) watch: Option<WatchId>,
    /// It is worth showing to who sees all: a WebSocket, or the laboratory.
    pub(super) is_shown: bool,
    /// The client waits for a word before it sends the body.
    pub(super) says_continue: bool,
    /// The response has no body: this is HEAD.
    pub(super) head_only: bool,
    /// No request follows.
    pub(super) close: bool,
    pub(super) action: Action,
}

/// The answer.
pub(super) enum Action {
    /// This one.
    Answer(Response),
    /// The body, given back; the response has these fields besides.
    Echo(Vec<(&'static str, String)>),
    /// A message of the laboratory, when it has arrived; fields as above.
    LongPoll(Poll, Vec<(&'static str, String)>),
    /// All of them, to the end of the connection; fields as above.
    Events(Pace, Vec<(&'static str, String)>),
    /// What the server answers to the body, which is sent to it over another connection; fields as above.
    Probe(Duration, Vec<(&'static str, String)>),
    /// What GameLift says to the body; fields as above.
    GameLift(gamelift::Call, Vec<(&'static str, String)>),
    /// Core's whole response to what breaks a rule.
    Refuse(Vec<u8>),
    /// The connection is upgraded.
    Upgrade(UpgradeTo, Agreed),
}

/// What was agreed on in the opening handshake.
#[derive(Default)]
pub(crate) struct Agreed {
    /// The 101, not written yet (none where somebody else makes it).
    pub(crate) response: Vec<u8>,
    pub(crate) compression: Option<Box<Compression>>,
}

impl Plan {
    pub(super) fn new(head: &RequestHead<'_>, server: &Server) -> Self {
        let (path, query) = split(head.path_and_query());
        let mut plan = Self {
            head_len: head.bytes().len(),
            body_len: 0,
            path: path.to_owned(),
            watch: None,
            is_shown: false,
            says_continue: false,
            head_only: head.method() == "HEAD",
            close: head.minor_version == 0 || head.fields.has_token("connection", "close"),
            action: Action::Answer(Response::sentence(404, NOT_FOUND)),
        };
        if let Some(finding) = head.fatal() {
            return plan.refuse(Rejection::new(head, finding).response());
        }
        match query_value(query, "watch").map(str::parse) {
            Some(Ok(watch)) => plan.watch = Some(watch),
            Some(Err(bad)) => return plan.end(400, &format!("{bad}")),
            None => {}
        }
        let mut route = Route::find(path);
        if path == "/" && head.fields.has_token("upgrade", "websocket") {
            // For clients that know only a host and a port.
            route = Some(Route::WebSocket(WebSocketRoute::Echo));
        }
        // What is shown of a probe is the probe, and not that somebody asked for it: its body may have secrets in it.
        plan.watch.take_if(|_| matches!(route, Some(Route::Probe)));
        plan.is_shown = route.is_some_and(Route::is_shown);
        let call = gamelift::Call::new(head, path, query);
        if call.is_some() {
            route = Some(Route::GameLift);
        }
        let is_open = matches!(route, Some(Route::WebSocket(route)) if route.is_open());
        if !is_open && !server.hosts.know(&head.fields) {
            return plan
                .end(421, "This server goes by another name: use its address, or start it with --allow-host NAME.");
        }
        if let Some(Route::WebSocket(route)) = route {
            return plan.upgrade(head, route, query, server);
        }
        match head.body() {
            BodyLength::Bytes(len) => plan.body_len = usize::try_from(len).unwrap_or(usize::MAX),
            _ => {
                return plan.end(411, "Send the body with a Content-Length: this server does not read chunked bodies.");
            }
        }
        if route.is_some_and(Route::is_guarded) && !server.origins.is_trusted(&head.fields) {
            return plan.end(403, OWN_PAGES);
        }
        let largest = route.map_or(UNWANTED_BODY, |route| route.largest_body(head.method()));
        if plan.body_len > largest.min(server.limits.max_message) {
            return plan.end(413, "The body is larger than this server takes.");
        }
        match head.fields.members("expect").next() {
            Some(what) if what.eq_ignore_ascii_case(b"100-continue") => plan.says_continue = head.minor_version > 0,
            Some(_) => return plan.end(417, "This server knows no expectation but 100-continue."),
            None => {}
        }
        if let Some(call) = call {
            plan.action = Action::GameLift(call, sharing(Route::GameLift, &head.fields, server));
        } else if let Some(route) = route {
            plan.action = answer(head, route, query, server);
        }
        plan
    }

    fn upgrade(mut self, head: &RequestHead<'_>, route: WebSocketRoute, query: &str, server: &Server) -> Self {
        // What shows others is never shown itself, not even when it is refused.
        let feed = self.watch.take_if(|_| matches!(route, WebSocketRoute::Wire));
        let by_itself = matches!(route, WebSocketRoute::Reference) && head.fields.has_token("upgrade", "websocket");
        let wants = query_value(query, "compression").map_or(server.limits.compression, |value| value == "on");
        let place = if wants && route.may_compress() { server.compression_place() } else { None };
        let agreed = match judge(head, &Policy { compression: place.is_some(), ..Policy::default() }) {
            // Its own handshake has its own verdict.
            _ if by_itself => Agreed::default(),
            Ok(acceptance) => Agreed {
                response: acceptance.response(),
                compression: acceptance.deflate.zip(place).map(|(agreed, place)| Compression::new(agreed, place)),
            },
            Err(rejection) => return self.refuse(rejection.response()),
        };
        let to = match route {
            WebSocketRoute::Echo => UpgradeTo::Echo,
            WebSocketRoute::Push => UpgradeTo::Push(Pace::from_query(query)),
            WebSocketRoute::Duplex => UpgradeTo::Duplex(Pace::from_query(query)),
            WebSocketRoute::Events => UpgradeTo::Events(Pace::from_query(query)),
            WebSocketRoute::Close => match close_code(query) {
                Some(code) => UpgradeTo::Close(code),
                None => return self.end(400, "Say a code that may be sent: /ws/close?code=4000."),
            },
            WebSocketRoute::Misbehave => match query_value(query, "frame").and_then(Misbehaviour::named) {
                Some(how) => UpgradeTo::Misbehave(how),
                None => {
                    let names = Misbehaviour::names();
                    return self.end(400, &format!("Say how: /ws/misbehave?frame=NAME, one of {names}."));
                }
            },
            WebSocketRoute::Reference => UpgradeTo::Reference,
            WebSocketRoute::GameServer | WebSocketRoute::Supervisor
                if head.fields.values("origin").next().is_some() =>
            {
                return self.end(403, "Game servers and their supervisors connect here, and no pages.");
            }
            WebSocketRoute::GameServer | WebSocketRoute::Supervisor => {
                match gamelift::Upgrade::new(&server.gamelift, &self.path, query) {
                    Ok(upgrade) => UpgradeTo::GameLift(upgrade),
                    Err(sentence) => return self.end(403, &sentence),
                }
            }
            WebSocketRoute::Wire | WebSocketRoute::Broadcast if !server.origins.is_trusted(&head.fields) => {
                return self.end(403, OWN_PAGES);
            }
            WebSocketRoute::Broadcast => match query_value(query, "teacher") {
                None => UpgradeTo::Broadcast(false),
                token if server.teacher.is(token) => UpgradeTo::Broadcast(true),
                Some(_) => return self.end(403, NOT_THE_TEACHER),
            },
            WebSocketRoute::Wire => match (feed, query_value(query, "teacher")) {
                (Some(watch), _) => UpgradeTo::Feed(Some(watch)),
                (None, token @ Some(_)) if server.teacher.is(token) => UpgradeTo::Feed(None),
                (None, Some(_)) => return self.end(403, NOT_THE_TEACHER),
                (None, None) => return self.end(400, "Say whose bytes: /ws/wire?watch=ID."),
            },
        };
        self.action = Action::Upgrade(to, agreed);
        self
    }

    fn refuse(mut self, response: Vec<u8>) -> Self {
        self.close = true;
        self.action = Action::Refuse(response);
        self
    }

    /// A refusal of our own, after which nothing is read: a body would not be understood, or not be wanted.
    fn end(mut self, status: u16, sentence: &str) -> Self {
        self.body_len = 0;
        self.close = true;
        self.action = Action::Answer(Response::sentence(status, sentence));
        self
    }
}

fn answer(head: &RequestHead<'_>, route: Route, query: &str, server: &Server) -> Action {
    let shared = sharing(route, &head.fields, server);
    let mut response = match (head.method(), route) {
        (method, _) if !route.allows(method) => {
            let sentence = format!("This path knows only {}.", route.methods());
            Response::sentence(405, &sentence).with("Allow", route.methods())
        }
        ("OPTIONS", _) => {
            let mut response = Response::new(204, "", &b""[..]).with("Allow", route.methods());
            if !shared.is_empty() {
                response.add("Access-Control-Allow-Methods", route.methods());
                response.add("Access-Control-Allow-Headers", "Content-Type");
                response.add("Access-Control-Max-Age", "600");
            }
            response
        }
        (_, Route::LabEcho) => return Action::Echo(shared),
        (_, Route::Probe) => return Action::Probe(probe::silence(query), shared),
        (_, Route::LabMessage) => Response::minimal(message(query)),
        (_, Route::LabPoll) => Poll::short(query, server.elapsed()).answer(server.elapsed()),
        (_, Route::LabLongPoll) => return Action::LongPoll(Poll::long(query, server.elapsed()), shared),
        (_, Route::LabEvents) => return Action::Events(Pace::from_query(query), shared),
        (_, Route::Counts) => counts(query, server),
        (_, Route::Page(file)) => files::respond(file, &head.fields),
        (_, Route::Status) => json(server.status().into_bytes()),
        // They are told apart before.
        (_, Route::WebSocket(_) | Route::GameLift) => Response::sentence(404, NOT_FOUND),
    };
    for (name, value) in shared {
        response.add(name, &value);
    }
    Action::Answer(response)
}

/// The fields by which a browser lets a page of another origin read the response; none where that was not allowed.
fn sharing(route: Route, fields: &Fields<'_>, server: &Server) -> Vec<(&'static str, String)> {
    match server.origins.allowed(fields) {
        Some(origin) if route.is_shared() => {
            vec![("Access-Control-Allow-Origin", origin.to_owned()), ("Vary", "Origin".to_owned())]
        }
        _ => Vec::new(),
    }
}

/// What went over the connections of the watch id in `of`; a `watch` would claim this very request.
fn counts(query: &str, server: &Server) -> Response {
    match query_value(query, "of").map(|id| id.parse().map(|watch| server.counts(&watch))) {
        Some(Ok(Ok(counts))) => json(counts),
        Some(Err(bad)) => Response::sentence(400, &format!("{bad}")),
        _ => Response::sentence(400, "Say whose: /api/counts?of=ID."),
    }
}

fn json(body: Vec<u8>) -> Response {
    Response::new(200, "application/json", body).with("Cache-Control", "no-store")
}

/// The code that the query asks for; 1000 if it asks for none.
fn close_code(query: &str) -> Option<CloseCode> {
    let code =
        query_value(query, "code").map_or(Ok(CloseCode::NORMAL), |text| text.parse().map(CloseCode::new)).ok()?;
    code.is_allowed_on_wire().then_some(code)
}

/// As long as the query's `size` says; 20 bytes if it does not.
fn message(query: &str) -> Vec<u8> {
    let size = query_value(query, "size").and_then(|text| text.parse().ok()).unwrap_or(20_usize).min(65_536);
    b"message ".iter().copied().chain(std::iter::repeat(b'.')).take(size).collect()
}

const OWN_PAGES: &str = "Only this server's own page may do this, or one of an origin given with --allow-origin.";
const NOT_THE_TEACHER: &str = "This is not the teacher's token: the server prints it.";
const NOT_FOUND: &str = "There is nothing at this path: open / for the page.";

//! What a step of a run was, as a sentence.

use ws101_core::Role;
use ws101_trace::Direction;

use super::{Language, item, say};
use crate::engine::{Act, Cause, Change, Flight, Happening, Timeline};

/// What happened in a step.
pub fn sentence(timeline: &Timeline, step: usize, language: Language) -> String {
    let now = timeline.clock(step);
    let flights = |role| timeline.run().flights(role).iter();
    let size = |flights: &[&Flight]| flights.iter().map(|flight| flight.bytes.len()).sum();
    match timeline.what(step) {
        None => language
            .pick(
                "TCP 연결이 열려 있습니다. 아직 아무도 말하지 않았습니다.",
                "The TCP connection is there. Nobody has spoken yet.",
            )
            .into(),
        Some(Happening::Crossed(role)) => {
            let came: Vec<_> = flights(role).filter(|flight| flight.arrived == Some(now)).collect();
            let ends = came.iter().any(|flight| flight.bytes.is_empty());
            let words = match (size(&came) > 0, ends, role) {
                (true, _, Role::Client) => ("서버에 도착했습니다", "reaches the server"),
                (true, _, Role::Server) => ("브라우저에 도착했습니다", "reaches the browser"),
                (_, true, Role::Client) => {
                    ("연결의 끝(FIN)이 서버에 도착했습니다", "the end of the stream (FIN) reaches the server")
                }
                (_, true, Role::Server) => {
                    ("연결의 끝(FIN)이 브라우저에 도착했습니다", "the end of the stream (FIN) reaches the browser")
                }
                _ if step == timeline.last() => {
                    ("확인이 끝내 오지 않아 TCP가 포기합니다", "no acknowledgement ever comes: TCP gives up")
                }
                _ => ("잃어버린 바이트를 TCP가 다시 보냅니다", "what was lost is sent again by TCP"),
            };
            arrived(role, words, size(&came), language)
        }
        Some(Happening::Wrote(role)) => {
            let sent: Vec<_> = flights(role).filter(|flight| flight.sent == now).collect();
            match size(&sent) {
                0 => of(role, ("TCP 연결을 끝냅니다", "ends the TCP connection"), 0, language),
                bytes => of(role, ("답을 보냅니다", "answers"), bytes, language),
            }
        }
        Some(Happening::Deadline(role)) => {
            of(role, ("기다릴 시간이 다 되었습니다", "has waited long enough"), 0, language)
        }
        Some(Happening::Idle) => language
            .pick(
                "오래 조용해서 중간의 프록시가 연결을 끊습니다.",
                "A proxy in between ends the connection, as nothing has crossed it for so long.",
            )
            .into(),
        Some(Happening::Input(number)) => match &timeline.scenario().inputs()[number].cause {
            Cause::End(role, act) => {
                let sent: Vec<_> = flights(*role).filter(|flight| flight.sent == now).collect();
                let bytes = if matches!(act, Act::Edit(_)) { 0 } else { size(&sent) };
                of(*role, words(act), bytes, language)
            }
            Cause::Link(change) => changed(*change, language).into(),
        },
    }
}

/// `▶ 브라우저: 업그레이드 요청을 보냅니다 (186 B)`
fn of(role: Role, words: (&str, &str), bytes: usize, language: Language) -> String {
    let who = match role {
        Role::Client => language.pick("브라우저: ", "browser: "),
        Role::Server => language.pick("서버: ", "server: "),
    };
    let words = [who, language.pick(words.0, words.1)].concat();
    arrived(role, (&words, &words), bytes, language)
}

/// `▶ 서버에 도착했습니다 (186 B)`
fn arrived(role: Role, words: (&str, &str), bytes: usize, language: Language) -> String {
    let direction = match role {
        Role::Client => Direction::ClientToServer,
        Role::Server => Direction::ServerToClient,
    };
    let mut text = [item::glyph(direction), " ", language.pick(words.0, words.1)].concat();
    if bytes > 0 {
        text.push_str(" (");
        text.push_str(&say::bytes(bytes));
        text.push(')');
    }
    text
}

const fn words(act: &Act) -> (&'static str, &'static str) {
    match act {
        Act::Open | Act::OpenWith(_) => ("업그레이드 요청을 보냅니다", "sends the upgrade request"),
        Act::Message { .. } => ("메시지를 보냅니다", "sends a message"),
        Act::Ping(_) => ("핑을 보냅니다", "sends a ping"),
        Act::Pong(_) => ("퐁을 보냅니다", "sends a pong"),
        Act::Close(..) => ("닫기 프레임을 보냅니다", "sends a Close frame"),
        Act::Bytes(_) => ("바이트를 그대로 보냅니다", "sends raw bytes"),
        Act::Edit(_) => ("다음에 보낼 바이트를 바꾸어 둡니다", "what it sends next will be changed"),
        Act::KeepAlive { .. } => ("조용하면 핑을 보내기로 합니다", "will send pings into silence"),
        Act::Echo(_) => ("메시지를 되돌려 줄지 정합니다", "decides whether to echo"),
        Act::Die => ("프로세스가 죽습니다", "the process dies"),
    }
}

const fn changed(change: Change, language: Language) -> &'static str {
    match change {
        Change::Cut => language
            .pick("랜선이 뽑혔습니다. 양쪽 모두 그 사실을 모릅니다.", "The cable is pulled. Neither end is told."),
        Change::Mend => language.pick("랜선을 다시 꽂았습니다.", "The cable is back."),
        _ => language.pick("선로의 성질이 바뀝니다.", "The link changes."),
    }
}

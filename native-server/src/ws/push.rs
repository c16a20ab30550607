//! `/ws/push`: the server speaks when it has something to say.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use ws101_core::MessageKind;

use super::Socket;
use super::drive::drive;
use crate::http::query_value;

/// How often a message is sent, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    every: Duration,
    size: usize,
}

impl Pace {
    /// From a query: `every` in milliseconds (1 to 60,000; 1,000 if not given), `size` in bytes (1 to 65,536; 20 if not given).
    pub(crate) fn from_query(query: &str) -> Self {
        let number = |name: &str| query_value(query, name).and_then(|text| text.parse::<u64>().ok());
        Self {
            every: Duration::from_millis(number("every").unwrap_or(1_000).clamp(1, 60_000)),
            // At most 65,536, which is a usize everywhere.
            size: number("size").unwrap_or(20).clamp(1, 65_536) as usize,
        }
    }
}

/// Sends numbered text messages until the peer has enough of them. What the peer sends is read and ignored.
pub(crate) async fn push(socket: &Socket, pace: Pace) {
    tokio::select! {
        () = drive(socket, |_, _, _| {}) => {}
        () = publish(socket, pace) => {}
    }
}

async fn publish(socket: &Socket, pace: Pace) {
    let mut ticks = interval(pace.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 1_u64.. {
        ticks.tick().await;
        socket.room().await;
        if socket.send(MessageKind::Text, text(number, pace.size).as_bytes()).is_err() {
            break;
        }
    }
    // The connection is closing: its driver ends it.
    std::future::pending::<()>().await;
}

/// `push 7 ····`, filled up with dots to `size` bytes where the number leaves room.
fn text(number: u64, size: usize) -> String {
    let mut text = format!("push {number} ");
    text.extend(std::iter::repeat_n('.', size.saturating_sub(text.len())));
    text.truncate(size.max(text.trim_end().len()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_numbered_and_have_the_size_that_was_asked_for() {
        assert_eq!(text(1, 20), "push 1 .............");
        assert_eq!(text(1234, 9), "push 1234");
        assert_eq!(text(1234, 1), "push 1234");
        assert_eq!(text(7, 65_536).len(), 65_536);
    }

    #[test]
    fn the_pace_is_kept_sane() {
        let pace = |query| Pace::from_query(query);
        assert_eq!(pace(""), Pace { every: Duration::from_secs(1), size: 20 });
        assert_eq!(pace("every=0&size=0"), Pace { every: Duration::from_millis(1), size: 1 });
        assert_eq!(pace("size=99999999&every=99999999"), Pace { every: Duration::from_secs(60), size: 65_536 });
        assert_eq!(pace("every=soon"), Pace { every: Duration::from_secs(1), size: 20 });
    }
}

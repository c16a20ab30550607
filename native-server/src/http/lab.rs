//! `/lab/poll`, `/lab/long-poll` and `/lab/events`: the same messages over each way that HTTP has.
//!
//! A message arrives on the server every so often (`every`, `size`: see [`Pace`]), numbered from the server's start on, so that
//! `message 17 ....` is the same one on whichever way it is fetched; `/ws/events` is the fourth way. A client that polls says
//! which number it has already (`after=16`; without it, it gets the newest), and is told the next one, or 204 when there is none
//! yet: at once by a poll, after 25 seconds by a long poll. The heads are as small as is right.

use std::time::Duration;

use super::query::query_value;
use super::response::Response;
use crate::pace::Pace;

/// What a poll asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Poll {
    pace: Pace,
    /// The number of the message that is wanted.
    number: u64,
}

impl Poll {
    /// A poll that takes the newest message, or the one after that which it has.
    pub(super) fn short(query: &str, elapsed: Duration) -> Self {
        let pace = Pace::from_query(query);
        let newest = pace.newest(elapsed);
        Self { pace, number: after(query, newest).map_or(newest, |after| after + 1) }
    }

    /// A poll that waits for the next message, or takes the one after that which it has.
    pub(super) fn long(query: &str, elapsed: Duration) -> Self {
        let pace = Pace::from_query(query);
        let newest = pace.newest(elapsed);
        Self { pace, number: after(query, newest).unwrap_or(newest) + 1 }
    }

    /// When it is to be answered, if that is later: with the message, or with nothing.
    pub(super) fn due(self, elapsed: Duration) -> Duration {
        self.pace.arrival(self.number).min(elapsed + LONGEST_POLL)
    }

    /// The response.
    pub(super) fn answer(self, elapsed: Duration) -> Response {
        if self.number > self.pace.newest(elapsed) {
            return Response::nothing();
        }
        Response::minimal(self.pace.text("message", self.number).into_bytes())
    }
}

/// The number that a client has. One that is not reached yet is of an earlier run of the server.
fn after(query: &str, newest: u64) -> Option<u64> {
    query_value(query, "after").and_then(|text| text.parse().ok()).filter(|&after| after <= newest)
}

/// The head of an event stream, which lasts as long as the connection.
pub(super) fn stream_head(fields: &[(&'static str, String)]) -> Vec<u8> {
    let mut head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n".to_owned();
    for (name, value) in fields {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// A message as an event.
pub(super) fn event(pace: Pace, number: u64) -> Vec<u8> {
    format!("data: {}\n\n", pace.text("message", number)).into_bytes()
}

/// Less than the 30 seconds after which common proxies give up.
const LONGEST_POLL: Duration = Duration::from_secs(25);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poll_takes_the_next_message_or_the_newest() {
        let at = Duration::from_millis(250);
        let number = |query: &str| (Poll::short(query, at).number, Poll::long(query, at).number);
        assert_eq!(number("every=100"), (3, 4));
        assert_eq!(number("every=100&after=1"), (2, 2));
        assert_eq!(number("every=100&after=3"), (4, 4));
        // Of an earlier run.
        assert_eq!(number("every=100&after=77"), (3, 4));
    }

    #[test]
    fn a_long_poll_ends_with_the_message_or_without() {
        let at = Duration::from_millis(250);
        assert_eq!(Poll::long("every=100", at).due(at), Duration::from_millis(300));
        assert_eq!(Poll::long("every=60000", at).due(at), at + LONGEST_POLL);
    }
}

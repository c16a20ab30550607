//! The expressions of SearchGameSessions: conditions joined by `AND`, and one attribute to sort by.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::ApiError;
use super::game_sessions::GameSessionShape;

/// What a session must be.
#[derive(Debug, Default)]
pub(super) struct Filter(Vec<Condition>);

#[derive(Debug)]
struct Condition {
    attribute: String,
    operator: &'static str,
    value: String,
}

/// The longer ones first, so that `<=` is not taken for `<`.
const OPERATORS: [&str; 7] = ["!=", "<>", "<=", ">=", "=", "<", ">"];

impl Filter {
    /// Reads `attribute operator value AND …`. `OR`, `NOT` and parentheses are not in this simulator.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let parts = text.split(" AND ");
        parts.map(Condition::parse).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn matches(&self, session: &GameSessionShape) -> bool {
        self.0.iter().all(|condition| condition.matches(session))
    }
}

impl Condition {
    fn parse(text: &str) -> Result<Self, ApiError> {
        let unreadable = || {
            ApiError::invalid(alloc::format!(
                "FilterExpression: `{}` cannot be read; this simulator has conditions joined by AND",
                text.trim()
            ))
        };
        let found = OPERATORS.iter().filter_map(|operator| Some((text.find(operator)?, *operator)));
        let (at, operator) =
            found.min_by_key(|(at, operator)| (*at, usize::MAX - operator.len())).ok_or_else(unreadable)?;
        let attribute = text[..at].trim();
        let value = text[at + operator.len()..].trim();
        let quoted = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
        let value = quoted.unwrap_or(value);
        if attribute_of(&GameSessionShape::default(), attribute).is_none() || value.contains(['\'', '(', ')']) {
            return Err(unreadable());
        }
        Ok(Self { attribute: attribute.into(), operator, value: value.into() })
    }

    fn matches(&self, session: &GameSessionShape) -> bool {
        let Some(is) = attribute_of(session, &self.attribute) else { return false };
        let ordering = compare(&is, &self.value);
        match self.operator {
            "=" => ordering == Ordering::Equal,
            "!=" | "<>" => ordering != Ordering::Equal,
            "<" => ordering == Ordering::Less,
            "<=" => ordering != Ordering::Greater,
            ">" => ordering == Ordering::Greater,
            _ => ordering != Ordering::Less,
        }
    }
}

/// Sorts by `attribute ASC` or `attribute DESC`; nothing leaves the order of creation.
pub(super) fn sort(sessions: &mut [GameSessionShape], expression: &str) -> Result<(), ApiError> {
    let mut words = expression.split_whitespace();
    let Some(attribute) = words.next() else { return Ok(()) };
    let descending = match words.next() {
        None | Some("ASC") => false,
        Some("DESC") => true,
        Some(_) => return Err(ApiError::invalid("SortExpression must end in ASC or DESC")),
    };
    if attribute_of(&GameSessionShape::default(), attribute).is_none() {
        return Err(ApiError::invalid(alloc::format!("SortExpression: there is no attribute {attribute}")));
    }
    let value = |session: &GameSessionShape| attribute_of(session, attribute).unwrap_or_default();
    sessions.sort_by(|left, right| {
        let ordering = compare(&value(left), &value(right));
        if descending { ordering.reverse() } else { ordering }
    });
    Ok(())
}

/// An attribute of a session, as text. `None`: there is no such attribute. Times are milliseconds.
fn attribute_of(session: &GameSessionShape, attribute: &str) -> Option<String> {
    if let Some(key) = attribute.strip_prefix("gameSessionProperties.") {
        let property = session.game_properties.iter().find(|property| property.key == key);
        return Some(property.map(|property| property.value.clone()).unwrap_or_default());
    }
    let free = session.current_player_session_count < session.maximum_player_session_count;
    Some(match attribute {
        "gameSessionId" => session.game_session_id.clone(),
        "gameSessionName" => session.name.clone().unwrap_or_default(),
        "creationTimeMillis" => session.creation_time.0.as_millis().to_string(),
        "playerSessionCount" => session.current_player_session_count.to_string(),
        "maximumSessions" => session.maximum_player_session_count.to_string(),
        "hasAvailablePlayerSessions" => free.to_string(),
        _ => return None,
    })
}

/// Numbers as numbers, all else as text.
fn compare(left: &str, right: &str) -> Ordering {
    match (left.parse::<i128>(), right.parse::<i128>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.cmp(right),
    }
}

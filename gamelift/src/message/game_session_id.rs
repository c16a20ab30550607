//! Game session ids (§2.5).

use alloc::string::String;

/// A game session id: `arn:aws:gamelift:<region>::gamesession/<fleet>/<id>` or `…/<fleet>/<location>/<id>`.
///
/// The region must look like a real one, `us-west-2`: Go and C# reject anything else before they send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameSessionId {
    /// Such as `us-west-2`.
    pub region: String,
    /// The fleet.
    pub fleet_id: String,
    /// The location, if it is one of several.
    pub location: Option<String>,
    /// The last part.
    pub id: String,
}

/// Not a game session id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl core::fmt::Display for NotAnId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("not a game session id: arn:aws:gamelift:<region>::gamesession/<fleet>/<id>")
    }
}

impl core::error::Error for NotAnId {}

impl GameSessionId {
    /// Reads an id, and checks what Go and C# check: length, characters, and the region's shape.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let characters = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '-');
        if text.len() > limits::ID_LENGTH || !text.chars().all(characters) {
            return Err(NotAnId);
        }
        let rest = text.strip_prefix("arn:aws:gamelift:").ok_or(NotAnId)?;
        let (region, path) = rest.split_once("::gamesession/").ok_or(NotAnId)?;
        let mut parts = path.split('/').map(String::from);
        let (fleet, second, third, more) = (parts.next(), parts.next(), parts.next(), parts.next());
        let (location, id) = match (second, third, more) {
            (Some(id), None, None) => (None, id),
            (location, Some(id), None) => (location, id),
            _ => return Err(NotAnId),
        };
        let fleet_id = fleet.ok_or(NotAnId)?;
        let empty = fleet_id.is_empty() || id.is_empty() || location.as_ref().is_some_and(String::is_empty);
        if empty || !is_region(region) {
            return Err(NotAnId);
        }
        Ok(Self { region: region.into(), fleet_id, location, id })
    }
}

impl core::fmt::Display for GameSessionId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "arn:aws:gamelift:{}::gamesession/{}/", self.region, self.fleet_id)?;
        if let Some(location) = &self.location {
            write!(f, "{location}/")?;
        }
        f.write_str(&self.id)
    }
}

/// `[a-z]{2}-[a-z]+-\d{1}`: what the SDKs take for a region.
pub(crate) fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let lower = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase());
    matches!((parts.next(), parts.next(), parts.next(), parts.next()), (Some(area), Some(name), Some(number), None)
        if area.len() == 2 && lower(area) && !name.is_empty() && lower(name)
            && number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Limits of the AWS API (§2.5). Lengths in bytes of UTF-8.
pub mod limits {
    /// Ids in requests of the SDK.
    pub const ID_LENGTH: usize = 256;
    /// Game properties of one game session.
    pub const GAME_PROPERTIES: usize = 16;
    /// The key of a game property.
    pub const GAME_PROPERTY_KEY: usize = 32;
    /// The value of a game property.
    pub const GAME_PROPERTY_VALUE: usize = 96;
    /// `GameSessionData`.
    pub const GAME_SESSION_DATA: usize = 262_144;
    /// `MatchmakerData`.
    pub const MATCHMAKER_DATA: usize = 390_000;
    /// `PlayerData`.
    pub const PLAYER_DATA: usize = 2048;
    /// The highest port.
    pub const PORT: u32 = 60_000;
    /// Players of one game session.
    pub const PLAYERS: u32 = 200;
}

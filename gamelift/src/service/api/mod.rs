//! The AWS API's operations, as far as this simulator has them: one table.
//!
//! Each operation is a method of [`Service`] with typed input and output; [`Service::call`] is the same by name and JSON.
//! Whoever speaks AWS JSON 1.1 or CBOR only has to carry the JSON and the [`ApiError`]s.

mod computes;
mod describe;
mod fleets;
mod game_sessions;
mod placements;
mod player_sessions;
mod search;
mod shape;

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::time::Duration;

use serde_json::Value;

pub use computes::{
    ComputeOutput, ComputeShape, ComputeTokenOutput, ComputesInput, ComputesOutput, NamedCompute, RegisterComputeInput,
};
pub use fleets::{
    CreateFleetInput, CreateFleetOutput, EventShape, FleetAttributes, FleetEventsInput, FleetEventsOutput, FleetIds,
    FleetsInput, FleetsOutput, LocationConfiguration, LocationInput, LocationOutput, LocationShape, LocationStateShape,
    LocationsOutput, Named,
};
pub use game_sessions::{
    CreateGameSessionInput, GameProperty, GameSessionDetail, GameSessionDetailsOutput, GameSessionOutput,
    GameSessionShape, GameSessionsInput, GameSessionsOutput, TerminateGameSessionInput, UpdateGameSessionInput,
};
pub use placements::{
    DesiredPlayerSession, PlacedPlayerSession, PlacementInput, PlacementOutput, PlacementShape, StartPlacementInput,
};
pub use player_sessions::{
    CreatePlayerSessionInput, CreatePlayerSessionsInput, PlayerSessionOutput, PlayerSessionShape, PlayerSessionsInput,
    PlayerSessionsOutput,
};
pub use shape::Timestamp;

use super::{ApiError, Service};

/// An output without members.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Empty {}

macro_rules! operations {
    ($($name:ident => $method:ident;)+) => {
        /// The names of the operations that this simulator has.
        pub const OPERATIONS: &[&str] = &[$(stringify!($name)),+];

        impl Service {
            /// Carries out an operation of the AWS API. Input and output are its JSON, as in AWS JSON 1.1.
            ///
            /// # Errors
            /// The modelled exceptions; `InvalidRequestException` also for an operation that is not in this simulator, and for
            /// members of wrong types.
            pub fn call(&mut self, now: Duration, operation: &str, input: Value) -> Result<Value, ApiError> {
                match operation {
                    $(stringify!($name) => {
                        let input = serde_json::from_value(input).map_err(|error| ApiError::invalid(error.to_string()))?;
                        let output = self.$method(now, input)?;
                        serde_json::to_value(output).map_err(|error| ApiError::invalid(error.to_string()))
                    })+
                    other => Err(ApiError::invalid(alloc::format!("{other} is not in this simulator"))),
                }
            }
        }
    };
}

operations! {
    ListFleets => list_fleets;
    DescribeFleetAttributes => describe_fleet_attributes;
    CreateFleet => create_fleet;
    DescribeFleetEvents => describe_fleet_events;
    CreateLocation => create_location;
    ListLocations => list_locations;
    RegisterCompute => register_compute;
    DeregisterCompute => deregister_compute;
    ListCompute => list_compute;
    DescribeCompute => describe_compute;
    GetComputeAuthToken => get_compute_auth_token;
    CreateGameSession => create_game_session;
    DescribeGameSessions => describe_game_sessions;
    DescribeGameSessionDetails => describe_game_session_details;
    SearchGameSessions => search_game_sessions;
    UpdateGameSession => update_game_session;
    TerminateGameSession => terminate_game_session;
    CreatePlayerSession => create_player_session;
    CreatePlayerSessions => create_player_sessions;
    DescribePlayerSessions => describe_player_sessions;
    StartGameSessionPlacement => start_game_session_placement;
    DescribeGameSessionPlacement => describe_game_session_placement;
    StopGameSessionPlacement => stop_game_session_placement;
}

/// The last part of an ARN, or the id itself: the API takes both for fleets and locations.
fn short(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// An input's member that must be there.
fn needed<'a>(value: &'a str, name: &str) -> Result<&'a str, ApiError> {
    if value.is_empty() { Err(ApiError::invalid(alloc::format!("{name} is missing"))) } else { Ok(value) }
}

/// One page: at most `limit` (1–100, else 100) of the items, starting where the token says; and the token for the next page.
fn page<T>(
    items: impl Iterator<Item = T>,
    limit: Option<u32>,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let start: usize = match token {
        None | Some("") => 0,
        Some(token) => token.parse().map_err(|_| ApiError::invalid("NextToken is not one of ours"))?,
    };
    let limit = limit.filter(|limit| (1..=100).contains(limit)).map_or(100, |limit| limit as usize);
    let mut items = items.skip(start);
    let found: Vec<T> = items.by_ref().take(limit).collect();
    let next = items.next().map(|_| (start + limit).to_string());
    Ok((found, next))
}

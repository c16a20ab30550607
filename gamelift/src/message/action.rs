//! The one table of Actions: requests with their responses, and pushes.

use alloc::string::{String, ToString as _};

use serde::ser::SerializeMap;

use super::dialect::{Dialect, Fields};
use super::{push, request, response};

macro_rules! requests {
    ($($name:ident => $response:ident, $call:literal;)+) => {
        /// The name of a request.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RequestAction {
            $(#[doc = concat!("SDK call: `", $call, "`.")] $name,)+
        }

        impl RequestAction {
            /// Every one of them, in the order of §2.2.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The `Action` on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// The call of the SDK that sends it.
            pub const fn sdk_call(self) -> &'static str {
                match self { $(Self::$name => $call),+ }
            }
        }

        /// A request of a server process.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant)] // Short-lived values; a box would be in everyone's way.
        pub enum Request {
            $(#[doc = concat!("See [`request::", stringify!($name), "`].")] $name(request::$name),)+
        }

        impl Request {
            /// Which request it is.
            pub const fn action(&self) -> RequestAction {
                match self { $(Self::$name(_) => RequestAction::$name),+ }
            }

            /// Reads the fields out of a message whose Action is known.
            pub(crate) fn read(action: RequestAction, text: &str) -> Result<Self, String> {
                match action {
                    $(RequestAction::$name => serde_json::from_str(text).map(Self::$name).map_err(|e| e.to_string()),)+
                }
            }
        }

        impl Fields for Request {
            fn fields<M: SerializeMap>(&self, dialect: Dialect, object: &mut M) -> Result<(), M::Error> {
                match self { $(Self::$name(fields) => fields.fields(dialect, object)),+ }
            }
        }

        impl Response {
            /// Reads the fields out of a successful answer to a request.
            pub(crate) fn read(action: RequestAction, text: &str) -> Result<Self, String> {
                match action {
                    $(RequestAction::$name => serde_json::from_str(text).map(Self::$response).map_err(|e| e.to_string()),)+
                }
            }
        }
    };
}

requests! {
    ActivateServerProcess => Nothing, "ProcessReady";
    HeartbeatServerProcess => Nothing, "(health loop)";
    ActivateGameSession => Nothing, "ActivateGameSession";
    UpdatePlayerSessionCreationPolicy => Nothing, "UpdatePlayerSessionCreationPolicy";
    AcceptPlayerSession => Nothing, "AcceptPlayerSession";
    RemovePlayerSession => Nothing, "RemovePlayerSession";
    DescribePlayerSessions => PlayerSessions, "DescribePlayerSessions";
    StartMatchBackfill => BackfillTicket, "StartMatchBackfill";
    StopMatchBackfill => Nothing, "StopMatchBackfill";
    GetComputeCertificate => ComputeCertificate, "GetComputeCertificate";
    GetFleetRoleCredentials => FleetRoleCredentials, "GetFleetRoleCredentials";
    TerminateServerProcess => Nothing, "ProcessEnding";
}

impl RequestAction {
    /// The request of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}

/// The fields of a successful answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// See [`response::Nothing`].
    Nothing(response::Nothing),
    /// See [`response::PlayerSessions`].
    PlayerSessions(response::PlayerSessions),
    /// See [`response::BackfillTicket`].
    BackfillTicket(response::BackfillTicket),
    /// See [`response::ComputeCertificate`].
    ComputeCertificate(response::ComputeCertificate),
    /// See [`response::FleetRoleCredentials`].
    FleetRoleCredentials(response::FleetRoleCredentials),
}

impl Fields for Response {
    fn fields<M: SerializeMap>(&self, dialect: Dialect, object: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Nothing(fields) => fields.fields(dialect, object),
            Self::PlayerSessions(fields) => fields.fields(dialect, object),
            Self::BackfillTicket(fields) => fields.fields(dialect, object),
            Self::ComputeCertificate(fields) => fields.fields(dialect, object),
            Self::FleetRoleCredentials(fields) => fields.fields(dialect, object),
        }
    }
}

macro_rules! pushes {
    ($($name:ident, $callback:literal;)+) => {
        /// A message that the service sends unasked.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant)] // Short-lived values; a box would be in everyone's way.
        pub enum Push {
            $(#[doc = concat!("See [`push::", stringify!($name), "`]. The SDK calls ", $callback, ".")] $name(push::$name),)+
        }

        impl Push {
            /// The `Action` on the wire.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name)),+ }
            }

            /// Reads a push. `None` for an Action that is not one: every SDK ignores it.
            pub(crate) fn read(action: &str, text: &str) -> Option<Result<Self, String>> {
                match action {
                    $(stringify!($name) => Some(serde_json::from_str(text).map(Self::$name).map_err(|e| e.to_string())),)+
                    _ => None,
                }
            }
        }

        impl Fields for Push {
            fn fields<M: SerializeMap>(&self, dialect: Dialect, object: &mut M) -> Result<(), M::Error> {
                match self { $(Self::$name(fields) => fields.fields(dialect, object)),+ }
            }
        }
    };
}

pushes! {
    CreateGameSession, "`OnStartGameSession`";
    UpdateGameSession, "`OnUpdateGameSession`";
    TerminateProcess, "`OnProcessTerminate`";
    RefreshConnection, "nothing of the game's";
}

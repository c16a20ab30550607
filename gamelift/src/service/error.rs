//! What can go wrong, by whose fault.

use alloc::string::String;

use crate::message::Outcome;
use crate::words::words;

/// A step that a state machine does not have. It names both states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible {
    /// Such as "game session".
    pub what: &'static str,
    /// Which one.
    pub id: String,
    /// Where it stands.
    pub from: &'static str,
    /// Where it was to go.
    pub to: &'static str,
}

impl core::fmt::Display for Impossible {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {} is {} and cannot become {}", self.what, self.id, self.from, self.to)
    }
}

impl core::error::Error for Impossible {}

/// An upgrade request is refused. The SDKs try again all the same (§1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status: 403.
    pub status: u16,
    /// A sentence for the log.
    pub why: String,
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.status, self.why)
    }
}

impl core::error::Error for Refused {}

/// A request of a process that is answered with an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Denied {
    pub(crate) outcome: Outcome,
    pub(crate) why: String,
}

impl Denied {
    pub(crate) fn bad_request(why: impl Into<String>) -> Self {
        Self { outcome: Outcome::BadRequest, why: why.into() }
    }

    pub(crate) fn not_found(why: impl Into<String>) -> Self {
        Self { outcome: Outcome::NotFound, why: why.into() }
    }
}

impl From<Impossible> for Denied {
    fn from(impossible: Impossible) -> Self {
        Self { outcome: Outcome::Conflict, why: alloc::format!("{impossible}") }
    }
}

words! {
    /// The modelled exceptions of the AWS API that this service has a use for.
    ApiErrorKind {
        /// Something in the input is missing or wrong. Also: an operation that is not in this simulator.
        InvalidRequest = "InvalidRequestException",
        /// Nothing has this id.
        NotFound = "NotFoundException",
        /// It is there already.
        Conflict = "ConflictException",
        /// No process is idle.
        FleetCapacityExceeded = "FleetCapacityExceededException",
        /// No slot is free.
        GameSessionFull = "GameSessionFullException",
        /// The game session is not in the state for it.
        InvalidGameSessionStatus = "InvalidGameSessionStatusException",
        /// The same token with other parameters.
        IdempotentParameterMismatch = "IdempotentParameterMismatchException",
        /// The process is not ready for it.
        NotReady = "NotReadyException",
        /// The caller may not.
        Unauthorized = "UnauthorizedException",
        /// A limit of the simulator's.
        LimitExceeded = "LimitExceededException",
    }
}

/// An error of the AWS API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// Which exception.
    pub kind: ApiErrorKind,
    /// `Message`.
    pub message: String,
}

impl ApiError {
    pub(crate) fn new(kind: ApiErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ApiErrorKind::InvalidRequest, message)
    }

    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::new(ApiErrorKind::NotFound, alloc::format!("there is no {what} {id}"))
    }
}

impl core::fmt::Display for ApiError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl core::error::Error for ApiError {}

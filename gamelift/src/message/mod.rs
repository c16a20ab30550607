//! Every request, response and push of the protocol: text in, types out, and back.
//!
//! Tolerant in reading exactly where the SDKs need it: keys in any order, unknown keys, `null` or nothing for absent values
//! (§0.8, §2.1). Exact in writing: integers are JSON integers, game properties an object of strings (§0.9, §2.4).
//! Section numbers here and elsewhere in this crate are those of the protocol's description in the crate's documentation.

mod action;
mod attribute;
mod connect;
pub(crate) mod dialect;
mod envelope;
mod game_session_id;
mod objects;
pub mod push;
pub mod request;
pub mod response;
mod status;

pub use action::{Push, Request, RequestAction, Response};
pub use attribute::AttributeValue;
pub use connect::{Authorization, ConnectQuery, MissingParameter};
pub use dialect::Dialect;
pub use envelope::{
    FromService, Unreadable, read_request, read_response, write_error, write_push, write_request, write_response,
};
pub use game_session_id::{GameSessionId, NotAnId, limits};
pub use objects::{
    GameSession, GameSessionStatus, Player, PlayerSession, PlayerSessionPolicy, PlayerSessionStatus, UpdateReason,
};
pub use status::Outcome;

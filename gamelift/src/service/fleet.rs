//! Fleets, their locations and computes.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

/// A fleet of the Anywhere kind. It is active as soon as it exists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fleet {
    /// `fleet-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// The names of its locations.
    pub locations: Vec<String>,
    /// When it was made.
    pub created: Duration,
}

/// A compute: a host that runs server processes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compute {
    /// Its fleet.
    pub fleet_id: String,
    /// Its name, the `ComputeId` of §1.2.
    pub name: String,
    /// Where it is.
    pub location: String,
    /// Where players connect to.
    pub ip_address: String,
    /// Where players connect to. May be empty.
    pub dns_name: String,
    /// For GetComputeCertificate. May be empty.
    pub certificate_path: String,
    /// When it was registered.
    pub created: Duration,
    /// The tokens that were handed out of late, with their ends.
    pub(crate) tokens: Vec<(String, Duration)>,
    /// How many processes a supervisor keeps running here, if there is one.
    pub(crate) supervised: Option<u32>,
}

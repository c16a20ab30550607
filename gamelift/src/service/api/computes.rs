//! Computes and their auth tokens.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::shape::{Timestamp, shape};
use super::{ApiError, Empty, Service, needed, page, short};
use crate::service::{ApiErrorKind, Compute, Fleet, ProcessKey, ProcessStatus, TerminationReason};

shape! { /// RegisterCompute.
RegisterComputeInput { fleet_id: String, compute_name: String, }
optional { location: String, ip_address: String, dns_name: String, certificate_path: String, } }
shape! { /// A compute.
ComputeShape { fleet_id: String, fleet_arn: String, compute_name: String, compute_arn: String, compute_status: String,
    location: String, ip_address: String, creation_time: Timestamp, game_lift_service_sdk_endpoint: String, }
optional { dns_name: String, } }
shape! { /// RegisterCompute and DescribeCompute.
ComputeOutput { compute: ComputeShape, } }
shape! { /// DescribeCompute, DeregisterCompute and GetComputeAuthToken: which one.
NamedCompute { fleet_id: String, compute_name: String, } }
shape! { /// ListCompute.
ComputesInput { fleet_id: String, } optional { location: String, limit: u32, next_token: String, } }
shape! { /// ListCompute.
ComputesOutput { compute_list: Vec<ComputeShape>, } optional { next_token: String, } }
shape! { /// GetComputeAuthToken.
ComputeTokenOutput { fleet_id: String, fleet_arn: String, compute_name: String, compute_arn: String, auth_token: String,
    expiration_timestamp: Timestamp, } }

impl Service {
    /// RegisterCompute: its answer has the WebSocket URL for `InitSDK`. Errors: no such fleet, a wrong location, an address
    /// missing, or a name that is taken.
    pub fn register_compute(&mut self, now: Duration, input: RegisterComputeInput) -> Result<ComputeOutput, ApiError> {
        let fleet = self.valid_fleet(&input.fleet_id)?.clone();
        let name = needed(&input.compute_name, "ComputeName")?;
        let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/');
        if name.len() > 128 || !name.chars().all(legal) {
            return Err(ApiError::invalid("ComputeName must be letters, digits and dashes"));
        }
        let location = input.location.as_deref().map(short).unwrap_or_default();
        if !fleet.locations.iter().any(|of_fleet| of_fleet == location) {
            return Err(ApiError::invalid(alloc::format!("Location must be one of {}'s: {location}", fleet.id)));
        }
        if input.ip_address.is_none() && input.dns_name.is_none() {
            return Err(ApiError::invalid("one of IpAddress and DnsName is needed"));
        }
        if self.computes.get(&(fleet.id.clone(), name.into())).is_some() {
            let message = alloc::format!("compute {name} is registered already in {}", fleet.id);
            return Err(ApiError::new(ApiErrorKind::Conflict, message));
        }
        let compute = Compute {
            fleet_id: fleet.id.clone(),
            name: name.into(),
            location: location.into(),
            ip_address: input.ip_address.unwrap_or_default(),
            dns_name: input.dns_name.unwrap_or_default(),
            certificate_path: input.certificate_path.unwrap_or_default(),
            created: now,
            tokens: Vec::new(),
            supervised: None,
        };
        let output = self.compute_shape(&compute);
        self.computes.insert((fleet.id, compute.name.clone()), compute);
        Ok(ComputeOutput { compute: output })
    }

    /// DeregisterCompute: its processes are told to end. Errors: no such compute.
    pub fn deregister_compute(&mut self, now: Duration, input: NamedCompute) -> Result<Empty, ApiError> {
        let compute = self.compute(&input)?;
        let name = (compute.fleet_id.clone(), compute.name.clone());
        let here: Vec<ProcessKey> = self
            .processes
            .values()
            .filter(|process| process.key.fleet_id == name.0 && process.key.compute_name == name.1)
            .filter(|process| process.status != ProcessStatus::Terminated)
            .map(|process| process.key.clone())
            .collect();
        self.computes.remove(&name);
        for key in here {
            self.begin_end(now, &key, TerminationReason::ComputeShuttingDown, "INTERRUPTED");
        }
        Ok(Empty {})
    }

    /// ListCompute. Errors: no such fleet.
    pub fn list_compute(&mut self, _: Duration, input: ComputesInput) -> Result<ComputesOutput, ApiError> {
        let fleet = &self.valid_fleet(&input.fleet_id)?.id;
        let location = input.location.as_deref().map(short);
        let found = self
            .computes
            .values()
            .filter(|compute| {
                compute.fleet_id == *fleet && location.is_none_or(|location| compute.location == location)
            })
            .map(|compute| self.compute_shape(compute));
        let (compute_list, next_token) = page(found, input.limit, input.next_token.as_deref())?;
        Ok(ComputesOutput { compute_list, next_token })
    }

    /// DescribeCompute. Errors: no such compute.
    pub fn describe_compute(&mut self, _: Duration, input: NamedCompute) -> Result<ComputeOutput, ApiError> {
        Ok(ComputeOutput { compute: self.compute_shape(self.compute(&input)?) })
    }

    /// GetComputeAuthToken: a token that is good for 15 min; the same again, as long as it has a third of that left.
    /// From the first one on, this compute's processes need one.
    /// Errors: no such compute.
    pub fn get_compute_auth_token(
        &mut self,
        now: Duration,
        input: NamedCompute,
    ) -> Result<ComputeTokenOutput, ApiError> {
        let compute = self.compute_shape(self.compute(&input)?);
        let name = (compute.fleet_id.clone(), compute.compute_name.clone());
        let lasts = self.config.timing.token;
        let fresh = (self.new_token(), now + lasts);
        let Some(row) = self.computes.change(&name) else { return Err(ApiError::not_found("compute", &name.1)) };
        // The newest of those that have expired is kept, so that whoever comes with it is told so.
        while row.tokens.len() > 1 && row.tokens[0].1 <= now {
            row.tokens.remove(0);
        }
        let (auth_token, end) = match row.tokens.last() {
            Some((token, end)) if now + lasts / 3 < *end => (token.clone(), *end),
            _ => {
                row.tokens.push(fresh.clone());
                fresh
            }
        };
        Ok(ComputeTokenOutput {
            fleet_id: compute.fleet_id,
            fleet_arn: compute.fleet_arn,
            compute_name: compute.compute_name,
            compute_arn: compute.compute_arn,
            auth_token,
            expiration_timestamp: Timestamp(end),
        })
    }

    /// As `fleet`, for operations of which NotFoundException is not modelled.
    fn valid_fleet(&self, id: &str) -> Result<&Fleet, ApiError> {
        self.fleet(id).map_err(|error| ApiError::invalid(error.message))
    }

    fn compute(&self, input: &NamedCompute) -> Result<&Compute, ApiError> {
        let fleet = self.fleet(&input.fleet_id)?.id.clone();
        // A compute's name may have a slash in it, an ARN has it behind `compute/`.
        let name = needed(&input.compute_name, "ComputeName")?;
        let name = name.split_once(":compute/").map_or(name, |(_, name)| name);
        self.computes.get(&(fleet, name.into())).ok_or_else(|| ApiError::not_found("compute", name))
    }

    fn compute_shape(&self, compute: &Compute) -> ComputeShape {
        ComputeShape {
            fleet_id: compute.fleet_id.clone(),
            fleet_arn: self.fleet_arn(&compute.fleet_id),
            compute_name: compute.name.clone(),
            compute_arn: alloc::format!(
                "arn:aws:gamelift:{}:000000000000:compute/{}",
                self.config.region,
                compute.name
            ),
            compute_status: "ACTIVE".into(),
            location: compute.location.clone(),
            ip_address: compute.ip_address.clone(),
            creation_time: Timestamp(compute.created),
            game_lift_service_sdk_endpoint: self.config.endpoint.clone(),
            dns_name: Some(compute.dns_name.clone()).filter(|name| !name.is_empty()),
        }
    }
}

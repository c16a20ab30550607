//! Fleets, their events, and locations.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::shape::{Timestamp, shape};
use super::{ApiError, Service, needed, page, short};
use crate::service::{ApiErrorKind, Fleet};

shape! { /// ListFleets and DescribeFleetAttributes.
FleetsInput {} optional { fleet_ids: Vec<String>, limit: u32, next_token: String, } }
shape! { /// ListFleets.
FleetIds { fleet_ids: Vec<String>, } optional { next_token: String, } }
shape! { /// DescribeFleetAttributes.
FleetsOutput { fleet_attributes: Vec<FleetAttributes>, } optional { next_token: String, } }
shape! { /// A fleet.
FleetAttributes { fleet_id: String, fleet_arn: String, name: String, description: String, status: String,
    compute_type: String, creation_time: Timestamp, } }
shape! { /// One location of a new fleet.
LocationConfiguration { location: String, } }
shape! { /// CreateFleet.
CreateFleetInput { name: String, } optional { description: String, compute_type: String,
    locations: Vec<LocationConfiguration>, } }
shape! { /// A location with its state.
LocationStateShape { location: String, status: String, } }
shape! { /// CreateFleet.
CreateFleetOutput { fleet_attributes: FleetAttributes, location_states: Vec<LocationStateShape>, } }
shape! { /// DescribeFleetEvents.
FleetEventsInput { fleet_id: String, } optional { start_time: Timestamp, end_time: Timestamp, limit: u32, next_token: String, } }
shape! { /// An event of a fleet.
EventShape { event_id: String, resource_id: String, event_code: String, message: String, event_time: Timestamp, } }
shape! { /// DescribeFleetEvents.
FleetEventsOutput { events: Vec<EventShape>, } optional { next_token: String, } }
shape! { /// CreateLocation.
LocationInput { location_name: String, } }
shape! { /// A location.
LocationShape { location_name: String, location_arn: String, } }
shape! { /// CreateLocation.
LocationOutput { location: LocationShape, } }
shape! { /// ListLocations.
LocationsOutput { locations: Vec<LocationShape>, } optional { next_token: String, } }
shape! { /// ListLocations: which ones.
Named {} optional { filters: Vec<String>, limit: u32, next_token: String, } }

impl Service {
    /// ListFleets. Errors: a wrong `NextToken`.
    pub fn list_fleets(&mut self, _: Duration, input: FleetsInput) -> Result<FleetIds, ApiError> {
        let all = self.fleets.values().map(|fleet| fleet.id.clone());
        let (fleet_ids, next_token) = page(all, input.limit, input.next_token.as_deref())?;
        Ok(FleetIds { fleet_ids, next_token })
    }

    /// DescribeFleetAttributes. Errors: one of the fleets is not there.
    pub fn describe_fleet_attributes(&mut self, _: Duration, input: FleetsInput) -> Result<FleetsOutput, ApiError> {
        let wanted = input.fleet_ids.unwrap_or_default();
        for id in &wanted {
            self.fleet(id)?;
        }
        let chosen = |fleet: &&Fleet| wanted.is_empty() || wanted.iter().any(|id| short(id) == fleet.id);
        let found = self.fleets.values().filter(chosen).map(|fleet| self.fleet_attributes(fleet));
        let (fleet_attributes, next_token) = page(found, input.limit, input.next_token.as_deref())?;
        Ok(FleetsOutput { fleet_attributes, next_token })
    }

    /// CreateFleet, of the Anywhere kind: the simulator has no machines of its own. Errors: another kind, an unknown location.
    pub fn create_fleet(&mut self, now: Duration, input: CreateFleetInput) -> Result<CreateFleetOutput, ApiError> {
        needed(&input.name, "Name")?;
        if input.compute_type.as_deref() != Some("ANYWHERE") {
            return Err(ApiError::invalid("ComputeType must be ANYWHERE: this simulator has no computes of its own"));
        }
        let names: Vec<String> =
            input.locations.unwrap_or_default().into_iter().map(|location| short(&location.location).into()).collect();
        if names.is_empty() {
            return Err(ApiError::invalid("Locations is missing: an Anywhere fleet needs one"));
        }
        if let Some(unknown) = names.iter().find(|name| self.locations.get(*name).is_none()) {
            return Err(ApiError::invalid(alloc::format!("there is no location {unknown}; CreateLocation makes one")));
        }
        let id = self.new_id("fleet-");
        let states =
            names.iter().map(|name| LocationStateShape { location: name.clone(), status: "ACTIVE".into() }).collect();
        self.add_fleet(now, id.clone(), input.name, input.description.unwrap_or_default(), names);
        Ok(CreateFleetOutput { fleet_attributes: self.fleet_attributes(self.fleet(&id)?), location_states: states })
    }

    /// DescribeFleetEvents: GameLift's own event codes, the newest first. Errors: no such fleet.
    pub fn describe_fleet_events(
        &mut self,
        _: Duration,
        input: FleetEventsInput,
    ) -> Result<FleetEventsOutput, ApiError> {
        let fleet = self.fleet(&input.fleet_id)?.id.clone();
        let from = input.start_time.unwrap_or_default().0;
        let until = input.end_time.map_or(Duration::MAX, |end| end.0);
        let found = self
            .events
            .iter()
            .rev()
            .filter(|event| event.fleet_id == fleet && event.code.is_gamelift() && (from..=until).contains(&event.at))
            .map(|event| EventShape {
                event_id: alloc::format!("event-{}", event.number),
                resource_id: fleet.clone(),
                event_code: event.code.word().into(),
                message: event.message.clone(),
                event_time: Timestamp(event.at),
            });
        let (events, next_token) = page(found, input.limit, input.next_token.as_deref())?;
        Ok(FleetEventsOutput { events, next_token })
    }

    /// CreateLocation. Errors: a name without `custom-`, or one that is there already.
    pub fn create_location(&mut self, now: Duration, input: LocationInput) -> Result<LocationOutput, ApiError> {
        let name = input.location_name;
        if !name.starts_with("custom-") || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(ApiError::invalid("LocationName must be `custom-` and letters, digits or dashes"));
        }
        if self.locations.get(&name).is_some() {
            return Err(ApiError::new(ApiErrorKind::Conflict, alloc::format!("location {name} is there already")));
        }
        self.locations.insert(name.clone(), now);
        Ok(LocationOutput { location: self.location_shape(&name) })
    }

    /// ListLocations. Errors: a wrong `NextToken`.
    pub fn list_locations(&mut self, _: Duration, input: Named) -> Result<LocationsOutput, ApiError> {
        let all = self.locations.iter().map(|(name, _)| self.location_shape(name));
        let (locations, next_token) = page(all, input.limit, input.next_token.as_deref())?;
        Ok(LocationsOutput { locations, next_token })
    }

    pub(super) fn fleet(&self, id: &str) -> Result<&Fleet, ApiError> {
        let id = short(needed(id, "FleetId")?);
        self.fleets.get(id).ok_or_else(|| ApiError::not_found("fleet", id))
    }

    pub(super) fn fleet_arn(&self, id: &str) -> String {
        alloc::format!("arn:aws:gamelift:{}:000000000000:fleet/{id}", self.config.region)
    }

    fn fleet_attributes(&self, fleet: &Fleet) -> FleetAttributes {
        FleetAttributes {
            fleet_id: fleet.id.clone(),
            fleet_arn: self.fleet_arn(&fleet.id),
            name: fleet.name.clone(),
            description: fleet.description.clone(),
            status: "ACTIVE".into(),
            compute_type: "ANYWHERE".into(),
            creation_time: Timestamp(fleet.created),
        }
    }

    fn location_shape(&self, name: &str) -> LocationShape {
        let location_arn = alloc::format!("arn:aws:gamelift:{}:000000000000:location/{name}", self.config.region);
        LocationShape { location_name: name.into(), location_arn }
    }
}

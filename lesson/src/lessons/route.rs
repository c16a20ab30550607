//! The way through a class of 45 minutes, as one link: what follows what, and how long it takes.
//!
//! Its stops are those of what is built; a lesson that is added takes its row here.

use super::Place;
use crate::text::Language;

/// A stop: an address, and the minutes that it takes.
pub struct Stop {
    /// The address, without inputs.
    pub fragment: &'static str,
    /// The minutes.
    pub minutes: u8,
}

impl Stop {
    const fn new(fragment: &'static str, minutes: u8) -> Self {
        Self { fragment, minutes }
    }

    /// The address with which one is on the route.
    pub fn fragment(&self) -> String {
        [self.fragment, SUFFIX].concat()
    }

    /// The title of the lesson there; `None` for a view of the live page.
    pub fn title(&self, language: Language) -> Option<&'static str> {
        Some(Place::read(self.fragment)?.0.lesson.title(language))
    }
}

/// All stops, in order.
pub static ROUTE: [Stop; 4] = [
    Stop::new("live/upgrade", 4),
    Stop::new("handshake/request", 10),
    Stop::new("live/frames", 11),
    Stop::new("live/overhead", 8),
];

/// The address of the route's beginning.
pub const START: &str = "route";

/// What stands behind an address on the route. No input has a `;` in it.
pub const SUFFIX: &str = ";route";

/// The number of the stop that an address belongs to, whatever step and inputs it has.
pub fn stop_at(fragment: &str) -> Option<usize> {
    let lesson = |fragment| Place::read(fragment).map(|(place, _)| place.lesson.id());
    ROUTE.iter().position(|stop| match lesson(stop.fragment) {
        None => stop.fragment == fragment,
        known => known == lesson(fragment),
    })
}

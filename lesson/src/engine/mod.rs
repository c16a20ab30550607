//! A whole connection in one place: two `core` endpoints on a simulated link, in virtual time.
//!
//! A [`Scenario`] is a seed and inputs. A [`Run`] of it makes the [`Trace`](ws101_trace::Trace) that the tap at a server would have
//! recorded, and beside it [what each end learned, and when](Learned). A [`Player`] moves through a run: a step forward or back, to a
//! time, up to an event; and changes the scenario with the original kept for comparison. An [`Address`] is a place in a lesson as a
//! URL's fragment.
//!
//! **The same scenario makes the same bytes at the same times, on every platform**: there are only integers here, times are whole
//! microseconds, and what happens at the same time has an order.
//!
//! ```
//! use std::time::Duration;
//! use ws101_core::Role;
//! use ws101_lesson::engine::{Act, Fact, Player, Scenario};
//!
//! let mut scenario = Scenario::new(7);
//! scenario.push(Duration::ZERO, Role::Client, Act::Open);
//! scenario.push(Duration::from_secs(1), Role::Client, Act::text("안녕"));
//! let mut player = Player::new(scenario);
//! assert!(player.until(&|learned| learned.role == Role::Client && matches!(learned.fact, Fact::Message(..))));
//! assert_eq!(player.clock().as_millis(), 1003); // The server echoes.
//! assert!(player.back());
//! ```

mod address;
mod end;
mod link;
mod player;
mod random;
mod request;
mod run;
mod scenario;

pub use address::{Address, AddressError};
pub use end::{Fact, NotSent, Stage};
pub use link::Flight;
pub use player::Player;
pub use random::Random;
pub(crate) use request::{ENCODINGS, HOST, LANGUAGES, ORIGIN, USER_AGENT};
pub use run::{Learned, Run};
pub use scenario::{Act, Cause, Change, Edit, Input, Scenario};

#[cfg(test)]
mod tests;

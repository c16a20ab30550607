//! A whole connection in one place: two `core` endpoints on a simulated link, in virtual time.
//!
//! A [`Scenario`] is a seed and inputs. A [`Run`] of it makes the [`Trace`](ws101_trace::Trace) that the tap at a server would have
//! recorded, and beside it [what each end learned, and when](Learned). A [`Timeline`] is a whole run with an index of its steps: to step
//! on or back, to a time, up to an event is to look into it, and a fork is another one beside it. A scenario can be written as a text
//! that an address can hold.
//!
//! **The same scenario makes the same bytes at the same times, on every platform**: there are only integers here, times are whole
//! microseconds, and what happens at the same time has an order.
//!
//! ```
//! use std::time::Duration;
//! use ws101_core::Role;
//! use ws101_lesson::engine::{Act, Fact, Scenario, Timeline};
//!
//! let mut scenario = Scenario::new(7);
//! scenario.push(Duration::ZERO, Role::Client, Act::Open);
//! scenario.push(Duration::from_secs(1), Role::Client, Act::text("안녕"));
//! let timeline = Timeline::new(scenario, None);
//! let echoed = timeline.until(0, |learned| learned.role == Role::Client && matches!(learned.fact, Fact::Message(..)));
//! assert_eq!(echoed.map(|step| timeline.clock(step).as_millis()), Some(1003)); // The server echoes.
//! ```

mod code;
mod end;
mod link;
mod random;
mod request;
mod run;
mod scenario;
mod timeline;

pub use code::CodeError;
pub use end::{Fact, NotSent, Stage};
pub use link::Flight;
pub use random::Random;
pub(crate) use request::{ENCODINGS, HOST, LANGUAGES, ORIGIN, USER_AGENT};
pub use run::{Happening, Learned, Run};
pub use scenario::{Act, Cause, Change, Edit, Input, Scenario};
pub use timeline::Timeline;

#[cfg(test)]
mod tests;

//! What the lessons say and do, without anything that shows it: no DOM, no clock, no randomness, no network.
//!
//! - [`text`]: every word of the page in Korean and English.
//! - [`live`]: the reducer of the live page. Actions and the time go in, the state changes, and [`live::Effect`]s come out, which
//!   whoever shows the page carries out.
//! - [`engine`]: both ends of a connection on a simulated link, in virtual time: runs of scenarios, and moving through them.
//! - [`lessons`]: the lessons, each a file that says what is on the stage at a step and for its inputs.
//! - [`sim`]: both ends of a connection in one place, on a simulated link in virtual time, yielding the same
//!   [`Trace`](ws101_trace::Trace) as the server's tap.

pub mod engine;
pub mod lessons;
pub mod live;
pub mod sim;
pub mod text;

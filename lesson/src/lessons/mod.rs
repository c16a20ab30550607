//! The lessons.
//!
//! A [`Lesson`] says what is on the stage at a [`Place`]: a step, and inputs by name. Nothing else of it is remembered, so going
//! back is as cheap as going on, and a place is an address that shows the same bytes anywhere. What crosses the wire there is the
//! run of a scenario, and a [`Performance`] is that run as far as the place says. A new lesson is a file with its words, and a
//! row in [`LESSONS`].

mod handshake;
mod performance;
mod place;
pub mod route;
mod scene;
mod what_if;

use crate::text::Language;

pub use performance::Performance;
pub use place::{LONGEST, Place};
pub use scene::{Block, Check, Choice, Line, Options, Outcome, Question, Scene, Toggle};
pub use what_if::WhatIf;

/// All that are built, in the order of the course.
pub static LESSONS: &[&dyn Lesson] = &[&handshake::Handshake];

/// A lesson.
pub trait Lesson: Sync {
    /// Its name in addresses.
    fn id(&self) -> &'static str;

    /// Its title.
    fn title(&self, language: Language) -> &'static str;

    /// The names of its steps in addresses.
    fn steps(&self) -> &'static [&'static str];

    /// The title of a step, and its one idea.
    fn step(&self, step: usize, language: Language) -> [&'static str; 2];

    /// More about a step, for who wants to read on.
    fn more(&self, step: usize, language: Language) -> Vec<&'static str>;

    /// Whether there is an input of this name that can have this value.
    fn takes(&self, name: &str, value: &str) -> bool;

    /// An input is set: what else this changes.
    fn follow_up(&self, _place: &mut Place, _name: &str) {}

    /// What is on the stage.
    fn scene(&self, place: &Place, language: Language) -> Scene;
}

#[cfg(test)]
mod tests;

//! What is on the stage, as values: whoever shows a lesson knows these blocks, and no lesson.

use std::time::Duration;

use ws101_core::rules::Finding;
use ws101_trace::Direction;

use super::Place;
use crate::engine::Scenario;

/// What a lesson shows at a place.
pub struct Scene {
    /// What is run.
    pub scenario: Scenario,
    /// The run stops there: what comes later would give the answer away.
    pub held: Option<Duration>,
    /// What one works with.
    pub bench: Vec<Block>,
    /// What is asked before the rest is shown.
    pub question: Option<Question>,
    /// What is shown behind the question; nothing while it waits for an answer.
    pub shown: Vec<Block>,
}

impl Scene {
    /// Whether a question waits for its answer.
    pub fn is_waiting(&self) -> bool {
        self.question.as_ref().is_some_and(Question::is_open)
    }
}

/// A part of the stage. What can be changed says which input of the place it sets, and to what.
pub enum Block {
    /// The lines of a request, to be switched off and rewritten.
    Lines(Vec<Line>),
    /// One of many.
    Choice(Choice),
    /// Some of several, and what they are.
    Toggles(&'static str, Vec<Toggle>),
    /// A list of checks in their order, and whose.
    Checks(&'static str, Vec<Check>),
    /// The answer in one line, once it has come, and what it is for.
    Answer(Option<Finding>),
    /// A direction's head, byte by byte.
    Head(Direction),
    /// From the key to the accept value.
    Accept,
    /// The byte at which HTTP ends.
    Switch,
    /// The request can be sent to a real server, which should answer with these bytes.
    Probe(Vec<u8>, Vec<u8>),
}

/// A line of a request.
pub struct Line {
    /// The input.
    pub name: String,
    /// It is sent.
    pub on: bool,
    /// What it says, control characters as their pictures.
    pub text: String,
    /// A rule is broken here.
    pub broken: bool,
    /// What it is for.
    pub why: Option<&'static str>,
    /// The status line without it.
    pub without: Option<String>,
    /// What happens without it.
    pub because: Option<&'static str>,
}

impl Line {
    /// The input's value for the other of on and off.
    pub fn switched(&self) -> String {
        Self::value(!self.on, &self.text)
    }

    /// The input's value for another text, which is sent.
    pub fn value(on: bool, text: &str) -> String {
        [if on { "1" } else { "0" }, text].concat()
    }
}

/// One of many.
pub struct Choice {
    /// The input.
    pub name: &'static str,
    /// What is chosen.
    pub label: &'static str,
    /// The value that is.
    pub chosen: String,
    /// Groups of values with what they are called.
    pub groups: Vec<(&'static str, Vec<(&'static str, &'static str)>)>,
}

/// Something to be switched.
pub struct Toggle {
    /// The input.
    pub name: &'static str,
    /// Its value once this is switched.
    pub value: String,
    /// What is switched.
    pub label: &'static str,
    /// It is on.
    pub on: bool,
}

/// A check and what came of it.
pub struct Check {
    /// What is checked.
    pub label: &'static str,
    /// What came of it.
    pub outcome: Outcome,
    /// The rules that are broken there.
    pub findings: Vec<Finding>,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// In order.
    Passed,
    /// The first fatal violation: a strict reader stops.
    Fired,
    /// Wrong as well, but it was not this that stopped the reader.
    Also,
    /// The reader had stopped before.
    Unread,
}

/// A question: predict, then observe, then explain.
pub struct Question {
    /// The input that has the answer.
    pub name: String,
    /// The question.
    pub text: String,
    /// What can be answered.
    pub options: Options,
    /// The right answer, found out by doing it.
    pub right: String,
    /// The answer that was given; `skip` for none.
    pub given: Option<String>,
    /// Why it is so.
    pub why: String,
}

impl Question {
    /// The question of a place's step.
    #[inline(never)]
    pub fn at(place: &Place, text: String, options: Options, right: String, why: String) -> Self {
        let name = place.guess_name();
        Self { given: place.input(&name).map(str::to_owned), name, text, options, right, why }
    }

    /// It was answered, or passed over.
    pub fn is_open(&self) -> bool {
        self.given.is_none()
    }

    /// How an answer is called.
    pub fn label<'a>(&'a self, value: &'a str) -> &'a str {
        let Options::Choice(options) = &self.options else { return value };
        options.iter().find(|(known, _)| *known == value).map_or(value, |(_, label)| label)
    }
}

/// What can be answered.
pub enum Options {
    /// One of these values, with what they are called.
    Choice(Vec<(&'static str, &'static str)>),
    /// A number.
    Number,
}

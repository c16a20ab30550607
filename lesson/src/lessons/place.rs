//! Where one is in a lesson, and its address.

use std::fmt;

use super::route::SUFFIX;
use super::{LESSONS, Lesson};
use crate::engine::Scenario;

/// A step of a lesson with the inputs so far.
#[derive(Clone)]
pub struct Place {
    /// The lesson.
    pub lesson: &'static dyn Lesson,
    /// The step's number.
    pub step: usize,
    inputs: Vec<(String, String)>,
}

impl Place {
    /// The beginning of a lesson.
    pub fn start(lesson: &'static dyn Lesson) -> Self {
        Self { lesson, step: 0, inputs: Vec::new() }
    }

    /// The place of an address, `LESSON/STEP?v=1&NAME=VALUE…`, and the first part of it that was not understood, in whose place
    /// defaults are taken. `None` where no lesson has that name.
    pub fn read(fragment: &str) -> Option<(Self, Option<&str>)> {
        let fragment = fragment.trim_start_matches('#');
        let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let (id, step) = path.split_once('/').unwrap_or((path, ""));
        let lesson = *LESSONS.iter().find(|lesson| lesson.id() == id)?;
        let mut place = Self::start(lesson);
        let mut misread = None;
        match lesson.steps().iter().position(|known| *known == step) {
            Some(number) => place.step = number,
            None if step.is_empty() => {}
            None => misread = Some(step),
        }
        if fragment.len() > LONGEST {
            return Some((place, misread.or_else(|| query.get(..40))));
        }
        let mut parts = query.split('&').filter(|part| !part.is_empty());
        if let Some(version) = parts.next().filter(|version| *version != VERSION) {
            return Some((place, misread.or(Some(version))));
        }
        for part in parts {
            let input = part.split_once('=').and_then(|(name, value)| Some((name, decode(value)?)));
            match input.filter(|(name, value)| place.takes(name, value)) {
                Some((name, value)) => place.put(name, &value),
                None => misread = misread.or(Some(part)),
            }
        }
        Some((place, misread))
    }

    /// The address, without its `#`: at most [`LONGEST`] bytes, or else [`set`](Self::set) has refused.
    pub fn fragment(&self) -> String {
        let mut text = self.path();
        for (index, (name, value)) in self.inputs.iter().enumerate() {
            if index == 0 {
                text.push('?');
                text.push_str(VERSION);
            }
            text.push('&');
            text.push_str(name);
            text.push('=');
            encode(value, &mut text);
        }
        text
    }

    /// The address of the step without inputs.
    pub fn path(&self) -> String {
        [self.lesson.id(), "/", self.step_id()].concat()
    }

    /// The step's name in addresses.
    pub fn step_id(&self) -> &'static str {
        self.lesson.steps()[self.step]
    }

    /// The value of an input.
    pub fn input(&self, name: &str) -> Option<&str> {
        self.inputs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Sets an input; an empty value takes it back. False if it is not taken: it would make the address too long.
    ///
    /// Another input makes another run: nobody stands in the middle of that, and no fork of the one before is left.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        let mut changed = self.clone();
        if name != self.name_of(AT) {
            changed.put(&self.name_of(AT), "");
        }
        if !RESERVED.iter().any(|prefix| name.starts_with(prefix)) {
            changed.put(&self.name_of(FORK), "");
        }
        changed.put(name, value);
        self.lesson.follow_up(&mut changed, name);
        let fits = (value.is_empty() || changed.takes(name, value)) && changed.fragment().len() + ROOM <= LONGEST;
        if fits {
            *self = changed;
        }
        fits
    }

    /// Takes back all inputs whose names begin so.
    pub fn clear(&mut self, prefix: &str) {
        self.inputs.retain(|(name, _)| !name.starts_with(prefix));
    }

    /// Whether there is any input.
    pub fn is_touched(&self) -> bool {
        !self.inputs.is_empty()
    }

    /// The name of the input that has the answer to this step's question.
    pub fn guess_name(&self) -> String {
        self.name_of(GUESS)
    }

    /// How far the run on the stage has come, if it has not come to its end.
    pub fn at(&self) -> Option<usize> {
        self.input(&self.name_of(AT))?.parse().ok()
    }

    /// Goes to a step of the run; `None` for its end.
    pub fn seek(&mut self, step: Option<usize>) {
        let value = step.map(|step| step.to_string()).unwrap_or_default();
        self.put(&self.name_of(AT), &value);
    }

    /// The scenario on the stage, if it was forked off the step's own.
    pub fn forked(&self) -> Option<Scenario> {
        Scenario::decode(self.input(&self.name_of(FORK))?).ok()
    }

    /// Goes on with this scenario, or again with the step's own. False if it is too long for an address.
    pub fn fork(&mut self, scenario: Option<&Scenario>) -> bool {
        self.set(&self.name_of(FORK), &scenario.map(Scenario::encode).unwrap_or_default())
    }

    /// What holds for this step alone.
    fn name_of(&self, prefix: &str) -> String {
        [prefix, self.step_id()].concat()
    }

    fn put(&mut self, name: &str, value: &str) {
        self.inputs.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.inputs.push((name.to_owned(), value.to_owned()));
        }
    }

    fn takes(&self, name: &str, value: &str) -> bool {
        let Some((prefix, step)) = RESERVED.iter().find_map(|prefix| Some((*prefix, name.strip_prefix(prefix)?)))
        else {
            return self.lesson.takes(name, value);
        };
        self.lesson.steps().contains(&step)
            && match prefix {
                AT => value.bytes().all(|byte| byte.is_ascii_digit()) && value.len() <= 5,
                FORK => Scenario::decode(value).is_ok(),
                _ => value.len() <= 16,
            }
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.fragment() == other.fragment()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fragment())
    }
}

fn encode(value: &str, text: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push_str(&crate::text::field::hex_byte(byte));
        }
    }
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(16 * digit()? + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

/// The longest address: with what may stand behind it, it is to have 1 KiB and fit a QR code.
pub const LONGEST: usize = 1024 - SUFFIX.len();
/// What is kept of it for the step of the run, which is always taken.
const ROOM: usize = 32;
/// Of the inputs' meaning.
const VERSION: &str = "v=1";
const GUESS: &str = "guess-";
const AT: &str = "at-";
const FORK: &str = "fork-";
/// What every lesson has for each of its steps.
const RESERVED: [&str; 3] = [GUESS, AT, FORK];

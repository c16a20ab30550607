//! The catalogue: every text of the page in both languages, complete at compile time.
//!
//! Texts without values are [`Key`]s; sentences with values are functions with typed arguments. In a Korean sentence no
//! particle stands directly behind a value, since the right one would depend on how the value is read.

mod catalogue;
pub mod close;
pub mod fact;
pub mod field;
pub mod handshake;
pub mod happening;
pub mod header;
pub mod item;
pub mod say;
pub mod violation;

pub use catalogue::Key;

/// The languages of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 한국어
    #[default]
    Korean,
    /// English
    English,
}

impl Language {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Korean, Self::English];

    /// The code for `lang` attributes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }

    /// Its name, in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Korean => "한국어",
            Self::English => "English",
        }
    }

    /// The language of a code such as `ko` or `en-GB`.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.code()))
    }

    /// The one of two texts that is in this language.
    pub const fn pick<T: Copy>(self, korean: T, english: T) -> T {
        match self {
            Self::Korean => korean,
            Self::English => english,
        }
    }
}

#[cfg(test)]
mod tests;

//! What the page remembers from one visit to the next.

use crate::text::{Key, Language};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The value of the page's `data-theme`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }

    /// Its name.
    pub const fn key(self) -> Key {
        match self {
            Self::Auto => Key::ThemeAuto,
            Self::Light => Key::ThemeLight,
            Self::Dark => Key::ThemeDark,
        }
    }
}

/// How large the text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// As designed.
    #[default]
    Normal,
    /// Larger.
    Large,
    /// Larger still.
    Larger,
}

impl Size {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Larger];

    /// The value of the page's `data-size`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Larger => "larger",
        }
    }

    /// The size of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.code() == code)
    }

    /// Its name.
    pub const fn key(self) -> Key {
        match self {
            Self::Normal => Key::SizeNormal,
            Self::Large => Key::SizeLarge,
            Self::Larger => Key::SizeLarger,
        }
    }
}

/// What the page remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    /// The language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// How large the text is.
    pub size: Size,
    /// Nothing moves, whatever the system says.
    pub still: bool,
    /// Everything large, for the back row.
    pub projector: bool,
}

impl Prefs {
    /// As one line, e.g. `ko auto large still projector`.
    pub fn to_line(self) -> String {
        let still = if self.still { " still" } else { "" };
        let projector = if self.projector { " projector" } else { "" };
        [self.language.code(), " ", self.theme.code(), " ", self.size.code(), still, projector].concat()
    }

    /// Takes over what a line says; words that nobody knows are left alone.
    pub fn read(&mut self, line: &str) {
        self.projector = false;
        self.still = false;
        for word in line.split_ascii_whitespace() {
            self.projector |= word == "projector";
            self.still |= word == "still";
            self.language = Language::from_code(word).unwrap_or(self.language);
            self.theme = Theme::from_code(word).unwrap_or(self.theme);
            self.size = Size::from_code(word).unwrap_or(self.size);
        }
    }
}

/// What of the lesson is on the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// ① The opening handshake.
    #[default]
    Upgrade,
    /// ② The frames.
    Frames,
    /// ③ What it costs.
    Overhead,
    /// One after the other.
    All,
}

impl View {
    /// All, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Upgrade, Self::Frames, Self::Overhead, Self::All];

    /// The URL's fragment, without its `#`.
    pub const fn fragment(self) -> &'static str {
        match self {
            Self::Upgrade => "live/upgrade",
            Self::Frames => "live/frames",
            Self::Overhead => "live/overhead",
            Self::All => "live/all",
        }
    }

    /// The view of a fragment, with or without its `#`; `None` for one that nobody knows.
    pub fn from_fragment(fragment: &str) -> Option<Self> {
        let fragment = fragment.trim_start_matches('#');
        Self::ALL.into_iter().find(|view| view.fragment() == fragment)
    }

    /// Its name.
    pub const fn key(self) -> Key {
        match self {
            Self::Upgrade => Key::ViewUpgrade,
            Self::Frames => Key::ViewFrames,
            Self::Overhead => Key::ViewOverhead,
            Self::All => Key::ViewAll,
        }
    }

    /// Whether this view has that one's content.
    pub fn shows(self, view: Self) -> bool {
        self == view || self == Self::All
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_is_remembered_comes_back() {
        for language in Language::ALL {
            for theme in Theme::ALL {
                for (size, projector) in Size::ALL.into_iter().zip([false, true, false]) {
                    let prefs = Prefs { language, theme, size, still: !projector, projector };
                    let mut read = Prefs::default();
                    read.read(&prefs.to_line());
                    assert_eq!(read, prefs);
                }
            }
        }
        let mut prefs = Prefs { language: Language::English, ..Prefs::default() };
        prefs.read("xx yy");
        assert_eq!(prefs.language, Language::English);
    }

    #[test]
    fn views_have_addresses() {
        for view in View::ALL {
            assert_eq!(View::from_fragment(&["#", view.fragment()].concat()), Some(view));
        }
        assert_eq!(View::from_fragment("#live/nothing"), None);
    }
}

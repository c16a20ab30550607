//! The screens that the page is looked at on.

/// A size of window with the way a device of that size shows pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Its name in file names.
    pub name: &'static str,
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// A phone, with touch instead of a mouse.
    pub mobile: bool,
}

impl Screen {
    /// A room's.
    pub const PROJECTOR: Self = Self { name: "projector", width: 1280, height: 720, mobile: false };
    /// A desk's.
    pub const LAPTOP: Self = Self { name: "laptop", width: 1440, height: 900, mobile: false };
    /// A hand's.
    pub const PHONE: Self = Self { name: "phone", width: 390, height: 844, mobile: true };
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PROJECTOR, Self::LAPTOP, Self::PHONE];
}

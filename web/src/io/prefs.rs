//! Preferences in the browser's storage.

use web_sys::{Storage, UrlSearchParams};
use ws101_lesson::live::Prefs;
use ws101_lesson::text::Language;

use super::page::window;

/// The browser's language, over it what was kept, over it what the URL says (`?lang=ko`, `?look=dark projector`).
pub(crate) fn recall() -> Prefs {
    let mut prefs = Prefs { language: browser_language(), ..Prefs::default() };
    if let Some(line) = storage().and_then(|storage| storage.get_item(NAME).ok().flatten()) {
        prefs.read(&line);
    }
    let query = window().location().search().ok().and_then(|query| UrlSearchParams::new_with_str(&query).ok());
    let query = |name| query.as_ref().and_then(|query| query.get(name));
    if let Some(line) = query("look") {
        prefs.read(&line);
    }
    if let Some(language) = query("lang").and_then(|code| Language::from_code(&code)) {
        prefs.language = language;
    }
    prefs
}

/// Keeps them. Where storage is forbidden, they are gone with the page.
pub(crate) fn keep(prefs: Prefs) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(NAME, &prefs.to_line());
    }
}

/// Which steps were seen on earlier visits.
pub(crate) fn progress() -> String {
    storage().and_then(|storage| storage.get_item(PROGRESS).ok().flatten()).unwrap_or_default()
}

/// Keeps which steps were seen.
pub(crate) fn keep_progress(line: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(PROGRESS, line);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn browser_language() -> Language {
    let languages = window().navigator().languages();
    let mut known = languages.iter().filter_map(|code| Language::from_code(&code.as_string()?));
    known.next().unwrap_or(Language::English)
}

const NAME: &str = "ws101";
const PROGRESS: &str = "ws101-seen";

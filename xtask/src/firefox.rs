//! Firefox and its driver: the tests' second browser, where it can be had.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::process::{say, which};
use crate::{browser, tools};

/// A browser and the program through which tests drive it.
pub(crate) struct Firefox {
    pub(crate) firefox: PathBuf,
    pub(crate) geckodriver: PathBuf,
}

/// Gets both where that is possible. The tests say so if they go without.
pub(crate) fn ready() -> Option<Firefox> {
    let ready = get();
    if let Err(error) = &ready {
        say(format!("Without Firefox ({error:#}): Chromium is the only browser that tests the page."));
    }
    ready.ok()
}

fn get() -> Result<Firefox> {
    if found().is_none() {
        browser::apt_install(&["firefox-esr"], "Firefox for the tests (about a minute)")?;
    }
    let firefox = found().context("Firefox is installed, but not on PATH")?;
    Ok(Firefox { firefox, geckodriver: tools::geckodriver()? })
}

fn found() -> Option<PathBuf> {
    let mac = Path::new("/Applications/Firefox.app/Contents/MacOS/firefox");
    ["firefox-esr", "firefox"].iter().find_map(|name| which(name)).or_else(|| mac.is_file().then(|| mac.to_owned()))
}

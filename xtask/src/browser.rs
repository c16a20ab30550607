//! Chromium, its driver and a Korean font, for the tests.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::process::{ask, command, run, say, which};

const DEBIAN_PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// A browser and the program through which tests drive it.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

/// Makes sure that there is a browser to test with. Quick when there is.
pub(crate) fn ready() -> Result<Browser> {
    if let Some(browser) = found() {
        return Ok(browser);
    }
    apt_install(&DEBIAN_PACKAGES, "Chromium, chromedriver and a Korean font for the tests (about 2 minutes)").context(
        "the tests need Chromium (or Chrome), the chromedriver of the same version on PATH, and a Korean font; \
         on Debian: apt-get install chromium chromium-driver fonts-noto-cjk",
    )?;
    found().context("Chromium is installed, but not on PATH")
}

/// Gets what stands beside the server or before it, where that is possible. The tests say so if they go without: many a machine allows
/// nobody to capture.
pub(crate) fn company_ready() {
    for (program, package, what) in [
        ("tshark", "tshark", "tshark, a second witness of what crosses the wire (under a minute)"),
        ("nginx", "nginx-light", "nginx, which stands before many a server (under a minute)"),
    ] {
        if which(program).is_none()
            && let Err(error) = apt_install(&[package], what)
        {
            say(format!("Without {program} ({error:#}): the tests do without it."));
        }
    }
}

fn found() -> Option<Browser> {
    let chromium = ["chromium", "chromium-browser", "google-chrome", "chrome"].iter().find_map(|name| which(name));
    let mac = Path::new("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    let chromium = chromium.or_else(|| mac.is_file().then(|| mac.to_owned()))?;
    let chromedriver = which("chromedriver")?;
    has_korean_font().then_some(Browser { chromium, chromedriver })
}

/// Without one, a page full of empty boxes would pass for a page full of Korean.
fn has_korean_font() -> bool {
    // Other systems bring one along.
    !cfg!(target_os = "linux") || ask(command("fc-list").arg(":lang=ko")).is_some_and(|fonts| !fonts.is_empty())
}

/// Installs packages on Debian, where we are root or become it without a question.
pub(crate) fn apt_install(packages: &[&str], what: &str) -> Result<()> {
    if which("apt-get").is_none() {
        bail!("this is no Debian, so nothing could be installed by itself");
    }
    let root = ask(command("id").arg("-u")).is_some_and(|id| id == "0");
    if !root && ask(command("sudo").args(["-n", "true"])).is_none() {
        bail!("installing needs root");
    }
    let apt = |args: &[&str]| {
        let mut apt = if root { command("env") } else { command("sudo") };
        if !root {
            apt.args(["-n", "env"]);
        }
        apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]).args(args);
        apt.stdin(Stdio::null()).stdout(Stdio::null());
        run(&mut apt)
    };
    say(format!("Installing {what} …"));
    apt(&["update"])?;
    let install = ["install", "--no-install-recommends"];
    apt(&[install.as_slice(), packages].concat())
}

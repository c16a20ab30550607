//! A headless browser with one window, the same to a test whichever it is.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use thirtyfour::WebDriver;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::bidi::Bidi;
use crate::process::await_line;
use crate::screen::Screen;
use crate::{chromium, firefox};

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Always there: `cargo xtask test` fails without it.
    Chromium,
    /// Not everywhere.
    Firefox,
}

/// A browser with one window; ends with this value.
pub struct Browser {
    /// The window.
    pub window: WebDriver,
    pub(crate) driver: Child,
    /// The browser's own process, as long as it runs.
    pub(crate) process: Option<u64>,
    pub(crate) beyond: Beyond,
}

/// What a test does with a browser beyond what WebDriver offers.
pub(crate) enum Beyond {
    /// By Chromium's own commands. Its profile is ours to remove.
    Chromium { profile: PathBuf },
    /// By the other of WebDriver's protocols.
    Firefox { bidi: Bidi },
}

impl Browser {
    /// Starts Chromium with a fresh profile, in the language `language` (`ko` or `en`).
    pub async fn start(language: &str) -> Result<Self> {
        chromium::start(language).await
    }

    /// Starts that browser with a fresh profile. `None`, and a line that says so, where there is no such browser.
    pub async fn start_in(engine: Engine, language: &str) -> Result<Option<Self>> {
        match engine {
            Engine::Chromium => chromium::start(language).await.map(Some),
            Engine::Firefox => firefox::start(language).await,
        }
    }

    /// Makes the window show pages as a screen of that size does, and prefer light or dark. (Firefox cannot be told either that the
    /// screen is a phone's or, once it runs, that it prefers dark.)
    pub async fn emulate(&self, screen: Screen, dark: bool) -> Result<()> {
        match &self.beyond {
            Beyond::Chromium { .. } => chromium::emulate(&self.window, screen, dark).await,
            Beyond::Firefox { bidi } => firefox::emulate(&self.window, bidi, screen, dark).await,
        }
    }

    /// What a script returns in the page.
    pub async fn eval(&self, script: &str) -> Result<Value> {
        let returned = self.window.execute(script, Vec::new()).await;
        Ok(returned.with_context(|| script.to_owned())?.json().clone())
    }

    /// Waits up to 15 s until a script returns something true, and gives it.
    pub async fn wait_for(&self, script: &str) -> Result<Value> {
        let deadline = Instant::now() + Duration::from_secs(15);
        loop {
            let value = self.eval(script).await?;
            let is_true = !matches!(value, Value::Null | Value::Bool(false)) && value != json!(0) && value != json!("");
            if is_true {
                return Ok(value);
            }
            if Instant::now() > deadline {
                let text = self.eval("return document.body.innerText").await?;
                anyhow::bail!("still not true after 15 s: {script}\nthe page says: {text}");
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the page wrote to its console as a warning or an error since the last call, but for what the browser itself says about
    /// connections that fail: a test that kills the server must be able to.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        match &self.beyond {
            Beyond::Chromium { .. } => chromium::complaints(&self.window).await,
            Beyond::Firefox { bidi } => firefox::complaints(bidi).await,
        }
    }

    /// Ends the browser.
    pub async fn quit(mut self) -> Result<()> {
        self.window.clone().quit().await?;
        self.process = None;
        self.driver.kill().await?;
        if let Beyond::Chromium { profile } = &self.beyond {
            // It is of no use to anybody; whatever remains is in the folder for such things.
            let _ = tokio::fs::remove_dir_all(profile).await;
        }
        Ok(())
    }
}

impl Drop for Browser {
    /// A test that fails does not come to [`quit`](Browser::quit). A browser outlives a driver that is killed, and thirtyfour would wait
    /// two minutes for an answer of that driver.
    fn drop(&mut self) {
        if let Some(process) = self.process {
            let _ = std::process::Command::new("kill").arg(process.to_string()).status();
            let _ = self.window.clone().leak();
        }
    }
}

/// The browser's own process, which its driver tells under this name.
pub(crate) fn process_of(window: &WebDriver, name: &str) -> Option<u64> {
    window.capabilities().get(name)?.as_u64()
}

/// Starts a browser's driver, which takes a free port and names it in a line that it prints.
pub(crate) async fn driver(
    program: PathBuf,
    args: &[&str],
    port: impl FnMut(&str) -> Option<u16>,
) -> Result<(Child, u16)> {
    let name = program.display().to_string();
    let mut command = Command::new(program);
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut driver = command.spawn().with_context(|| format!("{name} does not start"))?;
    let stdout = driver.stdout.take().context("stdout is piped")?;
    let port = await_line(stdout, port).await.with_context(|| format!("{name} prints no port"))?;
    Ok((driver, port))
}

//! Headless Chromium, driven through chromedriver.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use thirtyfour::{ChromiumLikeCapabilities as _, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::process::{await_line, program};

/// A size of window with the way a device of that size shows pages.
#[derive(Clone, Copy, Debug)]
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
    /// A projector, a laptop, a phone.
    pub const ALL: [Self; 3] = [
        Self { name: "projector", width: 1280, height: 720, mobile: false },
        Self { name: "laptop", width: 1440, height: 900, mobile: false },
        Self { name: "phone", width: 390, height: 844, mobile: true },
    ];
}

/// A browser with one window; ends with this value.
pub struct Browser {
    /// The window.
    pub window: WebDriver,
    driver: Child,
    profile: PathBuf,
}

/// Chromium as root, with no display and no network but this machine's, and quiet about it.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

impl Browser {
    /// Starts one with a fresh profile, in the language `language` (`ko` or `en`).
    pub async fn start(language: &str) -> Result<Self> {
        let mut command = Command::new(program("WS101_CHROMEDRIVER")?);
        command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut driver = command.spawn().context("chromedriver does not start")?;
        let stdout = driver.stdout.take().context("stdout is piped")?;
        let port: u16 = await_line(stdout, |line| {
            line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
        })
        .await
        .context("chromedriver prints no port")?;
        let profile = std::env::temp_dir().join(format!("ws101-e2e-{}-{port}", std::process::id()));
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(&program("WS101_CHROMIUM")?.to_string_lossy())?;
        for flag in FLAGS {
            capabilities.add_arg(flag)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
        capabilities.add_arg(&format!("--lang={language}"))?;
        capabilities.add_experimental_option("prefs", json!({ "intl.accept_languages": language }))?;
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        let window = WebDriver::new(&format!("http://127.0.0.1:{port}"), capabilities).await?;
        Ok(Self { window, driver, profile })
    }

    /// Makes the window show pages as a screen of that size does, and prefer light or dark.
    pub async fn emulate(&self, screen: Screen, dark: bool) -> Result<()> {
        let devtools = self.window.cdp();
        let Screen { width, height, mobile, .. } = screen;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        devtools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        devtools.send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
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
        let entries = self.window.get_log("browser").await?.into_iter();
        let complaints = entries.filter(|entry| matches!(&*entry.level, "SEVERE" | "WARNING"));
        Ok(complaints.map(|entry| entry.message).filter(|message| !message.contains("net::ERR_")).collect())
    }

    /// Ends the browser. (Dropping only kills the driver.)
    pub async fn quit(mut self) -> Result<()> {
        self.window.quit().await?;
        self.driver.kill().await?;
        // The profile is of no use to anybody; whatever remains is in the folder for such things.
        let _ = tokio::fs::remove_dir_all(&self.profile).await;
        Ok(())
    }
}

//! Headless Chromium, driven through chromedriver.

use anyhow::Result;
use serde_json::json;
use thirtyfour::{ChromiumLikeCapabilities as _, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};

use crate::browser::{Beyond, Browser, driver, process_of};
use crate::process::program;
use crate::screen::Screen;

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

/// Starts one with a fresh profile, in the language `language`.
pub(crate) async fn start(language: &str) -> Result<Browser> {
    let started = |line: &str| line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok();
    let (driver, port) = driver(program("WS101_CHROMEDRIVER")?, &["--port=0"], started).await?;
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
    let process = process_of(&window, "goog:processID");
    Ok(Browser { window, driver, process, beyond: Beyond::Chromium { profile } })
}

/// Makes the window show pages as a screen of that size does, and prefer light or dark.
pub(crate) async fn emulate(window: &WebDriver, screen: Screen, dark: bool) -> Result<()> {
    let devtools = window.cdp();
    let Screen { width, height, mobile, .. } = screen;
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
    devtools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
    let scheme = if dark { "dark" } else { "light" };
    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    devtools.send_raw("Emulation.setEmulatedMedia", media).await?;
    Ok(())
}

/// What the page wrote to its console since the last call, but for what the browser itself says about connections that fail.
pub(crate) async fn complaints(window: &WebDriver) -> Result<Vec<String>> {
    let entries = window.get_log("browser").await?.into_iter();
    let complaints = entries.filter(|entry| matches!(&*entry.level, "SEVERE" | "WARNING"));
    Ok(complaints.map(|entry| entry.message).filter(|message| !message.contains("net::ERR_")).collect())
}

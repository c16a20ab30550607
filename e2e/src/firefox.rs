//! Headless Firefox, driven through geckodriver, where both are there.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::{CapabilitiesHelper as _, DesiredCapabilities, WebDriver};

use crate::bidi::Bidi;
use crate::browser::{Beyond, Browser, driver, process_of};
use crate::process::program;
use crate::screen::Screen;

/// Starts one with a fresh profile, in the language `language`. `None`, and a line that says so, where there is none.
pub(crate) async fn start(language: &str) -> Result<Option<Browser>> {
    let (Ok(firefox), Ok(geckodriver)) = (program("WS101_FIREFOX"), program("WS101_GECKODRIVER")) else {
        eprintln!("SKIPPED: there is no Firefox with its geckodriver on this machine");
        return Ok(None);
    };
    let listening = |line: &str| line.split_once("Listening on ")?.1.rsplit(':').next()?.trim().parse().ok();
    let (driver, port) = driver(geckodriver, &["--port=0", "--websocket-port=0"], listening).await?;
    let mut preferences = FirefoxPreferences::new();
    preferences.set("intl.accept_languages", language)?;
    // Light, whatever the desktop prefers.
    preferences.set("layout.css.prefers-color-scheme.content-override", 1)?;
    let mut capabilities = DesiredCapabilities::firefox();
    capabilities.set_firefox_binary(&firefox.to_string_lossy())?;
    capabilities.add_arg("-headless")?;
    capabilities.set_preferences(preferences)?;
    // Asks for BiDi; the answer has its address in this place.
    capabilities.set("webSocketUrl", true)?;
    let window = WebDriver::new(&format!("http://127.0.0.1:{port}"), capabilities).await?;
    let url = window.capabilities().get("webSocketUrl").and_then(Value::as_str).map(str::to_owned);
    let bidi = Bidi::connect(&url.context("this geckodriver offers no BiDi: a newer one is needed")?).await?;
    bidi.call("session.subscribe", json!({ "events": ["log.entryAdded"] })).await?;
    let process = process_of(&window, "moz:processID");
    Ok(Some(Browser { window, driver, process, beyond: Beyond::Firefox { bidi } }))
}

/// Makes the page as large as that screen shows it. Unlike the window, it may be as narrow as a phone's.
pub(crate) async fn emulate(window: &WebDriver, bidi: &Bidi, screen: Screen, dark: bool) -> Result<()> {
    ensure!(!dark, "Firefox cannot be made to prefer dark: choose it in the address, by ?look=dark");
    let viewport = json!({ "width": screen.width, "height": screen.height });
    let context = window.window().await?.to_string();
    let params = json!({ "context": context, "viewport": viewport, "devicePixelRatio": 1 });
    bidi.call("browsingContext.setViewport", params).await?;
    Ok(())
}

/// What the page wrote to its console since the last call, but for what the browser itself says about connections that fail.
pub(crate) async fn complaints(bidi: &Bidi) -> Result<Vec<String>> {
    let entries = bidi.events().await?.into_iter().map(|mut event| event["params"].take());
    let complaints = entries.filter(|entry| matches!(entry["level"].as_str(), Some("warn" | "error")));
    Ok(complaints.map(|entry| entry.to_string()).collect())
}

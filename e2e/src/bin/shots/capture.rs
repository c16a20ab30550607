//! A picture of a whole page, with what is below the fold.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;
use ws101_e2e::{Browser, Screen};

/// Makes the browser show pages as that screen does, and nothing that is still on its way.
pub(crate) async fn set_screen(browser: &Browser, screen: Screen) -> Result<()> {
    browser.emulate(screen, false).await?;
    let still = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    browser.window.cdp().send_raw("Emulation.setEmulatedMedia", still).await?;
    Ok(())
}

/// Takes it into `file`, on that screen made so tall that nothing has to be scrolled: what sticks to a screen's end would cover
/// something otherwise.
pub(crate) async fn whole_page(browser: &Browser, screen: Screen, file: &Path) -> Result<()> {
    let height = browser.eval("return document.documentElement.scrollHeight").await?;
    let height = u32::try_from(height.as_u64().context("a height")?)?;
    set_screen(browser, Screen { height: height.max(screen.height), ..screen }).await?;
    browser.window.screenshot(file).await.with_context(|| format!("no picture for {}", file.display()))?;
    set_screen(browser, screen).await
}

//! What tests ask of a browser, every browser does: a walk that finds nothing to object to would otherwise prove nothing.

use anyhow::Result;
use serde_json::json;
use ws101_e2e::{Browser, Engine, Screen, Server};

#[tokio::test]
async fn chromium_tells_what_the_page_complains_of_and_shows_it_in_every_size() -> Result<()> {
    tells_and_shows(Engine::Chromium).await
}

#[tokio::test]
async fn firefox_tells_what_the_page_complains_of_and_shows_it_in_every_size() -> Result<()> {
    tells_and_shows(Engine::Firefox).await
}

async fn tells_and_shows(engine: Engine) -> Result<()> {
    let Some(browser) = Browser::start_in(engine, "en").await? else { return Ok(()) };
    let server = Server::start().await?;
    browser.window.goto(format!("http://{}/?lang=en", server.address())).await?;
    browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
    assert_eq!(browser.complaints().await?, Vec::<String>::new());

    browser.eval("console.log('nothing much'); console.warn('a warning'); console.error('an error')").await?;
    browser.eval("setTimeout(() => { window.thrown = true; throw new Error('thrown') })").await?;
    browser.wait_for("return window.thrown").await?;
    let complaints = browser.complaints().await?;
    for (complaint, expected) in complaints.iter().zip(["a warning", "an error", "thrown"]) {
        assert!(complaint.contains(expected), "{complaint}");
    }
    assert_eq!(complaints.len(), 3, "{complaints:?}");

    for screen in Screen::ALL {
        browser.emulate(screen, false).await?;
        let size = browser.eval("return [innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches]");
        assert_eq!(size.await?, json!([screen.width, screen.height, false]));
    }
    browser.quit().await
}

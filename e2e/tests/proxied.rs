//! The page as it comes through nginx, which changes what the server sees of the browser: the feed's Origin and Host, and who keeps
//! the connection.

use anyhow::Result;
use thirtyfour::{By, Key};
use ws101_e2e::{Browser, Engine, Nginx, Server};

#[tokio::test]
async fn the_page_through_nginx() -> Result<()> {
    let server = Server::start().await?;
    let Some(nginx) = Nginx::before(server.address()).await? else { return Ok(()) };
    for engine in [Engine::Chromium, Engine::Firefox] {
        let Some(browser) = Browser::start_in(engine, "ko").await? else { continue };
        browser.window.goto(format!("http://{}/?lang=ko#live/frames", nginx.address())).await?;
        browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
        let input = browser.window.find(By::Css("form.controls input.message")).await?;
        input.send_keys(Key::Control + "a").await?;
        input.send_keys("nginx 너머로").await?;
        browser.window.find(By::Css("form.controls button[type=submit]")).await?.click().await?;
        // Both frames are told by the server's feed, which came through nginx as well.
        browser
            .wait_for("return document.querySelectorAll('[data-test=frame-list] [role=option]').length === 2")
            .await?;
        assert_eq!(browser.complaints().await?, Vec::<String>::new());
        browser.quit().await?;
    }
    Ok(())
}

//! The live page: every view on every kind of screen, in both languages and themes.

use std::path::Path;

use anyhow::Result;
use thirtyfour::By;
use ws101_e2e::{Browser, Screen, Server};

/// Takes the screenshots into `folder`.
pub(crate) async fn shots(server: &Server, folder: &Path) -> Result<()> {
    for language in ["ko", "en"] {
        let browser = Browser::start(language).await?;
        for (look, dark) in [("light", false), ("dark", true), ("projector", false)] {
            for screen in Screen::ALL {
                if look == "projector" && screen.name != "projector" {
                    continue;
                }
                browser.emulate(screen, dark).await?;
                let theme = if dark { "dark" } else { "light" };
                let look_words = if look == "projector" { "light projector" } else { theme };
                let query = format!("?lang={language}&look={}", look_words.replace(' ', "+"));
                browser.window.goto(format!("http://{}/{query}", server.address())).await?;
                browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
                let ready = "return !!document.querySelector('[data-test=verdict]')";
                browser.wait_for(ready).await?;
                let others = browser.window.find_all(By::Css("form.controls .others button")).await?;
                for button in others.iter().rev() {
                    // A ping first, then the comparison, which sends the text.
                    button.click().await?;
                }
                browser
                    .wait_for("return document.querySelectorAll('[data-zone=ribbon] [data-item]').length >= 6")
                    .await?;
                for (view, name) in [("upgrade", "1-upgrade"), ("frames", "2-frames"), ("overhead", "3-overhead")] {
                    browser.window.find(By::Id(format!("tab-{view}"))).await?.click().await?;
                    browser.wait_for(&format!("return !!document.querySelector('[data-test={view}]')")).await?;
                    if view == "upgrade" {
                        // The line that the rest of the view is about.
                        let line = "[...document.querySelectorAll('[data-test=request] [role=option]')]\
                            .find(line => line.textContent.startsWith('Sec-WebSocket-Key'))";
                        browser.eval(&format!("{line}.click()")).await?;
                        browser.wait_for(&format!("return {line}.ariaSelected === 'true'")).await?;
                    }
                    if view == "frames" {
                        // The frame with the text, as the client sent it.
                        let row = "[...document.querySelectorAll('[data-test=frame-list] .client')].pop()";
                        browser.eval(&format!("{row}?.click()")).await?;
                        browser.wait_for("return !!document.querySelector('[data-test=frame].client')").await?;
                    }
                    browser.eval("scrollTo(0, 0)").await?;
                    let file = folder.join(format!("{name}-{language}-{look}-{}.png", screen.name));
                    browser.window.screenshot(&file).await?;
                }
            }
        }
        browser.quit().await?;
    }
    Ok(())
}

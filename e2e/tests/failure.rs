//! The page when its program does not start.

use anyhow::Result;
use serde_json::json;
use ws101_e2e::{Browser, Server};

const CARD: &str = "const card = document.getElementById('failure'); \
    return !card.hidden && document.getElementById('page').hidden && card.innerText";

#[tokio::test]
async fn a_program_that_does_not_load_is_a_card_and_not_an_empty_page() -> Result<()> {
    let server = Server::start().await?;
    let browser = Browser::start("ko").await?;
    let devtools = browser.window.cdp();
    devtools.send_raw("Network.enable", json!({})).await?;
    devtools.send_raw("Network.setBlockedURLs", json!({ "urls": ["*.wasm"] })).await?;
    browser.window.goto(format!("http://{}/", server.address())).await?;
    let card = browser.wait_for(CARD).await?;
    assert!(card.to_string().contains("페이지가 멈췄습니다") && card.to_string().contains("Reload"), "{card}");
    browser.quit().await
}

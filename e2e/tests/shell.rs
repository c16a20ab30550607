//! What stands around the lessons: whose bytes are shown, how the page looks, the route through a class, the keys of a clicker.

use std::path::Path;

use anyhow::Result;
use serde_json::json;
use thirtyfour::{By, Key};
use ws101_e2e::{Axe, Browser, Screen, Server};
use ws101_lesson::lessons::route::ROUTE;
use ws101_lesson::lessons::{LESSONS, Place};

async fn open(server: &Server, rest: &str) -> Result<Browser> {
    let browser = Browser::start("en").await?;
    go(&browser, server, rest).await?;
    Ok(browser)
}

async fn go(browser: &Browser, server: &Server, rest: &str) -> Result<()> {
    browser.window.goto("about:blank").await?;
    browser.window.goto(format!("http://{}/{rest}", server.address())).await?;
    browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
    Ok(())
}

async fn click(browser: &Browser, selector: &str) -> Result<()> {
    Ok(browser.window.find(By::Css(selector)).await?.click().await?)
}

async fn press(browser: &Browser, key: char) -> Result<()> {
    Ok(browser.window.active_element().await?.send_keys(key.to_string()).await?)
}

async fn holds(browser: &Browser, script: &str) -> Result<()> {
    browser.wait_for(&format!("return {script}")).await?;
    Ok(())
}

#[tokio::test]
async fn one_chooses_between_the_real_server_and_a_simulation() -> Result<()> {
    let server = Server::start().await?;
    let browser = open(&server, "?lang=en").await?;
    holds(&browser, "document.querySelector('[data-test=upgrade] .source.measured')").await?;
    click(&browser, "[data-simulate=true]").await?;
    holds(&browser, "document.documentElement.dataset.mode === 'simulated'").await?;
    holds(&browser, "document.querySelector('[data-test=upgrade] .source.simulated')").await?;
    assert_eq!(browser.eval("return document.querySelectorAll('[data-notice]').length").await?, json!(0));
    click(&browser, "[data-simulate=false]").await?;
    holds(&browser, "document.documentElement.dataset.mode === 'live'").await?;
    holds(&browser, "document.querySelector('[data-test=upgrade] .source.measured')").await?;
    browser.quit().await
}

#[tokio::test]
async fn how_the_page_looks_is_remembered() -> Result<()> {
    let server = Server::start().await?;
    let browser = open(&server, "").await?;
    click(&browser, "[data-panel=settings]").await?;
    let moves = "getComputedStyle(document.querySelector('.slot:not(.later) .block')).animationName !== 'none'";
    holds(&browser, "document.querySelector('.block')").await?;
    assert_eq!(browser.eval(&format!("return {moves}")).await?, json!(true));
    for last in browser.window.find_all(By::Css("[data-test=settings] .segments button:last-child")).await? {
        last.click().await?;
    }
    let look = "(({ theme, size, motion }) => [theme, size, motion].join())(document.documentElement.dataset)";
    holds(&browser, &format!("{look} === 'dark,larger,off'")).await?;
    assert_eq!(browser.eval(&format!("return {moves}")).await?, json!(false));
    go(&browser, &server, "").await?;
    holds(&browser, &format!("{look} === 'dark,larger,off'")).await?;

    // Printing shows what is on the stage, and nothing that can be pressed.
    browser.eval("window.print = () => { window.printed = true }").await?;
    click(&browser, "[data-panel=settings]").await?;
    click(&browser, "[data-test=settings] > button").await?;
    holds(&browser, "window.printed").await?;
    browser.window.cdp().send_raw("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    let visible = "[...document.querySelectorAll('button')].filter(it => it.checkVisibility()).map(it => it.innerText)";
    assert_eq!(browser.eval(&format!("return {visible}")).await?, json!([]));
    let paper = "getComputedStyle(document.body).backgroundColor";
    assert_eq!(
        browser.eval(&format!("return {paper}")).await?,
        json!("rgb(255, 255, 255)"),
        "black on white, dark or not"
    );
    browser.quit().await
}

#[tokio::test]
async fn the_route_is_one_link_and_a_clicker_walks_it() -> Result<()> {
    let server = Server::start().await?;
    let browser = open(&server, "?lang=en&look=light+projector#route").await?;
    let here = "[...document.querySelectorAll('[data-test=route] li a')].findIndex(it => it.ariaCurrent === 'step')";
    let mut stop = 0;
    holds(&browser, &format!("{here} === 0")).await?;
    for _ in 0..100 {
        let before = browser.eval("return location.hash").await?;
        press(&browser, Key::PageDown.value()).await?;
        if stop + 1 == ROUTE.len() {
            break;
        }
        browser.wait_for(&format!("return location.hash !== {before}")).await?;
        stop = usize::try_from(browser.wait_for(&format!("return 1 + {here}")).await?.as_u64().unwrap_or(0))? - 1;
        assert!(browser.eval("return location.hash.endsWith(';route')").await?.as_bool() == Some(true));
    }
    assert_eq!(stop + 1, ROUTE.len(), "the end is reached by PageDown alone");
    let end = browser.eval("return location.hash").await?;
    go(&browser, &server, &format!("?lang=en&look=light+projector{}", end.as_str().unwrap_or_default())).await?;
    holds(&browser, &format!("{here} === {}", ROUTE.len() - 1)).await?;
    for _ in 0..100 {
        if browser.eval(&format!("return {here}")).await? == json!(0) {
            break;
        }
        let before = browser.eval("return location.hash").await?;
        press(&browser, Key::PageUp.value()).await?;
        browser.wait_for(&format!("return location.hash !== {before}")).await?;
    }
    holds(&browser, &format!("{here} === 0")).await?;
    click(&browser, "[data-test=route] .leave").await?;
    holds(&browser, "!document.querySelector('[data-test=route]')").await?;
    browser.quit().await
}

#[tokio::test]
async fn the_other_keys_of_a_clicker_are_taken_in_projector_mode_only() -> Result<()> {
    let server = Server::start().await?;
    let browser = open(&server, "?lang=en&look=light").await?;
    press(&browser, '.').await?;
    press(&browser, '?').await?;
    assert_eq!(browser.eval("return document.querySelectorAll('.curtain, [data-test=keys]').length").await?, json!(0));
    // A driver's F5 reloads nothing, but it is seen whether the page would let it.
    let listens = "addEventListener('keydown', event => setTimeout(() => { window.taken = event.defaultPrevented }))";
    browser.eval(listens).await?;
    for key in [Key::F5, Key::PageDown] {
        press(&browser, key.value()).await?;
        holds(&browser, "window.taken === false").await?;
        browser.eval("delete window.taken").await?;
    }

    go(&browser, &server, "?lang=en&look=light+projector").await?;
    press(&browser, '.').await?;
    holds(&browser, "document.querySelector('.curtain')").await?;
    press(&browser, '.').await?;
    holds(&browser, "!document.querySelector('.curtain')").await?;
    press(&browser, '?').await?;
    holds(&browser, "document.querySelector('[data-test=keys]')").await?;
    press(&browser, Key::Escape.value()).await?;
    holds(&browser, "!document.querySelector('[data-test=keys]')").await?;
    browser.eval("window.same = true").await?;
    press(&browser, Key::F5.value()).await?;
    holds(&browser, "document.fullscreenElement").await?;
    press(&browser, Key::F5.value()).await?;
    holds(&browser, "!document.fullscreenElement && window.same").await?;
    browser.quit().await
}

/// The walk of the lessons looks at what is there from the start; this at what unfolds.
#[tokio::test]
async fn whatever_unfolds_keeps_nobody_out_and_stays_on_the_screen() -> Result<()> {
    let server = Server::start().await?;
    let Some(axe) = Axe::load(Path::new(env!("CARGO_TARGET_TMPDIR"))).await? else { return Ok(()) };
    let browser = open(&server, "?lang=en&look=light#route").await?;
    for look in ["light", "dark"] {
        go(&browser, &server, &format!("?lang=ko&look={look}#route")).await?;
        for panel in ["map", "settings", "keys"] {
            click(&browser, &format!("[data-panel={panel}]")).await?;
            holds(&browser, &format!("document.querySelector('#panel[data-test={panel}]')")).await?;
            fits(&browser, &axe, panel).await?;
        }
        for lesson in LESSONS {
            let mut place = Place::start(*lesson);
            place.step = lesson.steps().len() - 1;
            assert!(place.set(&place.guess_name(), "skip"));
            go(&browser, &server, &format!("?lang=en&look={look}#{}", place.fragment())).await?;
            browser.eval("document.querySelectorAll('details').forEach(it => { it.open = true })").await?;
            fits(&browser, &axe, "all is open").await?;
            for test in ["run-back", "run-back"] {
                click(&browser, &format!("[data-test={test}]")).await?;
            }
            browser.eval("document.querySelector('[data-test=what-ifs] button:last-child').click()").await?;
            holds(&browser, "document.querySelector('[data-test=original]')").await?;
            fits(&browser, &axe, "a fork").await?;
        }
    }
    browser.quit().await
}

async fn fits(browser: &Browser, axe: &Axe, what: &str) -> Result<()> {
    for screen in Screen::ALL {
        browser.emulate(screen, false).await?;
        let html = "document.documentElement";
        let widths = browser.eval(&format!("return [{html}.scrollWidth, {html}.clientWidth]")).await?;
        assert!(widths[0].as_u64() <= widths[1].as_u64(), "{what} overflows on a {}: {widths}", screen.name);
    }
    assert_eq!(axe.violations(browser, Screen::ALL[1]).await?, json!([]), "{what}");
    Ok(())
}

//! Every registered lesson, walked by keyboard in both languages; and what it simulates, done by a real server. Nothing here knows
//! a lesson by name: one that is registered tomorrow is walked without a change.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::{By, Key};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use ws101_e2e::{Axe, Browser, Engine, Screen, Server};
use ws101_lesson::lessons::{Block, LESSONS, Performance, Place};
use ws101_lesson::text::{Key as Text, Language};
use ws101_trace::Direction;

#[tokio::test]
async fn every_lesson_is_walked_by_keyboard_in_korean() -> Result<()> {
    walk(Engine::Chromium, Language::Korean).await
}

#[tokio::test]
async fn every_lesson_is_walked_by_keyboard_in_english() -> Result<()> {
    walk(Engine::Chromium, Language::English).await
}

#[tokio::test]
async fn every_lesson_is_walked_in_firefox_in_korean() -> Result<()> {
    walk(Engine::Firefox, Language::Korean).await
}

#[tokio::test]
async fn every_lesson_is_walked_in_firefox_in_english() -> Result<()> {
    walk(Engine::Firefox, Language::English).await
}

async fn walk(engine: Engine, language: Language) -> Result<()> {
    let Some(browser) = Browser::start_in(engine, language.code()).await? else { return Ok(()) };
    let server = Server::start().await?;
    let axe = Axe::load(Path::new(env!("CARGO_TARGET_TMPDIR"))).await?;
    let address = format!("http://{}/?lang={}&look=light+projector", server.address(), language.code());
    browser.window.goto(&address).await?;
    browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
    // The map has them all.
    let map = format!("//button[@aria-label='{}']", Text::Lessons.text(language));
    browser.window.find(By::XPath(map)).await?.click().await?;
    for lesson in LESSONS {
        let path = Place::start(*lesson).path();
        let link = format!("//nav[@aria-label='{}']//a[@href='#{path}']", Text::Lessons.text(language));
        browser.wait_for(&format!("return document.querySelector('[data-test=map] a[href=\"#{path}\"]')")).await?;
        browser.window.find(By::XPath(link)).await?.click().await?;
        at_place(&browser, &path).await?;
        let mut steps = vec![path];
        loop {
            look(&browser, axe.as_ref(), &address).await?;
            step_through(&browser, &address).await?;
            if browser.eval("return document.querySelector('[data-test=forward]').disabled").await? == json!(true) {
                break;
            }
            let before = here(&browser).await?;
            press(&browser, Key::PageDown).await?;
            browser.wait_for(&format!("return location.hash !== {}", json!(before))).await?;
            let place = browser.eval("return document.querySelector('[data-test=lesson]').dataset.place").await?;
            let place = place.as_str().context("a place")?.to_owned();
            if steps.last() != Some(&place) {
                steps.push(place);
            }
        }
        assert_eq!(steps.len(), lesson.steps().len(), "{steps:?}");
        while let (Some(_), Some(before)) = (steps.pop(), steps.last()) {
            press(&browser, Key::PageUp).await?;
            at_place(&browser, before).await?;
        }
        browser.window.find(By::Css("[data-panel=map]")).await?.click().await?;
    }
    assert_eq!(browser.complaints().await?, Vec::<String>::new());
    browser.quit().await
}

async fn press(browser: &Browser, key: Key) -> Result<()> {
    Ok(browser.window.active_element().await?.send_keys(key + "").await?)
}

async fn here(browser: &Browser) -> Result<String> {
    Ok(browser.eval("return location.hash").await?.as_str().unwrap_or_default().to_owned())
}

async fn at_place(browser: &Browser, path: &str) -> Result<()> {
    browser.wait_for(&format!("return !!document.querySelector('[data-place=\"{path}\"]')")).await?;
    Ok(())
}

const WORDS: &str = "return document.querySelector('[data-test=lesson]')?.innerText";

/// What has to hold wherever one is.
async fn look(browser: &Browser, axe: Option<&Axe>, address: &str) -> Result<()> {
    let fragment = here(browser).await?;
    for screen in Screen::ALL {
        browser.emulate(screen, false).await?;
        // Not `innerWidth`: a phone zooms out until what overflows fits.
        let html = "document.documentElement";
        let widths = browser.eval(&format!("return [{html}.scrollWidth, {html}.clientWidth]")).await?;
        ensure!(widths[0].as_u64() <= widths[1].as_u64(), "{fragment} overflows on a {}: {widths}", screen.name);
    }
    browser.emulate(Screen::ALL[0], false).await?;
    let foreign = "return performance.getEntriesByType('resource').map(e => e.name)\
        .filter(name => new URL(name).host !== location.host)";
    assert_eq!(browser.eval(foreign).await?, json!([]), "{fragment}");

    // The bytes on the screen are those of the trace.
    let (place, misread) = Place::read(&fragment).context("a lesson's address")?;
    assert_eq!(misread, None);
    let trace = Performance::at(&place, Language::English).trace();
    for (test, direction) in [("request", Direction::ClientToServer), ("response", Direction::ServerToClient)] {
        let shown = browser.eval(&format!("return document.querySelector('[data-test={test}]')?.textContent")).await?;
        if let Some(shown) = shown.as_str() {
            assert!(trace.stream(direction).starts_with(shown.as_bytes()), "{fragment}: {shown}");
        }
    }

    if let Some(axe) = axe {
        assert_eq!(axe.violations(browser, Screen::PROJECTOR).await?, json!([]), "{fragment}");
    }

    // The same on a fresh page.
    let words = browser.eval(WORDS).await?;
    browser.window.goto("about:blank").await?;
    browser.window.goto(format!("{address}{fragment}")).await?;
    browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
    assert_eq!(browser.wait_for(WORDS).await?, words, "{fragment}");
    Ok(())
}

/// The number of items of the run that have crossed the wire.
const CROSSED: &str = "return document.querySelectorAll('[data-zone=ribbon] .slot:not(.later) [data-item]').length";

async fn run_to(browser: &Browser, button: &str, step: usize) -> Result<()> {
    press_on(browser, &format!("[data-test={button}]")).await?;
    browser.wait_for(&format!("return document.querySelector('[data-test=moment]').dataset.step === '{step}'")).await?;
    Ok(())
}

async fn press_on(browser: &Browser, selector: &str) -> Result<()> {
    Ok(browser.window.find(By::Css(selector)).await?.send_keys(Key::Enter + "").await?)
}

/// The run at this place: to its start, step by step to its end, and something else done on the way, all by keyboard. What has
/// crossed the wire on the screen is what has in the engine.
async fn step_through(browser: &Browser, address: &str) -> Result<()> {
    let (place, _) = Place::read(&here(browser).await?).context("a lesson's address")?;
    let performance = Performance::at(&place, Language::English);
    let last = performance.timeline.last();
    if performance.scene.is_waiting() || last == 0 {
        return Ok(());
    }
    run_to(browser, "run-start", 0).await?;
    for step in 0..=last {
        if step > 0 {
            run_to(browser, "run-forward", step).await?;
        }
        let mut there = place.clone();
        there.seek(Some(step));
        let crossed = ws101_trace::Dissection::of(&Performance::at(&there, Language::English).trace());
        let crossed = crossed.items().len() + crossed.partial().len();
        assert_eq!(browser.eval(CROSSED).await?, json!(crossed), "{there:?}");
    }
    assert_eq!(here(browser).await?, ["#", &place.fragment()].concat(), "the end is where one is if nothing is said");
    run_to(browser, "run-back", last - 1).await?;

    // Something else happens now, beside what did; a fresh page shows the same; and it is taken back.
    let before = here(browser).await?;
    let what_ifs = browser.eval("return document.querySelectorAll('[data-test=what-ifs] button').length").await?;
    if what_ifs != json!(0) {
        browser.eval("document.querySelector('[data-test=run]').open = true").await?;
        press_on(browser, "[data-test=what-ifs] button").await?;
        browser.wait_for("return !!document.querySelector('[data-test=original]')").await?;
        press_on(browser, "[data-test=run-start]").await?;
        let fork = browser.eval(WIRE).await?;
        let fragment = here(browser).await?;
        assert!(fragment.contains("fork-"), "{fragment}");
        browser.window.goto("about:blank").await?;
        browser.window.goto(format!("{address}{fragment}")).await?;
        browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
        assert_eq!(browser.wait_for(WIRE).await?, fork, "{fragment}");
        press_on(browser, "[data-test=original] button").await?;
        browser.wait_for("return !document.querySelector('[data-test=original]')").await?;
    } else {
        assert!(before.contains("at-"), "{before}");
        run_to(browser, "run-forward", last).await?;
    }
    browser.wait_for(&format!("return location.hash === '#{}'", place.fragment())).await?;
    Ok(())
}

const WIRE: &str = "return document.querySelector('[data-zone=ribbon]')?.textContent";

#[tokio::test]
async fn a_bad_address_is_a_friendly_notice() -> Result<()> {
    let server = Server::start().await?;
    let browser = Browser::start("en").await?;
    for lesson in LESSONS {
        let path = Place::start(*lesson).path();
        for bad in ["?v=77&x=1", "?v=1&%=%%%", &format!("?v=1&{}", "x".repeat(2000))] {
            browser.window.goto("about:blank").await?;
            browser.window.goto(format!("http://{}/?lang=en#{path}{bad}", server.address())).await?;
            browser.wait_for("return !!document.querySelector('[data-notice=address]')").await?;
            at_place(&browser, &path).await?;
        }
    }
    browser.window.goto("about:blank").await?;
    browser.window.goto(format!("http://{}/?lang=en#nonsense", server.address())).await?;
    let notice = browser.wait_for("return document.querySelector('[data-notice=address]')?.innerText").await?;
    assert!(notice.as_str().is_some_and(|notice| notice.contains("nonsense")), "{notice}");
    browser.quit().await
}

/// Whatever can be chosen and really sent: the simulated answer is the real server's, byte for byte.
#[tokio::test]
async fn simulated_answers_are_the_real_servers() -> Result<()> {
    let server = Server::start().await?;
    let mut compared = 0;
    for place in choices() {
        for (sent, expected) in probes(&place) {
            let received = probe(&server, &sent).await?;
            assert_eq!(String::from_utf8_lossy(&received), String::from_utf8_lossy(&expected), "{place:?}");
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared}");
    Ok(())
}

/// Every value of every choice of every lesson, the questions passed over.
fn choices() -> Vec<Place> {
    let mut places = Vec::new();
    for lesson in LESSONS {
        for step in 0..lesson.steps().len() {
            let mut place = Place::start(*lesson);
            place.step = step;
            for block in lesson.scene(&place, Language::English).bench {
                let Block::Choice(choice) = block else { continue };
                for (value, _) in choice.groups.iter().flat_map(|(_, values)| values) {
                    let mut chosen = place.clone();
                    assert!(chosen.set(choice.name, value) && chosen.set(&place.guess_name(), "skip"));
                    places.push(chosen);
                }
            }
        }
    }
    places
}

fn probes(place: &Place) -> Vec<(Vec<u8>, Vec<u8>)> {
    let shown = place.lesson.scene(place, Language::English).shown;
    let probe = |block| if let Block::Probe(sent, expected) = block { Some((sent, expected)) } else { None };
    shown.into_iter().filter_map(probe).collect()
}

/// What the server's own client received.
async fn probe(server: &Server, bytes: &[u8]) -> Result<Vec<u8>> {
    loop {
        let mut stream = TcpStream::connect(server.address()).await?;
        let len = bytes.len();
        let head = format!(
            "POST /api/probe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len}\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), bytes].concat()).await?;
        let mut response = String::new();
        stream.read_to_string(&mut response).await?;
        let (head, body) = response.split_once("\r\n\r\n").context("a response")?;
        if head.starts_with("HTTP/1.1 429") {
            tokio::time::sleep(Duration::from_millis(250)).await;
            continue;
        }
        let report: Value = serde_json::from_str(body).with_context(|| response.clone())?;
        return from_base64(report["received"].as_str().context("received")?);
    }
}

fn from_base64(text: &str) -> Result<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for digit in text.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|&known| known == digit).context("no Base64")?;
        bits = bits << 6 | u32::try_from(value)?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xFF) as u8);
        }
    }
    Ok(bytes)
}

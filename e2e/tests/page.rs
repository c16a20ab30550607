//! The page in a real browser against the real server, with an independent recording proxy between them.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::{By, Key};
use ws101_e2e::{Browser, Capture, Recorded, Recorder, Server};

const TEXT: &str = "안녕 WebSocket";

/// A server, a witness and a browser that looks at the page through the witness.
struct Stage {
    server: Server,
    recorder: Recorder,
    browser: Browser,
}

impl Stage {
    async fn open(query_and_fragment: &str) -> Result<Self> {
        Self::open_on(Server::start().await?, query_and_fragment).await
    }

    async fn open_on(server: Server, query_and_fragment: &str) -> Result<Self> {
        let recorder = Recorder::before(server.address()).await?;
        let browser = Browser::start("ko").await?;
        let stage = Self { server, recorder, browser };
        stage.browser.window.goto(format!("http://{}/{query_and_fragment}", stage.recorder.address())).await?;
        stage.browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
        Ok(stage)
    }

    /// The connection whose request went to `path`, and the offset of that request in the client's stream.
    fn connection(&self, path: &str) -> Result<(Recorded, usize)> {
        let needle = format!(" {path}?watch=");
        let found = self.recorder.connections().into_iter().find_map(|one| {
            let at = find(&one.client, needle.as_bytes())?;
            let start = one.client[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |feed| feed + 1);
            Some((one, start))
        });
        found.with_context(|| format!("the proxy saw no request for {path}"))
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// A head and what comes behind it.
fn split_head(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let end = find(bytes, b"\r\n\r\n").context("no end of a head")? + 4;
    Ok(bytes.split_at(end))
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().with_context(|| format!("not a text: {value}"))
}

/// The bytes of the frame on the stage, as they stand in the hexadecimal cells.
const HEX_CELLS: &str =
    "return [...document.querySelectorAll('[data-test=hex] [data-byte]')].map(e => e.textContent.trim()).join('')";

fn from_hex(text: &str) -> Result<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    ensure!(digits.len().is_multiple_of(2), "half a byte in {text:?}");
    digits.chunks(2).map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}

async fn view(browser: &Browser, name: &str) -> Result<()> {
    // The tabs do not stay when the page is scrolled; the wire does.
    browser.eval("scrollTo(0, 0)").await?;
    browser.window.find(By::Id(format!("tab-{name}"))).await?.click().await?;
    browser.wait_for(&format!("return !!document.querySelector('[data-test={name}]')")).await?;
    Ok(())
}

async fn send(browser: &Browser, message: &str) -> Result<()> {
    let input = browser.window.find(By::Css("form.controls input.message")).await?;
    // As a person does it: marked and typed over. (WebDriver's own clearing is an event that no person causes.)
    input.send_keys(Key::Control + "a").await?;
    input.send_keys(message).await?;
    browser.window.find(By::Css("form.controls button[type=submit]")).await?.click().await?;
    Ok(())
}

/// The number of frames in the list.
const FRAMES: &str = "return document.querySelectorAll('[data-test=frame-list] [role=option]').length";

/// Puts every frame of the list on the stage, one after the other.
async fn frames_on_screen(browser: &Browser) -> Result<Vec<(String, Vec<u8>)>> {
    let count = browser.eval(FRAMES).await?.as_u64().unwrap_or(0);
    let mut frames = Vec::new();
    for index in 0..count {
        let row = format!("document.querySelectorAll('[data-test=frame-list] [role=option]')[{index}]");
        let item = browser.eval(&format!("const row = {row}; row.click(); return row.dataset.item")).await?;
        browser
            .wait_for(&format!("return document.querySelector('[data-test=frame]').dataset.item === {item}"))
            .await?;
        let direction = browser.eval("return document.querySelector('[data-test=frame]').dataset.direction").await?;
        let bytes = from_hex(text(&browser.eval(HEX_CELLS).await?)?)?;
        frames.push((text(&direction)?.to_owned(), bytes));
    }
    Ok(frames)
}

/// Frames of one direction, joined.
fn joined(frames: &[(String, Vec<u8>)], direction: &str) -> Vec<u8> {
    frames.iter().filter(|(one, _)| one == direction).flat_map(|(_, bytes)| bytes.clone()).collect()
}

#[tokio::test]
async fn what_the_page_shows_is_what_the_proxy_saw() -> Result<()> {
    let server = Server::start().await?;
    let capture = Capture::start(server.address().port()).await?;
    let stage = Stage::open_on(server, "?lang=ko").await?;
    let browser = &stage.browser;

    // ① The request of this very browser, in its own order and case, and the 101 that belongs to its key.
    let (recorded, start) = stage.connection("/ws/echo")?;
    let (request, _) = split_head(&recorded.client[start..])?;
    let (response, _) = split_head(&recorded.server)?;
    let on_screen = browser.wait_for("return document.querySelector('[data-test=request]')?.textContent").await?;
    assert_eq!(text(&on_screen)?.as_bytes(), request);
    let on_screen = browser.wait_for("return document.querySelector('[data-test=response]')?.textContent").await?;
    assert_eq!(text(&on_screen)?.as_bytes(), response);
    let request_text = std::str::from_utf8(request)?;
    let agent = browser.eval("return navigator.userAgent").await?;
    assert!(request_text.contains(&format!("\r\nUser-Agent: {}\r\n", text(&agent)?)), "{request_text}");
    let matches = browser.eval("return document.querySelector('[data-test=verdict]').dataset.matches").await?;
    assert_eq!(matches, json!("true"));
    let shown = |step: &str| format!("return document.querySelector('[data-step={step}]').textContent");
    let key = browser.eval(&shown("key")).await?;
    assert!(request_text.contains(&format!("\r\nSec-WebSocket-Key: {}\r\n", text(&key)?)));
    let accept = browser.eval(&shown("accept")).await?;
    let response_text = std::str::from_utf8(response)?;
    assert!(response_text.contains(&format!("\r\nSec-WebSocket-Accept: {}\r\n", text(&accept)?)));

    // ② A masked frame out, an unmasked echo back, and a ping that the page's script never sees.
    view(browser, "frames").await?;
    send(browser, TEXT).await?;
    browser.wait_for(&format!("{FRAMES} >= 2")).await?;
    let buttons = browser.window.find_all(By::Css("form.controls .others button")).await?;
    buttons.get(1).context("the ping's button")?.click().await?;
    browser.wait_for(&format!("{FRAMES} >= 4")).await?;
    let frames = frames_on_screen(browser).await?;
    let directions: Vec<_> = frames.iter().map(|(direction, _)| direction.as_str()).collect();
    assert_eq!(directions, ["c", "s", "s", "c"]);
    let len = TEXT.len();
    let (out, back) = (&frames[0].1, &frames[1].1);
    assert_eq!((out.len(), back.len()), (6 + len, 2 + len));
    assert_eq!((out[0], out[1]), (0x81, 0x80 | len as u8));
    let unmasked: Vec<u8> = out[6..].iter().enumerate().map(|(i, byte)| byte ^ out[2 + i % 4]).collect();
    assert_eq!(unmasked, TEXT.as_bytes());
    assert_eq!((&back[..2], &back[2..]), ([0x81, len as u8].as_slice(), TEXT.as_bytes()));
    assert_eq!((frames[2].1[0], frames[3].1[0]), (0x89, 0x8A));
    let (recorded, start) = stage.connection("/ws/echo")?;
    assert_eq!(joined(&frames, "c"), split_head(&recorded.client[start..])?.1);
    assert_eq!(joined(&frames, "s"), split_head(&recorded.server)?.1);

    // ③ The same once over HTTP and once over WebSocket: the same totals.
    let before = (recorded.client.len(), recorded.server.len());
    view(browser, "overhead").await?;
    browser.window.find(By::Css("form.controls .others button")).await?.click().await?;
    browser.wait_for("return document.querySelector('[data-test=counts] [data-row=total]')?.dataset.http").await?;
    let row = |row: &str, column: &str| {
        let script =
            format!("return Number(document.querySelector('[data-test=counts] [data-row={row}]').dataset.{column})");
        async move { Ok::<_, anyhow::Error>(browser.eval(&script).await?.as_u64().context("a number")? as usize) }
    };
    let (websocket, _) = stage.connection("/ws/echo")?;
    let websocket_total = websocket.client.len() + websocket.server.len() - before.0 - before.1;
    assert_eq!(row("total", "websocket").await?, websocket_total);
    assert_eq!(row("overhead", "websocket").await?, 6 + 2);
    let (http, start) = stage.connection("/lab/echo")?;
    let (head, rest) = split_head(&http.client[start..])?;
    assert_eq!(&rest[..len], TEXT.as_bytes());
    assert_eq!(row("out-added", "http").await?, head.len());
    // The connection may have carried the page before: the answer is the last on it.
    let answer = http.server.windows(9).rposition(|window| window == b"HTTP/1.1 ").context("an answer")?;
    let (answer_head, body) = split_head(&http.server[answer..])?;
    assert_eq!(body, TEXT.as_bytes());
    assert_eq!(row("back-added", "http").await?, answer_head.len());
    assert_eq!(row("total", "http").await?, head.len() + answer_head.len() + 2 * len);

    // tshark saw the same bytes, and the same frames in them.
    if let Some(capture) = capture {
        let captured = capture.end().await?;
        ensure!(captured.iter().any(|one| one.bytes == http), "tshark saw other bytes of the HTTP exchange");
        let seen = captured.iter().find(|one| one.bytes == websocket);
        let seen = seen.context("tshark saw other bytes of the WebSocket connection")?;
        let mut on_screen: Vec<_> =
            frames.iter().map(|(side, bytes)| (side == "c", bytes[0] & 0x0F, u64::from(bytes[1] & 0x7F))).collect();
        // The comparison has sent the text once more.
        on_screen.extend([on_screen[0], on_screen[1]]);
        let frames = seen.frames.iter().map(|frame| (frame.from_client, frame.opcode, frame.payload_len));
        assert_eq!(frames.collect::<Vec<_>>(), on_screen);
    }

    assert_eq!(browser.complaints().await?, Vec::<String>::new());
    stage.browser.quit().await
}

#[tokio::test]
async fn a_server_that_dies_and_comes_back() -> Result<()> {
    let Stage { server, recorder, browser } = Stage::open("?lang=en#live/frames").await?;
    send(&browser, TEXT).await?;
    browser.wait_for(&format!("{FRAMES} === 2")).await?;
    let before = frames_on_screen(&browser).await?;

    let address = server.kill().await?;
    browser.wait_for("return document.documentElement.dataset.mode === 'simulated'").await?;
    let notice = browser.wait_for("return document.querySelector('[data-notice=server-gone]')?.innerText").await?;
    assert!(text(&notice)?.contains("server"), "{notice}");
    let connections = "return document.querySelectorAll('[data-test=connections] option').length";

    // What was recorded is still there to be looked at.
    let kept = frames_on_screen(&browser).await?;
    assert_eq!(kept[..2], before[..]);

    // It goes on, both ends in the page, and says so.
    send(&browser, "still here").await?;
    browser.wait_for(&format!("{connections} >= 2")).await?;
    browser
        .wait_for("return document.querySelector('[data-test=content]')?.textContent.includes('still here')")
        .await?;
    let mode = browser.eval("return document.querySelector('[data-test=mode]').innerText").await?;
    assert!(text(&mode)?.to_lowercase().contains("simulated"), "{mode}");

    // And by itself it is live again.
    let server = Server::start_on(address.port()).await?;
    browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
    send(&browser, "back again").await?;
    browser
        .wait_for("return document.querySelector('[data-test=content]')?.textContent.includes('back again')")
        .await?;
    let seen = recorder.connections().iter().filter(|one| find(&one.client, b" /ws/echo?watch=").is_some()).count();
    assert_eq!(seen, 2, "one connection before, one after");
    drop(server);
    browser.quit().await
}

#[tokio::test]
async fn without_a_server_the_page_is_simulated_and_complete() -> Result<()> {
    let server = Server::start().await?;
    let browser = Browser::start("en").await?;
    // A server address at which nobody listens, as a static site has none.
    browser.window.goto(format!("http://{}/?server=127.0.0.1:1", server.address())).await?;
    browser.wait_for("return document.documentElement.dataset.mode === 'simulated'").await?;
    let request = browser.wait_for("return document.querySelector('[data-test=request]')?.textContent").await?;
    assert!(text(&request)?.contains("\r\nUpgrade: websocket\r\n"), "{request}");
    let matches = browser.eval("return document.querySelector('[data-test=verdict]').dataset.matches").await?;
    assert_eq!(matches, json!("true"));
    view(&browser, "frames").await?;
    send(&browser, TEXT).await?;
    browser.wait_for(&format!("{FRAMES} >= 2")).await?;
    let frames = frames_on_screen(&browser).await?;
    assert_eq!((frames[0].1.len(), frames[1].1.len()), (6 + TEXT.len(), 2 + TEXT.len()));
    view(&browser, "overhead").await?;
    browser.window.find(By::Css("form.controls .others button")).await?.click().await?;
    browser.wait_for("return document.querySelector('[data-test=counts] [data-row=total]')?.dataset.http").await?;
    let words = browser.eval("return document.querySelector('[data-test=overhead]').innerText").await?;
    assert!(text(&words)?.contains("simulated") && !text(&words)?.contains("measured"), "{words}");
    browser.quit().await
}

#[tokio::test]
async fn bad_input_is_answered_by_a_sentence_and_loses_nothing() -> Result<()> {
    let stage = Stage::open("?lang=en#live/frames").await?;
    let browser = &stage.browser;
    let binary = browser.window.find(By::XPath("//form//button[normalize-space()='Binary']")).await;
    binary.context("the button for binary messages")?.click().await?;
    send(browser, "48 65 6c 6c 6").await?;
    let error = browser.wait_for("return document.querySelector('[data-test=error]')?.innerText").await?;
    assert!(!text(&error)?.is_empty());
    let kept = browser.eval("return document.querySelector('form.controls input.message').value").await?;
    assert_eq!(kept, json!("48 65 6c 6c 6"));
    assert_eq!(browser.eval(FRAMES).await?, json!(0));
    send(browser, "48 65 6c 6c 6f").await?;
    browser.wait_for(&format!("{FRAMES} === 2")).await?;
    let frames = frames_on_screen(browser).await?;
    assert_eq!(frames[1].1, [b"\x82\x05".as_slice(), b"Hello"].concat());
    stage.browser.quit().await
}

#[tokio::test]
async fn everything_by_keyboard_and_language_changes_lose_nothing() -> Result<()> {
    let stage = Stage::open("?lang=ko#live/frames").await?;
    let browser = &stage.browser;
    send(browser, TEXT).await?;
    browser.wait_for(&format!("{FRAMES} === 2")).await?;
    // Into the byte groups and along them: the selected field changes with every step, and Escape lets go.
    browser.eval("document.querySelector('[data-test=hex] [tabindex=\"0\"]').focus()").await?;
    let selected = "return document.querySelector('[data-test=fields] [aria-selected=true]')?.dataset.sel ?? 'none'";
    let mut seen = vec![browser.eval(selected).await?];
    for _ in 0..3 {
        let focused = browser.window.active_element().await?;
        focused.send_keys(Key::Right + "").await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        seen.push(browser.eval(selected).await?);
    }
    seen.dedup();
    assert!(seen.len() == 4, "the arrows do not walk the fields: {seen:?}");
    let korean = browser.eval("return document.body.innerText").await?;
    browser.window.find(By::Css("button[lang=en]")).await?.click().await?;
    browser.wait_for("return document.documentElement.lang === 'en'").await?;
    assert_ne!(browser.eval("return document.body.innerText").await?, korean);
    assert_eq!(browser.eval(selected).await?, *seen.last().context("something was selected")?);
    assert_eq!(browser.eval(FRAMES).await?, json!(2));
    assert_eq!(browser.complaints().await?, Vec::<String>::new());
    stage.browser.quit().await
}

#[tokio::test]
async fn nothing_overflows_and_nothing_leaves_the_origin() -> Result<()> {
    let stage = Stage::open("?lang=ko").await?;
    let browser = &stage.browser;
    send(browser, &"긴 문장이라도 넘치지 않습니다. ".repeat(20)).await?;
    browser.window.find(By::Css("form.controls .others button")).await?.click().await?;
    for screen in ws101_e2e::Screen::ALL {
        browser.emulate(screen, false).await?;
        for name in ["upgrade", "frames", "overhead"] {
            view(browser, name).await?;
            let widths = browser
                .eval("const html = document.documentElement; return [html.scrollWidth, html.clientWidth]")
                .await?;
            let fits = widths[0].as_u64() <= widths[1].as_u64();
            ensure!(fits, "{} overflows on a {}: {widths}", name, screen.name);
        }
    }
    let foreign = browser
        .eval("return performance.getEntriesByType('resource').map(e => e.name).filter(n => new URL(n).host !== location.host)")
        .await?;
    assert_eq!(foreign, json!([]));
    stage.browser.quit().await
}

//! How fast the page starts in Chromium: every time with a fresh profile, so that nothing is cached.
#![allow(clippy::print_stdout)] // It is what it is for.

use anyhow::{Context as _, Result};
use serde_json::json;
use ws101_e2e::{Browser, Server};
use ws101_lesson::lessons::{LESSONS, Place};

#[tokio::main]
async fn main() -> Result<()> {
    let server = Server::start().await?;
    let lesson = Place::start(*LESSONS.first().context("no lesson is registered")?).path();
    let address = format!("http://{}/?lang=ko#{lesson}", server.address());
    let (mut at_once, mut slowed, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..LOADS {
        let load = Load::measure(&address, 1).await?;
        alone.push(program(&load.program).await?);
        at_once.push(load);
        slowed.push(Load::measure(&address, SLOWER).await?);
    }
    println!("{lesson}, {LOADS} loads, each in a fresh profile, from a server on this machine; milliseconds\n");
    let heads: Vec<_> = (1..=LOADS).map(|load| format!("{load:>8}")).collect();
    println!("{:44}{}{:>8}", "", heads.concat(), "median");
    report("compile + init, with nothing to draw", alone, Some(15.0));
    report("init as the page does it, with what it draws", at_once.iter().map(|load| load.init).collect(), None);
    report("first usable lesson", at_once.iter().map(|load| load.usable).collect(), None);
    let name = format!("first usable lesson, CPU {SLOWER} times slower");
    report(&name, slowed.iter().map(|load| load.usable).collect(), Some(1000.0));
    Ok(())
}

fn report(name: &str, mut values: Vec<f64>, aim: Option<f64>) {
    let columns: Vec<_> = values.iter().map(|value| format!("{value:>8.1}")).collect();
    values.sort_by(f64::total_cmp);
    let median = values[values.len() / 2];
    let verdict = aim.map(|aim| format!("  aim {aim}: {}", if median <= aim { "met" } else { "NOT met" }));
    println!("{name:44}{}{median:>8.1}{}", columns.concat(), verdict.unwrap_or_default());
}

/// What one load of the page took, in milliseconds.
struct Load {
    /// wasm-bindgen's `init` (see web/boot.js): what of fetching and compiling is left to do by then, and all that the program does at
    /// once, which is to draw the lesson.
    init: f64,
    /// From the beginning of the navigation until a lesson is painted and its step forward can be pressed.
    usable: f64,
    /// The addresses of the program's two files.
    program: [String; 2],
}

impl Load {
    async fn measure(address: &str, slower: u32) -> Result<Self> {
        let browser = Browser::start("ko").await?;
        let devtools = browser.window.cdp();
        devtools.send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
        devtools.send_raw("Emulation.setCPUThrottlingRate", json!({ "rate": slower })).await?;
        browser.window.goto(address).await?;
        let usable = browser.wait_for("return window.usableAt").await?;
        let load = Self {
            init: browser.eval(INIT).await?.as_f64().context("web/boot.js measures no init")?,
            usable: usable.as_f64().context("a time")?,
            program: serde_json::from_value(browser.eval(PROGRAM).await?)?,
        };
        browser.quit().await?;
        Ok(load)
    }
}

/// What the program alone takes, its bytes being there, in milliseconds: in a document that has no place to draw in.
async fn program(files: &[String; 2]) -> Result<f64> {
    let browser = Browser::start("ko").await?;
    // A text of the same origin.
    browser.window.goto(&files[0]).await?;
    let taken = browser.eval(&format!("const [js, wasm] = {};{ALONE}", json!(files))).await?;
    browser.quit().await?;
    taken.as_f64().context("a time")
}

/// Notes when the first lesson has been painted and can be used.
const WATCH: &str = "const watch = new MutationObserver(() => {
    if (!document.querySelector('[data-test=lesson]') || document.querySelector('[data-test=forward]')?.disabled !== false) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => window.usableAt = performance.now()));
});
watch.observe(document, { childList: true, subtree: true, attributes: true });";

const INIT: &str = "return performance.getEntriesByName('init', 'measure')[0]?.duration";
const PROGRAM: &str = "const { js, wasm } = document.getElementById('app').dataset;
    return [js, wasm].map(path => new URL(path, document.baseURI).href)";
const ALONE: &str = "return (async () => {
    const { default: init } = await import(js);
    const bytes = await (await fetch(wasm)).arrayBuffer();
    const start = performance.now();
    await init({ module_or_path: await WebAssembly.compile(bytes) });
    return performance.now() - start;
})()";

/// Odd, so that the median is one of them.
const LOADS: usize = 5;
/// A cheap phone beside a desk's computer.
const SLOWER: u32 = 4;

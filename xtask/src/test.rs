//! Everything that CI checks, cheap things first.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process::{ask, cargo, complain, run, run_and_listen, say};
use crate::{autobahn, browser, firefox, page, server, tools, wasm_target};

/// What runs without a browser. One selection for every step, because cargo compiles a library once per set of features, and that set
/// depends on what is selected.
pub(crate) const NATIVE: [&str; 5] = ["--workspace", "--exclude", "ws101-web", "--exclude", "ws101-e2e"];

/// What runs in the page as well as natively, and is tested in both.
const BOTH: [&str; 3] = ["ws101-core", "ws101-trace", "ws101-lesson"];

const WARNINGS: &str = "-Dwarnings";

/// Everything that CI checks, up to the first failure
#[derive(clap::Args)]
pub(crate) struct Test {
    /// Only what needs neither a browser nor wasm: format, clippy, native tests
    #[arg(long)]
    quick: bool,
    /// Begin at this step, for instance at the one that has failed
    #[arg(long, value_name = "STEP")]
    from: Option<String>,
}

type Step = (&'static str, fn() -> Result<()>);

const QUICK: [Step; 3] = [("format", format), ("clippy", clippy), ("tests", native_tests)];

const ALL: [Step; 10] = [
    ("format", format),
    ("clippy", clippy),
    ("clippy for wasm", clippy_wasm),
    ("licences and sources of dependencies", deny),
    ("documentation", docs),
    ("tests", native_tests),
    ("Autobahn, a subset", autobahn::quick),
    ("tests in wasm", wasm_tests),
    ("the page and its size", build_page),
    ("the page in a browser", browser_tests),
];

impl Test {
    /// The last line of all is the count, which CI reads.
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let mut steps: &[Step] = if self.quick { &QUICK } else { &ALL };
        if let Some(from) = &self.from {
            let first = steps.iter().position(|(name, _)| name == from).with_context(|| {
                let names: Vec<_> = steps.iter().map(|(name, _)| format!("\"{name}\"")).collect();
                format!("no step is called \"{from}\"; there are {}", names.join(", "))
            })?;
            steps = &steps[first..];
        }
        if !self.quick {
            // What cannot be had is better known now than in a quarter of an hour.
            wasm_target::ready()?;
            tools::ready()?;
            tools::deny_ready()?;
            browser::ready()?;
            firefox::ready();
        }
        let begin = Instant::now();
        for (done, (name, step)) in steps.iter().enumerate() {
            say(format!("\n=== {name}"));
            let start = Instant::now();
            let outcome = step();
            let seconds = start.elapsed().as_secs_f32();
            if let Err(error) = outcome {
                complain(&error);
                say(format!("=== {name}: failed after {seconds:.1} s"));
                say(format!("\n{} of {} steps were not tried.", steps.len() - done - 1, steps.len()));
                say(format!("{done} passed, 1 failed"));
                return Ok(ExitCode::FAILURE);
            }
            say(format!("=== {name}: passed in {seconds:.1} s"));
        }
        say(format!("\nAll in {:.0} s.", begin.elapsed().as_secs_f32()));
        say(format!("{} passed, 0 failed", steps.len()));
        Ok(ExitCode::SUCCESS)
    }
}

/// Tells the browser tests what to test with what.
pub(crate) fn browser_env(command: &mut Command, browser: &browser::Browser, server: &Path) {
    command.env("WS101_BIN", server);
    command.env("WS101_CHROMIUM", &browser.chromium);
    command.env("WS101_CHROMEDRIVER", &browser.chromedriver);
}

fn format() -> Result<()> {
    component("fmt", "rustfmt")?;
    run(&mut cargo(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    component("clippy", "clippy")?;
    // The browser tests too: they are not run with the others, but they are checked with them.
    run(cargo(["clippy", "--workspace", "--exclude", "ws101-web", "--all-targets", "--"]).arg(WARNINGS))
}

fn clippy_wasm() -> Result<()> {
    let mut clippy = cargo(["clippy", "--target", wasm_target::TARGET, "--all-targets", "--package", "ws101-web"]);
    clippy.args(BOTH.map(|package| format!("--package={package}"))).args(["--", WARNINGS]);
    wasm_target::ready()?.apply(&mut clippy);
    run(&mut clippy)?;
    // Without its features, core promises to need nothing but `alloc`.
    let bare = ["clippy", "--target", wasm_target::TARGET, "--package", "ws101-core", "--no-default-features"];
    let mut clippy = cargo(bare);
    wasm_target::ready()?.apply(&mut clippy);
    run(clippy.args(["--", WARNINGS]))
}

fn deny() -> Result<()> {
    // Advisories come from a database on the network; `cargo deny check advisories` asks it.
    let mut deny = cargo(["deny", "check", "licenses", "bans", "sources"]);
    run(deny.env("PATH", tools::deny_ready()?.path()))
}

fn docs() -> Result<()> {
    let warnings_fail = |command: &mut Command| run(command.env("RUSTDOCFLAGS", WARNINGS));
    warnings_fail(&mut cargo(["doc", "--no-deps", "--workspace", "--exclude", "ws101-web"]))?;
    let mut web = cargo(["doc", "--no-deps", "--target", wasm_target::TARGET, "--package", "ws101-web"]);
    wasm_target::ready()?.apply(&mut web);
    warnings_fail(&mut web)
}

fn native_tests() -> Result<()> {
    run(cargo(["test"]).args(NATIVE))
}

fn wasm_tests() -> Result<()> {
    let browser = browser::ready()?;
    for package in BOTH {
        // Documentation tests have no place in which wasm-bindgen would run them; they have run natively.
        let mut test = cargo(["test", "--target", wasm_target::TARGET, "--lib", "--tests", "--package", package]);
        test.env("PATH", tools::ready()?.path());
        test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
        test.env("WASM_BINDGEN_USE_BROWSER", "1").env("CHROMEDRIVER", &browser.chromedriver);
        // A busy machine starts a browser slowly.
        test.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60").env("WASM_BINDGEN_TEST_TIMEOUT", "120");
        wasm_target::ready()?.apply(&mut test);
        // A plain `#[test]` is not run in wasm, and nobody would be told.
        if !run_and_listen(&mut test, |line| line.starts_with("test result: ok."))? {
            bail!(
                "no test of {package} ran in wasm; its tests need `use wasm_bindgen_test::wasm_bindgen_test as test` there"
            );
        }
    }
    Ok(())
}

fn build_page() -> Result<()> {
    page::build(true).map(|_| ())
}

fn browser_tests() -> Result<()> {
    let server = server::debug(&page::build(true)?, &NATIVE)?;
    browser::company_ready();
    let mut test = cargo(["test", "--package", "ws101-e2e"]);
    browser_env(&mut test, &browser::ready()?, &server);
    if let Some(firefox) = firefox::ready() {
        test.env("WS101_FIREFOX", firefox.firefox).env("WS101_GECKODRIVER", firefox.geckodriver);
    }
    run(&mut test)
}

/// A minimal toolchain comes without formatter and linter.
fn component(subcommand: &str, component: &str) -> Result<()> {
    if ask(&mut cargo([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    say(format!("Adding {component} to the Rust toolchain (under a minute) …"));
    run(crate::process::command("rustup").args(["component", "add", component]))
}

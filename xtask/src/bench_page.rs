//! `cargo xtask bench page`: how fast the page starts, as it is given away.

use anyhow::Result;

use crate::process::{cargo, run};
use crate::{browser, page, server, test};

/// Builds the small page and the fast server, and measures in Chromium.
pub(crate) fn run_it() -> Result<()> {
    let browser = browser::ready()?;
    let server = server::release(&page::build(true)?)?;
    let mut startup = cargo(["run", "--quiet", "--package", "ws101-e2e", "--bin", "startup"]);
    test::browser_env(&mut startup, &browser, &server);
    run(&mut startup)
}

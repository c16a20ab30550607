//! Screenshots of the page.

use anyhow::Result;

use crate::process::{self, cargo, say};
use crate::{browser, page, repo, server, test};

/// Takes them with the program that the browser tests bring along.
pub(crate) fn run() -> Result<()> {
    let browser = browser::ready()?;
    let server = server::debug(&page::build(true)?, &test::NATIVE)?;
    let folder = repo::target_dir().join("shots");
    let mut shots = cargo(["run", "--quiet", "--package", "ws101-e2e", "--bin", "shots", "--"]);
    test::browser_env(&mut shots, &browser, &server);
    process::run(shots.arg(&folder))?;
    say(format!("{}", folder.display()));
    Ok(())
}

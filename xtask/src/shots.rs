//! Screenshots of the page.

use anyhow::Result;

use crate::process::{self, cargo, say};
use crate::{browser, page, repo, server, test};

/// Screenshots of the page, and contact sheets of all lessons, into target/shots/
#[derive(clap::Args)]
pub(crate) struct Shots {
    /// Only the contact sheets
    #[arg(long)]
    lessons: bool,
}

impl Shots {
    /// Takes them with the program that the browser tests bring along.
    pub(crate) fn run(&self) -> Result<()> {
        let browser = browser::ready()?;
        let server = server::debug(&page::build(true)?, &test::NATIVE)?;
        let folder = repo::target_dir().join("shots");
        let mut shots = cargo(["run", "--quiet", "--package", "ws101-e2e", "--bin", "shots", "--"]);
        test::browser_env(&mut shots, &browser, &server);
        process::run(shots.arg(&folder).args(self.lessons.then_some("lessons")))?;
        say(format!("{}", folder.display()));
        Ok(())
    }
}

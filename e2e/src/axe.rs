//! axe-core, which looks for what keeps people out.

use std::path::Path;

use anyhow::Result;
use serde_json::Value;
use tokio::process::Command;

use crate::{Browser, Screen};

/// axe-core's source.
pub struct Axe(String);

impl Axe {
    /// Installs it below a folder, if it is not there. `None`, and a line that says so, on a machine without npm.
    pub async fn load(folder: &Path) -> Result<Option<Self>> {
        let folder = folder.join("clients/axe");
        let file = folder.join("node_modules/axe-core/axe.min.js");
        if !file.is_file() {
            let mut npm = Command::new("npm");
            npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg("axe-core@4");
            if !npm.status().await.is_ok_and(|status| status.success()) {
                eprintln!("SKIPPED: axe-core needs npm");
                return Ok(None);
            }
        }
        Ok(Some(Self(tokio::fs::read_to_string(file).await?)))
    }

    /// The rules of WCAG 2.2 AA that the page breaks on a screen, each with its elements.
    pub async fn violations(&self, browser: &Browser, screen: Screen) -> Result<Value> {
        // So tall that nothing has to stick in front of anything: what is half covered would count as too small.
        browser.emulate(Screen { height: 5000, ..screen }, false).await?;
        browser.eval(&self.0).await?;
        let violations = browser.eval(RUN).await?;
        browser.emulate(screen, false).await?;
        Ok(violations)
    }
}

const RUN: &str = "return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })\
    .then(found => found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.target).join(' | ')))";

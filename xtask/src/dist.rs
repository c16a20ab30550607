//! The server with the page in it, for others to use.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::say;
use crate::{page, repo, server};

/// Builds it, and fails when the page did not get into it: elsewhere a stand-in will do, here it would reach a class.
pub(crate) fn run() -> Result<()> {
    let page = page::build(true)?;
    say("Building the server …");
    let built = server::release(&page)?;
    let wasm = wasm_name(&page)?;
    let program = fs::read(&built).with_context(|| format!("could not read {}", built.display()))?;
    if !program.windows(wasm.len()).any(|bytes| bytes == wasm.as_bytes()) {
        bail!("the server was built without the page: {wasm} is not in {}", built.display());
    }

    let folder = repo::target_dir().join("dist");
    fs::create_dir_all(&folder)?;
    let file = built.file_name().context("the server has no name")?;
    fs::copy(&built, folder.join(file))?;
    for text in ["LICENSE", "LICENSE-APACHE"] {
        fs::copy(repo::root().join(text), folder.join(text))?;
    }
    say(format!("{} ({:.1} MB)", folder.join(file).display(), program.len() as f64 / 1e6));
    Ok(())
}

fn wasm_name(page: &Path) -> Result<String> {
    let names = fs::read_dir(page)?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    names.into_iter().find(|name| name.ends_with(".wasm")).context("the page has no wasm file")
}

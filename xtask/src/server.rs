//! Builds `ws101`, the server, with the page in it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::process::{cargo, run};
use crate::repo;

/// The variable by which the server's build script learns where the page lies; without it, it embeds a page that says how to get one.
const PAGE_DIR: &str = "WS101_PAGE_DIR";

/// For use: optimised.
pub(crate) fn release(page: &Path) -> Result<PathBuf> {
    build(&["--release", "--package", "ws101"], page, "release")
}

/// For tests: with every check on, and with what `cargo test` of these very packages has compiled already.
pub(crate) fn debug(page: &Path, packages: &[&str]) -> Result<PathBuf> {
    build(&[packages, &["--bin", "ws101"]].concat(), page, "debug")
}

fn build(args: &[&str], page: &Path, folder: &str) -> Result<PathBuf> {
    run(cargo(["build"]).args(args).env(PAGE_DIR, page))?;
    Ok(repo::target_dir().join(folder).join(format!("ws101{}", std::env::consts::EXE_SUFFIX)))
}

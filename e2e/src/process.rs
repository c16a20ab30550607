//! Programs that the tests start.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

/// The program that `variable` names.
pub(crate) fn program(variable: &str) -> Result<PathBuf> {
    let path = std::env::var_os(variable).map(PathBuf::from);
    path.with_context(|| format!("{variable} is not set: run these tests with `cargo xtask test`"))
}

/// Reads `output` until a line yields something, and goes on swallowing the rest, so that the program never waits for a reader.
pub(crate) async fn await_line<T>(
    output: impl AsyncRead + Unpin + Send + 'static,
    mut find: impl FnMut(&str) -> Option<T>,
) -> Result<T> {
    let mut lines = BufReader::new(output).lines();
    let found = tokio::time::timeout(Duration::from_secs(30), async {
        while let Some(line) = lines.next_line().await? {
            if let Some(found) = find(&line) {
                return Ok(found);
            }
        }
        bail!("the program ended before it said that it was ready")
    });
    let found = found.await.context("the program did not get ready within 30 s")??;
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(found)
}

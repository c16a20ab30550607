//! What the page looks like: `shots FOLDER [lessons]`.

mod capture;
mod live;
mod sheet;
mod steps;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use ws101_e2e::Server;

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1);
    let folder = PathBuf::from(args.next().context("usage: shots FOLDER [lessons]")?);
    tokio::fs::create_dir_all(&folder).await.with_context(|| format!("{} cannot be made", folder.display()))?;
    let server = Server::start().await?;
    if args.next().is_none() {
        live::shots(&server, &folder).await?;
    }
    steps::sheets(&server, &folder).await
}

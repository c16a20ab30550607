//! From nothing to a page in a browser.

use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::{command, say};
use crate::{page, server};

/// Build everything, serve the page and open it
#[derive(clap::Args)]
pub(crate) struct Demo {
    /// Only print the address
    #[arg(long)]
    no_open: bool,
    /// The server's port
    #[arg(long, default_value_t = 8101)]
    port: u16,
    /// Further arguments of `ws101 serve`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    serve: Vec<String>,
}

impl Demo {
    pub(crate) fn run(&self) -> Result<()> {
        let page = page::build(true)?;
        say("Building the server (a minute or two the first time) …");
        let mut server = command(server::release(&page)?);
        server.args(["serve", "--port", &self.port.to_string()]).args(&self.serve);
        if self.no_open || !has_display() {
            return become_it(server);
        }
        let mut server = server.spawn().context("could not start the server")?;
        open_when_up(&mut server, self.port)?;
        let status = server.wait()?;
        if !status.success() {
            bail!("the server ended ({status})");
        }
        Ok(())
    }
}

/// Puts the server in this process's place, so that whoever ends this process ends the server.
#[cfg(unix)]
fn become_it(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(server.exec()).context("could not start the server")
}

#[cfg(not(unix))]
fn become_it(mut server: Command) -> Result<()> {
    crate::process::run(&mut server)
}

fn has_display() -> bool {
    !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
}

/// Waits until the server accepts connections. One that ends at once (its port is taken, say) has already said why.
fn open_when_up(server: &mut Child, port: u16) -> Result<()> {
    let patience = Instant::now() + Duration::from_secs(10);
    while Instant::now() < patience {
        sleep(Duration::from_millis(200));
        if server.try_wait()?.is_some() {
            return Ok(());
        }
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            open(&format!("http://127.0.0.1:{port}/"));
            return Ok(());
        }
    }
    Ok(())
}

fn open(address: &str) {
    let mut opener = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(target_os = "windows") {
        let mut shell = Command::new("cmd");
        shell.args(["/C", "start", ""]);
        shell
    } else {
        Command::new("xdg-open")
    };
    let opened = opener.arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if opened.is_err() {
        say(format!("No browser could be started; open {address}"));
    }
}

//! nginx as it stands before many a server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::sleep;

/// A running nginx that passes on what comes; ends with this value.
#[derive(Debug)]
pub struct Nginx {
    address: SocketAddr,
    child: Child,
    folder: PathBuf,
}

impl Nginx {
    /// One before `server`, with what WebSocket needs of it. `None`, and a line that says so, where there is no nginx.
    pub async fn before(server: SocketAddr) -> Result<Option<Self>> {
        // It cannot choose a port by itself.
        let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
        let folder = std::env::temp_dir().join(format!("ws101-nginx-{}-{}", std::process::id(), address.port()));
        tokio::fs::create_dir_all(&folder).await?;
        // Its own folders are not everybody's to write to.
        let temp =
            ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|what| format!("{what}_temp_path {what};\n"));
        let config = format!(
            "daemon off; pid nginx.pid; error_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{}\
            map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}\n\
            server {{ listen {address}; location / {{ proxy_pass http://{server}; proxy_http_version 1.1;\n\
            proxy_set_header Host $http_host;\nproxy_set_header Upgrade $http_upgrade;\n\
            proxy_set_header Connection $connection_upgrade; }} }} }}\n",
            temp.concat()
        );
        tokio::fs::write(folder.join("nginx.conf"), config).await?;
        let mut command = Command::new("nginx");
        command.arg("-p").arg(&folder).args(["-e", "stderr", "-c", "nginx.conf"]);
        let Ok(mut child) = command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn() else {
            eprintln!("SKIPPED: there is no nginx on this machine");
            return Ok(None);
        };
        for _ in 0..200 {
            ensure!(child.try_wait().context("nginx")?.is_none(), "nginx ended by itself");
            if TcpStream::connect(address).await.is_ok() {
                return Ok(Some(Self { address, child, folder }));
            }
            sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("nginx did not begin to listen within 10 s")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Killed outright, it would leave its workers behind.
        if let Some(id) = self.child.id() {
            let _ = std::process::Command::new("kill").arg(id.to_string()).status();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

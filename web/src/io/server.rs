//! Where the server is, and by which id it knows this page.

use web_sys::{Url, UrlSearchParams};

use super::page::window;
use super::random;

/// The server's address.
pub(crate) struct Server {
    base: String,
    watch: String,
}

impl Server {
    /// Where the page came from, unless its URL has `?server=host:port`.
    pub(crate) fn find() -> Self {
        let location = window().location();
        let query = location.search().ok().and_then(|query| UrlSearchParams::new_with_str(&query).ok());
        let base = match query.and_then(|query| query.get("server")) {
            Some(server) if server.contains("://") => server,
            Some(server) => ["http://", &server, "/"].concat(),
            None => location.href().unwrap_or_default(),
        };
        Self { base, watch: random::id() }
    }

    /// What was recorded under the old id is not wanted again.
    pub(crate) fn renew_watch_id(&mut self) {
        self.watch = random::id();
    }

    /// A route's URL for HTTP.
    pub(crate) fn http(&self, path: &str) -> String {
        self.url(path).map(|url| url.href()).unwrap_or_default()
    }

    /// A route's URL for WebSocket.
    pub(crate) fn web_socket(&self, path: &str) -> String {
        let Some(url) = self.url(path) else { return String::new() };
        url.set_protocol(if url.protocol() == "https:" { "wss:" } else { "ws:" });
        url.href()
    }

    fn url(&self, path: &str) -> Option<Url> {
        let url = Url::new_with_base(path, &self.base).ok()?;
        url.set_hash("");
        url.set_search(&["watch=", &self.watch].concat());
        Some(url)
    }
}

//! By which names this server is called.

use std::net::{Ipv4Addr, Ipv6Addr};

use ws101_core::head::Fields;

/// The names that a Host field may have.
///
/// A page of another site can have its own name resolve to this machine's address, and is then of the same origin as whatever
/// answers here (DNS rebinding). What it cannot do is call us by another name than its own, or by an address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    /// Addresses, `localhost` and this machine's own name are known; `allowed` are names besides.
    pub(crate) fn new(allowed: &[String]) -> Self {
        let own = own_name().map(|name| name.to_ascii_lowercase());
        let local = own.as_ref().map(|name| format!("{name}.local"));
        Self(allowed.iter().cloned().chain(own).chain(local).collect())
    }

    /// Whether a request is meant for this server. One without a Host field (HTTP/1.0) comes from no browser.
    pub(super) fn know(&self, fields: &Fields<'_>) -> bool {
        let Some(host) = fields.values("host").next() else { return true };
        let Ok(host) = std::str::from_utf8(host) else { return false };
        if let Some(rest) = host.strip_prefix('[') {
            return rest.split_once(']').is_some_and(|(address, _port)| address.parse::<Ipv6Addr>().is_ok());
        }
        let name = host.split_once(':').map_or(host, |(name, _port)| name).to_ascii_lowercase();
        let name = name.strip_suffix('.').unwrap_or(&name);
        name.parse::<Ipv4Addr>().is_ok()
            || name == "localhost"
            || name.ends_with(".localhost")
            || self.0.iter().any(|known| known == name)
    }
}

/// The machine's name, where it can be had without asking the system's C library.
fn own_name() -> Option<String> {
    let from_file =
        ["/proc/sys/kernel/hostname", "/etc/hostname"].iter().find_map(|path| std::fs::read_to_string(path).ok());
    let from_environment = || ["COMPUTERNAME", "HOSTNAME"].iter().find_map(|name| std::env::var(name).ok());
    from_file.or_else(from_environment).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use ws101_core::head::{Limits, RequestHead};

    use super::*;

    fn knows(host: &str) -> bool {
        let bytes = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let head = RequestHead::read(bytes.as_bytes(), &Limits::default()).unwrap().unwrap();
        Hosts(vec!["classroom.example".into()]).know(&head.fields)
    }

    #[test]
    fn addresses_and_own_names_are_known_and_others_are_not() {
        for host in [
            "127.0.0.1:8101",
            "192.168.0.7",
            "[::1]:8101",
            "localhost",
            "LocalHost:1",
            "a.localhost",
            "classroom.example:80",
        ] {
            assert!(knows(host), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "1.2.3", "classroom.example.evil"]
        {
            assert!(!knows(host), "{host}");
        }
    }
}

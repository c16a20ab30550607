//! What is printed when the server is up.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use qrcodegen::{QrCode, QrCodeEcc};

/// The addresses under which a server that listens on `address` is reached, the one for this machine first.
pub(crate) fn reachable(address: SocketAddr) -> Vec<SocketAddr> {
    if !address.ip().is_unspecified() {
        return vec![address];
    }
    let mut all = vec![SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port())];
    // Without the list the teacher has to know the address, and everything else works.
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut others: Vec<_> = interfaces.iter().map(if_addrs::Interface::ip).filter(is_for_others).collect();
    // Those of private networks first: a class is in one.
    others.sort_by_key(|ip| (!matches!(ip, IpAddr::V4(ip) if ip.is_private()), *ip));
    others.dedup();
    all.extend(others.into_iter().map(|ip| SocketAddr::new(ip, address.port())));
    all
}

/// IPv4 only: that is what an unspecified address of IPv4 listens on.
fn is_for_others(ip: &IpAddr) -> bool {
    matches!(ip, IpAddr::V4(ip) if !ip.is_loopback() && !ip.is_link_local())
}

/// A QR code for a dark terminal: two rows of modules in a line of half blocks, light modules drawn.
pub(crate) fn qr_code(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let is_light = |x, y| !code.get_module(x, y);
    let mut drawn = String::new();
    for y in (-QUIET..code.size() + QUIET).step_by(2) {
        for x in -QUIET..code.size() + QUIET {
            drawn.push(match (is_light(x, y), is_light(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        drawn.push('\n');
    }
    Some(drawn)
}

/// All of it. The first line is the address alone: people click it and tests read it.
pub(crate) fn greeting(addresses: &[SocketAddr], teacher: Option<&str>, tls: bool) -> String {
    let mut text = String::new();
    for scheme in if tls { &["http", "https"][..] } else { &["http"] } {
        for address in addresses {
            // Writing into a String cannot fail.
            let _ = writeln!(text, "{scheme}://{address}/");
        }
    }
    if let Some(teacher) = teacher {
        let own = addresses.first().map(SocketAddr::to_string).unwrap_or_default();
        let _ = writeln!(text, "\nThe teacher's page (keep it to yourself): http://{own}/#teacher={teacher}");
        if let Some(address) = addresses.get(1) {
            let url = format!("http://{address}/");
            let _ = writeln!(text, "The class's page: {url}\n\n{}", qr_code(&url).unwrap_or_default());
        } else {
            let _ = writeln!(text, "This machine is in no network: nobody else can come.");
        }
    }
    text
}

/// The width of the light border.
const QUIET: i32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_address_and_nothing_else() {
        let addresses = ["127.0.0.1:8101", "192.168.0.7:8101"].map(|text| text.parse().unwrap());
        let text = greeting(&addresses, Some("token"), false);
        assert!(text.starts_with("http://127.0.0.1:8101/\nhttp://192.168.0.7:8101/\n\n"), "{text}");
        assert!(text.contains("http://127.0.0.1:8101/#teacher=token\n"));
        assert_eq!(greeting(&addresses[..1], None, false), "http://127.0.0.1:8101/\n");
        let both = greeting(&addresses[..1], None, true);
        assert_eq!(both, "http://127.0.0.1:8101/\nhttps://127.0.0.1:8101/\n");
    }

    #[test]
    fn a_code_is_square_and_has_its_border() {
        let drawn = qr_code("http://192.168.0.7:8101/").unwrap();
        let lines: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
        assert!(lines.iter().all(|line| line.len() == lines[0].len()));
        assert_eq!(lines.len(), lines[0].len().div_ceil(2));
        assert!(lines[0].iter().all(|&cell| cell == '█'));
    }
}

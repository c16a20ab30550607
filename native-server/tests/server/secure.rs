//! TLS, on the port of everything else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned, SupportedProtocolVersion,
};
use tungstenite::{Message, WebSocket};
use ws101_trace::feed::FromServer;

use crate::support::{Server, eventually, request, stream, ws101};

pub(crate) type Secure = StreamOwned<ClientConnection, TcpStream>;

/// Where a test's server keeps its certificate.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ws101-{name}-{}", std::process::id()));
        std::fs::create_dir_all(path.join("ws101")).unwrap();
        Self(path)
    }

    pub(crate) fn server(&self, options: &[&str]) -> Server {
        let mut command = ws101();
        for variable in ["XDG_DATA_HOME", "HOME", "LOCALAPPDATA"] {
            command.env(variable, &self.0);
        }
        Server::spawn(command, options)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Takes any certificate: what is tested is that there is one.
#[derive(Debug)]
struct Anybody;

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

pub(crate) fn secure(server: &Server, version: &'static SupportedProtocolVersion) -> Secure {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap();
    StreamOwned::new(connection, stream(server.address))
}

fn websocket(server: &Server, version: &'static SupportedProtocolVersion, target: &str) -> WebSocket<Secure> {
    tungstenite::client(format!("wss://{}{target}", server.address), secure(server, version)).unwrap().0
}

/// The response to a request that closes.
fn get(secure: &mut Secure, target: &str) -> String {
    secure.write_all(request(&format!("GET {target}"), "Connection: close\r\n").as_bytes()).unwrap();
    let mut response = String::new();
    secure.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn one_port_speaks_four_protocols() {
    let folder = Folder::new("four");
    let server = folder.server(&["--tls"]);
    assert_eq!(server.connect().send(request("GET /lab/message", "")).response().status, 200);
    let mut plain = server.websocket("/ws/echo");
    plain.send(Message::text("plain")).unwrap();
    assert_eq!(plain.read().unwrap(), Message::text("plain"));
    for version in [&TLS12, &TLS13] {
        let mut https = secure(&server, version);
        // That this ends without an error tells that the server said so in TLS.
        assert!(get(&mut https, "/lab/message?size=3").ends_with("\r\n\r\nmes"));
        assert_eq!(https.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
        for target in ["/ws/echo", "/ws/reference"] {
            let mut wss = websocket(&server, version, target);
            for len in [0, 1, 125, 16_384, 65_536, 3 << 20] {
                let message = Message::binary((0..len).map(|i: u32| (i % 251) as u8).collect::<Vec<_>>());
                wss.send(message.clone()).unwrap();
                assert!(wss.read().unwrap() == message, "{target} {len}");
            }
            wss.close(None).unwrap();
            while wss.read().is_ok() {}
        }
        let mut push = websocket(&server, version, "/ws/push?every=1&size=60000");
        std::thread::sleep(Duration::from_millis(300));
        for number in 1..=100 {
            assert!(push.read().unwrap().to_text().unwrap().starts_with(&format!("push {number} ")));
        }
    }
}

#[test]
fn the_certificate_is_made_once_and_kept() {
    let folder = Folder::new("kept");
    let certificate = || {
        let server = folder.server(&["--tls"]);
        let mut https = secure(&server, &TLS13);
        get(&mut https, "/lab/message");
        https.conn.peer_certificates().unwrap()[0].to_vec()
    };
    let first = certificate();
    assert_eq!(first, certificate());
    let own = folder.0.join("given.pem");
    let kept = std::fs::read_dir(&folder.0).unwrap().flatten().find_map(|entry| {
        let path = entry.path().join("identity.pem");
        path.exists().then_some(path)
    });
    std::fs::copy(kept.unwrap(), &own).unwrap();
    let own = own.to_str().unwrap();
    let server = folder.server(&["--cert", own, "--key", own]);
    let mut https = secure(&server, &TLS12);
    get(&mut https, "/lab/message");
    assert_eq!(https.conn.peer_certificates().unwrap()[0].to_vec(), first);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_costs_only_the_keeping() {
    let folder = Folder::new("full");
    std::os::unix::fs::symlink("/dev/full", folder.0.join("ws101/identity.new")).unwrap();
    let server = folder.server(&["--tls"]);
    let witness = crate::faults::Witness::of(&server);
    assert!(get(&mut secure(&server, &TLS13), "/lab/message").starts_with("HTTP/1.1 200 OK"));
    witness.must_be_unharmed();
    assert!(!folder.0.join("ws101/identity.pem").exists());
}

#[test]
fn a_certificate_that_is_none_is_told() {
    let output =
        ws101().args(["serve", "--port", "0", "--cert", "Cargo.toml", "--key", "Cargo.toml"]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), text.contains("Cargo.toml has no certificate in it")), (Some(1), true), "{text}");
    let output = ws101().args(["serve", "--cert", "Cargo.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn who_speaks_tls_to_a_plain_port_is_told_so() {
    let server = Server::start(&[]);
    let mut raw = server.connect();
    let response = raw.send([0x16, 3, 1, 0, 5]).response();
    assert_eq!((response.status, response.text().contains("speaks no TLS")), (400, true));
    assert_eq!(raw.rest(), b"");
}

#[test]
fn half_a_handshake_is_cut_in_time() {
    let folder = Folder::new("half");
    let server = folder.server(&["--tls", "--head-timeout", "0.3", "--keep-alive", "0.6"]);
    let begin = Instant::now();
    for bytes in [&[0x16, 3, 1, 2, 0, 1][..], b"GET", b""] {
        server.connect().send(bytes).rest();
    }
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    // What is no handshake at all is answered with an alert, or an end.
    server.connect().send([0x16; 100]).rest();
    assert!(get(&mut secure(&server, &TLS13), "/lab/message").starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn the_tap_sees_below_and_above() {
    const WATCH: &str = "secure-0123456789";
    let folder = Folder::new("tap");
    let server = folder.server(&["--tls"]);
    let mut feed = server.websocket(&format!("/ws/wire?watch={WATCH}"));
    let mut wss = websocket(&server, &TLS13, &format!("/ws/echo?watch={WATCH}"));
    wss.send(Message::text("above")).unwrap();
    assert_eq!(wss.read().unwrap(), Message::text("above"));
    eventually("all is counted", || {
        let counts = server.connect().send(request(&format!("GET /api/counts?of={WATCH}"), "")).response();
        let counts: serde_json::Value = serde_json::from_str(counts.text()).unwrap();
        let [plain, cipher] = [&counts[0]["written"]["bytes"], &counts[0]["ciphertext"]["written"]];
        // The handshake with its certificate, session tickets, and 22 bytes for each of two records.
        *plain == 129 + 7 && cipher.as_u64().unwrap() > 129 + 7 + 44 + 500
    });
    let mut down = Vec::new();
    while !down.ends_with(b"\x81\x05above") {
        if let FromServer::Bytes { bytes, direction: ws101_trace::Direction::ServerToClient, .. } =
            serde_json::from_str(feed.read().unwrap().to_text().unwrap()).unwrap()
        {
            down.extend(bytes);
        }
    }
    assert!(down.starts_with(b"HTTP/1.1 101 "));
}

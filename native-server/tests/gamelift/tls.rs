//! Must-have 1: C++ always speaks TLS, at most 1.2, and Go may speak plain; both on one port.

use std::path::Path;
use std::sync::Arc;

use rustls::version::TLS12;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};
use tungstenite::Message;

use crate::support::{Server, stream};
use crate::world::{FLEET, Sdk, process, status};

#[test]
fn must_have_1_tls_1_2_and_plain_on_the_same_port() {
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let file = |name: &str, content: &str| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("gamelift-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (cert, key) = (file("cert.pem", &own.cert.pem()), file("key.pem", &own.signing_key.serialize_pem()));
    let server = Server::start(&["--cert", &cert, "--key", &key]);

    let mut roots = RootCertStore::empty();
    roots.add(own.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS12]).unwrap();
    let config = Arc::new(config.with_root_certificates(roots).with_no_client_auth());
    let session = ClientConnection::new(config, "localhost".try_into().unwrap()).unwrap();
    let secure = StreamOwned::new(session, stream(server.address));
    // C++ puts a slash in front of the query.
    let query = format!("ComputeId=host-1&FleetId={FLEET}&pID=cpp&sdkLanguage=Cpp&sdkVersion=5.4.0");
    let (mut cpp, _) = tungstenite::client(format!("ws://localhost/gamelift/?{query}"), secure).unwrap();
    let ready = json!({"Action": "ActivateServerProcess", "RequestId": "r", "Port": 7777});
    cpp.send(Message::text(ready.to_string())).unwrap();
    let answer: Value = serde_json::from_str(cpp.read().unwrap().to_text().unwrap()).unwrap();
    assert_eq!(answer["StatusCode"], 200);

    let _go = Sdk::ready(&server, "go");
    for id in ["cpp", "go"] {
        assert_eq!(process(&status(server.address), id)["Status"], "ACTIVE", "{id}");
    }
    for path in [cert, key] {
        let _ = std::fs::remove_file(path);
    }
}

//! The command line, and the end of the server.

use std::net::TcpListener;
use std::process::Output;

use crate::support::ws101;

fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = ws101().args(arguments).output().unwrap();
    (
        status.code(),
        String::from_utf8(stderr).unwrap().lines().filter(|line| !line.contains("no page is built")).collect(),
    )
}

#[test]
fn a_taken_port_is_told_in_one_sentence_that_says_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (code, text) = run(&["serve", "--port", &port.to_string()]);
    assert_eq!(code, Some(1));
    let other = if port == u16::MAX { 8101 } else { port + 1 };
    assert_eq!(
        text,
        format!("ws101: Port {port} is in use. Stop the other program or choose another: ws101 serve --port {other}")
    );
}

#[test]
fn an_address_that_is_not_ours_is_told() {
    let (code, text) = run(&["serve", "--lan", "--bind", "192.0.2.1"]);
    assert_eq!((code, text.contains("no address 192.0.2.1")), (Some(1), true), "{text}");
}

#[test]
fn beyond_loopback_goes_only_what_was_let_out() {
    let (code, text) = run(&["serve", "--bind", "0.0.0.0"]);
    assert_eq!((code, text.contains("say so with --lan")), (Some(1), true), "{text}");
}

#[test]
fn lan_prints_the_addresses_the_token_and_a_code() {
    use std::io::Read as _;
    let mut server =
        ws101().args(["serve", "--lan", "--port", "0"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    server.kill().unwrap();
    server.wait().unwrap();
    let mut text = String::new();
    server.stdout.unwrap().read_to_string(&mut text).unwrap();
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("http://127.0.0.1:") && first.ends_with('/'), "{text}");
    assert!(text.contains("/#teacher="), "{text}");
    assert!(text.contains('█') || text.contains("in no network"), "{text}");
}

#[test]
fn bad_flags_are_told_in_one_line() {
    for arguments in
        [&["serve", "--prot", "1"][..], &["serve", "--port", "x"], &["serve", "--allow-origin", "*"], &["fly"]]
    {
        let (code, text) = run(arguments);
        assert_eq!(code, Some(2));
        assert!(text.starts_with("ws101: ") && text.ends_with("lists the options."), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn sigterm_closes_every_connection_and_the_last_frames_reach_the_feed() {
    use std::time::{Duration, Instant};

    use tungstenite::Message;
    use tungstenite::protocol::frame::coding::CloseCode;

    use crate::support::Server;

    let mut server = Server::start(&[]);
    let watch = "sigterm-0123456789";
    let mut feed = server.websocket(&format!("/ws/wire?watch={watch}"));
    let mut sockets: Vec<_> =
        ["/ws/echo", "/ws/push", "/ws/reference"].map(|path| server.websocket(&format!("{path}?watch={watch}"))).into();
    let _idle = server.connect();
    let begin = Instant::now();
    server.terminate();
    for socket in &mut sockets {
        let code = loop {
            if let Message::Close(close) = socket.read().unwrap() {
                break close.unwrap().code;
            }
        };
        assert_eq!(code, CloseCode::Away);
        while socket.read().is_ok() {}
    }
    drop(sockets);
    let mut closed = 0;
    loop {
        match feed.read().unwrap() {
            Message::Text(text) if text.contains("\"closed\"") => closed += 1,
            Message::Close(close) => {
                assert_eq!(close.unwrap().code, CloseCode::Away);
                break;
            }
            _ => {}
        }
    }
    while feed.read().is_ok() {}
    drop(feed);
    assert_eq!(closed, 3);
    let status = server.process.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
}

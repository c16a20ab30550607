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

#[test]
fn bytes_are_decoded_with_an_exit_code() {
    let decode = |arguments: &[&str]| {
        let output = ws101().arg("decode").args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = decode(&["81 85 37 fa 21 3d", "7f9f4d5158"]);
    assert_eq!(code, Some(0));
    assert!(text.starts_with("→ text frame, 11 bytes\n") && text.contains("\"Hello\""), "{text}");
    let (code, text) = decode(&["--from", "client", "--json", "810548656c6c6f"]);
    let frame: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
    assert_eq!((code, &frame["text"], &frame["violations"][0]["fatal"]), (Some(1), &"Hello".into(), &true.into()));
    let file = std::env::temp_dir().join(format!("ws101-decode-{}", std::process::id()));
    std::fs::write(&file, b"\x89\x00\x8a").unwrap();
    let (code, text) = decode(&[file.to_str().unwrap()]);
    assert!(code == Some(1) && text.contains("ping frame") && text.contains("1 byte so far"), "{text}");
    std::fs::remove_file(file).unwrap();
    let output = ws101().args(["decode", "no-such-file"]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && text.contains("neither hexadecimal nor a file"), "{text}");
}

#[test]
fn connect_shows_what_crosses_the_wire() {
    use std::io::Write as _;
    use std::process::Stdio;

    let server = crate::support::Server::start(&[]);
    let talk = |target: &str, typed: &str, more: &[&str]| {
        let mut client = ws101()
            .arg("connect")
            .arg(format!("ws://{}{target}", server.address))
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        client.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = client.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = talk("/ws/echo", "Hello\n/ping are you there\n/binary 00ff\n", &[]);
    assert_eq!(code, Some(0), "{text}");
    for part in [
        "→ request, ",
        "    GET /ws/echo HTTP/1.1\n",
        "← response, ",
        "→ text frame, 11 bytes\n",
        "← text frame, 7 bytes\n",
        "← pong frame, 15 bytes\n",
        "← binary frame, 4 bytes\n    FIN 1 · RSV 000 · opcode 0x2 · MASK 0 · length 2\n",
        "    1000 normal closure\n",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let (code, text) = talk("/ws/misbehave?frame=masked", "", &["--json"]);
    assert_eq!(code, Some(1), "{text}");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["what"] == "frame" && line["violations"][0]["fatal"] == true), "{text}");
    let (code, text) = talk("/lab/message", "", &[]);
    assert!(code == Some(1) && text.contains("HTTP/1.1 200 OK"), "{text}");
}

#[test]
fn a_shell_is_told_what_there_is() {
    let output = ws101().args(["completions", "bash"]).output().unwrap();
    assert!(output.status.success() && String::from_utf8(output.stdout).unwrap().contains("ws101__subcmd__decode"));
}

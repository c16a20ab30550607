use std::{format, string::String, vec};

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn read(bytes: &[u8]) -> RequestHead<'_> {
    RequestHead::read(bytes, &Limits::default()).unwrap().unwrap()
}

#[track_caller]
fn finds(head: &str, expected: &[(Violation, &str)]) {
    let head = read(head.as_bytes());
    let found: Vec<_> = head.findings.iter().map(|f| (f.violation, text(f.span.of(head.bytes())))).collect();
    assert_eq!(found, expected);
}

fn with_field(line: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n")
}

#[test]
fn every_part_has_its_span_and_nothing_is_lost() {
    let bytes = b"GET /ws/echo?watch=1 HTTP/1.1\r\nhOST:  a:80\t\r\nX-Empty:\r\nConnection: keep-alive\r\nconnection:Upgrade\r\n\r\nrest";
    let head = read(bytes);
    assert_eq!(head.bytes().len(), bytes.len() - 4);
    assert_eq!((head.method(), head.path_and_query(), head.minor_version), ("GET", "/ws/echo?watch=1", 1));
    let names: Vec<_> = head.fields.iter().map(|field| text(field.name.of(bytes))).collect();
    assert_eq!(names, ["hOST", "X-Empty", "Connection", "connection"]);
    assert_eq!(head.fields.values("HOST").collect::<Vec<_>>(), [b"a:80"]);
    assert_eq!(head.fields.members("connection").count(), 2);
    assert!(head.fields.has_token("Connection", "upgrade"));
    let lines: usize = head.fields.iter().map(|field| field.line.len()).sum();
    assert_eq!(head.version.end + 2 + lines + head.end_span().len(), head.bytes().len());
    assert_eq!(head.findings, []);
}

#[test]
fn a_head_that_is_cut_anywhere_is_waited_for() {
    let bytes = b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for end in 0..bytes.len() {
        assert_eq!(RequestHead::read(&bytes[..end], &Limits::default()), Ok(None), "{end}");
    }
    assert_eq!(read(bytes).method(), "GET");
}

#[test]
fn request_lines() {
    let finding =
        |line: &str| read(format!("{line}\r\nHost: a\r\n\r\n").as_bytes()).findings.first().map(|f| f.violation);
    for good in
        ["GET / HTTP/1.1", "GET http://a/b HTTP/1.1", "OPTIONS * HTTP/1.1", "GET /a|b HTTP/1.2", "GET / HTTP/1.0"]
    {
        assert_eq!(finding(good), None, "{good}");
    }
    for bad in ["GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "G(T / HTTP/1.1", "GET / http/1.1", "GET / HTTP/1.11"] {
        assert_eq!(finding(bad), Some(Violation::RequestLineMalformed), "{bad}");
    }
    for bad in ["GET /\0 HTTP/1.1", "GET /한 HTTP/1.1", "GET /a#b HTTP/1.1", "GET a HTTP/1.1"] {
        assert_eq!(finding(bad), Some(Violation::TargetInvalid), "{bad}");
    }
    assert_eq!(finding("GET / HTTP/2.0"), Some(Violation::HttpVersionUnsupported));
}

#[test]
fn what_is_not_http_is_told_at_its_first_byte() {
    assert_eq!(read(&[0x16, 3, 1]).fatal().map(|f| f.violation), Some(Violation::RequestLineMalformed));
}

#[test]
fn paths_of_all_target_forms() {
    for (target, path) in
        [("/a?b://c", "/a?b://c"), ("http://h:1/a?b", "/a?b"), ("http://h", "/"), ("http://h?q", "?q"), ("*", "*")]
    {
        let bytes = format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(read(bytes.as_bytes()).path_and_query(), path);
    }
}

#[test]
fn broken_lines_are_all_told_and_the_reading_goes_on() {
    use Violation::*;
    finds("GET / HTTP/1.1\nHost: a\r\n\r\n", &[(BareLineFeed, "\n")]);
    finds(&with_field("A: b\rc"), &[(BareCarriageReturn, "\r")]);
    finds("GET / HTTP/1.1\r\n Host: a\r\n\r\n", &[(SpaceBeforeFirstField, " "), (HostMissing, "\r\n")]);
    finds(&with_field("A: b\r\n c"), &[(LineFolding, " ")]);
    finds(&with_field("A b"), &[(ColonMissing, "A b")]);
    finds(&with_field("Upgrate : websocket"), &[(SpaceBeforeColon, " ")]);
    finds(&with_field("A(: b"), &[(FieldNameInvalid, "(")]);
    finds(&with_field(": b"), &[(FieldNameInvalid, ":")]);
    finds(&with_field("A: b\0c"), &[(FieldValueInvalid, "\0")]);
    finds(
        &with_field("A : b\r\nB b\r\nC:\u{7f}"),
        &[(SpaceBeforeColon, " "), (ColonMissing, "B b"), (FieldValueInvalid, "\u{7f}")],
    );
}

#[test]
fn hosts() {
    use Violation::*;
    finds("GET / HTTP/1.1\r\n\r\n", &[(HostMissing, "\r\n")]);
    finds("GET / HTTP/1.0\r\n\r\n", &[]);
    finds(&with_field("Host: b"), &[(HostRepeated, "Host: b\r\n")]);
    for (host, good) in [
        ("a", true),
        ("a:", true),
        ("a:65535", true),
        ("[::1]:80", true),
        ("a_b.c", true),
        ("a b", false),
        ("", false),
        (":80", false),
        ("a:65536", false),
        ("a:b", false),
        ("[::1", false),
        ("[x]", false),
        ("[::1]80", false),
        ("a/b", false),
        ("u@a", false),
    ] {
        let bytes = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let found = read(bytes.as_bytes()).findings.first().map(|finding| finding.violation);
        assert_eq!(found, (!good).then_some(HostInvalid), "{host:?}");
    }
}

#[test]
fn body_lengths() {
    let body = |lines: &str| {
        let head = with_field(lines);
        let head = read(head.as_bytes());
        head.fatal().map_or(Ok(head.body()), |finding| Err(finding.violation))
    };
    assert_eq!(body("A: b"), Ok(BodyLength::Bytes(0)));
    assert_eq!(body("Content-Length: 20"), Ok(BodyLength::Bytes(20)));
    assert_eq!(body("Transfer-Encoding: chunked"), Ok(BodyLength::Chunked));
    for bad in ["", "-1", "+1", "1, 1", "0x10", "99999999999999999999999", "1\r\nContent-Length: 1"] {
        let lines = format!("Content-Length: {bad}");
        assert_eq!(body(&lines), Err(Violation::ContentLengthInvalid), "{bad}");
    }
    let both = body("Content-Length: 1\r\nTransfer-Encoding: chunked");
    assert_eq!(both, Err(Violation::BodyLengthAmbiguous));
}

#[test]
fn limits_are_told_as_soon_as_they_are_passed() {
    let limits = Limits { bytes: 64, fields: 2 };
    let long_target = vec![b'a'; 64];
    assert_eq!(RequestHead::read(&long_target, &limits), Err(TooLarge::StartLine));
    let long_field = [b"GET / HTTP/1.1\r\nA: ".as_slice(), &long_target].concat();
    assert_eq!(RequestHead::read(&long_field, &limits), Err(TooLarge::Fields));
    let many = b"GET / HTTP/1.1\r\nA:\r\nB:\r\nC:\r\n";
    assert_eq!(RequestHead::read(many, &limits), Err(TooLarge::Fields));
}

#[test]
fn responses() {
    fn read(bytes: &[u8]) -> ResponseHead<'_> {
        ResponseHead::read(bytes, &Limits::default()).unwrap().unwrap()
    }
    let head = read(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81");
    assert_eq!(
        (head.status_code, head.reason.of(head.bytes()), head.body()),
        (101, b"Switching Protocols".as_slice(), BodyLength::Bytes(0))
    );
    assert_eq!(read(b"HTTP/1.1 204\r\n\r\n").findings, []);
    assert_eq!(read(b"HTTP/1.1 200 \r\n\r\n").body(), BodyLength::UntilClose);
    assert_eq!(read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").body(), BodyLength::Bytes(5));
    for bad in ["HTTP/1.1 20 OK", "HTTP/1.1 2000", "HTTP 200 OK", "200 OK", ""] {
        let bytes = format!("{bad}\r\n\r\n\r\n");
        assert_eq!(
            read(bytes.as_bytes()).findings.first().map(|f| f.violation),
            Some(Violation::StatusLineMalformed),
            "{bad}"
        );
    }
}

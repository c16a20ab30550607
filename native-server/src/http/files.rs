//! The page's files.

use ws101_core::head::Fields;

use super::response::Response;
use crate::page::File;

/// The response with a file, or the one that says that the browser's copy is still right.
pub(super) fn respond(file: &'static File, fields: &Fields<'_>) -> Response {
    let brotli = file.brotli.filter(|_| accepts_brotli(fields));
    let tag = format!("\"{}{}\"", file.tag, if brotli.is_some() { "-br" } else { "" });
    let known = fields.members("if-none-match").any(|other| other == tag.as_bytes() || other == b"*");
    let mut response = match (known, brotli) {
        (true, _) => Response::new(304, "", &b""[..]),
        (false, Some(brotli)) => Response::new(200, file.media_type(), brotli).with("Content-Encoding", "br"),
        (false, None) => Response::new(200, file.media_type(), file.bytes),
    };
    response.add("ETag", &tag);
    response.add("Cache-Control", if file.is_immutable() { "public, max-age=31536000, immutable" } else { "no-cache" });
    if file.brotli.is_some() {
        response.add("Vary", "Accept-Encoding");
    }
    if file.name.ends_with(".html") {
        response.add("Content-Security-Policy", POLICY);
        response.add("Cross-Origin-Opener-Policy", "same-origin");
        response.add("Referrer-Policy", "no-referrer");
    }
    response.add("Cross-Origin-Resource-Policy", "same-origin");
    response
}

fn accepts_brotli(fields: &Fields<'_>) -> bool {
    fields.members("accept-encoding").any(|member| {
        let mut parts = member.split(|&byte| byte == b';').map(<[u8]>::trim_ascii);
        let named = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case(b"br"));
        let refused =
            parts.any(|part| part.strip_prefix(b"q=").is_some_and(|q| q.iter().all(|b| matches!(b, b'0' | b'.'))));
        named && !refused
    })
}

/// Nothing inline, neither script nor style. A page may be pointed at another server.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self' ws: wss: http: https:; object-src 'none'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

#[cfg(test)]
mod tests {
    use ws101_core::head::{Limits, RequestHead};

    use super::super::outgoing::Outgoing;
    use super::*;

    static FILE: File =
        File { name: "a-0123456789abcdef.js", tag: "tag", bytes: b"let a;", brotli: Some(b"compressed") };

    fn written(fields: &str) -> String {
        let bytes = format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
        let head = RequestHead::read(bytes.as_bytes(), &Limits::default()).unwrap().unwrap();
        let mut out = Outgoing::default();
        respond(&FILE, &head.fields).write(false, false, &mut out);
        String::from_utf8(out.bytes()).unwrap()
    }

    #[test]
    fn both_forms_have_their_own_tag_and_never_change() {
        let plain = written("");
        assert!(plain.ends_with("\r\n\r\nlet a;") && plain.contains("\r\nETag: \"tag\"\r\n"), "{plain}");
        let brotli = written("Accept-Encoding: gzip, br\r\n");
        assert!(brotli.ends_with("\r\n\r\ncompressed"), "{brotli}");
        assert!(brotli.contains("\r\nContent-Encoding: br\r\nETag: \"tag-br\"\r\n"), "{brotli}");
        for response in [plain, brotli] {
            assert!(response.contains("\r\nCache-Control: public, max-age=31536000, immutable\r\n"));
            assert!(response.contains("\r\nVary: Accept-Encoding\r\n"));
        }
        let same = written("Accept-Encoding: br\r\nIf-None-Match: \"tag\", \"tag-br\"\r\n");
        assert!(same.starts_with("HTTP/1.1 304 Not Modified\r\n") && same.ends_with("\r\n\r\n"), "{same}");
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        for (value, expected) in [
            ("gzip, deflate, br, zstd", true),
            ("BR;q=0.5", true),
            ("br;q=0", false),
            ("br; q=0.0", false),
            ("gzip", false),
            ("brotli", false),
        ] {
            let bytes = format!("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: {value}\r\n\r\n");
            let head = RequestHead::read(bytes.as_bytes(), &Limits::default()).unwrap().unwrap();
            assert_eq!(accepts_brotli(&head.fields), expected, "{value}");
        }
    }
}

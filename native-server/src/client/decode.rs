//! `ws101 decode`: bytes taken apart.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use ws101_core::Role;
use ws101_core::dissect::FrameDissector;
use ws101_trace::{Direction, Dissection, Trace};

use super::show::{self, Form, is_broken};

/// What is to be decoded.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Hexadecimal digits (spaces, colons and 0x may stand between them), or a file of bytes, or - for standard input.
    #[arg(value_name = "HEX|FILE", required = true, num_args = 1..)]
    input: Vec<String>,
    /// Who sent the bytes [default: the client, if the first frame is masked].
    #[arg(long)]
    from: Option<Sender>,
    /// Tell it to a program: a JSON object on each line.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sender {
    Client,
    Server,
}

/// Prints what the bytes are; fails if they break a rule, or end too early.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let bytes = read(&options.input.join(" "))?;
    let form = if options.json { Form::Json } else { Form::Text };
    let (text, good) = decode(&bytes, options.from, form);
    io::stdout().write_all(text.as_bytes()).context("It cannot be printed")?;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(input: &str) -> anyhow::Result<Vec<u8>> {
    if input == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).context("Standard input cannot be read")?;
        return Ok(bytes);
    }
    match bytes_of(input) {
        Some(bytes) if !Path::new(input).exists() => Ok(bytes),
        _ => {
            std::fs::read(input).with_context(|| format!("{input} is neither hexadecimal nor a file that can be read"))
        }
    }
}

/// The bytes that hexadecimal digits stand for.
pub(super) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digits: String =
        text.replace("0x", "").chars().filter(|c| !matches!(c, ' ' | ':' | ',' | '\n' | '\r')).collect();
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
}

/// A text about all of it, and whether it is good.
fn decode(bytes: &[u8], from: Option<Sender>, form: Form) -> (String, bool) {
    let (mut text, mut good) = (String::new(), true);
    // No opcode is a letter's: a head begins with one, and a frame does not.
    if bytes.first().is_some_and(u8::is_ascii_alphabetic) {
        let is_response = from.map_or(bytes.starts_with(b"HTTP/"), |from| from == Sender::Server);
        let direction = if is_response { Direction::ServerToClient } else { Direction::ClientToServer };
        let mut trace = Trace::new();
        trace.push(Duration::ZERO, direction, bytes);
        let dissection = Dissection::of(&trace);
        for item in dissection.items().iter().chain(dissection.partial()) {
            text += &show::item(form, item, bytes);
            good &= item.complete && !is_broken(&item.findings);
        }
        return (text, good);
    }
    let is_masked = bytes.get(1).is_some_and(|second| second & 0x80 != 0);
    let from_client = from.map_or(is_masked, |from| from == Sender::Client);
    let (direction, reader) = match from_client {
        true => (Direction::ClientToServer, Role::Server),
        false => (Direction::ServerToClient, Role::Client),
    };
    let mut frames = FrameDissector::new(reader, 0);
    while let Some(frame) = frames.next_frame(bytes) {
        text += &show::frame(form, direction, &frame, &frame.findings);
        good &= !is_broken(&frame.findings);
    }
    if let Some(frame) = frames.partial_frame(bytes) {
        text += &show::frame(form, direction, &frame, &frame.findings);
        good = false;
    }
    (text, good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_bytes() {
        for text in ["81 05 48", "81:05:48", "810548", "0x81, 0x05, 0x48", "81 0548\n"] {
            assert_eq!(bytes_of(text).as_deref(), Some(&b"\x81\x05\x48"[..]), "{text}");
        }
        for text in ["", "8", "8105 4", "Hello", "ä1"] {
            assert_eq!(bytes_of(text), None, "{text}");
        }
    }

    #[test]
    fn the_frames_of_the_rfc() {
        let (text, good) = decode(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", None, Form::Text);
        let expected = "→ text frame, 11 bytes\n    FIN 1 · RSV 000 · opcode 0x1 · MASK 1 key 37fa213d · length 5\n    \"Hello\"\n";
        assert_eq!((text.as_str(), good), (expected, true));
        let (text, good) = decode(b"\x81\x05Hello\x88\x02\x03\xe8", None, Form::Text);
        assert!(good && text.contains("1000 normal closure"), "{text}");
        let (text, good) = decode(b"\x81\x05Hello", Some(Sender::Client), Form::Json);
        assert!(!good && text.contains("\"fatal\":true") && text.contains("\"text\":\"Hello\""), "{text}");
        let (text, good) = decode(b"\x81\x05Hel", None, Form::Text);
        assert!(!good && text.contains("5 bytes so far"), "{text}");
    }

    #[test]
    fn heads() {
        let request = b"GET / HTTP/1.1\r\nHost : a\r\n\r\n";
        let (text, good) = decode(request, None, Form::Text);
        assert!(
            !good && text.starts_with("→ request, 28 bytes\n    GET / HTTP/1.1\n    Host : a\n    BROKEN: "),
            "{text}"
        );
        let (text, good) = decode(b"HTTP/1.1 204 No Content\r\n\r\n", None, Form::Json);
        assert!(good && text.contains("\"line\":\"HTTP/1.1 204 No Content\""), "{text}");
    }
}

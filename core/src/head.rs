//! The heads of HTTP/1.1 messages (RFC 9112), read so that nothing is forgotten: order, case, repetition, white space, line
//! ends; every part has its span. Reading goes on after a violation, so a head is also a list of findings.

use alloc::vec::Vec;
use core::fmt;

use crate::Span;
use crate::rules::{Finding, Severity, Violation};

/// How much of a head is read. Ours, not the protocol's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes that a head may have.
    pub bytes: usize,
    /// The most field lines that a head may have.
    pub fields: usize,
}

impl Default for Limits {
    /// 16 KiB and 100 field lines.
    fn default() -> Self {
        Self { bytes: 16 << 10, fields: 100 }
    }
}

/// A head goes beyond its [`Limits`]. A server answers with 431, or 414 when it is the request line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLarge {
    /// The first line does not end within the limit.
    StartLine,
    /// The fields are too many or too long.
    Fields,
}

impl TooLarge {
    /// The status code that says so (RFC 6585 §5, RFC 9110 §15.5.15).
    pub const fn status(self) -> u16 {
        match self {
            Self::StartLine => 414,
            Self::Fields => 431,
        }
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StartLine => "the request target is too long for this server",
            Self::Fields => "the header fields are too many or too long for this server",
        })
    }
}

impl core::error::Error for TooLarge {}

/// A field line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name, as it was written.
    pub name: Span,
    /// The value without the white space around it.
    pub value: Span,
    /// The line with its line end.
    pub line: Span,
}

/// The fields of a head, in the order of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields<'a> {
    bytes: &'a [u8],
    list: Vec<Field>,
}

impl<'a> Fields<'a> {
    /// All field lines.
    pub fn iter(&self) -> impl Iterator<Item = &Field> {
        self.list.iter()
    }

    /// The lines whose name is `name`, in any case.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Field> {
        let is_it = move |field: &&Field| {
            field.name.len() == name.len() && field.name.of(self.bytes).eq_ignore_ascii_case(name.as_bytes())
        };
        self.list.iter().filter(is_it)
    }

    /// The values of the lines whose name is `name`, in any case.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let bytes = self.bytes;
        self.named(name).map(move |field| field.value.of(bytes))
    }

    /// The members of the list that these lines make together (RFC 9110 §5.3, §5.6.1); empty members are left out.
    pub fn members(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.values(name)
            .flat_map(|value| value.split(|&byte| byte == b','))
            .map(trim)
            .filter(|member| !member.is_empty())
    }

    /// Whether that list has the member `token`, in any case.
    pub fn has_token(&self, name: &str, token: &str) -> bool {
        let is_it = |member: &[u8]| trim(member).eq_ignore_ascii_case(token.as_bytes());
        self.values(name).any(|value| value.split(|&byte| byte == b',').any(is_it))
    }
}

/// How a message's body is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyLength {
    /// So many bytes follow the head; 0 where no field says anything (for a request: there is no body).
    Bytes(u64),
    /// `Transfer-Encoding` is there.
    Chunked,
    /// A response without a length: up to the end of the connection.
    UntilClose,
}

/// A request's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead<'a> {
    bytes: &'a [u8],
    /// The method; empty where the request line is malformed, as the other two.
    pub method: Span,
    /// The request target.
    pub target: Span,
    /// `HTTP/1.1`.
    pub version: Span,
    /// The minor version: 1 for HTTP/1.1.
    pub minor_version: u8,
    /// The fields.
    pub fields: Fields<'a>,
    /// The rules that the head breaks.
    pub findings: Vec<Finding>,
}

impl<'a> RequestHead<'a> {
    /// Reads a request's head from the front of `bytes`; `None` while its end is missing.
    ///
    /// Bytes that can begin no request (a TLS handshake, say) make at once a head that is nothing but the finding.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Result<Option<Self>, TooLarge> {
        let start = empty_lines(bytes);
        if bytes.get(start).is_some_and(|&byte| !is_token_byte(byte)) {
            let finding = Finding { violation: Violation::RequestLineMalformed, span: Span::new(start, start + 1) };
            return Ok(Some(Self::of(bytes, Vec::new(), alloc::vec![finding])));
        }
        let Some(Lines { end, first, list, findings: mut of_fields }) = Lines::read(bytes, start, limits)? else {
            return Ok(None);
        };
        let mut head = Self::of(&bytes[..end], list, Vec::new());
        match request_line(head.bytes, first) {
            Ok((method, target, version)) => {
                (head.method, head.target, head.version) = (method, target, version);
                head.minor_version = version.of(bytes)[7] - b'0';
                if &version.of(bytes)[5..7] != b"1." {
                    head.findings.push(Finding { violation: Violation::HttpVersionUnsupported, span: version });
                }
                if !is_request_target(target.of(bytes)) {
                    head.findings.push(Finding { violation: Violation::TargetInvalid, span: target });
                }
                head.check_host(&mut of_fields);
            }
            Err(span) => head.findings.push(Finding { violation: Violation::RequestLineMalformed, span }),
        }
        check_body(&head.fields, &mut of_fields);
        head.findings.append(&mut of_fields);
        Ok(Some(head))
    }

    fn of(bytes: &'a [u8], list: Vec<Field>, findings: Vec<Finding>) -> Self {
        Self {
            bytes,
            method: Span::default(),
            target: Span::default(),
            version: Span::default(),
            minor_version: 0,
            fields: Fields { bytes, list },
            findings,
        }
    }

    fn check_host(&self, findings: &mut Vec<Finding>) {
        let mut hosts = self.fields.named("host");
        match (hosts.next(), hosts.next()) {
            (None, _) if self.minor_version == 0 => {}
            (None, _) => findings.push(Finding { violation: Violation::HostMissing, span: self.end_span() }),
            (Some(_), Some(second)) => {
                findings.push(Finding { violation: Violation::HostRepeated, span: second.line });
            }
            (Some(host), None) if !is_host(host.value.of(self.bytes)) => {
                findings.push(Finding { violation: Violation::HostInvalid, span: host.value });
            }
            _ => {}
        }
    }

    /// All bytes of the head, the empty line included.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The empty line that ends the head: where something is blamed for being missing.
    pub fn end_span(&self) -> Span {
        end_span(self.bytes)
    }

    /// The method, e.g. `GET`.
    pub fn method(&self) -> &'a str {
        text(self.method.of(self.bytes))
    }

    /// The path and query of the request target, without scheme and authority where it has them (absolute form).
    pub fn path_and_query(&self) -> &'a str {
        let target = text(self.target.of(self.bytes));
        match target.split_once("://") {
            Some((scheme, rest)) if !scheme.contains('/') => {
                rest.find(['/', '?']).map_or("/", |authority_end| &rest[authority_end..])
            }
            _ => target,
        }
    }

    /// How the request's body is delimited. Meaningful where there is no fatal finding.
    pub fn body(&self) -> BodyLength {
        body(&self.fields).unwrap_or(BodyLength::Bytes(0))
    }

    /// The first fatal finding.
    pub fn fatal(&self) -> Option<Finding> {
        self.findings.iter().copied().find(|finding| finding.violation.severity() == Severity::Fatal)
    }
}

/// A response's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHead<'a> {
    bytes: &'a [u8],
    /// `HTTP/1.1`; empty where the status line is malformed, as the next two.
    pub version: Span,
    /// The three digits.
    pub status: Span,
    /// The reason phrase; may be empty.
    pub reason: Span,
    /// The status code; 0 where the status line is malformed.
    pub status_code: u16,
    /// The fields.
    pub fields: Fields<'a>,
    /// The rules that the head breaks.
    pub findings: Vec<Finding>,
}

impl<'a> ResponseHead<'a> {
    /// Reads a response's head from the front of `bytes`; `None` while its end is missing.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Result<Option<Self>, TooLarge> {
        let Some(Lines { end, first, list, mut findings }) = Lines::read(bytes, 0, limits)? else { return Ok(None) };
        let bytes = &bytes[..end];
        let fields = Fields { bytes, list };
        check_body(&fields, &mut findings);
        let mut head = Self {
            bytes,
            version: Span::default(),
            status: Span::default(),
            reason: Span::default(),
            status_code: 0,
            fields,
            findings,
        };
        match status_line(first.of(bytes)) {
            Some(code) => {
                let at = first.start;
                (head.version, head.status) = (Span::new(at, at + 8), Span::new(at + 9, at + 12));
                head.reason = Span::new((at + 13).min(first.end), first.end);
                head.status_code = code;
            }
            None => head.findings.insert(0, Finding { violation: Violation::StatusLineMalformed, span: first }),
        }
        Ok(Some(head))
    }

    /// All bytes of the head, the empty line included.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The empty line that ends the head: where something is blamed for being missing.
    pub fn end_span(&self) -> Span {
        end_span(self.bytes)
    }

    /// How the response's body is delimited, if the request was not HEAD. Meaningful where there is no fatal finding.
    pub fn body(&self) -> BodyLength {
        match self.status_code {
            100..=199 | 204 | 304 => BodyLength::Bytes(0),
            _ => body(&self.fields).unwrap_or(BodyLength::UntilClose),
        }
    }
}

/// A head cut into lines.
struct Lines {
    end: usize,
    /// The first line, without its line end.
    first: Span,
    list: Vec<Field>,
    findings: Vec<Finding>,
}

impl Lines {
    /// `None` while the empty line that ends the head is missing.
    fn read(bytes: &[u8], start: usize, limits: &Limits) -> Result<Option<Self>, TooLarge> {
        let mut lines = Self { end: 0, first: Span::default(), list: Vec::with_capacity(16), findings: Vec::new() };
        let mut at = start;
        loop {
            let is_first = at == start;
            let too_large = if is_first { TooLarge::StartLine } else { TooLarge::Fields };
            let within = &bytes[at.min(limits.bytes)..bytes.len().min(limits.bytes)];
            let plain_len = plain_line(within);
            let Some(feed) = plain_len.map_or_else(|| find(b'\n', within), |len| Some(len + 1)) else {
                return if bytes.len() >= limits.bytes { Err(too_large) } else { Ok(None) };
            };
            let line = Span::new(at, at + feed + 1);
            let content = match plain_len {
                Some(len) => Span::new(at, at + len),
                None => lines.content_of(bytes, line),
            };
            at = line.end;
            if is_first {
                lines.first = content;
            } else if content.is_empty() {
                lines.end = line.end;
                return Ok(Some(lines));
            } else if lines.list.len() == limits.fields {
                return Err(TooLarge::Fields);
            } else {
                lines.field(bytes, line, content, plain_len.is_some());
            }
        }
    }

    /// The line without its line end.
    fn content_of(&mut self, bytes: &[u8], line: Span) -> Span {
        let feed = line.end - 1;
        let end = if line.start < feed && bytes[feed - 1] == b'\r' {
            feed - 1
        } else {
            self.found(Violation::BareLineFeed, Span::new(feed, line.end));
            feed
        };
        let content = Span::new(line.start, end);
        if let Some(at) = find(b'\r', content.of(bytes)) {
            self.found(Violation::BareCarriageReturn, Span::new(content.start + at, content.start + at + 1));
        }
        content
    }

    /// `is_plain`: it has no control character.
    fn field(&mut self, bytes: &[u8], line: Span, content: Span, is_plain: bool) {
        let text = content.of(bytes);
        if matches!(text[0], b' ' | b'\t') {
            let is_first_field = self.list.is_empty();
            let rule = if is_first_field { Violation::SpaceBeforeFirstField } else { Violation::LineFolding };
            return self.found(rule, Span::new(content.start, content.start + 1));
        }
        let Some((name, colon)) = self.name(bytes, content) else {
            return self.found(Violation::ColonMissing, content);
        };
        let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t');
        let raw = &text[colon + 1..];
        let before = raw.iter().take_while(is_space).count();
        let after = raw[before..].iter().rev().take_while(is_space).count();
        let value = Span::new(content.start + colon + 1 + before, content.end - after);
        let is_forbidden = |&byte: &u8| byte == 0x7F || (byte < b' ' && !matches!(byte, b'\t' | b'\r'));
        if !is_plain && let Some(at) = value.of(bytes).iter().position(is_forbidden) {
            self.found(Violation::FieldValueInvalid, Span::new(value.start + at, value.start + at + 1));
        }
        self.list.push(Field { name, value, line });
    }

    /// The field's name, and where its colon stands in the line.
    fn name(&mut self, bytes: &[u8], content: Span) -> Option<(Span, usize)> {
        let text = content.of(bytes);
        let len = text.iter().position(|&byte| !is_token_byte(byte))?;
        if len > 0 && text[len] == b':' {
            return Some((Span::new(content.start, content.start + len), len));
        }
        let colon = find(b':', text)?;
        let mut name = Span::new(content.start, content.start + colon);
        let spaces = text[..colon].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if spaces > 0 {
            name.end -= spaces;
            self.found(Violation::SpaceBeforeColon, Span::new(name.end, name.end + spaces));
        }
        if name.is_empty() {
            self.found(Violation::FieldNameInvalid, Span::new(content.start, content.start + colon + 1));
        } else if let Some(at) = name.of(bytes).iter().position(|&byte| !is_token_byte(byte)) {
            self.found(Violation::FieldNameInvalid, Span::new(name.start + at, name.start + at + 1));
        }
        Some((name, colon))
    }

    fn found(&mut self, violation: Violation, span: Span) {
        self.findings.push(Finding { violation, span });
    }
}

/// Where method, target and version stand; `Err` tells where it goes wrong.
fn request_line(bytes: &[u8], line: Span) -> Result<(Span, Span, Span), Span> {
    let mut parts = line.of(bytes).split(|&byte| byte == b' ');
    let mut at = line.start;
    let mut next = || {
        let part = parts.next()?;
        let span = Span::new(at, at + part.len());
        at = span.end + 1;
        Some(span)
    };
    let (Some(method), Some(target), Some(version), None) = (next(), next(), next(), next()) else { return Err(line) };
    if method.is_empty() || !method.of(bytes).iter().copied().all(is_token_byte) {
        return Err(method);
    }
    if target.is_empty() {
        return Err(line);
    }
    if !is_http_version(version.of(bytes)) {
        return Err(version);
    }
    Ok((method, target, version))
}

/// The status code of `HTTP/1.1 101 Switching Protocols`; the reason, with its space, may be missing.
fn status_line(line: &[u8]) -> Option<u16> {
    let (version, rest) = line.split_at_checked(8)?;
    let (code, reason) = rest.strip_prefix(b" ")?.split_at_checked(3)?;
    let is_code = matches!(code, [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9']);
    let is_reason = reason.is_empty() || reason[0] == b' ';
    (is_http_version(version) && is_code && is_reason)
        .then(|| code.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0')))
}

fn is_http_version(version: &[u8]) -> bool {
    matches!(version, [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
        if major.is_ascii_digit() && minor.is_ascii_digit())
}

/// Origin form, absolute form, authority form or `*` (RFC 9112 §3.2), of bytes that a URI may have; browsers send some that it may not.
fn is_request_target(target: &[u8]) -> bool {
    target.iter().all(|byte| byte.is_ascii_graphic() && *byte != b'#')
        && (target.starts_with(b"/") || target == b"*" || target.contains(&b':'))
}

/// `host` or `host:port` (RFC 3986 §3.2.2, §3.2.3), the host not empty.
fn is_host(value: &[u8]) -> bool {
    let (host, port) = match value {
        [b'[', rest @ ..] => {
            let Some(end) = rest.iter().position(|&byte| byte == b']') else { return false };
            let address = core::str::from_utf8(&rest[..end]).unwrap_or_default();
            if address.parse::<core::net::Ipv6Addr>().is_err() {
                return false;
            }
            (&value[..end + 2], &rest[end + 1..])
        }
        _ => value.split_at(value.iter().position(|&byte| byte == b':').unwrap_or(value.len())),
    };
    let is_name = |byte: &u8| {
        matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' | b'%' | b'!' | b'$'
            | b'&'..=b',' | b';' | b'=')
    };
    let is_port = match port {
        [] => true,
        [b':', digits @ ..] => {
            digits.is_empty() || core::str::from_utf8(digits).is_ok_and(|digits| digits.parse::<u16>().is_ok())
        }
        _ => false,
    };
    !host.is_empty() && (host[0] == b'[' || host.iter().all(is_name)) && is_port
}

fn check_body(fields: &Fields<'_>, findings: &mut Vec<Finding>) {
    let mut lengths = fields.named("content-length");
    let Some(first) = lengths.next() else { return };
    if let Some(second) = lengths.next() {
        findings.push(Finding { violation: Violation::ContentLengthInvalid, span: second.line });
    } else if number(first.value.of(fields.bytes)).is_none() {
        findings.push(Finding { violation: Violation::ContentLengthInvalid, span: first.value });
    }
    if let Some(encoding) = fields.named("transfer-encoding").next() {
        findings.push(Finding { violation: Violation::BodyLengthAmbiguous, span: encoding.line });
    }
}

/// What the fields say of the body, if they do.
fn body(fields: &Fields<'_>) -> Option<BodyLength> {
    if fields.named("transfer-encoding").next().is_some() {
        return Some(BodyLength::Chunked);
    }
    fields.values("content-length").next().and_then(number).map(BodyLength::Bytes)
}

fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    text(digits).parse().ok()
}

/// How many bytes of empty lines stand before a request line (RFC 9112 §2.2).
fn empty_lines(bytes: &[u8]) -> usize {
    let mut at = 0;
    while bytes[at..].starts_with(b"\r\n") {
        at += 2;
    }
    // Half of one more, perhaps.
    if &bytes[at..] == b"\r" { at + 1 } else { at }
}

fn end_span(bytes: &[u8]) -> Span {
    Span::new(bytes.len() - if bytes.ends_with(b"\r\n") { 2 } else { bytes.len().min(1) }, bytes.len())
}

/// Without the spaces and tabs around it.
pub(crate) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// A `tchar` (RFC 9110 §5.6.2).
#[inline]
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    const IS_TOKEN_BYTE: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0_u8;
        while byte < 128 {
            table[byte as usize] = byte.is_ascii_alphanumeric()
                || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
            byte += 1;
        }
        table
    };
    IS_TOKEN_BYTE[byte as usize]
}

/// Where `byte` is found first.
fn find(byte: u8, bytes: &[u8]) -> Option<usize> {
    first_marked(bytes, |word| zeros(word ^ (ONES * u64::from(byte))))
}

/// How long the first line is, if CR LF ends it and no other control character is in it, a tab least of all. So one walk is enough for
/// nearly every line.
fn plain_line(bytes: &[u8]) -> Option<usize> {
    // Borrows come out of control characters only, so the lowest mark is right.
    let controls = |word: u64| (word.wrapping_sub(ONES * 0x20) & !word & (ONES << 7)) | zeros(word ^ (ONES * 0x7F));
    first_marked(bytes, controls).filter(|&len| bytes[len..].starts_with(b"\r\n"))
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// Marks the bytes that are zero by their top bits; the lowest mark is right, those above it may be too many.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & (ONES << 7)
}

/// The first byte that `marks`, given eight of them, the first one lowest, marks by its top bit.
#[inline(always)]
fn first_marked(bytes: &[u8], marks: impl Fn(u64) -> u64) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let marked = marks(u64::from_le_bytes(*word));
        if marked != 0 {
            return Some(8 * index + marked.trailing_zeros() as usize / 8);
        }
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let at = marks(u64::from_le_bytes(last)).trailing_zeros() as usize / 8;
    (at < rest.len()).then_some(8 * words.len() + at)
}

/// Bytes that were judged to be ASCII, as text; the good beginning of any others.
fn text(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => core::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;

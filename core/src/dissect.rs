//! The lenient reading of frames: any bytes become frames with spans and findings. Never fails, never panics.

use alloc::vec::Vec;

use crate::Span;
use crate::frame::{Header, Opcode, apply_mask};
use crate::handshake::deflate::Parameters;
use crate::inbound::{Content, Inbound, MessageKind, Role, read_close};
use crate::rules::{Finding, Violation};
#[cfg(feature = "deflate")]
use crate::{
    deflate::{InflateError, WholeInflater},
    utf8::Utf8,
};

/// A frame as it was found. Spans and findings are counted from the beginning of the byte stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The whole frame, as far as it is there.
    pub span: Span,
    /// The header; `None` while a part of it is missing (then `span` has what is there).
    pub header: Option<Header>,
    /// What the payload is.
    pub content: Content,
    /// The payload as it stands on the wire, masked or not.
    pub payload: Span,
    /// The payload with the masking undone.
    pub unmasked: Vec<u8>,
    /// What the message inflates to, where this is the last frame of a compressed one: as far as it can be told, and no more than
    /// [`MAX_INFLATED`] bytes. Only for a dissector that is [inflating](FrameDissector::inflating).
    pub inflated: Option<Vec<u8>>,
    /// The rules that this frame breaks.
    pub findings: Vec<Finding>,
    /// The last byte is there.
    pub complete: bool,
}

/// How much of a message is inflated: a bomb is shown as far as this.
pub const MAX_INFLATED: usize = 1 << 20;

/// Reads the frames of one direction of a connection, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameDissector {
    inbound: Inbound,
    at: usize,
    closed: bool,
    #[cfg(feature = "deflate")]
    compressed: Option<Compressed>,
}

/// The compressed message that is not complete, and what inflates it then.
#[cfg(feature = "deflate")]
#[derive(Clone, Debug, PartialEq, Eq)]
struct Compressed {
    inflater: WholeInflater,
    message: Vec<u8>,
}

impl FrameDissector {
    /// `reader` is who receives these frames; the first one begins at byte `at` of the stream.
    pub fn new(reader: Role, at: usize) -> Self {
        Self {
            inbound: Inbound::new(reader, false),
            at,
            closed: false,
            #[cfg(feature = "deflate")]
            compressed: None,
        }
    }

    /// The same where permessage-deflate was agreed on. A compressed message is judged when its last byte is there.
    #[cfg(feature = "deflate")]
    pub fn inflating(reader: Role, at: usize, parameters: &Parameters) -> Self {
        let compressed = Compressed { inflater: WholeInflater::new(reader, parameters), message: Vec::new() };
        Self { inbound: Inbound::new(reader, true), compressed: Some(compressed), ..Self::new(reader, at) }
    }

    /// The same where permessage-deflate was agreed on. Without the feature `deflate`, compressed messages stay as they are.
    #[cfg(not(feature = "deflate"))]
    pub fn inflating(reader: Role, at: usize, _: &Parameters) -> Self {
        Self { inbound: Inbound::new(reader, true), ..Self::new(reader, at) }
    }

    /// Where the next frame begins.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The next complete frame of `stream`, which is all bytes of this direction since the connection began.
    pub fn next_frame(&mut self, stream: &[u8]) -> Option<Frame> {
        let header = Header::read(stream.get(self.at..)?)?;
        let payload_len = usize::try_from(header.payload_len).ok()?;
        let payload_at = self.at + header.len();
        let payload = Span::new(payload_at, payload_at.checked_add(payload_len)?);
        if payload.end > stream.len() {
            return None;
        }
        Some(self.read(header, payload, stream, true))
    }

    /// What is there of the frame after the last complete one, if anything is.
    pub fn partial_frame(&self, stream: &[u8]) -> Option<Frame> {
        let rest = stream.get(self.at..).filter(|rest| !rest.is_empty())?;
        if let Some(header) = Header::read(rest) {
            let payload = Span::new(self.at + header.len(), stream.len());
            return Some(self.clone().read(header, payload, stream, false));
        }
        let mut findings = Vec::new();
        if let &[first, second, ..] = rest {
            let Ok(()) = self.inbound.check_start(first, second, self.at, &mut findings);
        }
        let end = Span::new(stream.len(), stream.len());
        Some(Frame {
            span: Span::new(self.at, stream.len()),
            header: None,
            content: Content::Unknown,
            payload: end,
            unmasked: Vec::new(),
            inflated: None,
            findings,
            complete: false,
        })
    }

    fn read(&mut self, header: Header, payload: Span, stream: &[u8], complete: bool) -> Frame {
        let at = self.at;
        let mut findings = Vec::new();
        if self.closed {
            findings.push(Finding { violation: Violation::FrameAfterClose, span: Span::new(at, payload.end) });
        }
        let Ok(()) = self.inbound.check_start(stream[at], stream[at + 1], at, &mut findings);
        let Ok(()) = self.inbound.check_length(&header, at, &mut findings);
        let content = self.inbound.begin(&header);
        let mut unmasked = payload.of(stream).to_vec();
        if let Some(key) = header.mask {
            apply_mask(&mut unmasked, key);
        }
        match content {
            Content::Data { kind: MessageKind::Text, last, compressed: false, .. } => {
                let Ok(()) = self.inbound.text(&unmasked, last && complete, payload.start, &mut findings);
            }
            Content::Control(Opcode::CLOSE) if complete => {
                let Ok(_) = read_close(&unmasked, payload.start, &mut findings);
                self.closed = true;
            }
            _ => {}
        }
        let inflated = if complete { self.inflate(content, &unmasked, payload, &mut findings) } else { None };
        self.at = payload.end;
        let span = Span::new(at, payload.end);
        Frame { span, header: Some(header), content, payload, unmasked, inflated, findings, complete }
    }

    #[cfg(feature = "deflate")]
    fn inflate(
        &mut self,
        content: Content,
        unmasked: &[u8],
        payload: Span,
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<u8>> {
        let Content::Data { kind, first, last, compressed: true } = content else { return None };
        let Compressed { inflater, message } = self.compressed.as_mut()?;
        if first {
            message.clear();
        }
        message.extend_from_slice(unmasked);
        if !last {
            return None;
        }
        let (inflated, outcome) = inflater.message(&core::mem::take(message), MAX_INFLATED)?;
        if kind == MessageKind::Text {
            let mut utf8 = Utf8::default();
            let is_good = utf8.push(&inflated).and_then(|()| if outcome.is_ok() { utf8.finish() } else { Ok(()) });
            if is_good.is_err() {
                findings.push(Finding { violation: Violation::TextNotUtf8, span: payload });
            }
        }
        if outcome == Err(InflateError::NotDeflate) {
            findings.push(Finding { violation: Violation::NotDeflate, span: payload });
        }
        Some(inflated)
    }

    /// Nothing can be inflated without the feature.
    #[cfg(not(feature = "deflate"))]
    fn inflate(&mut self, _: Content, _: &[u8], _: Span, _: &mut Vec<Finding>) -> Option<Vec<u8>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "deflate")]
    use crate::deflate::Deflater;
    use hex_literal::hex;
    use std::vec;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn findings(reader: Role, wire: &[u8]) -> Vec<Violation> {
        let mut dissector = FrameDissector::new(reader, 0);
        let mut found = Vec::new();
        while let Some(frame) = dissector.next_frame(wire) {
            found.extend(frame.findings.iter().map(|finding| finding.violation));
        }
        if let Some(frame) = dissector.partial_frame(wire) {
            found.extend(frame.findings.iter().map(|finding| finding.violation));
        }
        found
    }

    #[test]
    fn a_broken_frame_is_told_in_full() {
        // RSV2 set, opcode 0xB, no FIN, 126 for 2 bytes, not masked.
        let found = findings(Role::Server, &hex!("2b 7e 00 02 61 62"));
        assert_eq!(
            found,
            [Violation::ReservedBitSet, Violation::OpcodeReserved, Violation::MaskMissing, Violation::LengthNotMinimal]
        );
    }

    #[test]
    fn an_announced_exabyte_is_shown_as_far_as_it_came() {
        let wire = hex!("82 7f ff 00 00 00 00 00 00 00 61 62 63");
        let mut dissector = FrameDissector::new(Role::Client, 0);
        assert_eq!(dissector.next_frame(&wire), None);
        let frame = dissector.partial_frame(&wire).unwrap();
        assert_eq!(frame.unmasked, b"abc");
        assert_eq!(frame.findings.len(), 1);
        assert_eq!(frame.findings[0].violation, Violation::LengthTopBitSet);
    }

    #[test]
    fn bytes_after_a_close_are_told_as_such() {
        assert_eq!(findings(Role::Client, &hex!("88 00 81 01 61")), [Violation::FrameAfterClose]);
    }

    #[cfg(feature = "deflate")]
    #[test]
    fn compressed_messages_are_inflated_at_their_last_frame() {
        // RFC 7692 §7.2.3.1 and §7.2.3.2: "Hello" in two frames, and once more with the window of the first.
        let wire = hex!("41 03 f2 48 cd  80 04 c9 c9 07 00  c1 05 f2 00 11 00 00  81 02 48 69");
        let mut dissector = FrameDissector::inflating(Role::Client, 0, &Parameters::default());
        let frames: Vec<Frame> = core::iter::from_fn(|| dissector.next_frame(&wire)).collect();
        let inflated: Vec<_> = frames.iter().map(|frame| frame.inflated.as_deref()).collect();
        assert_eq!(inflated, [None, Some(b"Hello".as_slice()), Some(b"Hello"), None]);
        assert!(frames.iter().all(|frame| frame.findings.is_empty()));
    }

    #[cfg(feature = "deflate")]
    #[test]
    fn what_does_not_inflate_is_told_and_what_came_before_it_is_shown() {
        let found = |wire: &[u8]| {
            let frame = FrameDissector::inflating(Role::Client, 0, &Parameters::default()).next_frame(wire).unwrap();
            let violations: Vec<_> = frame.findings.iter().map(|finding| finding.violation).collect();
            (frame.inflated.unwrap(), violations)
        };
        // A stored block with "ab", then a block type that there is not.
        assert_eq!(found(&hex!("c2 08 00 0200 fdff 6162 07")), (b"ab".to_vec(), vec![Violation::NotDeflate]));
        assert_eq!(found(&hex!("c1 08 00 0200 fdff 61ff 00")), (b"a\xff".to_vec(), vec![Violation::TextNotUtf8]));
        let mut bomb = Vec::new();
        Deflater::new(Role::Server, &Parameters::default()).message(&vec![0; 4 << 20], &mut bomb);
        let mut wire = vec![0xC2, 0x7E, (bomb.len() >> 8) as u8, bomb.len() as u8];
        wire.extend_from_slice(&bomb);
        let (shown, violations) = found(&wire);
        assert_eq!((shown.len(), violations), (MAX_INFLATED, vec![]));
    }

    #[test]
    fn a_bad_text_is_blamed_once() {
        assert_eq!(findings(Role::Client, &hex!("01 01 ff 00 01 ff 80 01 ff")), [Violation::TextNotUtf8]);
    }
}

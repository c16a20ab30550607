//! The one table of what a peer can break on the wire.
//!
//! Everything that names a rule takes it from here: strict endpoints, the lenient dissection, the catalogue of texts, the
//! tests. Our own limits (frame too large, head too long) are not the peer's fault and are not in this table.

use crate::Span;
use crate::frame::CloseCode;

/// How bad it is to break a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The connection, or the request, must be failed.
    Fatal,
    /// Worth telling; a strict endpoint goes on.
    Warning,
}

/// The answer that a violation deserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An HTTP response with this status code.
    Status(u16),
    /// A Close frame with this code.
    Close(CloseCode),
    /// The client fails the connection without a word (RFC 6455 §4.1: it has no way to answer a response).
    Abort,
    /// None: it is only told.
    Nothing,
}

/// A broken rule and the bytes that break it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub violation: Violation,
    /// Which bytes of what was read (of the head, or of the byte stream of frames).
    pub span: Span,
}

/// Hears of violations while bytes are read.
///
/// [`Strict`] stops at the first fatal one; a `Vec<Finding>` takes note and goes on. The same grammar serves both.
pub trait Judge {
    /// What reading ends with when the judge stops it. `Infallible` for a judge who never does.
    type Stop;

    /// A rule is broken. `Err` stops the reading.
    fn broken(&mut self, finding: Finding) -> Result<(), Self::Stop>;
}

/// Stops at the first fatal violation, and does not hear of warnings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Strict;

impl Judge for Strict {
    type Stop = Finding;

    #[inline]
    fn broken(&mut self, finding: Finding) -> Result<(), Finding> {
        match finding.violation.severity() {
            Severity::Fatal => Err(finding),
            Severity::Warning => Ok(()),
        }
    }
}

/// Takes note of everything and goes on.
impl Judge for alloc::vec::Vec<Finding> {
    type Stop = core::convert::Infallible;

    fn broken(&mut self, finding: Finding) -> Result<(), Self::Stop> {
        self.push(finding);
        Ok(())
    }
}

macro_rules! rules {
    ($($(#[doc = $sentence:literal])+ $name:ident: $section:literal, $severity:ident, $answer:expr;)+) => {
        /// A rule that a peer can break on the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Violation {
            $($(#[doc = $sentence])+ #[doc = concat!("(", $section, ")")] $name,)+
        }

        impl Violation {
            /// Every rule, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The variant's name: the key under which a catalogue has its text.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// Where the rule stands, e.g. `RFC 6455 §5.1`.
            pub fn section(self) -> &'static str {
                match self { $(Self::$name => $section,)+ }
            }

            /// How bad it is.
            #[inline]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// The answer that it deserves.
            pub fn answer(self) -> Answer {
                match self { $(Self::$name => $answer,)+ }
            }

            /// What is wrong, as an English sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => concat!($($sentence),+).trim_ascii(),)+ }
            }
        }
    };
}

use Answer::{Abort, Close, Nothing, Status};

rules! {
    // HTTP heads
    /// The request line is not `method SP request-target SP HTTP-version`.
    RequestLineMalformed: "RFC 9112 §3", Fatal, Status(400);
    /// The request target has a byte that no URI has.
    TargetInvalid: "RFC 9112 §3.2", Fatal, Status(400);
    /// The HTTP version is not 1.1 or a later 1.x.
    HttpVersionUnsupported: "RFC 6455 §4.1", Fatal, Status(505);
    /// The status line is not `HTTP-version SP status-code SP reason`.
    StatusLineMalformed: "RFC 9112 §4", Fatal, Abort;
    /// A line ends with LF alone instead of CR LF.
    BareLineFeed: "RFC 9112 §2.2", Fatal, Status(400);
    /// A CR stands inside a line instead of before its LF.
    BareCarriageReturn: "RFC 9112 §2.2", Fatal, Status(400);
    /// White space stands before the first field line.
    SpaceBeforeFirstField: "RFC 9112 §2.2", Fatal, Status(400);
    /// A field line is folded: it begins with white space, which once continued the line before.
    LineFolding: "RFC 9112 §5.2", Fatal, Status(400);
    /// A field line has no colon.
    ColonMissing: "RFC 9112 §5", Fatal, Status(400);
    /// White space stands between a field name and its colon.
    SpaceBeforeColon: "RFC 9112 §5.1", Fatal, Status(400);
    /// A field name is empty or has a byte that no token has.
    FieldNameInvalid: "RFC 9110 §5.1", Fatal, Status(400);
    /// A field value has a control character.
    FieldValueInvalid: "RFC 9110 §5.5", Fatal, Status(400);
    /// There is no Host field.
    HostMissing: "RFC 9112 §3.2", Fatal, Status(400);
    /// There is more than one Host field.
    HostRepeated: "RFC 9112 §3.2", Fatal, Status(400);
    /// The Host field is not `host` or `host:port`.
    HostInvalid: "RFC 9112 §3.2", Fatal, Status(400);
    /// Content-Length is not one decimal number.
    ContentLengthInvalid: "RFC 9112 §6.3", Fatal, Status(400);
    /// Content-Length and Transfer-Encoding contradict each other.
    BodyLengthAmbiguous: "RFC 9112 §6.1", Fatal, Status(400);

    // The opening handshake, as the server reads it
    /// The method of an upgrade request is not GET.
    MethodNotGet: "RFC 6455 §4.1", Fatal, Status(405);
    /// There is no Upgrade field, so this is an ordinary HTTP request.
    UpgradeMissing: "RFC 6455 §4.2.1", Fatal, Status(426);
    /// The Upgrade field does not name `websocket`.
    UpgradeNotWebSocket: "RFC 6455 §4.2.1", Fatal, Status(426);
    /// The Connection field does not have the token `Upgrade`.
    ConnectionNotUpgrade: "RFC 6455 §4.2.1", Fatal, Status(400);
    /// There is no Sec-WebSocket-Version field.
    VersionMissing: "RFC 6455 §4.2.1", Fatal, Status(426);
    /// There is more than one Sec-WebSocket-Version field.
    VersionRepeated: "RFC 6455 §11.3.5", Fatal, Status(400);
    /// Sec-WebSocket-Version is not 13.
    VersionUnsupported: "RFC 6455 §4.4", Fatal, Status(426);
    /// There is no Sec-WebSocket-Key field.
    KeyMissing: "RFC 6455 §4.2.1", Fatal, Status(400);
    /// There is more than one Sec-WebSocket-Key field.
    KeyRepeated: "RFC 6455 §11.3.1", Fatal, Status(400);
    /// Sec-WebSocket-Key is not the Base64 of 16 bytes.
    KeyInvalid: "RFC 6455 §4.2.1", Fatal, Status(400);
    /// There is more than one Origin field.
    OriginRepeated: "RFC 6454 §7.3", Fatal, Status(400);
    /// Sec-WebSocket-Protocol is not a list of tokens.
    ProtocolInvalid: "RFC 6455 §4.1", Fatal, Status(400);
    /// The same subprotocol is offered twice.
    ProtocolRepeated: "RFC 6455 §4.1", Fatal, Status(400);
    /// Sec-WebSocket-Extensions breaks its grammar.
    ExtensionsMalformed: "RFC 6455 §9.1", Fatal, Status(400);
    /// The upgrade request announces a body, whose bytes would be read as frames.
    UpgradeWithBody: "RFC 9110 §9.3.1", Fatal, Status(400);

    // The opening handshake, as the client reads it
    /// The status code is not 101.
    StatusNotSwitching: "RFC 6455 §4.1", Fatal, Abort;
    /// The response's Upgrade field is missing or is not `websocket`.
    ResponseUpgradeInvalid: "RFC 6455 §4.1", Fatal, Abort;
    /// The response's Connection field does not have the token `Upgrade`.
    ResponseConnectionInvalid: "RFC 6455 §4.1", Fatal, Abort;
    /// There is no Sec-WebSocket-Accept field.
    AcceptMissing: "RFC 6455 §4.1", Fatal, Abort;
    /// There is more than one Sec-WebSocket-Accept field.
    AcceptRepeated: "RFC 6455 §11.3.3", Fatal, Abort;
    /// Sec-WebSocket-Accept is not what this key yields.
    AcceptWrong: "RFC 6455 §4.1", Fatal, Abort;
    /// The server selected a subprotocol that was not offered.
    ProtocolNotOffered: "RFC 6455 §4.1", Fatal, Abort;
    /// The server accepted an extension that was not offered.
    ExtensionNotOffered: "RFC 6455 §4.1", Fatal, Abort;
    /// The server accepted permessage-deflate with parameters that it may not choose.
    DeflateParametersInvalid: "RFC 7692 §7.1", Fatal, Abort;

    // Frames
    /// A reserved bit is set although no extension gave it a meaning.
    ReservedBitSet: "RFC 6455 §5.2", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// RSV1 marks a control frame as compressed, and only messages are.
    CompressedControl: "RFC 7692 §6.1", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// RSV1 is set on a frame that does not begin its message.
    CompressedContinuation: "RFC 7692 §6.1", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// The message is marked as compressed, but is no DEFLATE stream.
    NotDeflate: "RFC 7692 §7.2.2", Fatal, Close(CloseCode::INVALID_PAYLOAD);
    /// The opcode is reserved.
    OpcodeReserved: "RFC 6455 §5.2", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// A frame from the client is not masked.
    MaskMissing: "RFC 6455 §5.1", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// A frame from the server is masked.
    MaskUnexpected: "RFC 6455 §5.1", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// The payload length is not written in the shortest form.
    LengthNotMinimal: "RFC 6455 §5.2", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// The most significant bit of the 64-bit payload length is set.
    LengthTopBitSet: "RFC 6455 §5.2", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// A control frame's payload is longer than 125 bytes.
    ControlTooLong: "RFC 6455 §5.5", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// A control frame is fragmented.
    ControlFragmented: "RFC 6455 §5.5", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// A continuation frame continues nothing.
    ContinuationUnexpected: "RFC 6455 §5.4", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// A new message begins before the fragmented one is complete.
    MessageInterleaved: "RFC 6455 §5.4", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// The text is not UTF-8.
    TextNotUtf8: "RFC 6455 §8.1", Fatal, Close(CloseCode::INVALID_PAYLOAD);
    /// A Close frame's payload has one byte: too many for none, too few for a code.
    CloseLengthOne: "RFC 6455 §5.5.1", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// The close code may not be sent in a frame.
    CloseCodeInvalid: "RFC 6455 §7.4", Fatal, Close(CloseCode::PROTOCOL_ERROR);
    /// The reason of a Close frame is not UTF-8.
    CloseReasonNotUtf8: "RFC 6455 §5.5.1", Fatal, Close(CloseCode::INVALID_PAYLOAD);
    /// A frame follows the Close frame.
    FrameAfterClose: "RFC 6455 §5.5.1", Warning, Nothing;
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_rule_has_its_sentence_and_a_fatal_one_its_answer() {
        for &violation in Violation::ALL {
            assert!(violation.sentence().ends_with('.'), "{violation:?}");
            assert!(violation.section().starts_with("RFC "), "{violation:?}");
            assert_eq!(
                violation.severity() == Severity::Warning,
                violation.answer() == Answer::Nothing,
                "{violation:?}"
            );
        }
    }
}

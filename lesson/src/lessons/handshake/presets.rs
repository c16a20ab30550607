//! Every way to break the request.

use ws101_core::rules::Violation::{self, *};

use super::request::{Request, UPGRADE, Written};
use crate::lessons::Place;

/// A request that differs from the good one in a line.
pub(super) struct Preset {
    /// Its name in addresses.
    pub(super) id: &'static str,
    /// What it breaks; the good one breaks nothing.
    pub(super) breaks: Option<Violation>,
    /// Which line is another, and what it says; nothing where it is missing.
    line: (usize, &'static str),
}

impl Preset {
    /// Its request.
    pub(super) fn request(&self) -> Request {
        let mut request = Request::default();
        let (index, text) = self.line;
        request.0[index] = match text {
            "" => Written { on: self.breaks.is_none(), ..request.0[index].clone() },
            text => Written { on: true, text: text.into() },
        };
        request
    }
}

/// The preset of a place: at first the class note's own.
pub(super) fn of(place: &Place) -> &'static Preset {
    let id = place.input("preset").unwrap_or("note");
    PRESETS.iter().find(|preset| preset.id == id).unwrap_or(&PRESETS[0])
}

/// How many behind the first are about the class note.
pub(super) const NOTE: usize = 3;

macro_rules! presets {
    ($($id:literal: $breaks:ident, $line:expr, $text:literal;)+) => {
        /// The good one, those of the class note, and the rest in the order of core's table.
        pub(super) static PRESETS: &[Preset] = &[
            Preset { id: "good", breaks: None, line: (0, "") },
            $(Preset { id: $id, breaks: Some($breaks), line: ($line, $text) },)+
        ];
    };
}

presets! {
    "note": SpaceBeforeColon, UPGRADE, "Upgrate : websocket";
    "misspelt": UpgradeMissing, UPGRADE, "Upgrate: websocket";
    "space": SpaceBeforeColon, UPGRADE, "Upgrade : websocket";

    "request-line": RequestLineMalformed, 0, "GET /ws/echo";
    "target": TargetInvalid, 0, "GET /ws/echo#top HTTP/1.1";
    "http10": HttpVersionUnsupported, 0, "GET /ws/echo HTTP/1.0";
    "lf": BareLineFeed, UPGRADE, "Upgrade: websocket␊";
    "cr": BareCarriageReturn, UPGRADE, "Upgrade: web␍socket";
    "space-first": SpaceBeforeFirstField, 1, " Host: localhost:8101";
    "folding": LineFolding, 3, "Connection: keep-alive,␍␊ Upgrade";
    "colon": ColonMissing, UPGRADE, "Upgrade websocket";
    "name": FieldNameInvalid, UPGRADE, "Up(grade): websocket";
    "value": FieldValueInvalid, 6, "Origin: ␁";
    "no-host": HostMissing, 1, "";
    "hosts": HostRepeated, 9, "Host: localhost:8101";
    "host": HostInvalid, 1, "Host: local host";
    "length": ContentLengthInvalid, 9, "Content-Length: five";
    "lengths": BodyLengthAmbiguous, 9, "Content-Length: 5␍␊Transfer-Encoding: chunked";
    "post": MethodNotGet, 0, "POST /ws/echo HTTP/1.1";
    "no-upgrade": UpgradeMissing, UPGRADE, "";
    "upgrade": UpgradeNotWebSocket, UPGRADE, "Upgrade: h2c";
    "connection": ConnectionNotUpgrade, 3, "Connection: keep-alive";
    "no-version": VersionMissing, 5, "";
    "versions": VersionRepeated, 9, "Sec-WebSocket-Version: 13";
    "version": VersionUnsupported, 5, "Sec-WebSocket-Version: 12";
    "no-key": KeyMissing, 4, "";
    "keys": KeyRepeated, 9, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    "key": KeyInvalid, 4, "Sec-WebSocket-Key: c2hvcnQ=";
    "origins": OriginRepeated, 9, "Origin: null";
    "protocol": ProtocolInvalid, 7, "Sec-WebSocket-Protocol: chat room";
    "protocols": ProtocolRepeated, 7, "Sec-WebSocket-Protocol: chat, chat";
    "extensions": ExtensionsMalformed, 8, "Sec-WebSocket-Extensions: ;=,";
    "body": UpgradeWithBody, 9, "Content-Length: 5";
}

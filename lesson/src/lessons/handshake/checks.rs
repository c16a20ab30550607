//! Findings as a list of checks. What is found is core's; here is only which rules stand together under one name.

use ws101_core::rules::Finding;
use ws101_core::rules::Severity::Fatal;
use ws101_core::rules::Violation::{self, *};

use crate::lessons::{Check, Outcome};
use crate::text::Language;
use crate::text::handshake::Word::{self, *};

/// A check's name and the rules that it looks after.
pub(super) type Row = (Word, &'static [Violation]);

/// What came of each check, for the findings of a lenient reading: the first fatal one is where a strict reader stops.
pub(super) fn list(rows: &[Row], findings: &[Finding], language: Language) -> Vec<Check> {
    let fatal = findings.iter().find(|finding| finding.violation.severity() == Fatal);
    let fired = fatal.and_then(|fatal| rows.iter().position(|(_, rules)| rules.contains(&fatal.violation)));
    let check = |(index, (word, rules)): (usize, &Row)| {
        let here: Vec<_> = findings.iter().copied().filter(|finding| rules.contains(&finding.violation)).collect();
        let outcome = match fired {
            Some(fired) if fired == index => Outcome::Fired,
            _ if !here.is_empty() => Outcome::Also,
            Some(fired) if fired < index => Outcome::Unread,
            _ => Outcome::Passed,
        };
        Check { label: word.text(language), outcome, findings: here }
    };
    rows.iter().enumerate().map(check).collect()
}

/// The server's, in core's order.
pub(super) static SERVER: &[Row] = &[
    (CheckRequestLine, &[RequestLineMalformed, TargetInvalid, HttpVersionUnsupported]),
    (
        CheckLines,
        &[
            BareLineFeed,
            BareCarriageReturn,
            SpaceBeforeFirstField,
            LineFolding,
            ColonMissing,
            SpaceBeforeColon,
            FieldNameInvalid,
            FieldValueInvalid,
        ],
    ),
    (CheckHost, &[HostMissing, HostRepeated, HostInvalid]),
    (CheckBodyLength, &[ContentLengthInvalid, BodyLengthAmbiguous]),
    (CheckMethod, &[MethodNotGet]),
    (CheckUpgrade, &[UpgradeMissing, UpgradeNotWebSocket]),
    (CheckConnection, &[ConnectionNotUpgrade]),
    (CheckVersion, &[VersionMissing, VersionRepeated, VersionUnsupported]),
    (CheckKey, &[KeyMissing, KeyRepeated, KeyInvalid]),
    (CheckOrigin, &[OriginRepeated]),
    (CheckBody, &[UpgradeWithBody]),
    (CheckProtocol, &[ProtocolInvalid, ProtocolRepeated]),
    (CheckExtensions, &[ExtensionsMalformed]),
];

/// The client's, in core's order.
pub(super) static CLIENT: &[Row] = &[
    (CheckStatusLine, &[StatusLineMalformed]),
    (CheckStatus, &[StatusNotSwitching]),
    (CheckUpgrade, &[ResponseUpgradeInvalid]),
    (CheckConnection, &[ResponseConnectionInvalid]),
    (CheckAccept, &[AcceptMissing, AcceptRepeated, AcceptWrong]),
    (CheckExtensions, &[ExtensionNotOffered, DeflateParametersInvalid]),
    (CheckProtocol, &[ProtocolNotOffered]),
];

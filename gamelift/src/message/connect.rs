//! The query of the URL that a server process connects to (§1.2).

use alloc::string::String;
use alloc::vec::Vec;

use super::Dialect;

/// How a process proves that it may connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// A token, from GetComputeAuthToken or from a RefreshConnection push.
    Token(String),
    /// `SigV4`, with the access key's id out of `X-Amz-Credential` (empty if it is missing). The signature is not checked here.
    SigV4 {
        /// The access key's id.
        access_key_id: String,
    },
}

/// What a process says of itself when it connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectQuery {
    /// `pID`: the identity of the server process.
    pub process_id: String,
    /// `ComputeId`: the compute's name.
    pub compute_id: String,
    /// `FleetId`.
    pub fleet_id: String,
    /// `sdkVersion`.
    pub sdk_version: String,
    /// `sdkLanguage`: `Go`, `Cpp` or `CSharp`.
    pub sdk_language: String,
    /// `IdempotencyToken`; older SDKs send none.
    pub idempotency_token: Option<String>,
    /// How it proves that it may.
    pub authorization: Authorization,
}

/// A parameter without which nobody knows who connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingParameter(pub &'static str);

impl core::fmt::Display for MissingParameter {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the query has no {}", self.0)
    }
}

impl core::error::Error for MissingParameter {}

impl ConnectQuery {
    /// Reads the part of the request target behind the `?`. Parameters come in any order; unknown ones are skipped; a missing
    /// `Authorization` is an empty token.
    ///
    /// Values are form-decoded, as Go encodes them. C++ and C# write them raw, so that a token with `+`, `%` or `&` cannot be
    /// told reliably: hand out none of those.
    pub fn parse(query: &str) -> Result<Self, MissingParameter> {
        let pairs: Vec<(&str, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key, form_decode(value)))
            .collect();
        let find = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        let needed = |name| find(name).filter(|value| !value.is_empty()).ok_or(MissingParameter(name));
        let authorization = match find("Authorization").unwrap_or_default() {
            word if word == "SigV4" => {
                let credential = find("X-Amz-Credential").unwrap_or_default();
                Authorization::SigV4 { access_key_id: credential.split('/').next().unwrap_or_default().into() }
            }
            token => Authorization::Token(token),
        };
        Ok(Self {
            process_id: needed("pID")?,
            compute_id: needed("ComputeId")?,
            fleet_id: needed("FleetId")?,
            sdk_version: find("sdkVersion").unwrap_or_default(),
            sdk_language: find("sdkLanguage").unwrap_or_default(),
            idempotency_token: find("IdempotencyToken"),
            authorization,
        })
    }

    /// The query as an SDK writes it: Go and C++ sort by key, C# has an order of its own; only Go encodes. A signature is not
    /// made: `SigV4` gives the credential alone.
    pub fn write(&self, dialect: Dialect) -> String {
        let mut pairs: Vec<(&str, &str)> = alloc::vec![
            ("ComputeId", &*self.compute_id),
            ("FleetId", &self.fleet_id),
            ("pID", &self.process_id),
            ("sdkLanguage", &self.sdk_language),
            ("sdkVersion", &self.sdk_version),
        ];
        if let Some(token) = &self.idempotency_token {
            pairs.push(("IdempotencyToken", token));
        }
        match &self.authorization {
            Authorization::Token(token) => pairs.push(("Authorization", token)),
            Authorization::SigV4 { access_key_id } => {
                pairs.push(("Authorization", "SigV4"));
                pairs.push(("X-Amz-Credential", access_key_id));
            }
        }
        if dialect != Dialect::CSharp {
            pairs.sort_unstable();
        }
        let mut query = String::new();
        for (key, value) in pairs {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(key);
            query.push('=');
            match dialect {
                Dialect::Go => form_encode(&mut query, value),
                Dialect::Cpp | Dialect::CSharp => query.push_str(value),
            }
        }
        query
    }
}

/// `+` is a space, `%XX` a byte; a `%` that begins neither stays what it is.
fn form_decode(value: &str) -> String {
    let mut rest = value.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, hex_byte(tail)) {
            (b'+', _) => decoded.push(b' '),
            (b'%', Some(escaped)) => {
                decoded.push(escaped);
                rest = &tail[2..];
            }
            _ => decoded.push(byte),
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

fn form_encode(out: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

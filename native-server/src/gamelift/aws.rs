//! The AWS API's two protocols: JSON 1.1 (`POST /`, `X-Amz-Target`), and Smithy RPC v2 CBOR (by path).
//!
//! Signatures are not checked: whoever is on this machine may, and others show the teacher's token as their access
//! key's id.

use serde_json::{Value, json};
use ws101_core::head::RequestHead;
use ws101_gamelift::service::{ApiError, ApiErrorKind};

use super::hub::{Hub, random_bits};
use super::{Answer, cbor};

/// An operation that was asked for.
pub(super) struct Operation {
    name: String,
    protocol: Protocol,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Json,
    Cbor,
}

impl Operation {
    /// The operation that a request's head names.
    pub(super) fn new(head: &RequestHead<'_>, path: &str) -> Option<Self> {
        if head.method() != "POST" {
            return None;
        }
        if let Some(name) = path.strip_prefix("/service/GameLift/operation/") {
            return Some(Self { name: name.into(), protocol: Protocol::Cbor });
        }
        let target = head.fields.values("x-amz-target").next().filter(|_| path == "/")?;
        let target = String::from_utf8_lossy(target);
        let name = target.strip_prefix("GameLift.").unwrap_or(&target).into();
        Some(Self { name, protocol: Protocol::Json })
    }

    /// Whose signature it is said to be.
    pub(super) fn access_key_id(&self, head: &RequestHead<'_>) -> Option<String> {
        let authorization = std::str::from_utf8(head.fields.values("authorization").next()?).ok()?;
        let (_, credential) = authorization.split_once("Credential=")?;
        credential.split('/').next().map(str::to_owned)
    }

    pub(super) fn answer(&self, hub: &Hub, may: bool, body: &[u8]) -> Answer {
        let outcome = match may {
            true => self.input(body).and_then(|input| hub.act(|service, now| service.call(now, &self.name, input))),
            false => Err(ApiError {
                kind: ApiErrorKind::Unauthorized,
                message: "from another machine, use the teacher's token as the access key id".into(),
            }),
        };
        let (status, output, error) = match outcome {
            Ok(output) => (200, output, None),
            Err(error) => {
                let prefix = if self.protocol == Protocol::Cbor { "com.amazonaws.gamelift#" } else { "" };
                let name = error.kind.word();
                (400, json!({"__type": format!("{prefix}{name}"), "Message": error.message}), Some(name))
            }
        };
        let mut fields = vec![("x-amzn-RequestId", format!("{:032x}", random_bits()))];
        fields.extend(error.map(|name| ("x-amzn-ErrorType", name.to_owned())));
        match self.protocol {
            Protocol::Json => {
                let body = output.to_string().into_bytes();
                Answer { status, media_type: "application/x-amz-json-1.1", fields, body }
            }
            Protocol::Cbor => {
                fields.push(("smithy-protocol", "rpc-v2-cbor".into()));
                Answer { status, media_type: "application/cbor", fields, body: cbor::write(&output) }
            }
        }
    }

    fn input(&self, body: &[u8]) -> Result<Value, ApiError> {
        if body.is_empty() {
            return Ok(json!({}));
        }
        let input = match self.protocol {
            Protocol::Json => serde_json::from_slice(body).map_err(|error| error.to_string()),
            Protocol::Cbor => cbor::read(body),
        };
        input.map_err(|why| ApiError {
            kind: ApiErrorKind::InvalidRequest,
            message: format!("the body cannot be read: {why}"),
        })
    }
}

//! From text to message and back (§2.1).

use alloc::string::{String, ToString as _};

use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};

use super::dialect::{Dialect, Fields, null_as_default};
use super::{Outcome, Push, Request, RequestAction, Response};

/// Reads a request of a server process. `Err` has what is needed for an answer.
pub fn read_request(text: &str) -> Result<(String, Request), Unreadable> {
    let head = Head::read(text)?;
    let unreadable = |why| Unreadable { action: head.action.clone(), request_id: head.request_id.clone(), why };
    if head.action.is_empty() {
        return Err(unreadable("Action is missing".into()));
    }
    let Some(action) = RequestAction::from_name(&head.action) else {
        return Err(unreadable(alloc::format!("Action `{}` is not known", head.action)));
    };
    if head.request_id.is_empty() {
        return Err(unreadable("RequestId is missing".into()));
    }
    let request = Request::read(action, text).map_err(unreadable)?;
    Ok((head.request_id, request))
}

/// A request that cannot be understood. With a request id it deserves [`Outcome::BadRequest`]; without, nobody waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// As far as it could be read; else empty.
    pub action: String,
    /// As far as it could be read; else empty.
    pub request_id: String,
    /// A sentence that says what is wrong.
    pub why: String,
}

impl core::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.why)
    }
}

impl core::error::Error for Unreadable {}

/// Writes a request, as an SDK does.
pub fn write_request(dialect: Dialect, request_id: &str, request: &Request) -> String {
    write(&Envelope {
        dialect,
        action: request.action().name(),
        request_id,
        status: None,
        error: "",
        body: Some(request),
    })
}

/// Writes a successful answer: `StatusCode` 200, with the Action and the RequestId of the request (§0.2).
pub fn write_response(action: RequestAction, request_id: &str, response: &Response) -> String {
    let status = Some(Outcome::Success.status_code());
    write(&Envelope {
        dialect: Dialect::Go,
        action: action.name(),
        request_id,
        status,
        error: "",
        body: Some(response),
    })
}

/// Writes an error. `action` is a string because the request may be an unknown one.
pub fn write_error(action: &str, request_id: &str, outcome: Outcome, message: &str) -> String {
    let status = Some(outcome.status_code());
    write(&Envelope::<Response> { dialect: Dialect::Go, action, request_id, status, error: message, body: None })
}

/// Writes a push: without RequestId and StatusCode, which is what all SDKs understand (§0.3).
pub fn write_push(push: &Push) -> String {
    write(&Envelope {
        dialect: Dialect::Go,
        action: push.name(),
        request_id: "",
        status: None,
        error: "",
        body: Some(push),
    })
}

/// A message of the service, by its envelope alone. What an SDK makes of it: [`FromService::read`].
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // As with `Push`.
pub enum FromService {
    /// A successful answer.
    Answer {
        /// Its Action. Go does without; the others do not (§0.2).
        action: String,
        /// The request that it answers.
        request_id: String,
        /// The whole message, for [`read_response`].
        text: String,
    },
    /// An error; also a push that carries a RequestId and no 200, which SDKs drop (§0.3).
    Failure {
        /// The request that it answers.
        request_id: String,
        /// What it means.
        outcome: Outcome,
        /// `ErrorMessage`.
        message: String,
    },
    /// A push.
    Push(Push),
    /// Not JSON, an unknown Action, or fields of wrong types: SDKs ignore it.
    Ignored(String),
}

impl FromService {
    /// Reads a message as an SDK does: a RequestId makes it an answer, unless its Action is a push's and its status 200.
    pub fn read(text: &str) -> Self {
        let head = match Head::read(text) {
            Ok(head) => head,
            Err(unreadable) => return Self::Ignored(unreadable.why),
        };
        if !head.request_id.is_empty() {
            let outcome = head.status_code.map_or(Outcome::InternalServiceException, Outcome::of);
            if outcome != Outcome::Success {
                return Self::Failure { request_id: head.request_id, outcome, message: head.error_message };
            }
        }
        match Push::read(&head.action, text) {
            Some(Ok(push)) => Self::Push(push),
            Some(Err(why)) => Self::Ignored(why),
            None if !head.request_id.is_empty() => {
                Self::Answer { action: head.action, request_id: head.request_id, text: text.to_string() }
            }
            None => Self::Ignored(alloc::format!("Action `{}` is not known", head.action)),
        }
    }
}

/// Reads the fields of a successful answer to a request.
pub fn read_response(action: RequestAction, text: &str) -> Result<Response, Unreadable> {
    Response::read(action, text).map_err(|why| Unreadable {
        action: action.name().into(),
        request_id: String::new(),
        why,
    })
}

/// The fields that every message may have.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Head {
    #[serde(deserialize_with = "null_as_default")]
    action: String,
    #[serde(deserialize_with = "null_as_default")]
    request_id: String,
    status_code: Option<i64>,
    #[serde(deserialize_with = "null_as_default")]
    error_message: String,
}

impl Head {
    fn read(text: &str) -> Result<Self, Unreadable> {
        // serde reads a struct from an array as well.
        if !text.trim_start().starts_with('{') {
            let why = "the message is not a JSON object".into();
            return Err(Unreadable { action: String::new(), request_id: String::new(), why });
        }
        serde_json::from_str(text).map_err(|error| Unreadable {
            action: String::new(),
            request_id: String::new(),
            why: error.to_string(),
        })
    }
}

struct Envelope<'a, B> {
    dialect: Dialect,
    action: &'a str,
    request_id: &'a str,
    status: Option<i64>,
    error: &'a str,
    body: Option<&'a B>,
}

impl<B: Fields> Serialize for Envelope<'_, B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        let last = self.dialect == Dialect::CSharp;
        if last && let Some(body) = self.body {
            body.fields(self.dialect, &mut object)?;
        }
        object.serialize_entry("Action", self.action)?;
        if !self.request_id.is_empty() {
            object.serialize_entry("RequestId", self.request_id)?;
        }
        if let Some(status) = self.status {
            object.serialize_entry("StatusCode", &status)?;
        }
        if !self.error.is_empty() {
            object.serialize_entry("ErrorMessage", self.error)?;
        }
        if !last && let Some(body) = self.body {
            body.fields(self.dialect, &mut object)?;
        }
        object.end()
    }
}

/// Text of an object whose keys are strings.
fn write<B: Fields>(envelope: &Envelope<'_, B>) -> String {
    // Writing into memory cannot fail, and every key is a string; so this error does not occur.
    serde_json::to_string(envelope).unwrap_or_default()
}

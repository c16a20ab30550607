//! CBOR (RFC 8949) for what JSON has, and Smithy's timestamps.

use ciborium::Value as Cbor;
use serde_json::{Map, Value};

/// Reads a value. Timestamps become numbers of seconds, as JSON has them.
pub(super) fn read(bytes: &[u8]) -> Result<Value, String> {
    ciborium::from_reader::<Cbor, _>(bytes).map_err(|error| error.to_string()).and_then(to_json)
}

/// Writes a value.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail, and every value has a form.
    let _ = ciborium::into_writer(&from_json(value, ""), &mut bytes);
    bytes
}

fn to_json(value: Cbor) -> Result<Value, String> {
    Ok(match value {
        Cbor::Null => Value::Null,
        Cbor::Bool(value) => value.into(),
        Cbor::Text(text) => text.into(),
        Cbor::Float(number) => number.into(),
        Cbor::Integer(number) => {
            i64::try_from(number).map_err(|_| "a number is larger than any of this API".to_owned())?.into()
        }
        Cbor::Tag(TIMESTAMP, seconds) => to_json(*seconds)?,
        Cbor::Array(items) => items.into_iter().map(to_json).collect::<Result<Vec<_>, _>>()?.into(),
        Cbor::Map(entries) => {
            let entries = entries.into_iter().map(|(key, value)| match key {
                Cbor::Text(key) => Ok((key, to_json(value)?)),
                _ => Err("a key is no text".to_owned()),
            });
            entries.collect::<Result<Map<_, _>, _>>()?.into()
        }
        _ => return Err("it has what no member of this API is".into()),
    })
}

fn from_json(value: &Value, member: &str) -> Cbor {
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(value) => (*value).into(),
        Value::String(text) => text.clone().into(),
        // In this API exactly the members of these names are timestamps.
        Value::Number(number) if member.ends_with("Time") || member.ends_with("Timestamp") => {
            Cbor::Tag(TIMESTAMP, Box::new(number.as_f64().unwrap_or_default().into()))
        }
        Value::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64().unwrap_or_default().into(),
        },
        Value::Array(items) => Cbor::Array(items.iter().map(|item| from_json(item, "")).collect()),
        Value::Object(entries) => {
            Cbor::Map(entries.iter().map(|(key, value)| (key.clone().into(), from_json(value, key))).collect())
        }
    }
}

/// RFC 8949 §3.4.2: seconds since 1970.
const TIMESTAMP: u64 = 1;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_survive_and_timestamps_have_their_tag() {
        let value = json!({"A": [1, -2, 0.5, null, true, "text"], "M": {"CreationTime": 1.5}});
        assert_eq!(read(&write(&value)), Ok(value));
        // A map of one: a text of 7 bytes, then tag 1 and 1.5 as a half.
        assert_eq!(write(&json!({"EndTime": 1.5})), b"\xa1\x67EndTime\xc1\xf9\x3e\x00");
        assert_eq!(read(b"\xa1\x69StartTime\xc1\x1a\x00\x00\x00\x07"), Ok(json!({"StartTime": 7})));
    }

    #[test]
    fn indefinite_lengths_are_read() {
        assert_eq!(read(b"\xbf\x61a\x9f\x01\xff\xff"), Ok(json!({"a": [1]})));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for bytes in [&b"\xa1"[..], b"\x41a", b"\xa1\x01\x01", b""] {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }
}

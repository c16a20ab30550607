//! The value of a player's attribute (§2.4).

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::dialect::{Dialect, Speak};

/// A player's attribute, of one of four types.
///
/// Keys are read case-insensitively and unused ones may be there, because C# writes `attrType` and all of the values.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum AttributeValue {
    /// `AttrType` `NONE`.
    #[default]
    None,
    /// `STRING`, in `S`.
    String(String),
    /// `DOUBLE`, in `N`.
    Double(f64),
    /// `STRING_LIST`, in `SL`.
    StringList(Vec<String>),
    /// `STRING_DOUBLE_MAP`, in `SDM`.
    StringDoubleMap(BTreeMap<String, f64>),
}

impl AttributeValue {
    /// The word in `AttrType`.
    pub const fn attr_type(&self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::String(_) => "STRING",
            Self::Double(_) => "DOUBLE",
            Self::StringList(_) => "STRING_LIST",
            Self::StringDoubleMap(_) => "STRING_DOUBLE_MAP",
        }
    }
}

impl<'de> Deserialize<'de> for AttributeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fn value<T: serde::de::DeserializeOwned + Default, E: serde::de::Error>(value: Option<&Value>) -> Result<T, E> {
            match value {
                None | Some(Value::Null) => Ok(T::default()),
                Some(value) => T::deserialize(value).map_err(E::custom),
            }
        }

        let object = BTreeMap::<String, Value>::deserialize(deserializer)?;
        let field = |key: &str| object.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, value)| value);
        match field("AttrType").and_then(Value::as_str) {
            None | Some("" | "NONE") => Ok(Self::None),
            Some("STRING") => value(field("S")).map(Self::String),
            Some("DOUBLE") => value(field("N")).map(Self::Double),
            Some("STRING_LIST") => value(field("SL")).map(Self::StringList),
            Some("STRING_DOUBLE_MAP") => value(field("SDM")).map(Self::StringDoubleMap),
            Some(other) => Err(D::Error::custom(alloc::format!("AttrType cannot be `{other}`"))),
        }
    }
}

impl Speak for AttributeValue {
    fn speak<S: Serializer>(&self, dialect: Dialect, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry(if dialect == Dialect::CSharp { "attrType" } else { "AttrType" }, self.attr_type())?;
        match self {
            Self::None => {}
            Self::String(text) => object.serialize_entry("S", text)?,
            Self::Double(number) => object.serialize_entry("N", &Number(*number))?,
            Self::StringList(list) => object.serialize_entry("SL", list)?,
            Self::StringDoubleMap(map) => {
                let map: BTreeMap<&String, Number> = map.iter().map(|(key, number)| (key, Number(*number))).collect();
                object.serialize_entry("SDM", &map)?;
            }
        }
        object.end()
    }
}

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.speak(Dialect::Go, serializer)
    }
}

/// A number as Go and C++ write it: a whole one without a fraction (`1`, not `1.0`).
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = self.0 as i64;
        if whole as f64 == self.0 && whole.unsigned_abs() < 1 << 53 {
            serializer.serialize_i64(whole)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

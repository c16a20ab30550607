//! How each SDK writes the same message, and the macro that declares a message once for all of them.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::words;

words! {
    /// Which SDK's way of writing JSON. The service writes as Go does: it is what Go and C++ were seen to accept.
    Dialect {
        /// Absent values are left out, but for a few fields that are always written.
        Go = "Go",
        /// Empty strings and numbers that are not positive are left out (§2.1).
        Cpp = "Cpp",
        /// Absent values are `null`; `Action` and `RequestId` come last (§2.1).
        CSharp = "CSharp",
    }
}

/// Why a value may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    /// An empty string, or an enumeration that was not set.
    Text,
    /// A number that is not positive.
    Number,
    /// An empty list.
    List,
    /// An object without keys.
    Object,
}

/// What becomes of a blank field in Go's dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// It is left out.
    Omit,
    /// It is written all the same.
    Always,
    /// It is `null`, as Go writes a nil slice.
    Nil,
}

/// A value that can be written in a dialect.
pub(crate) trait Speak {
    /// Writes the value.
    fn speak<S: Serializer>(&self, dialect: Dialect, serializer: S) -> Result<S::Ok, S::Error>;

    /// Why this value may be left out, if it may.
    fn blank(&self) -> Option<Blank> {
        None
    }
}

/// An object whose fields can be written among others.
pub(crate) trait Fields {
    /// Writes the fields into an object that has been begun.
    fn fields<M: serde::ser::SerializeMap>(&self, dialect: Dialect, object: &mut M) -> Result<(), M::Error>;
}

/// A value with its dialect, so that serde can write it.
pub(crate) struct Spoken<'a, T: ?Sized>(pub(crate) &'a T, pub(crate) Dialect);

impl<T: Speak + ?Sized> Serialize for Spoken<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.speak(self.1, serializer)
    }
}

impl Dialect {
    /// Writes one field, or leaves it out.
    pub(crate) fn entry<M: serde::ser::SerializeMap, T: Speak>(
        self,
        object: &mut M,
        key: &'static str,
        value: &T,
        rule: Rule,
    ) -> Result<(), M::Error> {
        match (self, value.blank(), rule) {
            (Self::Go, Some(_), Rule::Omit) => Ok(()),
            (Self::Go, Some(_), Rule::Nil) => object.serialize_entry(key, &()),
            (Self::Cpp, Some(Blank::Text | Blank::Number | Blank::List), _) => Ok(()),
            (Self::CSharp, Some(Blank::Text | Blank::List | Blank::Object), _) => object.serialize_entry(key, &()),
            _ => object.serialize_entry(key, &Spoken(value, self)),
        }
    }
}

macro_rules! speak_as_serde {
    ($($type:ty: $blank:expr;)*) => {$(
        impl Speak for $type {
            fn speak<S: Serializer>(&self, _: Dialect, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }

            fn blank(&self) -> Option<Blank> {
                let blank: fn(&Self) -> Option<Blank> = $blank;
                blank(self)
            }
        }
    )*};
}

speak_as_serde! {
    bool: |_| None;
    f64: |_| None;
    i64: |value| (*value <= 0).then_some(Blank::Number);
    u32: |value| (*value == 0).then_some(Blank::Number);
    u16: |value| (*value == 0).then_some(Blank::Number);
    String: |value| value.is_empty().then_some(Blank::Text);
}

impl<T: Speak> Speak for Vec<T> {
    fn speak<S: Serializer>(&self, dialect: Dialect, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for value in self {
            list.serialize_element(&Spoken(value, dialect))?;
        }
        list.end()
    }

    fn blank(&self) -> Option<Blank> {
        self.is_empty().then_some(Blank::List)
    }
}

impl<T: Speak> Speak for BTreeMap<String, T> {
    fn speak<S: Serializer>(&self, dialect: Dialect, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self {
            object.serialize_entry(key, &Spoken(value, dialect))?;
        }
        object.end()
    }

    fn blank(&self) -> Option<Blank> {
        self.is_empty().then_some(Blank::Object)
    }
}

/// Reads `null` as the default: C# writes absent values so (§2.1).
pub(crate) fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Declares an object of the protocol: `field: type = "Key" rule`, where the rule says what Go does with a blank value.
///
/// Reading takes keys in any order, skips keys that it does not know, and takes absent and `null` for the type's default.
macro_rules! wire {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$field_meta:meta])* $field:ident: $type:ty = $key:literal $rule:ident, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[serde(rename = $key, deserialize_with = "crate::message::dialect::null_as_default")]
                pub $field: $type,
            )*
        }

        impl $crate::message::dialect::Fields for $name {
            #[allow(unused_variables)] // Some messages have no fields.
            fn fields<M: serde::ser::SerializeMap>(
                &self,
                dialect: $crate::message::Dialect,
                object: &mut M,
            ) -> Result<(), M::Error> {
                $(dialect.entry(object, $key, &self.$field, $crate::message::dialect::Rule::$rule)?;)*
                Ok(())
            }
        }

        $crate::message::dialect::speak_as_object!($name);
    };
}
pub(crate) use wire;

/// Completes a type that has [`Fields`]: it can be written as an object, in a dialect or by serde (then as the service does).
macro_rules! speak_as_object {
    ($name:ident) => {
        impl $crate::message::dialect::Speak for $name {
            fn speak<S: serde::Serializer>(
                &self,
                dialect: $crate::message::Dialect,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut object = serializer.serialize_map(None)?;
                $crate::message::dialect::Fields::fields(self, dialect, &mut object)?;
                object.end()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::message::dialect::Speak::speak(self, $crate::message::Dialect::Go, serializer)
            }
        }
    };
}
pub(crate) use speak_as_object;

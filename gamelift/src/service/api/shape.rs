//! The macro that declares inputs and outputs of the AWS API, and its types.

use core::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares a shape of the AWS API: first what is always there, then what may be absent. Members are in PascalCase on the wire.
macro_rules! shape {
    (
        $(#[$meta:meta])*
        $name:ident { $($field:ident: $type:ty,)* } $(optional { $($maybe:ident: $maybe_type:ty,)* })?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, rename_all = "PascalCase")]
        pub struct $name {
            $(
                #[doc = concat!("The AWS API's member of this name (`", stringify!($field), "` in PascalCase).")]
                pub $field: $type,
            )*
            $($(
                #[doc = concat!("The AWS API's member of this name (`", stringify!($maybe), "` in PascalCase), or nothing.")]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $maybe: Option<$maybe_type>,
            )*)?
        }
    };
}
pub(crate) use shape;

/// A point in time: a number of seconds since the epoch, as AWS JSON writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub Duration);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Milliseconds are what GameLift's dates have.
        serializer.serialize_f64(self.0.as_millis() as f64 / 1000.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        Duration::try_from_secs_f64(seconds).map(Self).map_err(serde::de::Error::custom)
    }
}

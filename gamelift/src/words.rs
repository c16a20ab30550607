//! Enumerations that travel as words: one macro, so that a word is written down once.

/// Declares an enumeration whose variants are words on the wire. The first variant is the default.
///
/// Reading is strict, unless the declaration ends in `else Variant`, which then stands for every word that is not listed. JSON
/// `null` and the empty string are read as the default, because C# writes absent values as `null`.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $name:ident {
            $(#[$first_meta:meta])* $first:ident = $first_word:literal,
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )*
        }
        $(else $other:ident)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[$first_meta])*
            #[doc = concat!(" On the wire `", $first_word, "`.")]
            #[default]
            $first,
            $(
                $(#[$variant_meta])*
                #[doc = concat!(" On the wire `", $word, "`.")]
                $variant,
            )*
        }

        impl $name {
            /// Every one of them, in the order of the declaration.
            pub const ALL: &[Self] = &[Self::$first, $(Self::$variant),*];

            /// The word on the wire.
            pub const fn word(self) -> &'static str {
                match self {
                    Self::$first => $first_word,
                    $(Self::$variant => $word,)*
                }
            }

            /// The one with this word, if it is in the list.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word: Option<alloc::string::String> = serde::Deserialize::deserialize(deserializer)?;
                let Some(word) = word.filter(|word| !word.is_empty()) else {
                    return Ok(Self::default());
                };
                match Self::from_word(&word) {
                    Some(known) => Ok(known),
                    $(None if true => Ok(Self::$other),)?
                    None => Err(serde::de::Error::custom(alloc::format!(
                        "{} cannot be `{word}`; it is one of {}",
                        stringify!($name),
                        $crate::words::list(Self::ALL.iter().map(|known| known.word()).filter(|known| !known.is_empty())),
                    ))),
                }
            }
        }

        impl $crate::message::dialect::Speak for $name {
            fn speak<S: serde::Serializer>(&self, _: $crate::message::Dialect, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }

            fn blank(&self) -> Option<$crate::message::dialect::Blank> {
                (*self == Self::default()).then_some($crate::message::dialect::Blank::Text)
            }
        }
    };
}
pub(crate) use words;

/// The words with commas between them, for a sentence.
pub(crate) fn list<'a>(words: impl Iterator<Item = &'a str>) -> alloc::string::String {
    words.collect::<alloc::vec::Vec<_>>().join(", ")
}

//! JSON that passes through: checked once, kept as text.

use sea_orm::DeriveValueType;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::StoreError;

/// A JSON document, kept byte for byte as it was written.
///
/// Columns hold the text: a parsed document would lose the order of keys, and the server hands
/// most of it on unread.
#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
pub struct JsonText(String);

impl JsonText {
    /// The document of a value.
    ///
    /// # Errors
    /// [`StoreError::Json`] when the value has no JSON form.
    pub fn of(value: &impl Serialize) -> Result<Self, StoreError> {
        serde_json::to_string(value).map(Self).map_err(StoreError::Json)
    }

    /// Takes a text that must be one JSON document.
    ///
    /// # Errors
    /// [`StoreError::Json`] when it is not.
    pub fn parse(text: String) -> Result<Self, StoreError> {
        serde_json::from_str::<&RawValue>(&text).map_err(StoreError::Json)?;
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the document as a type of the caller.
    ///
    /// # Errors
    /// [`StoreError::Json`] when it has another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_str(&self.0).map_err(StoreError::Json)
    }
}

impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(String::from(Box::<str>::from(raw))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_as_it_was_written() {
        let text = r#"{"b": 1.50, "a": [1e-7, "ü"]}"#;
        let json = JsonText::parse(text.to_owned()).unwrap();
        assert_eq!(json.as_str(), text);
        assert_eq!(serde_json::to_string(&json).unwrap(), text);
        assert_eq!(serde_json::from_str::<JsonText>(text).unwrap(), json);
        for bad in ["", "{", "{} {}", "nan"] {
            assert!(JsonText::parse(bad.to_owned()).is_err(), "{bad}");
        }
    }
}

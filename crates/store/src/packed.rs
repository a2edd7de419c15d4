//! Large JSON, compressed.

use sea_orm::DbErr;
use sea_orm::DeriveValueType;

use crate::error::StoreError;
use crate::json::JsonText;

/// Reports are mostly digits: level 3 makes them a fifth in a few milliseconds.
const LEVEL: i32 = 3;

/// No report is larger, so nothing larger is unpacked.
const MAX_BYTES: usize = 1 << 30;

/// A JSON document as zstd packs it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
pub struct Packed(Vec<u8>);

impl Packed {
    /// Packs a document.
    pub(crate) fn pack(json: &JsonText) -> Result<Self, StoreError> {
        let bytes = zstd::bulk::compress(json.as_str().as_bytes(), LEVEL);
        bytes.map(Self).map_err(|error| damaged(&error))
    }

    /// The document.
    pub(crate) fn unpack(&self) -> Result<JsonText, StoreError> {
        let size = zstd::zstd_safe::get_frame_content_size(&self.0).ok().flatten();
        let size = size.and_then(|size| usize::try_from(size).ok());
        let size = size.filter(|size| *size <= MAX_BYTES);
        let size = size.ok_or_else(|| damaged(&"it does not say how large it is"))?;
        let bytes = zstd::bulk::decompress(&self.0, size).map_err(|error| damaged(&error))?;
        JsonText::parse(String::from_utf8(bytes).map_err(|error| damaged(&error))?)
    }
}

fn damaged(why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Database(DbErr::Type(format!("a stored result is damaged: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_is_undone_and_damage_is_told() {
        let text = format!("[{}0.5]", "1.25,".repeat(10_000));
        let json = JsonText::parse(text).unwrap();
        let packed = Packed::pack(&json).unwrap();
        assert!(packed.0.len() < json.as_str().len() / 5);
        assert_eq!(packed.unpack().unwrap(), json);
        for damaged in [&b""[..], b"[1]", &packed.0[..packed.0.len() / 2]] {
            assert!(Packed(damaged.to_vec()).unpack().is_err());
        }
    }
}

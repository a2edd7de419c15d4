//! Where in the lake a series lies.
//!
//! Folder names are `key=value`, so that DuckDB, pandas and Polars read them as columns. A value
//! that could mean something to a file system is percent-encoded, as those tools expect.

use std::path::{Path, PathBuf};

use market::{Adjustment, Symbol, Timeframe};

use crate::error::LakeError;
use crate::series::SeriesKey;

/// The longest source or symbol, in characters.
const LONGEST: usize = 64;

/// The folder of a source's symbol, which holds its corporate actions.
///
/// # Errors
/// [`LakeError::Name`] for an empty or overlong name, or one with a control character.
pub(super) fn symbol_folder(
    root: &Path,
    source: &str,
    symbol: &Symbol,
) -> Result<PathBuf, LakeError> {
    let symbol = encode(symbol.as_str())?;
    Ok(root.join(format!("source={}", encode(source)?)).join(format!("symbol={symbol}")))
}

/// The folder of a series.
pub(super) fn series_folder(root: &Path, key: &SeriesKey) -> Result<PathBuf, LakeError> {
    let SeriesKey { source, symbol, timeframe, adjustment } = key;
    Ok(symbol_folder(root, source, symbol)?
        .join(format!("timeframe={timeframe}"))
        .join(format!("adjustment={adjustment}")))
}

/// What a folder's name says of `key`, if it says it in the way that we write.
pub(super) fn value(folder: &str, key: &str) -> Option<String> {
    let encoded = folder.strip_prefix(key)?.strip_prefix('=')?;
    let decoded = decode(encoded)?;
    (encode(&decoded).ok()? == encoded).then_some(decoded)
}

/// As [`value`], for a symbol.
pub(super) fn symbol(folder: &str) -> Option<Symbol> {
    value(folder, "symbol")?.parse().ok()
}

/// As [`value`], for a timeframe.
pub(super) fn timeframe(folder: &str) -> Option<Timeframe> {
    value(folder, "timeframe")?.parse().ok()
}

/// As [`value`], for an adjustment.
pub(super) fn adjustment(folder: &str) -> Option<Adjustment> {
    value(folder, "adjustment")?.parse().ok()
}

/// A name as one safe path component.
fn encode(name: &str) -> Result<String, LakeError> {
    let length = name.chars().count();
    if length == 0 || length > LONGEST || name.chars().any(char::is_control) {
        return Err(LakeError::Name(
            name.chars().take(LONGEST).filter(|c| !c.is_control()).collect(),
        ));
    }
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.^".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(encoded)
}

fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{encode, symbol_folder, value};

    #[test]
    fn names_as_folders() {
        let cases = [
            ("AAPL", "AAPL"),
            ("BRK.B", "BRK.B"),
            ("BTC-USD", "BTC-USD"),
            ("^GSPC", "^GSPC"),
            ("EUR/USD", "EUR%2FUSD"),
            ("a=b%", "a%3Db%25"),
            ("ES Z5", "ES%20Z5"),
            ("É", "%C3%89"),
        ];
        for (name, folder) in cases {
            assert_eq!(encode(name).expect(name), folder);
            assert_eq!(value(&format!("symbol={folder}"), "symbol").as_deref(), Some(name));
        }
        for name in ["", "a\nb", "\0", &"x".repeat(65)] {
            assert!(encode(name).is_err(), "{name:?}");
        }
        for folder in ["symbol", "symbol=", "source=AAPL", "symbol=%zz", "symbol=%4", "symbol=%41"]
        {
            assert_eq!(value(folder, "symbol"), None, "{folder}");
        }
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_folder(name in "[./\\\\~%a-zA-Z0-9 ]{1,20}|\\PC{1,64}") {
            let symbol = "^GSPC".parse().expect("a symbol");
            let Ok(folder) = symbol_folder(Path::new("lake"), &name, &symbol) else { return Ok(()) };
            let parts: Vec<_> = folder.components().collect();
            prop_assert_eq!(parts.len(), 3);
            prop_assert!(parts.iter().all(|part| matches!(part, Component::Normal(_))));
            let source = folder.parent().and_then(Path::file_name).and_then(|part| part.to_str());
            prop_assert_eq!(value(source.unwrap_or_default(), "source"), Some(name));
        }
    }
}

//! One row as a JSON array, and back.

use jiff::Timestamp;
use sea_orm::sea_query::Nullable;
use sea_orm::{DbErr, QueryResult, Value};
use serde_json::Value as Json;

use super::table::{ColumnKind, SavedColumn};
use crate::moment::Moment;

/// Reads a row whose columns were selected in this order.
pub(super) fn to_json(row: &QueryResult, columns: &[SavedColumn]) -> Result<Vec<Json>, DbErr> {
    columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            Ok(match column.kind {
                ColumnKind::Text => row.try_get_by_index::<Option<String>>(index)?.into(),
                ColumnKind::Integer => row.try_get_by_index::<Option<i64>>(index)?.into(),
                ColumnKind::Boolean => row.try_get_by_index::<Option<bool>>(index)?.into(),
                ColumnKind::Real => {
                    row.try_get_by_index::<Option<f64>>(index)?.map_or(Json::Null, real)
                }
                ColumnKind::Time => {
                    let moment = row.try_get_by_index::<Option<Moment>>(index)?;
                    moment.map(|moment| moment.to_string()).into()
                }
                ColumnKind::Bytes => {
                    row.try_get_by_index::<Option<Vec<u8>>>(index)?.map(|bytes| hex(&bytes)).into()
                }
            })
        })
        .collect()
}

/// The value of a column; `None` when the JSON is of another kind.
pub(super) fn from_json(json: Json, kind: ColumnKind) -> Option<Value> {
    if json.is_null() {
        return Some(match kind {
            ColumnKind::Text => String::null(),
            ColumnKind::Integer => i64::null(),
            ColumnKind::Boolean => bool::null(),
            ColumnKind::Real => f64::null(),
            ColumnKind::Time => Moment::null(),
            ColumnKind::Bytes => Vec::<u8>::null(),
        });
    }
    Some(match (kind, json) {
        (ColumnKind::Text, Json::String(text)) => text.into(),
        (ColumnKind::Integer, Json::Number(number)) => number.as_i64()?.into(),
        (ColumnKind::Boolean, Json::Bool(truth)) => truth.into(),
        (ColumnKind::Real, Json::Number(number)) => number.as_f64()?.into(),
        (ColumnKind::Real, Json::String(name)) => name.parse::<f64>().ok()?.into(),
        (ColumnKind::Time, Json::String(text)) => {
            Moment::from(text.parse::<Timestamp>().ok()?).into()
        }
        (ColumnKind::Bytes, Json::String(digits)) => unhex(&digits)?.into(),
        _ => return None,
    })
}

/// JSON has no number for what is none.
fn real(number: f64) -> Json {
    if number.is_finite() { number.into() } else { number.to_string().into() }
}

fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            digits.extend(char::from_digit(u32::from(half), 16));
        }
    }
    digits
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else { return None };
    let half = |digit: u8| char::from(digit).to_digit(16).and_then(|half| u8::try_from(half).ok());
    pairs.iter().map(|[high, low]| Some(half(*high)? << 4 | half(*low)?)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_kind_has_its_json() {
        use ColumnKind::{Boolean, Bytes, Integer, Real, Text, Time};
        let cases = [
            (Text, Json::from("a\u{1F600}"), true),
            (Text, Json::from(1), false),
            (Integer, Json::from(i64::MIN), true),
            (Integer, Json::from(0.5), false),
            (Real, Json::from(-0.1), true),
            (Real, Json::from("-inf"), true),
            (Real, Json::from("x"), false),
            (Boolean, Json::from(true), true),
            (Boolean, Json::from(1), false),
            (Time, Json::from("2026-11-21T14:30:00.5Z"), true),
            (Time, Json::from("yesterday"), false),
            (Bytes, Json::from("00ff"), true),
            (Bytes, Json::from("0"), false),
            (Bytes, Json::from("0g"), false),
        ];
        for (kind, json, taken) in cases {
            assert_eq!(from_json(json.clone(), kind).is_some(), taken, "{kind:?} {json}");
            assert!(from_json(Json::Null, kind).is_some());
        }
    }

    proptest! {
        #[test]
        fn bytes_survive(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        }

        #[test]
        fn numbers_survive(number in any::<f64>()) {
            let text = serde_json::to_string(&real(number)).unwrap();
            let back = from_json(serde_json::from_str(&text).unwrap(), ColumnKind::Real);
            let Some(Value::Double(Some(back))) = back else { panic!("{text}") };
            prop_assert!(back == number || back.is_nan() && number.is_nan());
        }
    }
}

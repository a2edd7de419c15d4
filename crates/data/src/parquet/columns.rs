//! Values of Arrow columns as doubles and instants.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use market::{MICROS_PER_DAY, Micros};

use crate::csv::TimeReader;
use crate::refusal::{Fault, excerpt};

/// Whether [`doubles`] can read a type.
pub(super) fn is_number(data_type: &DataType) -> bool {
    use DataType::{Decimal128, Float32, Float64, Int32, Int64, UInt32, UInt64};
    matches!(data_type, Float64 | Float32 | Int64 | Int32 | UInt64 | UInt32 | Decimal128(..))
}

/// Whether [`instants`] can read a type.
pub(super) fn is_time(data_type: &DataType) -> bool {
    use DataType::{Date32, Date64, Float64, Int32, Int64, LargeUtf8, Timestamp, Utf8, Utf8View};
    matches!(
        data_type,
        Timestamp(..) | Date32 | Date64 | Int64 | Int32 | Float64 | Utf8 | LargeUtf8 | Utf8View
    )
}

/// Fills `into` with the column's values; a null becomes NaN, which no valid bar has.
pub(super) fn doubles(array: &ArrayRef, into: &mut Vec<f64>) {
    into.clear();
    match array.data_type() {
        DataType::Float64 => collect::<Float64Type>(array, into, |value| value),
        DataType::Float32 => collect::<Float32Type>(array, into, f64::from),
        DataType::Int64 => collect::<Int64Type>(array, into, |value| value as f64),
        DataType::Int32 => collect::<Int32Type>(array, into, f64::from),
        DataType::UInt64 => collect::<UInt64Type>(array, into, |value| value as f64),
        DataType::UInt32 => collect::<UInt32Type>(array, into, f64::from),
        DataType::Decimal128(_, scale) => {
            let unit = 10_f64.powi(i32::from(*scale));
            collect::<Decimal128Type>(array, into, |value| value as f64 / unit);
        }
        _ => into.resize(array.len(), f64::NAN),
    }
    if array.null_count() > 0 {
        for (index, value) in into.iter_mut().enumerate() {
            if array.is_null(index) {
                *value = f64::NAN;
            }
        }
    }
}

fn collect<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    into: &mut Vec<f64>,
    convert: impl Fn(T::Native) -> f64,
) {
    into.extend(array.as_primitive::<T>().values().iter().map(|value| convert(*value)));
}

/// Fills `into` with the column's instants, or with what is wrong in their place.
///
/// A timestamp with a zone is an instant; one without is a local time of the reader's zone.
/// Integers are epoch times whose magnitude tells their unit.
pub(super) fn instants(
    array: &ArrayRef,
    times: &TimeReader,
    into: &mut Vec<Result<Micros, Fault>>,
) {
    into.clear();
    let stamp = |value: Option<Micros>, zoned: bool| {
        let value = value.ok_or(Fault::NoSuchTime)?;
        if zoned { times.stored(value) } else { times.local(value) }.ok_or(Fault::NoSuchTime)
    };
    match array.data_type() {
        DataType::Timestamp(unit, zone) => {
            let zoned = zone.is_some();
            match unit {
                TimeUnit::Second => each::<TimestampSecondType>(array, into, |value| {
                    stamp(value.checked_mul(1_000_000), zoned)
                }),
                TimeUnit::Millisecond => each::<TimestampMillisecondType>(array, into, |value| {
                    stamp(value.checked_mul(1_000), zoned)
                }),
                TimeUnit::Microsecond => {
                    each::<TimestampMicrosecondType>(array, into, |value| {
                        stamp(Some(value), zoned)
                    });
                }
                TimeUnit::Nanosecond => each::<TimestampNanosecondType>(array, into, |value| {
                    stamp(Some(value.div_euclid(1_000)), zoned)
                }),
            }
        }
        DataType::Date32 => {
            each::<Date32Type>(array, into, |days| {
                stamp(Some(i64::from(days) * MICROS_PER_DAY), true)
            });
        }
        DataType::Date64 => {
            each::<Date64Type>(array, into, |millis| stamp(millis.checked_mul(1_000), true));
        }
        DataType::Int64 => each::<Int64Type>(array, into, |value| Ok(times.epoch(value))),
        DataType::Int32 => {
            each::<Int32Type>(array, into, |value| Ok(times.epoch(i64::from(value))))
        }
        DataType::Float64 => each::<Float64Type>(array, into, |value| {
            if value.is_finite() { Ok(times.epoch(value as i64)) } else { Err(Fault::NoSuchTime) }
        }),
        DataType::Utf8 => texts(array.as_string::<i32>().iter(), times, into),
        DataType::LargeUtf8 => texts(array.as_string::<i64>().iter(), times, into),
        DataType::Utf8View => texts(array.as_string_view().iter(), times, into),
        _ => into.resize(array.len(), Err(Fault::NoSuchTime)),
    }
    if array.null_count() > 0 {
        for (index, value) in into.iter_mut().enumerate() {
            if array.is_null(index) {
                *value = Err(Fault::Empty { column: "timestamp" });
            }
        }
    }
}

fn each<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    into: &mut Vec<Result<Micros, Fault>>,
    convert: impl Fn(T::Native) -> Result<Micros, Fault>,
) {
    into.extend(array.as_primitive::<T>().values().iter().map(|value| convert(*value)));
}

fn texts<'a>(
    texts: impl Iterator<Item = Option<&'a str>>,
    times: &TimeReader,
    into: &mut Vec<Result<Micros, Fault>>,
) {
    into.extend(texts.map(|text| {
        let text = text.unwrap_or_default();
        times.read(text.as_bytes()).ok_or_else(|| Fault::Time(excerpt(text.as_bytes())))
    }));
}

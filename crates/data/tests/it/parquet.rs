//! Parquet files of other writers, and of our own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, Float32Array, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray,
};
use data::{ImportError, ReadOptions, read_file, write_parquet};
use jiff::tz::TimeZone;
use market::Timeframe;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::reader::{FileReader, SerializedFileReader};
use tempfile::tempdir;

use crate::support::{at, file, minutes};

/// Writes columns as a file of a stranger.
fn foreign(folder: &Path, columns: Vec<(&str, ArrayRef)>) -> PathBuf {
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let path = folder.join("x.parquet");
    let out = std::fs::File::create(&path).expect("a file");
    let mut writer = ArrowWriter::try_new(out, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("a batch");
    writer.close().expect("a footer");
    path
}

fn doubles(values: &[f64]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

#[test]
fn our_layout_is_what_the_contract_says() {
    let folder = tempdir().expect("a folder");
    let bars = minutes("2020-01-02T00:00:00Z", 70_000, 10.0);
    let path = folder.path().join("x.parquet");
    let out = std::fs::File::create(&path).expect("a file");
    write_parquet(bars.bars(), out).expect("written");
    let reader = SerializedFileReader::new(std::fs::File::open(&path).expect("the file"));
    let reader = reader.expect("a reader");
    let group = reader.metadata().row_group(0);
    let names: Vec<String> =
        group.columns().iter().map(|column| column.column_path().string()).collect();
    assert_eq!(names, ["ts", "open", "high", "low", "close", "volume"]);
    assert!(
        group.columns().iter().all(|column| matches!(column.compression(), Compression::ZSTD(_)))
    );
    let encodings: Vec<Encoding> = group.column(0).encodings().collect();
    assert!(encodings.contains(&Encoding::DELTA_BINARY_PACKED), "{encodings:?}");
    assert!(group.columns().iter().all(|column| column.dictionary_page_offset().is_none()));
    let read = read_file(&path, &ReadOptions::default()).expect("our own file");
    assert_eq!((read.bars, read.timeframe), (bars, Some(Timeframe::Minute1)));
}

#[test]
fn every_kind_of_time_column_is_read() {
    let folder = tempdir().expect("a folder");
    let wanted = [at("2020-01-02T14:30:00Z"), at("2020-01-02T14:31:00Z")];
    let seconds: Vec<i64> = wanted.iter().map(|ts| ts / 1_000_000).collect();
    let scaled = |factor: i64| seconds.iter().map(|value| value * factor).collect::<Vec<_>>();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("ts", Arc::new(TimestampMicrosecondArray::from(wanted.to_vec()).with_timezone("UTC"))),
        ("Timestamp", Arc::new(TimestampSecondArray::from(seconds.clone()))),
        ("Datetime", Arc::new(TimestampMillisecondArray::from(scaled(1_000)))),
        ("__index_level_0__", Arc::new(TimestampNanosecondArray::from(scaled(1_000_000_000)))),
        ("time", Arc::new(Int64Array::from(seconds.clone()))),
        ("time", Arc::new(Int64Array::from(scaled(1_000)))),
        ("time", Arc::new(Int32Array::from(seconds.iter().map(|v| *v as i32).collect::<Vec<_>>()))),
        ("date", Arc::new(StringArray::from(vec!["2020-01-02 14:30:00", "2020-01-02T14:31:00Z"]))),
    ];
    for (name, times) in columns {
        let price = doubles(&[1.0, 2.0]);
        let path = foreign(
            folder.path(),
            vec![
                ("CLOSE", Arc::clone(&price)),
                (name, times),
                ("Low", Arc::new(Float32Array::from(vec![1.0, 2.0]))),
                ("High", Arc::new(Int64Array::from(vec![1, 2]))),
                (
                    "open",
                    Arc::new(
                        Decimal128Array::from(vec![100, 200])
                            .with_precision_and_scale(10, 2)
                            .expect("a decimal"),
                    ),
                ),
                ("note", Arc::new(StringArray::from(vec!["a", "b"]))),
            ],
        );
        let read = read_file(&path, &ReadOptions::default()).expect(name);
        assert_eq!(read.bars.ts, wanted, "{name}");
        for column in [&read.bars.open, &read.bars.high, &read.bars.low, &read.bars.close] {
            assert_eq!(column, &[1.0, 2.0], "{name}");
        }
        assert_eq!(read.bars.volume, [0.0, 0.0]);
    }
}

#[test]
fn dates_are_sessions_and_local_stamps_are_of_the_zone() {
    let folder = tempdir().expect("a folder");
    let prices = || ["open", "high", "low", "close"].map(|name| (name, doubles(&[1.0, 1.0])));
    let days: ArrayRef = Arc::new(Date32Array::from(vec![18_263, 18_264]));
    let path = foreign(folder.path(), prices().into_iter().chain([("date", days)]).collect());
    let zone = TimeZone::get("America/New_York").expect("a zone");
    let options = ReadOptions { zone, ..ReadOptions::default() };
    let read = read_file(&path, &options).expect("two days");
    assert_eq!(read.bars.ts, [at("2020-01-02T00:00:00Z"), at("2020-01-03T00:00:00Z")]);
    let local = [at("2020-01-02T09:30:00Z"), at("2020-01-02T09:31:00Z")];
    let local: ArrayRef = Arc::new(TimestampMicrosecondArray::from(local.to_vec()));
    let path = foreign(folder.path(), prices().into_iter().chain([("date", local)]).collect());
    let read = read_file(&path, &options).expect("two minutes");
    assert_eq!(read.bars.ts, [at("2020-01-02T14:30:00Z"), at("2020-01-02T14:31:00Z")]);
}

#[test]
fn bad_rows_and_files_are_named() {
    let folder = tempdir().expect("a folder");
    let times: ArrayRef = Arc::new(Int64Array::from(vec![1_577_975_400, 1_577_975_460]));
    let nulls: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), None]));
    let table = |close: ArrayRef| {
        let mut columns = vec![("ts", Arc::clone(&times))];
        columns.extend(["open", "high", "low"].map(|name| (name, doubles(&[1.0, 1.0]))));
        columns.push(("close", close));
        columns
    };
    let refused = |path: &Path| {
        let error = read_file(path, &ReadOptions::default()).expect_err("a bad file");
        error.to_string().replace(&format!("{}/", folder.path().display()), "")
    };
    assert_eq!(
        refused(&foreign(folder.path(), table(nulls))),
        "1 of 2 rows refused, nothing was taken\nx.parquet, line 2: close is not a number"
    );
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["1", "2"]));
    let message = refused(&foreign(folder.path(), table(texts)));
    assert_eq!(message, "x.parquet: column 'close' has type Utf8, which cannot be read");
    let message = refused(&foreign(folder.path(), table(doubles(&[1.0, 1.0]))[..4].to_vec()));
    assert_eq!(message, "x.parquet has no column 'close'; its columns are: ts, open, high, low");
    let none: ArrayRef = Arc::new(Int64Array::from(Vec::<i64>::new()));
    let empty = ["ts", "open", "high", "low", "close"].map(|name| (name, Arc::clone(&none)));
    assert_eq!(
        refused(&foreign(folder.path(), empty.to_vec())),
        "x.parquet has a header and no rows"
    );
}

#[test]
fn truncated_files_are_errors() {
    let folder = tempdir().expect("a folder");
    let mut whole = Vec::new();
    write_parquet(minutes("2020-01-02T00:00:00Z", 50, 10.0).bars(), &mut whole).expect("written");
    for length in (4..whole.len()).step_by(7) {
        let path = file(folder.path(), "cut.parquet", &whole[..length]);
        let error = read_file(&path, &ReadOptions::default()).expect_err("a cut file");
        assert!(matches!(error, ImportError::Corrupt { .. }), "{length}: {error}");
    }
}

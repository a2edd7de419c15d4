//! Parsers get arbitrary bytes: an answer or an error, never a panic.
//!
//! `tests/corpus/` keeps inputs that once were trouble, or are likely to be; each is read on every
//! run, and random changes of each are too.

use std::path::PathBuf;

use data::{CsvReader, ParquetReader, ReadOptions, write_parquet};
use market::BarSeries;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, proptest};
use proptest::sample::Index;
use tempfile::tempdir;

use crate::cases::cases;
use crate::support::{file, minutes};

/// Reads bytes as CSV to the end; valid bars are all that comes out.
fn read_csv(bytes: Vec<u8>) -> Option<BarSeries> {
    let source = std::io::Cursor::new(bytes);
    let mut reader = CsvReader::new("fuzz", source, &ReadOptions::default()).ok()?;
    let mut bars = BarSeries::default();
    while reader.read(&mut bars, 1_000).ok()? {}
    assert_eq!(bars.validate(), Ok(()));
    assert_eq!(reader.rows(), bars.len() as u64 + reader.refused().total);
    Some(bars)
}

fn read_parquet(bytes: &[u8]) -> Option<BarSeries> {
    let folder = tempdir().expect("a folder");
    let path = file(folder.path(), "fuzz.parquet", bytes);
    let mut reader = ParquetReader::open(&path, &ReadOptions::default()).ok()?;
    let mut bars = BarSeries::default();
    while reader.read(&mut bars, 1_000).ok()? {}
    assert_eq!(bars.validate(), Ok(()));
    Some(bars)
}

/// The kept inputs, by name.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut inputs: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .map(|path| (path.display().to_string(), std::fs::read(&path).expect("an input")))
        .collect();
    inputs.sort();
    inputs
}

#[test]
fn every_byte_of_a_parquet_file_may_be_wrong() {
    let whole = small_parquet();
    let good = read_parquet(&whole).expect("the whole file");
    let mut unharmed = 0;
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 0xff;
        unharmed += usize::from(read_parquet(&bytes).is_some_and(|bars| bars == good));
    }
    // Most bytes matter; names of the writer and the like do not.
    assert!(unharmed < whole.len() / 2, "{unharmed} of {}", whole.len());
}

/// Bytes with a few of them changed, and perhaps cut off.
fn changed(bytes: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let edits = vec((any::<Index>(), any::<u8>()), 0..6);
    (Just(bytes), edits, any::<Index>(), any::<bool>()).prop_map(
        |(mut bytes, edits, cut, is_cut)| {
            for (place, byte) in edits {
                if !bytes.is_empty() {
                    let place = place.index(bytes.len());
                    bytes[place] = byte;
                }
            }
            if is_cut && !bytes.is_empty() {
                bytes.truncate(cut.index(bytes.len()));
            }
            bytes
        },
    )
}

/// Bytes of which CSV files are made, in no good order.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let pieces = proptest::sample::select(vec![
        "date",
        "open",
        "high,low",
        "close",
        "volume",
        ",",
        ";",
        "\t",
        "\n",
        "\r\n",
        "\"",
        "\"\"",
        "2020-01-02",
        " 09:30:00",
        "T",
        "Z",
        "+02:00",
        "1",
        "0.5",
        "-",
        ".",
        "e",
        "NaN",
        "1577923200",
        "\u{feff}",
        "\0",
        "é",
        "99999999999999999999",
        "                ",
    ]);
    vec(pieces, 0..60).prop_map(|pieces| pieces.concat().into_bytes())
}

#[test]
fn the_corpus_is_read() {
    let corpus = corpus();
    assert!(corpus.len() >= 8);
    for (name, bytes) in corpus {
        let bars = read_csv(bytes);
        if name.contains("good") {
            assert!(bars.is_some_and(|bars| !bars.is_empty()), "{name}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..2_000)) {
        read_csv(bytes);
    }

    #[test]
    fn any_rows(rows in noise()) {
        read_csv([b"date,open,high,low,close,volume\n", rows.as_slice()].concat());
        read_csv(rows);
    }

    #[test]
    fn changed_corpus(bytes in proptest::sample::select(corpus()).prop_flat_map(|(_, bytes)| changed(bytes))) {
        read_csv(bytes);
    }

    #[test]
    fn pieces_do_not_matter(bytes in noise(), size in 1_usize..20) {
        let whole = [b"date,open,high,low,close,volume\n".as_slice(), &bytes].concat();
        let read = |source: Box<dyn std::io::Read + Send>| {
            let mut reader = CsvReader::new("fuzz", source, &ReadOptions::default()).ok()?;
            let mut bars = BarSeries::default();
            while reader.read(&mut bars, 3).ok()? {}
            Some((bars, reader.refused().clone()))
        };
        let at_once = read(Box::new(std::io::Cursor::new(whole.clone())));
        let slowly = read(Box::new(Dripping { bytes: whole, at: 0, size }));
        prop_assert_eq!(at_once, slowly);
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn changed_parquet(bytes in changed(small_parquet())) {
        read_parquet(&bytes);
    }
}

fn small_parquet() -> Vec<u8> {
    let mut bytes = Vec::new();
    write_parquet(minutes("2020-01-02T00:00:00Z", 20, 10.0).bars(), &mut bytes).expect("written");
    bytes
}

/// A source that gives a few bytes at a time.
struct Dripping {
    bytes: Vec<u8>,
    at: usize,
    size: usize,
}

impl std::io::Read for Dripping {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.size.min(into.len()).min(self.bytes.len() - self.at);
        into[..count].copy_from_slice(&self.bytes[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

//! CSV dialects, and what is said of bad files.

use data::{ImportError, ReadOptions, read_csv};
use jiff::tz::TimeZone;
use market::{BarSeries, Timeframe};
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
use tempfile::tempdir;

use crate::support::{at, csv, file, minutes};

const NEW_YORK: &str = "America/New_York";

fn read(text: impl AsRef<[u8]>, options: &ReadOptions) -> Result<BarSeries, ImportError> {
    let folder = tempdir().expect("a folder");
    let path = file(folder.path(), "x.csv", text);
    read_csv(&path, options).map(|read| read.bars)
}

/// The message for a file that is refused, without the folder's name.
fn refusal(text: impl AsRef<[u8]>, options: &ReadOptions) -> String {
    let folder = tempdir().expect("a folder");
    let path = file(folder.path(), "x.csv", text);
    let error = read_csv(&path, options).expect_err("a bad file");
    error.to_string().replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn every_dialect_gives_the_same_bars() {
    let plain = "date,open,high,low,close,volume\n\
                 2020-01-02,10,12.5,9.25,11,1000\n2020-01-03,11,12,10,11.5,2000\n";
    let wanted = read(plain, &ReadOptions::default()).expect("the plain form");
    assert_eq!(wanted.ts, [at("2020-01-02T00:00:00Z"), at("2020-01-03T00:00:00Z")]);
    assert_eq!(wanted.high, [12.5, 12.0]);
    let dialects: &[&str] = &[
        "date,open,high,low,close,volume\r\n2020-01-02,10,12.5,9.25,11,1000\r\n2020-01-03,11,12,10,11.5,2000\r\n",
        "\u{feff}Date;Open;High;Low;Close;Volume\n2020-01-02;10;12,5;9,25;11;1000\n2020-01-03;11;12;10;11,5;2000",
        "DATE\tOPEN\tHIGH\tLOW\tCLOSE\tVOLUME\n2020-01-02\t10\t12.5\t9.25\t11\t1000\n2020-01-03\t11\t12\t10\t11.5\t2000\n",
        "\"Date\",\"Open\",\"High\",\"Low\",\"Close\",\"Volume\"\n\"2020-01-02\",\"10\",\"12.5\",\"9.25\",\"11\",\"1000\"\n\"2020-01-03\",\"11\",\"12\",\"10\",\"11.5\",\"2000\"\n",
        "volume,close,low,high,open,timestamp,note\n1000,11,9.25,12.5,10,2020-01-02,\"a, \"\"b\"\"\"\n2000,11.5,10,12,11,2020-01-03,\n",
        "note,date,open,high,low,close,adj close,volume\n\"x,y\",2020-01-02,10,12.5,9.25,11,3,1000\nz,2020-01-03,11,12,10,11.5,3,2000\n",
        "Date,Open,High,Low,Close,Volume\n1/2/2020,10.0,12.50,9.25,11.0,1e3\n1/3/2020,11.0,12.00,10.00,11.5,2e3\n",
        "date,open,high,low,close,volume\n20200102,10,12.5,9.25,11,1000\n\n20200103,11,12,10,11.5,2000\n\n",
        "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOLUME>\n2020.01.02\t00:00\t10\t12.5\t9.25\t11\t1000\n2020.01.03\t00:00\t10.999999999999999999999\t12\t10\t11.5\t2000\n",
        "time,open,high,low,close,volume\n1577923200,10,12.5,9.25,11,1000\n1578009600,11,12,10,11.5,2000\n",
        "time,open,high,low,close,volume\n1577923200000,10,12.5,9.25,11,1000\n1578009600000,11,12,10,11.5,2000\n",
        "date , open , high , low , close , volume\n 2020-01-02 , 10 , 12.5 , 9.25 , 11 , 1000 \n2020-01-03,11,12,10,11.5,2000\n",
    ];
    for text in dialects {
        assert_eq!(read(text, &ReadOptions::default()).expect(text), wanted, "{text}");
    }
}

#[test]
fn a_missing_volume_is_zero() {
    let bars = read("date,open,high,low,close\n2020-01-02,1,1,1,1\n", &ReadOptions::default());
    assert_eq!(bars.expect("one bar").volume, [0.0]);
}

#[test]
fn times_without_zone_are_of_the_zone_given() {
    let zone = TimeZone::get(NEW_YORK).expect("a zone");
    let options = ReadOptions { zone, ..ReadOptions::default() };
    let text = "timestamp,open,high,low,close,volume\n\
                2020-03-06 09:30:00,1,1,1,1,1\n2020-03-06 09:31:00,1,1,1,1,1\n\
                2020-03-09 09:30:00,1,1,1,1,1\n2020-03-09T13:31:00Z,1,1,1,1,1\n\
                2020-03-09T15:32:00+02:00,1,1,1,1,1\n";
    let wanted = [
        at("2020-03-06T14:30:00Z"),
        at("2020-03-06T14:31:00Z"),
        at("2020-03-09T13:30:00Z"),
        at("2020-03-09T13:31:00Z"),
        at("2020-03-09T13:32:00Z"),
    ];
    assert_eq!(read(text, &options).expect("five bars").ts, wanted);
}

#[test]
fn daily_rows_carry_their_session_whatever_clock_they_show() {
    let sessions = [at("2020-03-06T00:00:00Z"), at("2020-03-09T00:00:00Z")];
    let texts = [
        "Date,Open,High,Low,Close\n2020-03-06 00:00:00-05:00,1,1,1,1\n2020-03-09 00:00:00-04:00,1,1,1,1\n",
        "Date,Open,High,Low,Close\n2020-03-06T05:00:00Z,1,1,1,1\n2020-03-09T04:00:00Z,1,1,1,1\n",
    ];
    for text in texts {
        for timeframe in [None, Some(Timeframe::Day1)] {
            let options = ReadOptions { timeframe, ..ReadOptions::default() };
            assert_eq!(read(text, &options).expect(text).ts, sessions, "{text}");
        }
    }
}

#[test]
fn the_rows_tell_the_timeframe() {
    let folder = tempdir().expect("a folder");
    let row = |time: &str| format!("{time},1,1,1,1\n");
    let cases: [(&[&str], Option<Timeframe>); 7] = [
        (&["2020-01-02 09:30", "2020-01-02 09:31"], Some(Timeframe::Minute1)),
        (&["2020-01-02 09:30", "2020-01-02 10:30", "2020-01-02 10:45"], Some(Timeframe::Minute15)),
        (&["2020-01-02 09:30", "2020-01-02 13:30"], Some(Timeframe::Hour4)),
        (&["2020-01-02", "2020-01-03", "2020-01-06"], Some(Timeframe::Day1)),
        (&["2020-01-06", "2020-01-13"], Some(Timeframe::Week1)),
        (&["2020-01-01", "2020-02-01", "2020-03-01"], Some(Timeframe::Month1)),
        (&["2020-01-02"], None),
    ];
    for (times, wanted) in cases {
        let rows: String = times.iter().map(|time| row(time)).collect();
        let path = file(folder.path(), "x.csv", format!("date,open,high,low,close\n{rows}"));
        let read = read_csv(&path, &ReadOptions::default()).expect("good rows");
        assert_eq!(read.timeframe, wanted, "{times:?}");
    }
}

#[test]
fn bad_files_are_named_with_their_fault() {
    let head = "date,open,high,low,close,volume\n";
    let good = "2020-01-02,10,12,9,11,5\n";
    let cases: [(String, &str); 20] = [
        (String::new(), "x.csv is empty"),
        ("\n \r\n\n".to_owned(), "x.csv is empty"),
        (head.to_owned(), "x.csv has a header and no rows"),
        (head.trim_end().to_owned(), "x.csv has a header and no rows"),
        (
            "date,open,high,low\n".to_owned(),
            "x.csv has no column 'close'; its columns are: date, open, high, low",
        ),
        (
            format!("{head}2020-01-03,1,1,1,1,1\n2020-01-02,1,1,1,1,1\n2020-01-01,1,1,1,1,1\n"),
            "x.csv runs from the newest row to the oldest; sort it by time first",
        ),
        (
            format!("{head}{good}2020-01-03,10,12,9,11"),
            "1 of 2 rows refused, nothing was taken\nx.csv, line 3: row ends after 5 of 6 columns",
        ),
        (
            format!("{head}{good}2020-01-03,10,12,9,11,"),
            "1 of 2 rows refused, nothing was taken\nx.csv, line 3: volume is empty",
        ),
        (
            format!("{head}{good}{good}"),
            "1 of 2 rows refused, nothing was taken\nx.csv, line 3: same timestamp as the row before",
        ),
        (
            format!("{head}{good}2020-01-03,10,12,9,11,5\n2020-01-01,10,12,9,11,5\n"),
            "1 of 3 rows refused, nothing was taken\nx.csv, line 4: older than the row before",
        ),
        (
            format!("{head}{good}2020-01-03,NaN,12,9,11,5\n2020-01-04,10,inf,9,11,5\n"),
            "2 of 3 rows refused, nothing was taken\nx.csv, line 3: open is not a number\nx.csv, line 4: high is not finite",
        ),
        (
            format!("{head}{good}2020-01-03,10,8,9,11,5\n"),
            "1 of 2 rows refused, nothing was taken\nx.csv, line 3: high 8 is below low 9",
        ),
        (
            format!("{head}{good}2020-01-03,0,12,0,11,5\n2020-01-04,10,12,-9,11,5\n"),
            "2 of 3 rows refused, nothing was taken\nx.csv, line 3: open 0 is not positive\nx.csv, line 4: low -9 is not positive",
        ),
        (
            format!("{head}{good}2020-01-03,ten,12,9,11,5\n"),
            "1 of 2 rows refused, nothing was taken\nx.csv, line 3: open 'ten' is no number",
        ),
        (
            format!("{head}{good}2020-01-32,10,12,9,11,5\n"),
            "1 of 2 rows refused, nothing was taken\nx.csv, line 3: '2020-01-32' is no date or time",
        ),
        (
            format!("{head}{good},10,12,9,11,5\n"),
            "1 of 2 rows refused, nothing was taken\nx.csv, line 3: date is empty",
        ),
        (
            format!("{head}{good}\"2020-01-03,10,12,9,11,5\n"),
            "1 of 2 rows refused, nothing was taken\nx.csv, line 3: a quote is not closed",
        ),
        (
            format!("{head}{good}2020-01-03,1.000,5,12,9,11,5\n"),
            "1 of 2 rows refused, nothing was taken\nx.csv, line 3: high 5 is below low 12",
        ),
        (
            format!("{head}{good}2020-01-03,10,12,9,11,5{}\n", ",x".repeat(40_000)),
            "x.csv, line 3: line is longer than 65536 bytes",
        ),
        (
            "PAR1 is no header".to_owned(),
            "x.csv has no column 'date'; its columns are: par1 is no header",
        ),
    ];
    for (text, wanted) in cases {
        let shown = &text[..text.len().min(200)];
        assert_eq!(refusal(&text, &ReadOptions::default()), wanted, "{shown}");
    }
}

#[test]
fn skipped_rows_are_listed_and_the_others_taken() {
    let folder = tempdir().expect("a folder");
    let text = "date,open,high,low,close\n2020-01-02,1,1,1,1\n2020-01-02,2,2,2,2\nx,3,3,3,3\n2020-01-03,4,4,4,4\n";
    let path = file(folder.path(), "x.csv", text);
    let options = ReadOptions { skip_bad: true, ..ReadOptions::default() };
    let read = read_csv(&path, &options).expect("two good rows");
    assert_eq!(read.bars.close, [1.0, 4.0]);
    assert_eq!(read.refused.total, 2);
    let lines: Vec<u64> = read.refused.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [3, 4]);
}

#[test]
fn a_missing_file_is_named() {
    let folder = tempdir().expect("a folder");
    let error = read_csv(&folder.path().join("none.csv"), &ReadOptions::default());
    let message = error.expect_err("no file").to_string();
    assert!(message.starts_with("cannot read ") && message.contains("none.csv"), "{message}");
}

#[test]
fn refusals_are_counted_beyond_those_that_are_kept() {
    let rows = "x,1,1,1,1\n".repeat(5_000);
    let text = format!("date,open,high,low,close\n2020-01-02,1,1,1,1\n{rows}");
    let message = refusal(&text, &ReadOptions::default());
    assert!(message.starts_with("5000 of 5001 rows refused"), "{message}");
    assert_eq!(message.lines().count(), 1_002);
    assert!(message.ends_with("and 4000 more"));
}

#[test]
fn many_pieces_are_read_as_one() {
    // Several pieces of input, so that rows lie across their borders.
    let bars = minutes("2020-01-02T00:00:00Z", 40_000, 100.0);
    let text = csv(&bars, Timeframe::Minute1);
    assert!(text.len() > 1_500_000);
    assert_eq!(read(&text, &ReadOptions::default()).expect("good rows"), bars);
    let windows = String::from_utf8(text).expect("text").replace('\n', "\r\n");
    assert_eq!(read(windows, &ReadOptions::default()).expect("good rows"), bars);
}

/// A price text and its value by the standard library.
fn price() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[1-9][0-9]{0,8}(\\.[0-9]{1,10})?(e[0-2])?").expect("a pattern")
}

proptest! {
    #[test]
    fn every_number_reads_as_the_standard_library_does(
        prices in proptest::collection::vec((price(), any::<bool>()), 1..40),
    ) {
        let mut text = "date,open,high,low,close,volume\n".to_owned();
        for (index, (price, quoted)) in prices.iter().enumerate() {
            let price = if *quoted { format!("\"{price}\"") } else { price.clone() };
            let time = 1_577_923_200 + index * 60;
            text.push_str(&format!("{time},{price},{price},{price},{price},{price}\n"));
        }
        let bars = read(&text, &ReadOptions::default()).expect("good rows");
        let wanted: Vec<f64> = prices.iter().map(|(price, _)| price.parse().expect("a number")).collect();
        prop_assert_eq!(&bars.open, &wanted);
        prop_assert_eq!(&bars.close, &wanted);
        prop_assert_eq!(&bars.volume, &wanted);
    }

    #[test]
    fn what_is_written_reads_back_bit_for_bit(
        rows in proptest::collection::vec((1_i64..1_000_000_000, 1e-9_f64..1e12, 0.0_f64..1e12), 2..50),
    ) {
        let mut bars = BarSeries::default();
        let mut ts = 0;
        for (step, price, volume) in rows {
            ts += step;
            bars.push(market::Bar { ts, open: price, high: price * 1.5, low: price / 3.0, close: price, volume });
        }
        let options = ReadOptions { timeframe: Some(Timeframe::Minute1), ..ReadOptions::default() };
        prop_assert_eq!(read(csv(&bars, Timeframe::Minute1), &options).expect("own rows"), bars);
    }
}

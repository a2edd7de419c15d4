//! Imports, lists, reads and exports of the lake.

use std::sync::atomic::{AtomicBool, Ordering};

use data::{
    BUNDLED, Catalogue, ImportError, ImportRequest, Lake, LakeError, ReadOptions, SeriesKey,
    Wanted, read_file,
};
use market::{ActionKind, Adjustment, Calendar, CorporateAction, Timeframe};
use tempfile::tempdir;

use crate::support::{at, csv, file, files, import, key, minutes};

const HEAD: &str = "date,open,high,low,close,volume\n";

#[test]
fn an_import_lies_where_the_contract_says() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let source =
        file(folder.path(), "x.csv", format!("{HEAD}2020-01-02,1,2,1,2,9\n2020-01-03,2,3,2,3,9\n"));
    let key = SeriesKey { source: "my vendor".to_owned(), ..key("^GSPC", Timeframe::Day1) };
    let summary = import(&lake, &key, &source, false).expect("good rows");
    assert_eq!((summary.rows, summary.replaced, summary.bars), (2, 0, 2));
    assert_eq!(summary.from, at("2020-01-02T00:00:00Z"));
    assert_eq!(summary.to, at("2020-01-03T00:00:00Z"));
    let wanted = folder
        .path()
        .join("lake/source=my%20vendor/symbol=^GSPC/timeframe=1d/adjustment=raw/bars.parquet");
    assert_eq!(files(lake.root()), [wanted]);
    let bars = lake.load(&key, None).expect("the bars");
    assert_eq!(bars, read_file(&source, &ReadOptions::default()).expect("the file").bars);
}

#[test]
fn an_import_is_all_or_nothing() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let key = key("AAPL", Timeframe::Day1);
    let bad = format!("{HEAD}2020-01-02,1,2,1,2,9\n2020-01-03,2,1,2,3,9\n2020-01-06,1,2,1,2,9\n");
    let bad = file(folder.path(), "bad.csv", bad);
    let error = import(&lake, &key, &bad, false).expect_err("a bad row");
    let ImportError::Refused { refused, read } = error else { panic!("{error}") };
    assert_eq!((refused.total, read), (1, 3));
    assert!(refused.rows[0].to_string().ends_with("bad.csv, line 3: high 1 is below low 2"));
    assert_eq!(files(lake.root()), Vec::<std::path::PathBuf>::new());
    assert!(lake.ls().expect("a list").series.is_empty());
    let summary = import(&lake, &key, &bad, true).expect("the good rows");
    assert_eq!((summary.rows, summary.refused.total, summary.bars), (2, 1, 2));
    // A later bad file leaves what is there.
    let before = lake.load(&key, None).expect("bars");
    let worse =
        file(folder.path(), "worse.csv", format!("{HEAD}2021-01-04,1,2,1,2,9\nx,1,1,1,1,1\n"));
    import(&lake, &key, &worse, false).expect_err("a bad row");
    assert_eq!(lake.load(&key, None).expect("bars"), before);
    assert_eq!(files(lake.root()).len(), 1);
}

#[test]
fn new_rows_replace_old_ones_and_join_the_others() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let key = key("AAPL", Timeframe::Day1);
    let row =
        |day: u32, price: u32| format!("2020-01-{day:02},{price},{price},{price},{price},1\n");
    let rows =
        |days: &[u32], price: u32| days.iter().map(|day| row(*day, price)).collect::<String>();
    let one = file(folder.path(), "1.csv", format!("{HEAD}{}", rows(&[6, 7, 8, 13], 1)));
    let two = file(folder.path(), "2.csv", format!("{HEAD}{}", rows(&[2, 7, 8, 9, 14], 2)));
    import(&lake, &key, &one, false).expect("good rows");
    let summary = import(&lake, &key, &two, false).expect("good rows");
    assert_eq!((summary.rows, summary.replaced, summary.bars), (5, 2, 7));
    let bars = lake.load(&key, None).expect("bars");
    assert_eq!(bars.close, [2.0, 1.0, 2.0, 2.0, 2.0, 1.0, 2.0]);
    assert_eq!(bars.validate(), Ok(()));
    // The same again changes nothing.
    let again = import(&lake, &key, &two, false).expect("good rows");
    assert_eq!((again.replaced, again.bars), (5, 7));
    assert_eq!(lake.load(&key, None).expect("bars"), bars);
}

#[test]
fn long_series_are_merged_batch_by_batch() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let key = key("BTC-USD", Timeframe::Minute1);
    let old = minutes("2020-01-01T00:00:00Z", 150_000, 10.0);
    let new = minutes("2020-03-01T00:00:00Z", 150_000, 20.0);
    let first = file(folder.path(), "old.csv", csv(&old, Timeframe::Minute1));
    let second = file(folder.path(), "new.csv", csv(&new, Timeframe::Minute1));
    import(&lake, &key, &first, false).expect("good rows");
    let summary = import(&lake, &key, &second, false).expect("good rows");
    let before = 60 * 1_440;
    assert_eq!(summary.replaced, 150_000 - before);
    assert_eq!(summary.bars, before + 150_000);
    let bars = lake.load(&key, None).expect("bars");
    assert_eq!(bars.bars().slice(0..before as usize), old.bars().slice(0..before as usize));
    assert_eq!(bars.bars().slice(before as usize..bars.len()), new.bars());
    // And a range of it.
    let range = at("2020-03-01T00:00:00Z")..at("2020-03-01T00:10:00Z");
    assert_eq!(lake.load(&key, Some(&range)).expect("bars").bars(), new.bars().slice(0..10));
}

#[test]
fn two_imports_at_once_are_one_and_an_error() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let key = key("AAPL", Timeframe::Minute1);
    let bars = minutes("2020-01-02T00:00:00Z", 1_000, 10.0);
    let source = file(folder.path(), "x.csv", csv(&bars, Timeframe::Minute1));
    let request =
        ImportRequest { file: source.clone(), key: key.clone(), options: ReadOptions::default() };
    let mut second = None;
    let first = lake.import(
        &request,
        &mut |_| second = Some(import(&lake, &key, &source, false)),
        &AtomicBool::new(false),
    );
    assert_eq!(first.expect("the first import").bars, 1_000);
    let error = second.expect("the callback ran").expect_err("the second import");
    assert!(matches!(error, ImportError::Lake(LakeError::Busy { .. })), "{error}");
    assert!(error.to_string().starts_with("another import into "), "{error}");
    import(&lake, &key, &source, false).expect("the lock is free again");
}

#[test]
fn a_canceled_import_leaves_nothing() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let key = key("AAPL", Timeframe::Minute1);
    let bars = minutes("2020-01-02T00:00:00Z", 200_000, 10.0);
    let source = file(folder.path(), "x.csv", csv(&bars, Timeframe::Minute1));
    let request = ImportRequest { file: source, key, options: ReadOptions::default() };
    let cancel = AtomicBool::new(false);
    let mut seen = Vec::new();
    let mut progress = |progress: data::Progress| {
        seen.push(progress.rows);
        cancel.store(seen.len() == 2, Ordering::Relaxed);
    };
    let error = lake.import(&request, &mut progress, &cancel).expect_err("canceled");
    assert!(matches!(error, ImportError::Canceled));
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(files(lake.root()), Vec::<std::path::PathBuf>::new());
}

#[test]
fn leftovers_are_ignored_and_cleaned() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let key = key("AAPL", Timeframe::Day1);
    let place = lake.root().join("source=test/symbol=AAPL/timeframe=1d/adjustment=raw");
    std::fs::create_dir_all(&place).expect("a folder");
    file(&place, ".writing-abc123.tmp", b"PAR1 half a file");
    assert!(lake.ls().expect("a list").series.is_empty());
    assert!(matches!(lake.load(&key, None), Err(LakeError::NotFound { .. })));
    let source = file(folder.path(), "x.csv", format!("{HEAD}2020-01-02,1,2,1,2,9\n"));
    import(&lake, &key, &source, false).expect("good rows");
    assert_eq!(files(lake.root()), [place.join("bars.parquet")]);
}

#[test]
fn exports_come_back_bit_for_bit() {
    let folder = tempdir().expect("a folder");
    let catalogue = Catalogue::open(folder.path());
    let lake = catalogue.lake();
    let minute = key("AAPL", Timeframe::Minute1);
    let bars = minutes("2020-01-02T09:30:00Z", 70_000, 10.1);
    let source = file(folder.path(), "x.csv", csv(&bars, Timeframe::Minute1));
    import(lake, &minute, &source, false).expect("good rows");
    let bundled = catalogue.ls().expect("a list").series;
    let bundled = bundled.iter().map(|info| info.key.clone()).filter(|key| key.source == BUNDLED);
    for (index, from) in std::iter::once(minute).chain(bundled).enumerate() {
        let wanted = catalogue.load(&from, None).expect("bars");
        for ending in ["csv", "PARQUET"] {
            let path = folder.path().join(format!("{index}.{ending}"));
            let bars = catalogue.export(&from, &path).expect("an export");
            assert_eq!(bars, wanted.len() as u64);
            let to = SeriesKey { source: format!("again-{ending}"), ..from.clone() };
            import(lake, &to, &path, false).expect("good rows");
            assert_eq!(catalogue.load(&to, None).expect("bars"), wanted, "{from}");
        }
    }
    let error = catalogue.export(&key("AAPL", Timeframe::Minute1), &folder.path().join("x.txt"));
    assert!(matches!(error, Err(LakeError::Format { .. })));
}

#[test]
fn the_list_names_what_is_there_and_what_is_damaged() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let source =
        file(folder.path(), "x.csv", format!("{HEAD}2020-01-02,1,2,1,2,9\n2020-01-03,2,3,2,3,9\n"));
    import(&lake, &key("BRK.B", Timeframe::Day1), &source, false).expect("good rows");
    let adjusted = SeriesKey { adjustment: Adjustment::All, ..key("BRK.B", Timeframe::Day1) };
    import(&lake, &adjusted, &source, false).expect("good rows");
    let broken = lake.root().join("source=test/symbol=IBM/timeframe=1d/adjustment=raw");
    std::fs::create_dir_all(&broken).expect("a folder");
    file(&broken, "bars.parquet", b"PAR1 and nothing more");
    file(lake.root(), "a note.txt", b"not ours");
    let listing = lake.ls().expect("a list");
    let keys: Vec<String> = listing.series.iter().map(|info| info.key.to_string()).collect();
    assert_eq!(keys, ["BRK.B 1d raw from test", "BRK.B 1d all from test"]);
    let info = &listing.series[0];
    assert_eq!((info.from, info.to), (at("2020-01-02T00:00:00Z"), at("2020-01-03T00:00:00Z")));
    assert_eq!(info.bars, 2);
    assert!(info.bytes > 0 && info.updated.is_some());
    assert_eq!(listing.damaged.len(), 1);
    assert!(listing.damaged[0].to_string().contains("symbol=IBM"));
    assert!(matches!(
        lake.load(&key("IBM", Timeframe::Day1), None),
        Err(LakeError::Damaged { .. })
    ));
    // An import does not silently throw a damaged file away.
    import(&lake, &key("IBM", Timeframe::Day1), &source, false).expect_err("a damaged file");
    assert_eq!(
        std::fs::read(broken.join("bars.parquet")).expect("the file"),
        b"PAR1 and nothing more"
    );
}

#[test]
fn the_freshest_source_that_covers_is_found() {
    let folder = tempdir().expect("a folder");
    let catalogue = Catalogue::open(folder.path());
    let rows = |from: &str, to: &str| format!("{HEAD}{from},1,2,1,2,9\n{to},2,3,2,3,9\n");
    let add = |source: &str, text: String| {
        let path = file(folder.path(), "x.csv", text);
        let key = SeriesKey { source: source.to_owned(), ..key("AAPL", Timeframe::Day1) };
        import(catalogue.lake(), &key, &path, false).expect("good rows");
    };
    add("old", rows("1999-01-04", "2010-01-04"));
    add("new", rows("2012-01-03", "2020-01-02"));
    let find = |source: Option<&str>, range: Option<(&str, &str)>| {
        let found = catalogue.find(&Wanted {
            symbol: "AAPL".parse().expect("a symbol"),
            timeframe: Timeframe::Day1,
            source: source.map(str::to_owned),
            adjustment: None,
            range: range.map(|(from, to)| at(from)..at(to)),
        });
        let found = found.expect("a series");
        (found.info.key.source, found.covers)
    };
    let year = |year: u32| (format!("{year}-01-05T00:00:00Z"), format!("{year}-12-30T00:00:00Z"));
    let in_year = |source, number| {
        let (from, to) = year(number);
        find(source, Some((&from, &to)))
    };
    assert_eq!(find(None, None), ("new".to_owned(), true));
    assert_eq!(in_year(None, 1999), ("old".to_owned(), true));
    assert_eq!(in_year(None, 2005), (BUNDLED.to_owned(), true));
    assert_eq!(in_year(None, 2012), ("new".to_owned(), true));
    assert_eq!(in_year(Some("old"), 2005), ("old".to_owned(), true));
    // Nobody covers it all: the one that covers most.
    let long = Some(("2000-03-01T00:00:00Z", "2021-01-01T00:00:00Z"));
    assert_eq!(find(None, long), (BUNDLED.to_owned(), false));
    let sources = catalogue.sources().expect("sources");
    let names: Vec<(&str, usize)> =
        sources.iter().map(|source| (source.source.as_str(), source.series)).collect();
    assert_eq!(names, [(BUNDLED, 7), ("new", 1), ("old", 1)]);
}

#[test]
fn reserved_and_impossible_names_are_refused() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let source = file(folder.path(), "x.csv", format!("{HEAD}2020-01-02,1,2,1,2,9\n"));
    for name in [BUNDLED, "", "a\nb", &"x".repeat(65)] {
        let key = SeriesKey { source: name.to_owned(), ..key("AAPL", Timeframe::Day1) };
        import(&lake, &key, &source, false).expect_err(name);
    }
    for name in ["..", ".", "/etc", "../../x", "a/b"] {
        let key = SeriesKey { source: name.to_owned(), ..key("AAPL", Timeframe::Day1) };
        import(&lake, &key, &source, false).expect("an odd name");
        assert_eq!(lake.load(&key, None).expect("bars").len(), 1);
    }
    assert_eq!(std::fs::read_dir(lake.root()).expect("the lake").count(), 5);
    let listed = lake.ls().expect("a list").series;
    let names: Vec<&str> = listed.iter().map(|info| info.key.source.as_str()).collect();
    assert_eq!(names, [".", "..", "../../x", "/etc", "a/b"]);
}

#[test]
fn events_are_kept_beside_the_series() {
    let folder = tempdir().expect("a folder");
    let lake = Lake::open(folder.path());
    let key = key("AAPL", Timeframe::Day1);
    assert_eq!(lake.events(&key).expect("no events"), []);
    let date = jiff::civil::date;
    let split =
        CorporateAction { ex_date: date(2020, 8, 31), kind: ActionKind::Split { ratio: 4.0 } };
    let pay_date = Some(date(2020, 8, 13));
    let dividend = CorporateAction {
        ex_date: date(2020, 8, 7),
        kind: ActionKind::Dividend { amount: 0.82, pay_date },
    };
    lake.set_events("test", &key.symbol, &[split, dividend]).expect("written");
    assert_eq!(lake.events(&key).expect("events"), [dividend, split]);
    assert!(lake.ls().expect("a list").series.is_empty());
    let path = lake.root().join("source=test/symbol=AAPL/events.parquet");
    file(path.parent().expect("a folder"), "events.parquet", b"PAR1");
    assert!(matches!(lake.events(&key), Err(LakeError::Damaged { .. })));
}

#[test]
fn gaps_are_found_against_a_calendar() {
    let folder = tempdir().expect("a folder");
    let catalogue = Catalogue::open(folder.path());
    let key = key("AAPL", Timeframe::Day1);
    let rows = ["2020-01-02", "2020-01-03", "2020-01-08", "2020-01-09"];
    let rows: String = rows.iter().map(|day| format!("{day},1,2,1,2,9\n")).collect();
    let source = file(folder.path(), "x.csv", format!("{HEAD}{rows}"));
    import(catalogue.lake(), &key, &source, false).expect("good rows");
    let gaps = catalogue.gaps(&key, &Calendar::NYSE).expect("gaps");
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].bars, 2);
    assert_eq!(
        (gaps[0].from, gaps[0].to),
        (at("2020-01-06T00:00:00Z"), at("2020-01-07T00:00:00Z"))
    );
}

#[test]
fn an_unwritable_lake_is_named() {
    let folder = tempdir().expect("a folder");
    // A file where the lake's folder should be.
    file(folder.path(), "lake", b"");
    let lake = Lake::open(folder.path());
    let source = file(folder.path(), "x.csv", format!("{HEAD}2020-01-02,1,2,1,2,9\n"));
    let error =
        import(&lake, &key("AAPL", Timeframe::Day1), &source, false).expect_err("no folder");
    assert!(matches!(error, ImportError::Lake(LakeError::Unwritable { .. })), "{error}");
    assert!(error.to_string().contains("symbol=AAPL"), "{error}");
}

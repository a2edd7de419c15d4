//! The embedded history is sound and says what its notes say.

use data::{BUNDLED, Catalogue, LakeError, SeriesInfo, Wanted, series_hash};
use market::{ActionKind, Adjustment, Calendar, Symbol, Timeframe, adjust, date_of};
use tempfile::tempdir;

use crate::support::at;

fn catalogue() -> Catalogue {
    let folder = tempdir().expect("a folder");
    Catalogue::open(folder.path())
}

fn series() -> Vec<SeriesInfo> {
    let listing = catalogue().ls().expect("a list");
    assert!(listing.damaged.is_empty());
    listing.series
}

fn symbol(text: &str) -> Symbol {
    text.parse().expect("a symbol")
}

fn wanted(text: &str) -> Wanted {
    Wanted {
        symbol: symbol(text),
        timeframe: Timeframe::Day1,
        source: None,
        adjustment: None,
        range: None,
    }
}

#[test]
fn five_tickers_and_an_index_three_with_ten_years() {
    let series = series();
    let names: Vec<&str> = series.iter().map(|info| info.key.symbol.as_str()).collect();
    assert_eq!(names, ["AAPL", "FB", "GOOG", "IBM", "MSFT", "^GSPC", "^IXIC"]);
    let ten_years = 10 * 365 * 86_400_000_000_i64;
    let long = series.iter().filter(|info| info.to - info.from >= ten_years);
    assert!(long.filter(|info| !info.key.symbol.is_index()).count() >= 3);
    assert!(series.iter().all(|info| info.key.source == BUNDLED && info.updated.is_none()));
    assert!(series.iter().map(|info| info.bytes).sum::<u64>() < 1_000_000);
}

#[test]
fn every_bar_is_valid_and_the_list_tells_the_truth() {
    let catalogue = catalogue();
    for info in series() {
        let bars = catalogue.load(&info.key, None).expect("bars");
        assert_eq!(bars.validate(), Ok(()), "{}", info.key);
        assert_eq!(bars.len() as u64, info.bars);
        assert_eq!((bars.ts.first(), bars.ts.last()), (Some(&info.from), Some(&info.to)));
    }
}

#[test]
fn known_rows() {
    let catalogue = catalogue();
    let found = catalogue.find(&wanted("AAPL")).expect("a series");
    let bars = catalogue.load(&found.info.key, None).expect("bars");
    let first = bars.bars().get(0);
    assert_eq!(first.ts, at("2000-03-01T00:00:00Z"));
    assert_eq!((first.open, first.high, first.low, first.close), (118.56, 132.06, 118.5, 130.31));
    assert_eq!(first.volume, 9_616_100.0);
    let index = catalogue.find(&wanted("^GSPC")).expect("a series");
    let last = catalogue.load(&index.info.key, None).expect("bars").bars().get(5_030);
    assert_eq!((last.ts, last.close), (at("2018-12-31T00:00:00Z"), 2506.850098));
}

#[test]
fn no_session_is_missing() {
    let catalogue = catalogue();
    let calendar = Calendar::by_name("NYSE").expect("a calendar");
    for info in series() {
        let gaps = catalogue.gaps(&info.key, &calendar).expect("gaps");
        assert_eq!(gaps, [], "{}", info.key);
        let bars = catalogue.load(&info.key, None).expect("bars");
        let known = at("2000-01-01T00:00:00Z");
        for ts in bars.ts.iter().filter(|ts| **ts >= known) {
            assert!(calendar.is_session(date_of(*ts)), "{} {}", info.key, date_of(*ts));
        }
    }
}

#[test]
fn splits_and_dividends_are_those_of_the_record() {
    let catalogue = catalogue();
    let events = |name: &str| {
        let found = catalogue.find(&wanted(name)).expect("a series");
        catalogue.events(&found.info.key).expect("events")
    };
    let told = |name: &str| -> Vec<String> {
        let show = |kind: ActionKind| match kind {
            ActionKind::Split { ratio } => format!("{ratio}:1"),
            ActionKind::Dividend { amount, .. } => format!("{amount}"),
        };
        events(name).iter().map(|event| format!("{} {}", event.ex_date, show(event.kind))).collect()
    };
    let apple = [
        "2000-06-21 2:1",
        "2005-02-28 2:1",
        "2012-08-09 2.65",
        "2012-11-07 2.65",
        "2013-02-07 2.65",
    ];
    assert_eq!(told("AAPL"), apple);
    let microsoft = told("MSFT");
    assert_eq!(microsoft.len(), 38);
    // The first dividend ever, and the special one of three dollars with the regular eight cents.
    for event in ["2003-02-18 2:1", "2003-02-19 0.08", "2004-11-15 3.08"] {
        assert!(microsoft.iter().any(|told| told == event), "{event}");
    }
    assert_eq!(events("IBM").len(), 52);
    for name in ["FB", "GOOG", "^GSPC", "^IXIC"] {
        assert_eq!(events(name), [], "{name}");
    }
}

#[test]
fn adjusted_prices_have_no_split_in_them() {
    let catalogue = catalogue();
    for info in series() {
        let bars = catalogue.load(&info.key, None).expect("bars");
        let events = catalogue.events(&info.key).expect("events");
        let adjusted = adjust(bars.bars(), &events, Adjustment::All).expect("sound events");
        for pair in adjusted.close.windows(2) {
            let step = pair[1] / pair[0];
            assert!((0.45..1.6).contains(&step), "{}: {step}", info.key);
        }
    }
}

#[test]
fn a_range_is_a_part_of_the_whole() {
    let catalogue = catalogue();
    let key = catalogue.find(&wanted("IBM")).expect("a series").info.key;
    let range = at("2005-01-01T00:00:00Z")..at("2006-01-01T00:00:00Z");
    let part = catalogue.load(&key, Some(&range)).expect("a year");
    let whole = catalogue.load(&key, None).expect("bars");
    let start = whole.ts.partition_point(|ts| *ts < range.start);
    assert_eq!(part.len(), 252);
    assert_eq!(part.bars(), whole.bars().slice(start..start + 252));
    assert_ne!(series_hash(part.bars()), series_hash(whole.bars()));
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let catalogue = catalogue();
    let message = |wanted: &Wanted| catalogue.find(wanted).expect_err("nothing").to_string();
    let unknown = message(&wanted("APPL"));
    assert!(unknown.starts_with("there are no 1d bars of APPL; there are AAPL"), "{unknown}");
    let minutes = message(&Wanted { timeframe: Timeframe::Minute1, ..wanted("IBM") });
    assert_eq!(minutes, "there are no 1m bars of IBM; there are IBM 1d raw from bundled");
    let range = at("1990-01-01T00:00:00Z")..at("1991-01-01T00:00:00Z");
    let outside = Wanted { range: Some(range), ..wanted("FB") };
    assert!(matches!(catalogue.find(&outside), Err(LakeError::OutOfRange { .. })));
    let range = at("1990-01-01T00:00:00Z")..at("2013-01-01T00:00:00Z");
    let partly = catalogue.find(&Wanted { range: Some(range), ..wanted("FB") }).expect("a part");
    assert!(!partly.covers);
}

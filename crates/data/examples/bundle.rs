//! Makes the files of `assets/market/` from the CSV files of the packages that they come from.
//!
//! `cargo run -p data --example bundle STOCKS.csv SP500.csv NASDAQ.csv assets/market`
//!
//! The bars pass the importer, so a bad row stops the tool. Splits and dividends are derived from
//! the stocks' adjusted closes, and must come out as whole ratios and whole cents.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use data::{ImportRequest, Lake, ReadOptions, SeriesKey};
use jiff::civil::Date;
use market::{ActionKind, Adjustment, CorporateAction, Symbol, Timeframe};

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [stocks, sp500, nasdaq, out] = paths.as_slice() else {
        return Err("usage: bundle STOCKS.csv SP500.csv NASDAQ.csv OUT_FOLDER".into());
    };
    let work = tempfile::tempdir()?;
    let bundle = Bundle { lake: Lake::open(work.path()), out: Path::new(out) };
    for (ticker, rows) in by_ticker(&fs::read_to_string(stocks)?)? {
        let path = work.path().join(format!("{ticker}.csv"));
        let lines = rows.iter().map(|row| format!("{}\n", row.bar));
        fs::write(
            &path,
            format!("date,open,high,low,close,volume\n{}", lines.collect::<String>()),
        )?;
        bundle.add(&ticker.parse()?, &path, &actions(&rows)?)?;
    }
    bundle.add(&"^GSPC".parse()?, Path::new(sp500), &[])?;
    bundle.add(&"^IXIC".parse()?, Path::new(nasdaq), &[])
}

/// A scratch lake that imports, and the folder that its files are copied to.
struct Bundle<'a> {
    lake: Lake,
    out: &'a Path,
}

impl Bundle<'_> {
    fn add(
        &self,
        symbol: &Symbol,
        csv: &Path,
        actions: &[CorporateAction],
    ) -> Result<(), Box<dyn Error>> {
        let key = SeriesKey {
            source: "bundle".to_owned(),
            symbol: symbol.clone(),
            timeframe: Timeframe::Day1,
            adjustment: Adjustment::Raw,
        };
        let options = ReadOptions::default();
        let request = ImportRequest { file: csv.to_owned(), key, options };
        let summary = self.lake.import(&request, &mut |_| {}, &AtomicBool::new(false))?;
        let from = self.lake.root().join(format!("source=bundle/symbol={symbol}"));
        let name = symbol.as_str().trim_start_matches('^');
        let bars = from.join("timeframe=1d/adjustment=raw/bars.parquet");
        fs::copy(bars, self.out.join(format!("{name}_1d.parquet")))?;
        if !actions.is_empty() {
            self.lake.set_events("bundle", symbol, actions)?;
            fs::copy(from.join("events.parquet"), self.out.join(format!("{name}_events.parquet")))?;
        }
        println!("{symbol}: {} bars, {} events", summary.bars, actions.len());
        Ok(())
    }
}

/// What one row of the stocks file says.
struct Row {
    date: Date,
    close: f64,
    adjusted: f64,
    /// The row without its ticker and adjusted close.
    bar: String,
}

/// Splits `Ticker,Date,Open,High,Low,Close,Volume,Adj Close` by ticker.
fn by_ticker(text: &str) -> Result<BTreeMap<String, Vec<Row>>, Box<dyn Error>> {
    let mut lines = text.lines();
    if lines.next() != Some("Ticker,Date,Open,High,Low,Close,Volume,Adj Close") {
        return Err("the stocks file has another header".into());
    }
    let mut tickers: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [ticker, date, _, _, _, close, _, adjusted] = cells.as_slice() else {
            return Err(format!("the stocks file has a row '{line}'").into());
        };
        tickers.entry((*ticker).to_owned()).or_default().push(Row {
            date: date.parse()?,
            close: close.parse()?,
            adjusted: adjusted.parse()?,
            bar: cells[1..7].join(","),
        });
    }
    Ok(tickers)
}

/// Splits and dividends, as the steps of adjusted to raw close show them.
///
/// The source multiplies every close before an ex-date by C / (C·s + D): C the raw close of the
/// ex-date, s the split ratio, D the dividend. Its adjusted closes have 14 digits, so that the
/// solution is a whole number of shares or cents to better than a millionth, or the source is not
/// what we think it is.
fn actions(rows: &[Row]) -> Result<Vec<CorporateAction>, Box<dyn Error>> {
    const NOISE: f64 = 1e-7;
    const EXACT: f64 = 1e-6;
    let mut actions = Vec::new();
    for pair in rows.windows(2) {
        let [before, ex] = pair else { continue };
        let step = (ex.adjusted / ex.close) / (before.adjusted / before.close);
        if (step - 1.0).abs() < NOISE {
            continue;
        }
        let ratio = step.round();
        let amount = (ex.close * (step - 1.0) * 100.0).round() / 100.0;
        let price_step = before.close / ex.close;
        let kind = if ratio >= 2.0 && (step - ratio).abs() < EXACT {
            // The price itself must have fallen about as far.
            if (price_step / ratio - 1.0).abs() > 0.2 {
                return Err(format!("{}: no fall of the price by {ratio}", ex.date).into());
            }
            ActionKind::Split { ratio }
        } else if amount > 0.0 && (ex.close * (step - 1.0) - amount).abs() < EXACT {
            ActionKind::Dividend { amount, pay_date: None }
        } else {
            return Err(format!("{}: a step of {step} is no split and no dividend", ex.date).into());
        };
        actions.push(CorporateAction { ex_date: ex.date, kind });
    }
    Ok(actions)
}

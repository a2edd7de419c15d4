//! Measures indicators: nanoseconds a bar over whole series, and a streaming update.
//!
//! Prints one JSON object. `batch_ns` is one call over all bars, whose columns do not fit into
//! any cache, so that memory sets a floor: `memory_floor_ns` is what merely reading the same
//! columns and writing the same outputs costs. `chunked_ns` is the same number of bars as series
//! of 10,000 each, which do fit: it is what the arithmetic costs. All with buffers that exist
//! before, the best of five rounds.
//!
//! `cargo run --release -p quant --example indicator_speed [DIRECTORY]`
//!
//! High, low and close are the raw columns that `bench/data.py` wrote into the directory, so that
//! peers measure the same; without one they are a random walk.

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::time::Instant;

use quant::indicators::{ATR, BOLLINGER, Columns, EMA, Indicator, MACD, RSI, SMA, catalogue};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

const BARS: usize = 10_000_000;
const CHUNK: usize = 10_000;
const STREAMED: usize = 1_000_000;
const ROUNDS: usize = 5;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let (data, series) = match std::env::args_os().nth(1) {
        Some(directory) => ("bench", Series::of_the_bench(Path::new(&directory))?),
        None => ("a random walk", Series::random_walk(BARS, 20)),
    };
    let bars = series.close.len();
    let streamed = STREAMED.min(bars);
    let six =
        [&SMA, &EMA, &RSI, &MACD, &BOLLINGER, &ATR].map(|definition| definition.with_named(&[]));
    let mut outputs = [(); 3].map(|()| vec![0.0; bars]);
    let (mut batch, mut chunked) = (BTreeMap::new(), BTreeMap::new());
    let mut floor = 0.0;
    for indicator in six {
        let indicator = indicator?;
        let (name, used) = (indicator.name(), indicator.outputs().len());
        let outputs = &mut outputs[..used];
        batch.insert(name, best_of(bars, || over(&indicator, &series, bars, outputs)));
        chunked.insert(name, best_of(bars, || over(&indicator, &series, CHUNK, outputs)));
        let read = if name == "atr" { 3 } else { 1 };
        floor += best_of(bars, || touch(&series, read, outputs));
    }
    let mut streaming = BTreeMap::new();
    for definition in catalogue() {
        let indicator = definition.with_named(&[])?;
        let updates = || stream(&indicator, &series, streamed);
        streaming.insert(definition.name, best_of(streamed, updates));
    }
    println!(
        "{{\"data\":\"{data}\",\"bars\":{bars},\"batch_ns\":{},\"batch_sum_ns\":{:.2},\
         \"memory_floor_ns\":{floor:.2},\"chunked_ns\":{},\"chunked_sum_ns\":{:.2},\
         \"streaming_ns\":{}}}",
        object(&batch),
        batch.values().sum::<f64>(),
        object(&chunked),
        chunked.values().sum::<f64>(),
        object(&streaming),
    );
    Ok(())
}

/// Columns of prices in ticks of 0.01.
struct Series {
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
}

impl Series {
    /// The bench's prices; it has no volume beside them, which none of the six reads.
    fn of_the_bench(directory: &Path) -> Result<Series, io::Error> {
        let column = |name: &str| {
            let path = directory.join(format!("values.{name}.f64"));
            let named = |e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", path.display()));
            let bytes = std::fs::read(&path).map_err(named)?;
            let values = bytes.as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk));
            Ok::<Vec<f64>, io::Error>(values.collect())
        };
        let (high, low, close) = (column("high")?, column("low")?, column("close")?);
        let volume = Series::random_walk(close.len(), 20).volume;
        Ok(Series { high, low, close, volume })
    }

    fn random_walk(bars: usize, seed: u64) -> Series {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut ticks = |below: u64| (random.next_u64() % below) as i64;
        let mut series = Series {
            high: Vec::with_capacity(bars),
            low: Vec::with_capacity(bars),
            close: Vec::with_capacity(bars),
            volume: Vec::with_capacity(bars),
        };
        let mut close: i64 = 10_000;
        for _ in 0..bars {
            let open = close;
            close = (close + ticks(21) - 10).max(100);
            let price = |ticks: i64| ticks as f64 / 100.0;
            series.high.push(price(open.max(close) + ticks(6)));
            series.low.push(price(open.min(close) - ticks(6)));
            series.close.push(price(close));
            series.volume.push(ticks(10_000) as f64);
        }
        series
    }

    fn columns(&self, start: usize, end: usize) -> Columns<'_> {
        Columns {
            high: &self.high[start..end],
            low: &self.low[start..end],
            close: &self.close[start..end],
            volume: &self.volume[start..end],
            pair_close: &self.high[start..end],
            ..Columns::default()
        }
    }
}

/// Returns the nanoseconds a bar of the quickest round.
fn best_of(bars: usize, mut round: impl FnMut()) -> f64 {
    let seconds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        round();
        start.elapsed().as_secs_f64()
    });
    seconds.fold(f64::INFINITY, f64::min) / bars as f64 * 1e9
}

/// Computes an indicator over all bars, up to `chunk` of them at a time into the same buffers.
fn over(indicator: &Indicator, series: &Series, chunk: usize, outputs: &mut [Vec<f64>]) {
    let bars = series.close.len();
    for start in (0..bars).step_by(chunk) {
        let end = bars.min(start + chunk);
        let mut slices: Vec<_> =
            outputs.iter_mut().map(|output| &mut output[..end - start]).collect();
        indicator.compute_into(&series.columns(start, end), &mut slices);
        black_box(&slices);
    }
}

/// Reads columns and writes outputs with next to no arithmetic.
fn touch(series: &Series, read: usize, outputs: &mut [Vec<f64>]) {
    let columns = [&series.close, &series.high, &series.low];
    match (&columns[..read], &mut *outputs) {
        ([x, y, z], [a]) => {
            for (((a, x), y), z) in a.iter_mut().zip(*x).zip(*y).zip(*z) {
                *a = x + y + z;
            }
        }
        ([x], [a, b, c]) => {
            for (((a, b), c), x) in a.iter_mut().zip(b).zip(c).zip(*x) {
                (*a, *b, *c) = (x + 1.0, x + 2.0, x + 3.0);
            }
        }
        ([x, ..], [a, ..]) => {
            for (a, x) in a.iter_mut().zip(*x) {
                *a = x + 1.0;
            }
        }
        _ => {}
    }
    black_box(outputs);
}

fn stream(indicator: &Indicator, series: &Series, bars: usize) {
    let columns = series.columns(0, bars);
    let mut stream = indicator.stream();
    let mut out = vec![0.0; indicator.outputs().len()];
    for i in 0..bars {
        stream.update(&columns.row(i), &mut out);
        black_box(&out);
    }
}

fn object(values: &BTreeMap<&str, f64>) -> String {
    let members: Vec<String> =
        values.iter().map(|(name, value)| format!("\"{name}\":{value:.2}")).collect();
    format!("{{{}}}", members.join(","))
}

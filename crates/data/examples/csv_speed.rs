//! Prints how long one row of a minute file takes to read.
//!
//! `cargo run --release -p data --example csv_speed [ROWS]`

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use data::{ReadOptions, read_csv};

fn main() -> Result<(), Box<dyn Error>> {
    let rows: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("minutes.csv");
    write_minutes(BufWriter::new(File::create(&path)?), rows)?;
    let bytes = std::fs::metadata(&path)?.len();
    let mut fastest = f64::INFINITY;
    for _ in 0..7 {
        let start = cpu_time();
        let read = read_csv(&path, &ReadOptions::default())?;
        fastest = fastest.min((cpu_time() - start).as_secs_f64());
        assert_eq!(read.bars.len() as u64, rows);
    }
    let per_row = fastest * 1e9 / rows as f64;
    println!("{rows} rows, {bytes} bytes: {fastest:.4} CPU s, {per_row:.1} ns a row (best of 7)");
    Ok(())
}

/// Processor time of this process where the system tells it, so that a busy machine does not
/// matter; else the time of day.
fn cpu_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let elapsed = START.elapsed();
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let running = stat.split(' ').next().and_then(|nanos| nanos.parse().ok());
    running.map_or(elapsed, Duration::from_nanos)
}

/// A random walk in cents, in sessions of 390 minutes.
fn write_minutes(mut out: impl Write, rows: u64) -> std::io::Result<()> {
    writeln!(out, "timestamp,open,high,low,close,volume")?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut cents = 30_000_u64;
    let start = jiff::civil::date(2005, 1, 3);
    for row in 0..rows {
        let date = start.saturating_add(jiff::Span::new().days((row / 390) as i64));
        let minute = 570 + row % 390;
        let open = cents;
        let close = (cents + random(41)).saturating_sub(20).max(1_000);
        let high = open.max(close) + random(10);
        let low = open.min(close) - random(10);
        cents = close;
        let volume = random(200_000);
        writeln!(
            out,
            "{date} {:02}:{:02}:00,{}.{:02},{}.{:02},{}.{:02},{}.{:02},{volume}",
            minute / 60,
            minute % 60,
            open / 100,
            open % 100,
            high / 100,
            high % 100,
            low / 100,
            low % 100,
            close / 100,
            close % 100,
        )?;
    }
    out.flush()
}

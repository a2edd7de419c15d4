//! Bars as CSV, in the form that the reader takes back bit for bit.

use std::io::{self, Write};

use jiff::civil::Date;
use market::{Bars, MICROS_PER_DAY, Micros, Timeframe, date_of};

/// Writes a whole series with its header.
///
/// Daily bars and longer have a `date`, shorter ones a `timestamp` in UTC; numbers have the fewest
/// digits that read back as the same double.
///
/// # Errors
/// What `out` answers.
pub fn write_csv(bars: Bars<'_>, timeframe: Timeframe, out: impl Write) -> io::Result<()> {
    let mut writer = CsvWriter::new(out, timeframe)?;
    writer.write(bars)?;
    writer.finish().map(drop)
}

/// Writes bars piece by piece.
pub(crate) struct CsvWriter<W: Write> {
    out: io::BufWriter<W>,
    dates: bool,
    /// The day written last and its text, for bars of one day come together.
    day: Option<(i64, Date)>,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the header.
    pub(crate) fn new(out: W, timeframe: Timeframe) -> io::Result<Self> {
        let mut out = io::BufWriter::with_capacity(64 * 1024, out);
        let dates = !timeframe.is_intraday();
        let when = if dates { "date" } else { "timestamp" };
        writeln!(out, "{when},open,high,low,close,volume")?;
        Ok(Self { out, dates, day: None })
    }

    pub(crate) fn write(&mut self, bars: Bars<'_>) -> io::Result<()> {
        for index in 0..bars.len() {
            let bar = bars.get(index);
            self.time(bar.ts)?;
            let (open, high, low, close) = (bar.open, bar.high, bar.low, bar.close);
            writeln!(self.out, ",{open},{high},{low},{close},{}", bar.volume)?;
        }
        Ok(())
    }

    /// Flushes, and gives back what was written to.
    pub(crate) fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(io::IntoInnerError::into_error)
    }

    fn time(&mut self, ts: Micros) -> io::Result<()> {
        let (number, time) = (ts.div_euclid(MICROS_PER_DAY), ts.rem_euclid(MICROS_PER_DAY));
        let date = match self.day {
            Some((day, date)) if day == number => date,
            _ => date_of(ts),
        };
        self.day = Some((number, date));
        write!(self.out, "{date}")?;
        if self.dates && time == 0 {
            return Ok(());
        }
        let seconds = time / 1_000_000;
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(self.out, "T{hour:02}:{minute:02}:{second:02}")?;
        match time % 1_000_000 {
            0 => write!(self.out, "Z"),
            micros => write!(self.out, ".{micros:06}Z"),
        }
    }
}

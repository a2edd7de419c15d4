//! What an indicator reads: columns of a whole series, or one bar at a time.

/// The columns of a series, oldest bar first and all of one length.
///
/// Columns that an indicator does not read may be empty. Prices and volumes must be finite:
/// indicators do not look for NaN in their input, it is the caller's error.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns<'a> {
    /// First price of each bar.
    pub open: &'a [f64],
    /// Highest price of each bar.
    pub high: &'a [f64],
    /// Lowest price of each bar.
    pub low: &'a [f64],
    /// Last price of each bar; the first leg of a pair.
    pub close: &'a [f64],
    /// Traded quantity of each bar.
    pub volume: &'a [f64],
    /// Position of each bar in its session, 0 for the first; empty means one session.
    pub bar_in_session: &'a [u32],
    /// Last price of the second leg of a pair; empty unless two series are compared.
    pub pair_close: &'a [f64],
}

impl Columns<'_> {
    /// Returns the number of bars: the length of the longest column.
    pub fn len(&self) -> usize {
        [self.open, self.high, self.low, self.close, self.volume, self.pair_close]
            .iter()
            .map(|column| column.len())
            .fold(self.bar_in_session.len(), usize::max)
    }

    /// Tells whether there are no bars.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns bar `i`; a value of an empty column is NaN, or 0 for the place in the session
    /// of a bar 0 and `i` (saturating) after it, so that an empty column means one session.
    pub fn row(&self, i: usize) -> Row {
        let value = |column: &[f64]| column.get(i).copied().unwrap_or(f64::NAN);
        Row {
            open: value(self.open),
            high: value(self.high),
            low: value(self.low),
            close: value(self.close),
            volume: value(self.volume),
            bar_in_session: match self.bar_in_session.get(i) {
                Some(&position) => position,
                None => u32::try_from(i).unwrap_or(u32::MAX),
            },
            pair_close: value(self.pair_close),
        }
    }
}

/// One bar, as streams take it; fields as the columns of [`Columns`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Row {
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price; the first leg of a pair.
    pub close: f64,
    /// Traded quantity.
    pub volume: f64,
    /// Position in the session, 0 for its first bar.
    pub bar_in_session: u32,
    /// Last price of the second leg of a pair.
    pub pair_close: f64,
}

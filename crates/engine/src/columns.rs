//! What strategies read: prices and indicators, computed once per distinct parameter.

use std::collections::HashMap;
use std::sync::Arc;

use quant::indicators::{Columns as IndicatorInput, Definition, Indicator, ParameterError};

use crate::history::Series;

/// A column as a strategy declares it, before its parameters are known.
#[derive(Clone, Copy, Debug)]
pub enum ColumnSpec {
    /// First price.
    Open,
    /// Highest price.
    High,
    /// Lowest price.
    Low,
    /// Last price.
    Close,
    /// Units traded.
    Volume,
    /// Number of the bar in its session, from 0.
    BarInSession,
    /// Bars that the calendar still expects in the session.
    BarsToClose,
    /// An output of an indicator.
    Indicator {
        /// Which indicator.
        definition: &'static Definition,
        /// Its parameters, in the order of the definition.
        arguments: &'static [Argument],
        /// Which of its outputs.
        output: usize,
        /// How many bars ago; 0 is the present bar.
        lag: usize,
    },
}

/// Where a parameter of an indicator comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Argument {
    /// Parameter of the strategy, by its place.
    Param(usize),
    /// A fixed number.
    Fixed(f64),
}

impl ColumnSpec {
    /// The first output of an indicator.
    pub const fn of(definition: &'static Definition, arguments: &'static [Argument]) -> Self {
        Self::output(definition, arguments, 0)
    }

    /// One output of an indicator.
    pub const fn output(
        definition: &'static Definition,
        arguments: &'static [Argument],
        output: usize,
    ) -> Self {
        Self::Indicator { definition, arguments, output, lag: 0 }
    }

    /// One output of an indicator, one bar ago.
    pub const fn previous(
        definition: &'static Definition,
        arguments: &'static [Argument],
        output: usize,
    ) -> Self {
        Self::Indicator { definition, arguments, output, lag: 1 }
    }

    /// The column for given parameters of the strategy.
    ///
    /// # Errors
    /// [`ParameterError`] when the indicator has no meaning for them.
    pub fn resolve(&self, params: &[f64]) -> Result<Column, ParameterError> {
        Ok(match *self {
            Self::Open => Column::Open,
            Self::High => Column::High,
            Self::Low => Column::Low,
            Self::Close => Column::Close,
            Self::Volume => Column::Volume,
            Self::BarInSession => Column::BarInSession,
            Self::BarsToClose => Column::BarsToClose,
            Self::Indicator { definition, arguments, output, lag } => {
                let values: Vec<f64> = arguments
                    .iter()
                    .map(|argument| match *argument {
                        Argument::Param(index) => params[index],
                        Argument::Fixed(value) => value,
                    })
                    .collect();
                Column::Indicator { indicator: definition.with(&values)?, output, lag }
            }
        })
    }

    /// Whether the column changes with parameter `index` of the strategy.
    pub fn depends_on(&self, index: usize) -> bool {
        match self {
            Self::Indicator { arguments, .. } => arguments.contains(&Argument::Param(index)),
            _ => false,
        }
    }
}

/// One number a bar, in prices adjusted for splits and dividends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// First price.
    Open,
    /// Highest price.
    High,
    /// Lowest price.
    Low,
    /// Last price.
    Close,
    /// Units traded.
    Volume,
    /// Number of the bar in its session, from 0.
    BarInSession,
    /// Bars that the calendar still expects in the session.
    BarsToClose,
    /// An output of an indicator, so many bars ago.
    Indicator {
        /// The indicator with its parameters.
        indicator: Indicator,
        /// Which of its outputs.
        output: usize,
        /// 0 for the present bar's value.
        lag: usize,
    },
}

/// Columns of one series that have been asked for; NaN stands for “no value yet”.
#[derive(Debug)]
pub struct ColumnCache<'a> {
    series: &'a Series,
    pair: Option<&'a Series>,
    computed: HashMap<Column, Arc<Vec<f64>>>,
}

/// A column that is there: the series' own, or a computed one.
#[derive(Clone, Debug)]
pub enum ColumnData<'a> {
    /// A column of the series itself.
    Own(&'a [f64]),
    /// A computed one.
    Computed(Arc<Vec<f64>>),
}

impl<'a> ColumnCache<'a> {
    /// Nothing computed yet for `series`; `pair` is the second leg of a pair.
    pub fn new(series: &'a Series, pair: Option<&'a Series>) -> Self {
        Self { series, pair, computed: HashMap::new() }
    }

    /// The column, computed when it is asked for first.
    pub fn get(&mut self, column: &Column) -> ColumnData<'a> {
        let bars = self.series.signal();
        match column {
            Column::Open => return ColumnData::Own(bars.open),
            Column::High => return ColumnData::Own(bars.high),
            Column::Low => return ColumnData::Own(bars.low),
            Column::Close => return ColumnData::Own(bars.close),
            Column::Volume => return ColumnData::Own(bars.volume),
            Column::BarInSession | Column::BarsToClose | Column::Indicator { .. } => {}
        }
        if let Some(found) = self.computed.get(column) {
            return ColumnData::Computed(Arc::clone(found));
        }
        match column {
            Column::Indicator { indicator, lag: 0, .. } => {
                for (number, values) in self.compute(indicator).into_iter().enumerate() {
                    let column =
                        Column::Indicator { indicator: indicator.clone(), output: number, lag: 0 };
                    self.computed.insert(column, Arc::new(values));
                }
            }
            Column::Indicator { indicator, output, lag } => {
                let (indicator, output) = (indicator.clone(), *output);
                let present = self.get(&Column::Indicator { indicator, output, lag: 0 });
                let values = present.values();
                let mut late = vec![f64::NAN; (*lag).min(values.len())];
                late.extend_from_slice(&values[..values.len() - late.len()]);
                self.computed.insert(column.clone(), Arc::new(late));
            }
            _ => {
                let marks = &self.series.marks;
                let numbers = match column {
                    Column::BarInSession => &marks.bar_in_session,
                    _ => &marks.bars_to_close,
                };
                let values = numbers.iter().map(|&number| f64::from(number)).collect();
                self.computed.insert(column.clone(), Arc::new(values));
            }
        }
        self.get(column)
    }

    fn compute(&self, indicator: &Indicator) -> Vec<Vec<f64>> {
        let bars = self.series.signal();
        indicator.compute(&IndicatorInput {
            open: bars.open,
            high: bars.high,
            low: bars.low,
            close: bars.close,
            volume: bars.volume,
            bar_in_session: &self.series.marks.bar_in_session,
            pair_close: self.pair.map_or(&[], |pair| pair.signal().close),
        })
    }
}

impl ColumnData<'_> {
    /// One value a bar.
    #[inline(always)]
    pub fn values(&self) -> &[f64] {
        match self {
            Self::Own(values) => values,
            Self::Computed(values) => values,
        }
    }
}

//! `plimsoll calc indicator`: an indicator over bars.

use clap::Args;
use jobs::lab::source::Loaded;
use market::{Adjustment, BarSeries, adjust, session_marks};
use quant::indicators::{Columns, Definition, Indicator, Param, ParameterError, catalogue, find};
use serde_json::{Map, Value, json};

use crate::Context;
use crate::commands::arguments::ParamArg;
use crate::commands::source::{SourceArgs, load_series};
use crate::error::CliError;
use crate::output::number;
use crate::output::table::{Align, Table};
use jobs::nearest::hint;

/// Rows that people are shown.
const SHOWN: usize = 10;

/// Arguments of `calc indicator`.
#[derive(Debug, Args)]
#[command(after_help = "Example: plimsoll calc indicator rsi --param period=14 --data prices.csv

A ticker's prices are adjusted for its splits and dividends; a file's are taken as they are.")]
pub struct IndicatorArgs {
    /// The indicator, such as sma, rsi, macd, bollinger, atr; an unknown name lists them
    pub name: String,
    /// A parameter; may be repeated
    #[arg(long = "param", value_name = "K=V")]
    pub params: Vec<ParamArg>,
    /// The bars: one series, or two for pairs_zscore.
    #[command(flatten)]
    pub source: SourceArgs,
}

/// Prints the indicator's outputs.
///
/// # Errors
/// [`CliError::Usage`] for an unknown indicator or parameter, [`CliError::Failed`] for bars that
/// cannot be read.
pub fn run(arguments: &IndicatorArgs, ctx: &Context) -> Result<(), CliError> {
    let definition = find(&arguments.name.to_lowercase()).ok_or_else(|| {
        let hint = hint(&arguments.name, catalogue().iter().map(|known| known.name));
        CliError::Usage(format!("unknown indicator '{}'{hint}", arguments.name))
    })?;
    let indicator = with_params(definition, &arguments.params)?;
    let mut series = load_series(&arguments.source, ctx)?;
    for loaded in &mut series {
        adjust_for_events(loaded)?;
    }
    let outputs = compute(&indicator, &mut series)?;
    if ctx.json {
        return ctx.print_json(&for_programs(&indicator, &outputs));
    }
    ctx.print(&for_people(&indicator, &outputs, &series[0]))
}

fn with_params(definition: &'static Definition, given: &[ParamArg]) -> Result<Indicator, CliError> {
    let mut named = Vec::with_capacity(given.len());
    for ParamArg { name, value } in given {
        let Some(param) = definition.params.iter().find(|param| param.name == name) else {
            let hint = hint(name, definition.params.iter().map(|param| param.name));
            let fault = format!("{} has no parameter '{name}'{hint}", definition.name);
            return Err(CliError::Usage(fault));
        };
        let number = param.parse(value).ok_or_else(|| not_a_value(param, value))?;
        named.push((param.name, number));
    }
    definition.with_named(&named).map_err(|error: ParameterError| CliError::usage(error))
}

fn not_a_value(param: &Param, value: &str) -> CliError {
    let expected = match param.choices {
        [] => "a number".to_owned(),
        choices => format!("one of {}", choices.join(", ")),
    };
    CliError::Usage(format!("{} must be {expected}, not '{value}'", param.name))
}

fn adjust_for_events(loaded: &mut Loaded) -> Result<(), CliError> {
    if !loaded.actions.is_empty() {
        loaded.bars = adjust(loaded.bars.bars(), &loaded.actions, Adjustment::All)
            .map_err(|error| CliError::Failed(format!("{}: {error}", loaded.symbol)))?;
    }
    Ok(())
}

/// Computes the outputs over the first series; a pair is first cut to the instants of both.
fn compute(indicator: &Indicator, series: &mut [Loaded]) -> Result<Vec<Vec<f64>>, CliError> {
    let wanted = if indicator.name() == "pairs_zscore" { 2 } else { 1 };
    if series.len() != wanted {
        let given = series.len();
        let fault = format!("{} reads {wanted} series, not {given}", indicator.name());
        return Err(CliError::Usage(fault));
    }
    if let [first, second] = &mut *series {
        keep_common(&mut first.bars, &mut second.bars);
        if first.bars.is_empty() {
            let fault = format!("{} and {} have no bar in common", first.symbol, second.symbol);
            return Err(CliError::Failed(fault));
        }
    }
    let (first, second) = (&series[0], series.get(1));
    let marks = session_marks(&first.bars.ts, first.timeframe, &first.calendar);
    let columns = Columns {
        open: &first.bars.open,
        high: &first.bars.high,
        low: &first.bars.low,
        close: &first.bars.close,
        volume: &first.bars.volume,
        bar_in_session: &marks.bar_in_session,
        pair_close: second.map_or(&[], |second| &second.bars.close),
    };
    Ok(indicator.compute(&columns))
}

/// Drops from both series the bars that the other one lacks.
fn keep_common(one: &mut BarSeries, other: &mut BarSeries) {
    let keep = |bars: &BarSeries, beside: &[i64]| {
        let mut kept = BarSeries::default();
        for index in 0..bars.len() {
            if beside.binary_search(&bars.ts[index]).is_ok() {
                kept.push(bars.bars().get(index));
            }
        }
        kept
    };
    let common = keep(one, &other.ts);
    *other = keep(other, &common.ts);
    *one = common;
}

fn for_programs(indicator: &Indicator, outputs: &[Vec<f64>]) -> Value {
    let definition = indicator.definition();
    let params: Map<String, Value> = definition
        .params
        .iter()
        .zip(indicator.params())
        .map(|(param, value)| (param.name.to_owned(), param_value(param, value)))
        .collect();
    let outputs: Map<String, Value> = indicator
        .outputs()
        .iter()
        .zip(outputs)
        .map(|(name, of)| ((*name).to_owned(), json!(of)))
        .collect();
    json!({ "name": indicator.name(), "params": params, "outputs": outputs })
}

/// A parameter as it is written: a word, a whole number, or a number.
fn param_value(param: &Param, value: f64) -> Value {
    if let Some(word) = param.choices.get(value as usize) {
        return json!(word);
    }
    if param.integer { json!(value as u64) } else { json!(value) }
}

fn for_people(indicator: &Indicator, outputs: &[Vec<f64>], loaded: &Loaded) -> String {
    let params: Vec<String> = indicator
        .definition()
        .params
        .iter()
        .zip(indicator.params())
        .map(|(param, value)| format!("{}={}", param.name, plain(&param_value(param, value))))
        .collect();
    let bars = loaded.bars.len();
    let named = format!("{}({})", indicator.name(), params.join(", "));
    let mut text = format!("{named}\n{}: {} bars", loaded.symbol, number::count(bars as u64));
    let first = indicator.first_valid();
    if first >= bars {
        return text + &format!(", too few; the first value needs {}\n", first + 1);
    }
    let shown = SHOWN.min(bars);
    text += &format!(", the last {shown} (--json has all)\n");
    let titles = indicator.outputs().iter().map(|name| (*name, Align::Right));
    let mut table =
        Table::new([("bar", Align::Left), ("close", Align::Right)].into_iter().chain(titles));
    for index in bars - shown..bars {
        let date = if loaded.timeframe.is_intraday() {
            number::short_instant(loaded.bars.ts[index])
        } else {
            number::bar_date(loaded.bars.ts[index], loaded.timeframe)
        };
        let values = outputs.iter().map(|output| number::significant(output.get(index).copied()));
        let close = number::significant(loaded.bars.close[index]);
        table.row([date, close].into_iter().chain(values));
    }
    text + &table.render()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

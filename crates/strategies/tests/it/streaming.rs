//! Decisions made bar by bar from streams equal those made from whole columns.

use engine::{Column, Entry, History, MAX_COLUMNS, MAX_MEMORY, MAX_PARAMS, Now, Params};
use engine::{PairTarget, Setup, Target};
use proptest::prelude::{any, prop_assert_eq, proptest};
use quant::indicators::{Row, Stream};

use crate::cases::cases;
use crate::scenario::{Kind, history, pair, params, setup, targets};
use crate::seeded::Chance;

/// One column, fed bar by bar as it would be live.
struct Feed {
    column: Column,
    stream: Option<Box<dyn Stream>>,
    before: Vec<f64>,
}

impl Feed {
    fn new(column: Column) -> Self {
        let stream = match &column {
            Column::Indicator { indicator, .. } => Some(indicator.stream()),
            _ => None,
        };
        Self { column, stream, before: Vec::new() }
    }

    fn update(&mut self, row: &Row, bars_to_close: u32) -> f64 {
        match &self.column {
            Column::Open => row.open,
            Column::High => row.high,
            Column::Low => row.low,
            Column::Close => row.close,
            Column::Volume => row.volume,
            Column::BarInSession => f64::from(row.bar_in_session),
            Column::BarsToClose => f64::from(bars_to_close),
            Column::Indicator { indicator, output, lag } => {
                let mut values = vec![f64::NAN; indicator.outputs().len()];
                if let Some(stream) = &mut self.stream {
                    stream.update(row, &mut values);
                }
                self.before.push(values[*output]);
                let position = self.before.len().checked_sub(1 + lag);
                position.map_or(f64::NAN, |position| self.before[position])
            }
        }
    }
}

fn live(
    entry: &Entry,
    history: &History,
    params: &Params,
    setup: &Setup,
    mut decide: impl FnMut(Now<'_, f64>) -> f64,
) -> Vec<i8> {
    let columns = entry.runner.columns();
    let mut feeds: Vec<Feed> =
        columns.iter().map(|spec| Feed::new(spec.resolve(params.values()).unwrap())).collect();
    let mut padded = [0.0; MAX_PARAMS];
    padded[..params.values().len()].copy_from_slice(params.values());
    let series = &history.series[0];
    let mut held = 0.0;
    (0..series.len())
        .map(|index| {
            let bar = series.signal().get(index);
            let row = Row {
                open: bar.open,
                high: bar.high,
                low: bar.low,
                close: bar.close,
                volume: bar.volume,
                bar_in_session: series.marks.bar_in_session[index],
                pair_close: history.series.get(1).map_or(f64::NAN, |s| s.signal().close[index]),
            };
            let mut values = [f64::NAN; MAX_COLUMNS];
            for (value, feed) in values.iter_mut().zip(&mut feeds) {
                *value = feed.update(&row, series.marks.bars_to_close[index]);
            }
            held = decide(Now { params: &padded, values: &values, held });
            if !setup.allow_short && entry.runner.legs() == 1 {
                held = held.max(0.0);
            }
            held as i8
        })
        .collect()
}

fn single<T: Target>(entry: &Entry, history: &History, params: &Params, setup: &Setup) -> Vec<i8> {
    let mut memory = [f64::NAN; MAX_MEMORY];
    live(entry, history, params, setup, |now| T::decide(now, &mut memory))
}

type Live = fn(&Entry, &History, &Params, &Setup) -> Vec<i8>;

/// Every strategy's type; the test fails for one that is not listed.
fn live_of(name: &str) -> Option<Live> {
    Some(match name {
        "sma_crossover" => single::<strategies::sma_crossover::SmaCrossover>,
        "ema_crossover" => single::<strategies::ema_crossover::EmaCrossover>,
        "rsi_mean_reversion" => single::<strategies::rsi_mean_reversion::RsiMeanReversion>,
        "macd" => single::<strategies::macd::Macd>,
        "bollinger_reversion" => single::<strategies::bollinger_reversion::BollingerReversion>,
        "squeeze_breakout" => single::<strategies::squeeze_breakout::SqueezeBreakout>,
        "donchian_turtle" => single::<strategies::donchian_turtle::DonchianTurtle>,
        "momentum_roc" => single::<strategies::momentum_roc::MomentumRoc>,
        "supertrend" => single::<strategies::supertrend::Supertrend>,
        "stochastic" => single::<strategies::stochastic::Stochastic>,
        "adx_trend" => single::<strategies::adx_trend::AdxTrend>,
        "vwap_reversion" => single::<strategies::vwap_reversion::VwapReversion>,
        "buy_and_hold" => single::<strategies::buy_and_hold::BuyAndHold>,
        "pairs_zscore" => |entry, history, params, setup| {
            live(entry, history, params, setup, strategies::pairs_zscore::PairsZscore::decide)
        },
        _ => return None,
    })
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn streams_and_columns_decide_alike(
        seed in any::<u64>(),
        bars in 2_usize..500,
        intraday in any::<bool>(),
    ) {
        let mut chance = Chance::new(seed);
        let one = history(&mut chance, Kind { bars, intraday, actions: true });
        let two = pair(&mut chance, Kind { bars, intraday, actions: false });
        let setup = setup(&mut chance);
        for entry in strategies::catalogue() {
            let history = if entry.runner.legs() == 2 { &two } else { &one };
            let mut params = params(&mut chance, entry);
            if let Some(stop) = entry.params.iter().position(|spec| spec.name == "atr_stop") {
                // A stop that fills changes what is held, which is the account's business.
                let mut values = params.values().to_vec();
                values[stop] = 0.0;
                params = Params::from_values(values);
            }
            let live = live_of(entry.name).unwrap()(entry, history, &params, &setup);
            let batch = targets(entry, history, &params, &setup);
            prop_assert_eq!(live, batch, "{} {:?}", entry.name, params);
        }
    }
}

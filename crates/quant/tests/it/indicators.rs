//! Indicators against recorded values of TA-Lib, and against their own definitions.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which are to panic")]

use proptest::prelude::*;
use quant::indicators::{
    Columns, Indicator, ParameterError, SMA, VWAP, VWAP_BANDS, bollinger, catalogue, ema, find,
    pairs_zscore, rsi, sma,
};
use serde_json::Value;

use crate::cases::cases;

/// Bars of a test, owned.
#[derive(Clone, Debug, Default)]
struct Bars {
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
    bar_in_session: Vec<u32>,
    pair_close: Vec<f64>,
}

impl Bars {
    fn columns(&self) -> Columns<'_> {
        self.prefix(self.close.len())
    }

    fn prefix(&self, bars: usize) -> Columns<'_> {
        Columns {
            open: &self.open[..bars],
            high: &self.high[..bars],
            low: &self.low[..bars],
            close: &self.close[..bars],
            volume: &self.volume[..bars],
            bar_in_session: &self.bar_in_session[..bars.min(self.bar_in_session.len())],
            pair_close: &self.pair_close[..bars.min(self.pair_close.len())],
        }
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().unwrap();
    values.iter().map(|value| value.as_f64().unwrap_or(f64::NAN)).collect()
}

#[test]
fn golden_values() {
    let golden = include_str!("../golden/indicators.json");
    let golden: Value = serde_json::from_str(golden).unwrap();
    let mut compared = 0;
    for block in golden["blocks"].as_array().unwrap() {
        let mut bars = Bars {
            open: numbers(&block["open"]),
            high: numbers(&block["high"]),
            low: numbers(&block["low"]),
            close: numbers(&block["close"]),
            volume: numbers(&block["volume"]),
            ..Bars::default()
        };
        if let Some(sessions) = block["session"].as_array() {
            let mut position = 0;
            for (i, session) in sessions.iter().enumerate() {
                let same = i > 0 && *session == sessions[i - 1];
                position = if same { position + 1 } else { 0 };
                bars.bar_in_session.push(position);
            }
        }
        for recorded in block["indicators"].as_array().unwrap() {
            compared += check_golden(&bars, recorded, &block["series"]);
        }
    }
    assert!(compared > 20_000, "only {compared} values compared");
}

/// Compares one recorded indicator; returns how many values it had.
fn check_golden(bars: &Bars, recorded: &Value, series: &Value) -> usize {
    let name = recorded["name"].as_str().unwrap();
    let definition = find(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"));
    let params: Vec<(&str, f64)> = recorded["params"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| {
            let param = definition.params.iter().find(|param| param.name == key).unwrap();
            let word = value.as_str().and_then(|text| param.parse(text));
            (param.name, value.as_f64().or(word).unwrap())
        })
        .collect();
    let indicator = definition.with_named(&params).unwrap();
    let outputs = indicator.compute(&bars.columns());
    let recorded_outputs = recorded["outputs"].as_object().unwrap();
    assert_eq!(recorded_outputs.len(), outputs.len(), "{indicator:?}");
    // The tolerance of the file's header.
    let tolerance = if matches!(name, "bollinger" | "cci") { 1e-6 } else { 1e-9 };
    let mut compared = 0;
    for (position, output) in indicator.outputs().iter().enumerate() {
        let expected = numbers(&recorded_outputs[*output]);
        let computed = &outputs[position];
        assert_eq!(expected.len(), computed.len(), "{indicator:?} {output}");
        if let Some(first) = recorded["first_valid"][*output].as_u64()
            && name != "vwap"
        {
            assert_eq!(
                first as usize,
                indicator.first_valid_of(position),
                "{indicator:?} {output}"
            );
        }
        for (i, (a, b)) in computed.iter().zip(&expected).enumerate() {
            let equal = (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * b.abs().max(1.0);
            assert!(equal, "{series} {indicator:?} {output} at {i}: {a} instead of {b}");
        }
        compared += expected.len();
    }
    compared
}

/// Every indicator with its defaults, and with small parameters so that short series reach every
/// phase of it.
fn indicators() -> Vec<Indicator> {
    let small = [1.0_f64, 2.0, 3.0, 5.0, 7.0];
    let mut indicators = Vec::new();
    for definition in catalogue() {
        indicators.push(definition.with_named(&[]).unwrap());
        for shift in 0..small.len() {
            let params = definition.params.iter().enumerate();
            let values: Vec<f64> = params
                .map(|(i, param)| small[(i + shift) % small.len()].clamp(param.min, param.max))
                .collect();
            indicators.push(definition.with(&values).unwrap());
        }
    }
    indicators
}

/// What a stream gives, one column an output.
fn streamed(indicator: &Indicator, columns: &Columns) -> Vec<Vec<f64>> {
    let mut stream = indicator.stream();
    let mut out = vec![0.0; indicator.outputs().len()];
    let mut outputs = vec![Vec::new(); out.len()];
    for i in 0..columns.len() {
        stream.update(&columns.row(i), &mut out);
        for (column, value) in outputs.iter_mut().zip(&out) {
            column.push(*value);
        }
    }
    outputs
}

/// A batch output put back to the bars at which its values are known, and cut to the series.
fn undisplaced(indicator: &Indicator, output: usize, values: &[f64], bars: usize) -> Vec<f64> {
    let displacement = indicator.displacement(output);
    let at = |i: usize| i.checked_add_signed(displacement).and_then(|i| values.get(i));
    (0..bars).map(|i| at(i).copied().unwrap_or(f64::NAN)).collect()
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()) || (a == 0.0 && b == 0.0)
}

fn assert_same(a: &[f64], b: &[f64], what: &dyn std::fmt::Debug) {
    assert_eq!(a.len(), b.len(), "{what:?}");
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!(same(*a, *b), "{what:?} at {i}: {a} and {b}");
    }
}

/// Steps of a walk in ticks, many of them 0 (flat stretches) or equal (ties), and volumes, many
/// of them 0.
fn any_bars(longest: usize) -> impl Strategy<Value = Bars> {
    let step = prop_oneof![3 => Just(0_i32), 3 => -1..=1_i32, 2 => -40..=40_i32];
    let volume = prop_oneof![1 => Just(0_u32), 3 => 1..50_000_u32];
    let bar = (step.clone(), 0..4_i32, 0..4_i32, volume, step, prop::bool::weighted(0.1));
    let stretch = (bar, 1..12_usize);
    prop::collection::vec(stretch, 0..longest).prop_map(|stretches| {
        let mut bars = Bars::default();
        let (mut close, mut pair, mut position) = (5_000_i32, 9_000_i32, 0);
        for ((step, above, below, volume, pair_step, starts), times) in stretches {
            // The first bar of a stretch moves, the others stand still.
            for time in 0..times {
                let moves = i32::from(time == 0);
                let open = close;
                close = (close + moves * step).max(50);
                pair = (pair + moves * pair_step).max(50);
                position = if starts && time == 0 { 0 } else { position + 1 };
                bars.open.push(f64::from(open) / 100.0);
                bars.high.push(f64::from(open.max(close) + moves * above) / 100.0);
                bars.low.push(f64::from(open.min(close) - moves * below) / 100.0);
                bars.close.push(f64::from(close) / 100.0);
                bars.volume.push(f64::from(volume));
                bars.bar_in_session.push(position);
                bars.pair_close.push(f64::from(pair) / 100.0);
            }
        }
        bars
    })
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn streams_equal_batches(bars in any_bars(60)) {
        let columns = bars.columns();
        for indicator in indicators() {
            let batch = indicator.compute(&columns);
            for (output, stream) in streamed(&indicator, &columns).iter().enumerate() {
                let batch = undisplaced(&indicator, output, &batch[output], columns.len());
                let known = match indicator.displacement(output) {
                    // The last values of a lagging line lie before the first bar.
                    lag if lag < 0 => lag.unsigned_abs().min(columns.len()),
                    _ => 0,
                };
                assert_same(&batch[known..], &stream[known..], &(&indicator, output));
            }
        }
    }

    #[test]
    fn prefixes_give_prefixes(bars in any_bars(40), share in 0.0..1.0_f64) {
        let all = bars.columns();
        let cut = (share * all.len() as f64) as usize;
        for indicator in indicators() {
            let (long, short) = (indicator.compute(&all), indicator.compute(&bars.prefix(cut)));
            for output in 0..long.len() {
                let known = match indicator.displacement(output) {
                    lag if lag < 0 => lag.unsigned_abs().min(cut),
                    _ => 0,
                };
                let long = undisplaced(&indicator, output, &long[output], all.len());
                let short = undisplaced(&indicator, output, &short[output], cut);
                assert_same(&long[known..cut.max(known)], &short[known..], &(&indicator, output));
            }
        }
    }

    #[test]
    fn first_values_are_where_the_definition_says(bars in any_bars(40)) {
        let columns = bars.columns();
        for indicator in indicators() {
            for (output, values) in indicator.compute(&columns).iter().enumerate() {
                prop_assert_eq!(values.len(), indicator.output_len(output, columns.len()));
                let first = indicator.first_valid_of(output).min(values.len());
                prop_assert!(values[..first].iter().all(|value| value.is_nan()), "{:?}", indicator);
                // These may lack volume or variance.
                let gaps = matches!(indicator.name(), "vwap" | "vwap_bands" | "pairs_zscore");
                let lags = indicator.displacement(output) < 0;
                if !gaps && !lags && let Some(value) = values.get(first) {
                    prop_assert!(!value.is_nan(), "{:?} {}", indicator, output);
                }
            }
        }
    }

    #[test]
    fn ranges_hold(bars in any_bars(60)) {
        for indicator in indicators() {
            let bounded = match indicator.name() {
                "rsi" | "mfi" | "stochastic" | "adx" => 0.0..=100.0,
                "atr" => 0.0..=f64::MAX,
                _ => continue,
            };
            for value in indicator.compute(&bars.columns()).concat() {
                let holds = value.is_nan() || bounded.contains(&value);
                prop_assert!(holds, "{:?} {}", indicator, value);
            }
        }
    }

    #[test]
    fn rolling_values_equal_their_definitions(bars in any_bars(60), period in 1..30_usize) {
        let close = &bars.close;
        let means = sma(close, period);
        let [upper, middle, lower] = bollinger(close, period, 2.0);
        for end in period..=close.len() {
            let window = &close[end - period..end];
            let n = period as f64;
            let mean = window.iter().sum::<f64>() / n;
            let variance = window.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
            let near = |a: f64, b: f64, tolerance: f64| (a - b).abs() <= tolerance * b.abs();
            let i = end - 1;
            prop_assert!(near(means[i], mean, 1e-12) && near(middle[i], mean, 1e-12));
            prop_assert!((upper[i] - lower[i] - 4.0 * variance.sqrt()).abs() < 1e-5);
            if window.iter().all(|value| *value == window[0]) {
                prop_assert_eq!([means[i], upper[i], lower[i]], [window[0]; 3]);
            }
        }
    }
}

/// Long enough for several fresh sums, at each place of a block.
#[test]
fn forms_agree_beyond_refreshes() {
    let mut bars = Bars::default();
    for (i, step) in ticks(7, 5_000).into_iter().enumerate() {
        let close = 100.0 + 0.01 * step as f64;
        bars.open.push(close);
        bars.high.push(close + 0.01 * (i % 5) as f64);
        bars.low.push(close - 0.01 * (i % 3) as f64);
        bars.close.push(close);
        bars.volume.push((i % 7) as f64);
        bars.bar_in_session.push((i % 390) as u32);
        bars.pair_close.push(50.0 + 0.01 * (step / 2) as f64 + 0.01 * (i % 11) as f64);
    }
    for indicator in indicators() {
        let batch = indicator.compute(&bars.columns());
        let prefix = indicator.compute(&bars.prefix(3_333));
        for (output, stream) in streamed(&indicator, &bars.columns()).iter().enumerate() {
            if indicator.displacement(output) == 0 {
                assert_same(&batch[output], stream, &(&indicator, output));
                assert_same(&batch[output][..3_333], &prefix[output], &(&indicator, output));
            }
        }
    }
}

/// A random walk in whole ticks; a generator of its own keeps the recorded facts below stable.
fn ticks(seed: u64, bars: usize) -> Vec<i64> {
    let mut state = seed;
    let mut walk = 0;
    let steps = (0..bars).map(|_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        walk = (walk + (state >> 33) as i64 % 5 - 2).clamp(-5_000, 5_000);
        walk
    });
    steps.collect()
}

#[test]
fn equal_averages_of_ticks_stay_equal() {
    // Two averages are equal when slow × Σfast = fast × Σslow in whole ticks.
    let (fast, slow) = (10_usize, 30_usize);
    let mut ticks: Vec<i64> = ticks(1, 1_200_000).iter().map(|ticks| ticks + 10_000).collect();
    // The first prices are so high that what rounding takes of them would hide every later tie,
    // if the sums were not made afresh.
    let high = 100;
    ticks[..high].iter_mut().for_each(|ticks| *ticks *= 1_000_000);
    let settled = high + slow + 1_024;
    let prices: Vec<f64> = ticks.iter().map(|ticks| *ticks as f64 / 100.0).collect();
    let (fasts, slows) = (sma(&prices, fast), sma(&prices, slow));
    let (mut fast_sum, mut slow_sum, mut ties) = (0, 0, 0);
    for i in 0..ticks.len() {
        fast_sum += ticks[i] - if i >= fast { ticks[i - fast] } else { 0 };
        slow_sum += ticks[i] - if i >= slow { ticks[i - slow] } else { 0 };
        if i < settled {
            continue;
        }
        let difference = (fasts[i] - slows[i]).abs() / slows[i];
        let exact = (slow as i64 * fast_sum - fast as i64 * slow_sum).abs();
        if exact == 0 {
            ties += 1;
            assert!(difference <= 1e-12, "a tie at {i} is off by {difference}");
        } else {
            assert!(difference > 1e-12, "a difference at {i} is lost");
        }
    }
    assert!(ties > 1_000, "only {ties} ties");
}

#[test]
fn worked_numbers() {
    let nan = f64::NAN;
    let near = |computed: &[f64], expected: &[f64]| {
        assert_eq!(computed.len(), expected.len());
        for (a, b) in computed.iter().zip(expected) {
            assert!((a.is_nan() && b.is_nan()) || (a - b).abs() < 5e-4, "{computed:?}");
        }
    };
    near(&ema(&[1.0, 2.0, 3.0, 4.0, 5.0], 3), &[nan, nan, 2.0, 3.0, 4.0]);
    near(&rsi(&[1.0, 2.0, 3.0, 2.0, 3.0], 3), &[nan, nan, nan, 66.667, 77.778]);
    near(&sma(&[1.0, 2.0, 6.0], 2), &[nan, 1.5, 4.0]);
    near(&rsi(&[5.0; 6], 3), &[nan, nan, nan, 0.0, 0.0, 0.0]);
    near(&sma(&[1.0, 2.0], 3), &[nan, nan]);
    near(&sma(&[], 3), &[]);
}

#[test]
fn vwap_starts_again_with_each_session() {
    let price = [10.0, 20.0, 40.0, 50.0];
    let bars = Bars {
        open: price.to_vec(),
        high: price.to_vec(),
        low: price.to_vec(),
        close: price.to_vec(),
        volume: vec![1.0, 3.0, 0.0, 2.0],
        bar_in_session: vec![0, 1, 0, 1],
        pair_close: Vec::new(),
    };
    let by_session = VWAP.with_named(&[]).unwrap().compute(&bars.columns());
    assert_same(&by_session[0], &[10.0, 17.5, f64::NAN, 50.0], &"session");
    let from_first = VWAP.with(&[1.0]).unwrap().compute(&bars.columns());
    assert_same(&from_first[0], &[10.0, 17.5, 17.5, 170.0 / 6.0], &"first_bar");
    let bands = VWAP_BANDS.with(&[]).unwrap().compute(&bars.columns());
    assert_same(&bands[0], &by_session[0], &"bands");
    // Σ V(tp − 17.5)² = 56.25 + 3 · 6.25 over a volume of 4; then one price only.
    assert_same(&bands[1], &[0.0, (75.0_f64 / 4.0).sqrt(), f64::NAN, 0.0], &"sigma");
    assert_eq!(VWAP.params[0].parse("first_bar"), Some(1.0));
    assert_eq!(VWAP.params[0].parse("never"), None);
}

#[test]
fn the_deviation_of_one_traded_price_is_zero_wherever_others_were_quoted() {
    for seed in 0..200 {
        let quoted = ticks(seed, 6);
        let price = |i: usize| 100.0 + 0.01 * quoted[i] as f64 + 0.001 * seed as f64;
        // Nothing is traded at the first two prices, then all at one, and then at another.
        let close = [price(0), price(1), price(2), price(3), price(3), price(3), price(4)];
        let mut bars = Bars {
            high: close.map(|close| close + 0.07).to_vec(),
            low: close.map(|close| close - 0.03).to_vec(),
            close: close.to_vec(),
            open: close.to_vec(),
            // Large enough that distance × volume is rounded.
            volume: vec![5e6, 0.0, 0.0, 1_234_567.0 + 7_919.0 * seed as f64, 0.0, 3e7, 11.0],
            bar_in_session: vec![0, 0, 1, 2, 3, 4, 5],
            pair_close: Vec::new(),
        };
        bars.close[6] += 1.0;
        let indicator = VWAP_BANDS.with(&[]).unwrap();
        let [_, sigma] = indicator.compute(&bars.columns()).try_into().unwrap();
        assert_same(&sigma[..6], &[0.0, f64::NAN, f64::NAN, 0.0, 0.0, 0.0], &seed);
        assert!(sigma[6] > 0.0);
        let (mut stream, mut out) = (indicator.stream(), [0.0; 2]);
        for (i, batch) in sigma.iter().enumerate() {
            stream.update(&bars.columns().row(i), &mut out);
            assert_eq!(out[1].to_bits(), batch.to_bits(), "seed {seed}, bar {i}");
        }
    }
}

#[test]
fn pairs_zscore_is_the_last_residual() {
    let walk = ticks(3, 6_000);
    let price = |ticks: &i64| 80.0 + 0.005 * *ticks as f64;
    let b: Vec<f64> = walk[..3_000].iter().map(price).collect();
    let noise = walk[3_000..].iter().map(price);
    let a: Vec<f64> = noise.zip(&b).map(|(noise, b)| 0.5 * b + 0.1 * noise).collect();
    let n = 60;
    let [z, beta] = pairs_zscore(&a, &b, n);
    for end in (n..=a.len()).step_by(37) {
        let logs = |prices: &[f64]| prices[end - n..end].iter().map(|p| p.ln()).collect::<Vec<_>>();
        let (y, x) = (logs(&a), logs(&b));
        let mean = |values: &[f64]| values.iter().sum::<f64>() / n as f64;
        let (my, mx) = (mean(&y), mean(&x));
        let xy: f64 = y.iter().zip(&x).map(|(y, x)| (y - my) * (x - mx)).sum();
        let xx: f64 = x.iter().map(|x| (x - mx) * (x - mx)).sum();
        let slope = xy / xx;
        let residuals: Vec<f64> =
            y.iter().zip(&x).map(|(y, x)| (y - my) - slope * (x - mx)).collect();
        let squares: f64 = residuals.iter().map(|r| r * r).sum();
        let expected = residuals[n - 1] / (squares / (n as f64 - 1.0)).sqrt();
        assert!((beta[end - 1] - slope).abs() < 1e-9, "{} {slope}", beta[end - 1]);
        assert!((z[end - 1] - expected).abs() < 1e-8, "{} {expected}", z[end - 1]);
    }
    let double: Vec<f64> = b.iter().map(|b| 2.0 * b).collect();
    let [z, beta] = pairs_zscore(&double, &b, n);
    assert!(z.iter().all(|z| z.is_nan()), "a line that explains everything leaves no z-score");
    assert!(beta[n..].iter().all(|beta| (beta - 1.0).abs() < 1e-9));
}

#[test]
fn parameters_out_of_bounds_are_refused() {
    let out_of_range = |result: Result<Indicator, ParameterError>| {
        assert!(matches!(result, Err(ParameterError::OutOfRange { .. })), "{result:?}");
    };
    for definition in catalogue() {
        let defaults: Vec<f64> = definition.params.iter().map(|param| param.default).collect();
        assert_eq!(definition.with(&defaults), definition.with_named(&[]));
        for (i, param) in definition.params.iter().enumerate() {
            for wrong in [param.min - 1.0, f64::NAN, f64::INFINITY, -f64::INFINITY] {
                let mut params = defaults.clone();
                params[i] = wrong;
                out_of_range(definition.with(&params));
            }
            if param.integer && param.max > 1.0 {
                let fraction = definition.with_named(&[(param.name, param.min + 0.5)]);
                assert!(matches!(fraction, Err(ParameterError::NotInteger { .. })));
            }
        }
        let unknown = definition.with_named(&[("colour", 1.0)]);
        assert!(matches!(unknown, Err(ParameterError::Unknown { .. })));
    }
    let count = SMA.with(&[1.0, 2.0]);
    assert!(matches!(count, Err(ParameterError::Count { expected: 1, given: 2, .. })));
    let error = SMA.with(&[0.0]).unwrap_err().to_string();
    assert_eq!(error, "period of sma must be between 1 and 10000000, not 0");
}

#[test]
fn equal_indicators_are_one_key() {
    let keys = [SMA.with(&[20.0]), SMA.with_named(&[]), SMA.with(&[21.0])].map(Result::unwrap);
    let distinct: std::collections::HashSet<_> = keys.into_iter().collect();
    assert_eq!(distinct.len(), 2);
    let names: std::collections::HashSet<_> = catalogue().iter().map(|d| d.name).collect();
    assert_eq!(names.len(), catalogue().len(), "names are unique");
}

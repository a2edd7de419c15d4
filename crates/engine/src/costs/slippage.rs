//! Slippage: by which fraction a market or stop order trades worse than the bar's price.
//!
//! A flat number of basis points, half a spread, and the impact of the order itself; they add.
//! What depends on the market is measured on sessions that ended before the bar's session began,
//! so no estimate knows the bar it applies to.

use market::Bars;
use serde::{Deserialize, Serialize};

/// Sessions that volatility, volume and spread are averaged over.
const WINDOW: usize = 20;

/// What the market takes.
///
/// A fill worsens from `price` to `price * (1 ± fraction)`, up for a buyer. Limit orders have none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Slippage {
    /// Basis points (1e-4) of the price.
    pub bps: f64,
    /// Half of the bid-ask spread.
    pub half_spread: HalfSpread,
    /// Square-root impact with this factor Y (usually 0.5 to 1.5): Y·σ·√(quantity / ADV), with the
    /// daily volatility σ and the average daily volume ADV.
    /// Sources: Almgren, Thum, Hauptmann, Li, “Direct Estimation of Equity Market Impact”, 2005;
    /// Tóth et al., “Anomalous Price Impact and the Critical Nature of Liquidity in Financial
    /// Markets”, 2011.
    pub impact: Option<f64>,
}

/// Where half the spread, as a fraction of mid, comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "model", rename_all = "snake_case", deny_unknown_fields)]
pub enum HalfSpread {
    /// Not charged.
    #[default]
    None,
    /// The same at all times.
    Fixed {
        /// Half-spread / mid (`0.0001` is one basis point).
        fraction: f64,
    },
    /// Estimated from highs and lows of earlier sessions.
    CorwinSchultz,
}

/// What earlier sessions say about each bar's market.
///
/// One record a session, so intraday bars cost no memory of their own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImpactContext {
    sessions: Vec<SessionContext>,
}

/// What was known when a session began; NaN is not known.
#[derive(Clone, Copy, Debug, PartialEq)]
struct SessionContext {
    first_bar: usize,
    volatility: f64,
    average_volume: f64,
    half_spread: f64,
}

impl Slippage {
    /// The fraction of price, when it is the same for every bar and quantity.
    pub fn linear_rate(&self) -> Option<f64> {
        match (self.half_spread, self.impact) {
            (HalfSpread::CorwinSchultz, _) | (_, Some(_)) => None,
            (HalfSpread::None | HalfSpread::Fixed { .. }, None) => Some(self.flat()),
        }
    }

    /// The fraction of price for an order of `quantity` units that trades on bar `bar`.
    ///
    /// What is not known yet costs nothing: the impact until twenty sessions with a return, or
    /// without volume; the estimated spread until two sessions.
    pub fn fraction(&self, context: &ImpactContext, bar: usize, quantity: f64) -> f64 {
        let known = |value: f64| if value.is_finite() { value } else { 0.0 };
        let spread = match self.half_spread {
            HalfSpread::CorwinSchultz => known(context.half_spread(bar)),
            HalfSpread::None | HalfSpread::Fixed { .. } => 0.0,
        };
        let impact = self.impact.map_or(0.0, |factor| {
            let share_of_day = quantity / context.average_volume(bar);
            known(factor * context.volatility(bar) * share_of_day.sqrt())
        });
        self.flat() + spread + impact
    }

    /// The part that is the same for every bar and quantity.
    fn flat(&self) -> f64 {
        match self.half_spread {
            HalfSpread::Fixed { fraction } => self.bps / 1e4 + fraction,
            HalfSpread::None | HalfSpread::CorwinSchultz => self.bps / 1e4,
        }
    }
}

impl ImpactContext {
    /// Measures the sessions of a series; `sessions` gives the number of each bar's session, which
    /// never falls.
    pub fn new(bars: Bars<'_>, sessions: &[u32]) -> Self {
        let days = session_bars(&bars, sessions);
        let log_returns: Vec<f64> =
            days.windows(2).map(|pair| (pair[1].close / pair[0].close).ln()).collect();
        let spreads: Vec<f64> = days.windows(2).map(|pair| spread(&pair[0], &pair[1])).collect();
        let known_at = |(day, session): (usize, &SessionBar)| {
            // Return k leads from session k to k + 1, so `day` sessions have `day - 1` returns.
            let returns = day.saturating_sub(1);
            let full = |count: usize| count.checked_sub(WINDOW);
            let volatility =
                full(returns).map_or(f64::NAN, |from| deviation(&log_returns[from..returns]));
            let average_volume =
                full(day).map_or(f64::NAN, |from| mean(days[from..day].iter().map(|d| d.volume)));
            let recent = &spreads[(returns + 1).saturating_sub(WINDOW)..returns];
            let measured = recent.iter().copied().filter(|spread| spread.is_finite());
            SessionContext {
                first_bar: session.first_bar,
                volatility,
                average_volume,
                half_spread: mean(measured) / 2.0,
            }
        };
        Self { sessions: days.iter().enumerate().map(known_at).collect() }
    }

    /// Sample deviation of the daily log returns of the twenty sessions before the bar's session;
    /// NaN while there are fewer (the first return needs a session before it).
    pub fn volatility(&self, bar: usize) -> f64 {
        self.session(bar).map_or(f64::NAN, |session| session.volatility)
    }

    /// Mean volume of the twenty sessions before the bar's session; NaN while there are fewer.
    pub fn average_volume(&self, bar: usize) -> f64 {
        self.session(bar).map_or(f64::NAN, |session| session.average_volume)
    }

    /// Half-spread / mid: half the mean of the Corwin–Schultz estimates, negative ones as zero, of
    /// the pairs among up to twenty sessions before the bar's session; NaN while there is no pair.
    pub fn half_spread(&self, bar: usize) -> f64 {
        self.session(bar).map_or(f64::NAN, |session| session.half_spread)
    }

    fn session(&self, bar: usize) -> Option<&SessionContext> {
        let after = self.sessions.partition_point(|session| session.first_bar <= bar);
        self.sessions[..after].last()
    }
}

/// One session of a series.
struct SessionBar {
    first_bar: usize,
    high: f64,
    low: f64,
    close: f64,
    volume: f64,
}

fn session_bars(bars: &Bars<'_>, sessions: &[u32]) -> Vec<SessionBar> {
    let mut days: Vec<SessionBar> = Vec::new();
    let mut current = None;
    for (bar, &session) in sessions.iter().enumerate().take(bars.len()) {
        let (high, low) = (bars.high[bar], bars.low[bar]);
        let (close, volume) = (bars.close[bar], bars.volume[bar]);
        match days.last_mut() {
            Some(day) if current == Some(session) => {
                day.high = day.high.max(high);
                day.low = day.low.min(low);
                day.close = close;
                day.volume += volume;
            }
            _ => days.push(SessionBar { first_bar: bar, high, low, close, volume }),
        }
        current = Some(session);
    }
    days
}

/// Bid-ask spread / mid of two sessions in a row, not negative; NaN for prices that are not.
///
/// Source: S. A. Corwin, P. Schultz, “A Simple Way to Estimate Bid-Ask Spreads from Daily High and
/// Low Prices”, Journal of Finance, 2012, with its correction for a gap between the sessions.
fn spread(first: &SessionBar, second: &SessionBar) -> f64 {
    let gap = if second.low > first.close {
        second.low - first.close
    } else if second.high < first.close {
        second.high - first.close
    } else {
        0.0
    };
    let (high, low) = (second.high - gap, second.low - gap);
    let squared_range = |high: f64, low: f64| (high / low).ln().powi(2);
    let beta = squared_range(first.high, first.low) + squared_range(high, low);
    let gamma = squared_range(first.high.max(high), first.low.min(low));
    let root = 3.0 - 2.0 * std::f64::consts::SQRT_2;
    let alpha = ((2.0 * beta).sqrt() - beta.sqrt()) / root - (gamma / root).sqrt();
    let spread = 2.0 * (alpha.exp() - 1.0) / (1.0 + alpha.exp());
    // `f64::max` would turn NaN into zero.
    if spread < 0.0 { 0.0 } else { spread }
}

/// NaN for no value.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// Sample standard deviation.
fn deviation(values: &[f64]) -> f64 {
    let center = mean(values.iter().copied());
    let squares: f64 = values.iter().map(|value| (value - center).powi(2)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use market::{Bar, BarSeries};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn series(rows: impl IntoIterator<Item = (f64, f64, f64, f64)>) -> BarSeries {
        let mut bars = BarSeries::default();
        for (ts, (high, low, close, volume)) in (0..).zip(rows) {
            bars.push(Bar { ts, open: close, high, low, close, volume });
        }
        bars
    }

    /// Closes that rise and fall by turns, so that twenty log returns of ±`step` deviate by
    /// `step`·√(20/19).
    fn swinging(days: usize, step: f64, volume: f64) -> BarSeries {
        series((0..days).map(|day| {
            let close = if day % 2 == 0 { 100.0 } else { 100.0 * step.exp() };
            (close * 1.001, close * 0.999, close, volume)
        }))
    }

    #[test]
    fn square_root_impact_of_one_percent_of_the_day() {
        let step = 0.02 * (19.0f64 / 20.0).sqrt();
        let bars = swinging(25, step, 1e6);
        let sessions: Vec<u32> = (0..25).collect();
        let context = ImpactContext::new(bars.bars(), &sessions);
        let slippage = Slippage { impact: Some(1.0), ..Slippage::default() };
        for (bar, volatility, volume, fraction) in [
            (0, f64::NAN, f64::NAN, 0.0),
            (19, f64::NAN, f64::NAN, 0.0),
            (20, f64::NAN, 1e6, 0.0),
            (21, 0.02, 1e6, 0.002),
            (24, 0.02, 1e6, 0.002),
        ] {
            let close = |got: f64, expected: f64| {
                (got - expected).abs() < 1e-14 || (got.is_nan() && expected.is_nan())
            };
            assert!(close(context.volatility(bar), volatility), "{bar}");
            assert!(close(context.average_volume(bar), volume), "{bar}");
            assert!(close(slippage.fraction(&context, bar, 1e4), fraction), "{bar}");
        }
        let doubled = Slippage { impact: Some(2.0), bps: 3.0, ..slippage };
        let fraction = doubled.fraction(&context, 21, 4e4);
        assert!((fraction - (0.0003 + 2.0 * 0.02 * 0.2)).abs() < 1e-14, "{fraction}");
        assert_eq!(slippage.fraction(&context, 21, 0.0), 0.0);
    }

    #[test]
    fn no_volume_has_no_impact() {
        let sessions: Vec<u32> = (0..25).collect();
        let context = ImpactContext::new(swinging(25, 0.02, 0.0).bars(), &sessions);
        let slippage = Slippage { impact: Some(1.0), bps: 2.0, ..Slippage::default() };
        assert_eq!(slippage.fraction(&context, 24, 100.0), 2.0 / 1e4);
        assert_eq!(slippage.fraction(&ImpactContext::default(), 24, 100.0), 2.0 / 1e4);
    }

    #[test]
    fn a_pure_bounce_between_bid_and_ask_is_the_spread() {
        // When bid and ask stand still the estimator's equations give the spread back exactly.
        for quoted in [0.0, 0.0005, 0.01, 0.1] {
            let (ask, bid) = (100.0 * (1.0 + quoted / 2.0), 100.0 * (1.0 - quoted / 2.0));
            let bars = series((0..4).map(|_| (ask, bid, 100.0, 1.0)));
            let context = ImpactContext::new(bars.bars(), &[3, 4, 7, 8]);
            assert!(context.half_spread(0).is_nan() && context.half_spread(1).is_nan());
            for bar in [2, 3, 99] {
                assert!((context.half_spread(bar) - quoted / 2.0).abs() < 1e-12, "{quoted}");
            }
        }
    }

    #[test]
    fn spread_of_two_sessions() {
        // High, low, close of the first; high, low of the second; the spread by the paper's
        // equations, computed elsewhere.
        let cases = [
            ((101.0, 99.0, 100.0), (101.5, 99.5), 0.007908892526591878),
            ((101.0, 99.0, 99.2), (101.7, 99.9), 0.016646523744494168),
            ((101.0, 99.0, 100.8), (100.1, 98.3), 0.01670466514590206),
            ((101.0, 99.0, 100.0), (104.0, 100.0), 0.0),
        ];
        for (first, second, expected) in cases {
            let day =
                |(high, low, close)| SessionBar { first_bar: 0, high, low, close, volume: 1.0 };
            let got = spread(&day(first), &day((second.0, second.1, second.0)));
            assert!((got - expected).abs() < 1e-12, "{second:?}: {got}");
        }
    }

    #[test]
    fn only_a_flat_fraction_is_linear() {
        let fixed = HalfSpread::Fixed { fraction: 0.0001 };
        let cases = [
            (0.0, HalfSpread::None, None, Some(0.0)),
            (2.0, HalfSpread::None, None, Some(2.0 / 1e4)),
            (2.0, fixed, None, Some(2.0 / 1e4 + 0.0001)),
            (2.0, HalfSpread::CorwinSchultz, None, None),
            (2.0, fixed, Some(1.0), None),
        ];
        for (bps, half_spread, impact, rate) in cases {
            let slippage = Slippage { bps, half_spread, impact };
            assert_eq!(slippage.linear_rate(), rate);
            if let Some(rate) = rate {
                assert_eq!(slippage.fraction(&ImpactContext::default(), 0, 5.0), rate);
            }
            let json = serde_json::to_string(&slippage).unwrap();
            assert_eq!(serde_json::from_str::<Slippage>(&json).unwrap(), slippage);
        }
    }

    #[test]
    fn bars_of_one_session_share_what_earlier_sessions_say() {
        let daily = swinging(30, 0.01, 900.0);
        // Three bars a session: the close comes last, the volume in thirds.
        let rows = (0..90).map(|bar| {
            let day = bar / 3;
            let close = if bar % 3 == 2 { daily.close[day] } else { daily.low[day] };
            (daily.high[day], daily.low[day], close, 300.0)
        });
        let intraday = series(rows);
        let sessions: Vec<u32> = (0..90).map(|bar| 100 + bar / 3 * 2).collect();
        let context = ImpactContext::new(intraday.bars(), &sessions);
        let days: Vec<u32> = (0..30).collect();
        let expected = ImpactContext::new(daily.bars(), &days);
        for bar in 63..90 {
            assert_eq!(context.volatility(bar), expected.volatility(bar / 3));
            assert_eq!(context.average_volume(bar), expected.average_volume(bar / 3));
            assert_eq!(context.half_spread(bar), expected.half_spread(bar / 3));
        }
    }

    proptest! {
        #[test]
        fn no_session_knows_itself_or_a_later_one(
            rows in proptest::collection::vec((90.0..110.0f64, 0.0..0.05f64, 1.0..1e6f64), 40..80),
            per_session in 1usize..4,
            cut in 1usize..40,
        ) {
            let row = |&(close, range, volume): &(f64, f64, f64)| {
                (close * (1.0 + range), close * (1.0 - range), close, volume)
            };
            let sessions: Vec<u32> = (0..rows.len()).map(|bar| (bar / per_session) as u32).collect();
            let first = cut / per_session * per_session;
            let other = rows.iter().enumerate().map(|(bar, values)| {
                if bar < first { row(values) } else { (999.0, 1.0, 500.0, 7.0) }
            });
            let (real, other) = (series(rows.iter().map(row)), series(other));
            let real = ImpactContext::new(real.bars(), &sessions);
            let other = ImpactContext::new(other.bars(), &sessions);
            let slippage = Slippage {
                bps: 1.0,
                half_spread: HalfSpread::CorwinSchultz,
                impact: Some(1.0),
            };
            for bar in 0..(first + per_session).min(rows.len()) {
                let fraction = slippage.fraction(&real, bar, 100.0);
                prop_assert_eq!(fraction, slippage.fraction(&other, bar, 100.0));
                prop_assert!(fraction >= 1e-4);
            }
        }
    }
}

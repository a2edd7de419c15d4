//! Augmented Dickey–Fuller test: whether a series returns to a level or walks at random.

use super::normal::normal_cdf;

/// Below this share of the residual variation nothing is left that a coefficient could explain.
const SINGULAR: f64 = 1e-13;

/// Outcome of an augmented Dickey–Fuller test with a constant and no trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdfTest {
    /// t value of the level's coefficient; the lower, the stronger the pull back.
    pub statistic: f64,
    /// Approximate probability of so low a value when the series walks at random.
    pub p_value: f64,
    /// How many lagged differences the regression has.
    pub lags: usize,
    /// How many differences were explained.
    pub observations: usize,
}

/// Tests `values`, oldest first, against a random walk.
///
/// `lags`: how many lagged differences soak up autocorrelation; `None` picks the number with the
/// lowest Akaike criterion, up to 12·(n/100)^¼ of them, over a common sample. `None` for too few
/// values, or for a regression without a unique answer, as of values that never vary.
/// Sources: Said & Dickey (1984); p-value by MacKinnon (1994), tables of 2010.
pub fn adf_test(values: &[f64], lags: Option<usize>) -> Option<AdfTest> {
    let differences: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let lags = match lags {
        Some(lags) => lags,
        None => best_lags(values, &differences)?,
    };
    let fit = fit(values, &differences, lags, lags)?;
    let statistic = fit.t_value;
    if !statistic.is_finite() {
        return None;
    }
    Some(AdfTest { statistic, p_value: p_value(statistic), lags, observations: fit.observations })
}

fn best_lags(values: &[f64], differences: &[f64]) -> Option<usize> {
    let n = values.len() as f64;
    let schwert = libm::ceil(12.0 * (n / 100.0).sqrt().sqrt()) as usize;
    let most = schwert.min((differences.len() / 2).checked_sub(2)?);
    let mut best: Option<(f64, usize)> = None;
    for lags in 0..=most {
        let fit = fit(values, differences, lags, most)?;
        let n = fit.observations as f64;
        let akaike = n * libm::log(fit.residual_squares / n) + 2.0 * (lags as f64 + 2.0);
        if best.is_none_or(|(lowest, _)| akaike < lowest) {
            best = Some((akaike, lags));
        }
    }
    best.map(|(_, lags)| lags)
}

struct Fit {
    t_value: f64,
    residual_squares: f64,
    observations: usize,
}

/// Regresses differences from `first` on, on the level before and `lags` differences before.
fn fit(values: &[f64], differences: &[f64], lags: usize, first: usize) -> Option<Fit> {
    let observations = differences.len().checked_sub(first)?;
    // The level, the lags and the constant.
    if observations.saturating_sub(2) <= lags {
        return None;
    }
    let window = |series: &[f64], lag: usize| centred(&series[first - lag..][..observations]);
    // The level's column comes last, so that what is left of it is what the lags do not explain.
    let mut columns: Vec<Vec<f64>> = (1..=lags).map(|lag| window(differences, lag)).collect();
    columns.push(window(values, 0));
    let mut residual = window(differences, 0);

    // Gram–Schmidt: each column loses its share of the earlier ones, then the target loses its
    // share of the column. Centring has stood for the constant.
    let mut coefficient = 0.0;
    let mut level_squares = 0.0;
    for index in 0..columns.len() {
        let (earlier, rest) = columns.split_at_mut(index);
        let column = &mut rest[0];
        let before = dot(column, column);
        for other in earlier {
            subtract_share(column, other);
        }
        level_squares = dot(column, column);
        // Not a number counts as nothing left, too.
        if level_squares.is_nan() || level_squares <= SINGULAR * before {
            return None;
        }
        coefficient = subtract_share(&mut residual, column);
    }
    let residual_squares = dot(&residual, &residual);
    let variance = residual_squares / (observations - lags - 2) as f64;
    let t_value = coefficient / (variance / level_squares).sqrt();
    Some(Fit { t_value, residual_squares, observations })
}

fn centred(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| value - mean).collect()
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// Takes out of `target` what `column` explains, and returns the coefficient.
fn subtract_share(target: &mut [f64], column: &[f64]) -> f64 {
    let coefficient = dot(target, column) / dot(column, column);
    for (target, value) in target.iter_mut().zip(column) {
        *target -= coefficient * value;
    }
    coefficient
}

/// MacKinnon's approximation for one series and a constant.
fn p_value(statistic: f64) -> f64 {
    let polynomial = |coefficients: &[f64]| {
        normal_cdf(coefficients.iter().rev().fold(0.0, |sum, c| sum * statistic + c))
    };
    match statistic {
        s if s > 2.74 => 1.0,
        s if s < -18.83 => 0.0,
        s if s <= -1.61 => polynomial(&[2.1659, 1.4412, 0.038269]),
        _ => polynomial(&[1.7339, 0.93202, -0.12745, -0.010368]),
    }
}

#[cfg(test)]
mod tests {
    use super::adf_test;
    use crate::statistics::test_series::autoregressive;

    /// By `adfuller` of statsmodels 0.15, with a constant.
    #[test]
    fn agrees_with_a_published_library() {
        let cases = [
            (60, 0.8, Some(0), -2.2165064742558385, 0.20030919612867465),
            (60, 0.8, Some(4), -2.35219300224875, 0.1556864731875161),
            (300, 0.9, Some(1), -3.661574458948665, 0.004687281358006452),
            (300, 1.0, Some(0), -0.0070175403496274, 0.957947878431939),
            (300, 1.0, Some(4), -0.4419247847723128, 0.9028600132069817),
            (300, -0.6, Some(4), -7.474333710826633, 4.959297527319337e-11),
            (300, -0.6, Some(0), -33.762732651729266, 0.0),
            (300, 0.9, None, -3.60137618946104, 0.0057347724009027615),
        ];
        for (count, persistence, lags, statistic, p_value) in cases {
            let found = adf_test(&autoregressive(count, persistence), lags).unwrap();
            assert!((found.statistic - statistic).abs() < 1e-9 * statistic.abs(), "{found:?}");
            assert!((found.p_value - p_value).abs() < 1e-9, "{found:?}, not {p_value}");
        }
    }

    #[test]
    fn picks_the_lags_that_explain_most() {
        // Twice-smoothed noise has a second lag that counts.
        let noise = autoregressive(400, 0.7);
        let mut smooth = vec![0.0; noise.len()];
        for i in 1..noise.len() {
            smooth[i] = 0.6 * smooth[i - 1] + noise[i];
        }
        let found = adf_test(&smooth, None).unwrap();
        assert_eq!(Some(found), adf_test(&smooth, Some(found.lags)));
        // By the same library with its automatic choice.
        assert_eq!((found.lags, found.observations), (1, 398));
        assert!((found.statistic - -6.984097472477093).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn undefined_tests() {
        for count in 0..6 {
            assert_eq!(adf_test(&autoregressive(count, 0.5), Some(2)), None, "{count} values");
        }
        for lags in [None, Some(0), Some(3)] {
            assert_eq!(adf_test(&[], lags), None);
            assert_eq!(adf_test(&[1.0; 100], lags), None);
            assert_eq!(adf_test(&[f64::NAN; 100], lags), None);
        }
        assert_eq!(adf_test(&[1.0, 2.0, 3.0], Some(usize::MAX)), None);
    }
}

//! Asymmetry and tail weight of returns.

use super::keys::finite;
use super::moments::Moments;

/// Bias-adjusted Fisher–Pearson skewness, G1 = √(n(n−1))/(n−2) · m3/m2^1.5; `None` for fewer than
/// three returns, or when they never vary.
pub fn skew(returns: &[f64]) -> Option<f64> {
    Shape::of(returns, &Moments::of(returns)).skew
}

/// Bias-adjusted excess kurtosis, G2 = (n−1)/((n−2)(n−3)) · ((n+1)(m4/m2² − 3) + 6), 0 for a
/// normal law; `None` for fewer than four returns, or when they never vary.
pub fn kurtosis(returns: &[f64]) -> Option<f64> {
    Shape::of(returns, &Moments::of(returns)).kurtosis
}

/// Both shape numbers, from one pass.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Shape {
    pub(super) skew: Option<f64>,
    pub(super) kurtosis: Option<f64>,
}

impl Shape {
    pub(super) fn of(returns: &[f64], moments: &Moments) -> Shape {
        let (Some(mean), Some(deviation)) = (moments.mean(), moments.deviation()) else {
            return Shape::default();
        };
        if deviation == 0.0 {
            return Shape::default();
        }
        let (mut squares, mut cubes, mut fourths) = (0.0, 0.0, 0.0);
        for r in returns {
            let distance = (r - mean) / deviation;
            let square = distance * distance;
            squares += square;
            cubes += square * distance;
            fourths += square * square;
        }
        let n = returns.len() as f64;
        let (m2, m3, m4) = (squares / n, cubes / n, fourths / n);
        let skew = (n * (n - 1.0)).sqrt() / (n - 2.0) * m3 / (m2 * m2.sqrt());
        let kurtosis =
            (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * (m4 / (m2 * m2) - 3.0) + 6.0);
        Shape {
            skew: if returns.len() < 3 { None } else { finite(skew) },
            kurtosis: if returns.len() < 4 { None } else { finite(kurtosis) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{kurtosis, skew};

    #[test]
    fn undefined_shapes() {
        assert_eq!((skew(&[]), kurtosis(&[])), (None, None));
        assert_eq!((skew(&[0.1, 0.2]), kurtosis(&[0.1, 0.2, 0.4])), (None, None));
        assert_eq!((skew(&[0.1; 9]), kurtosis(&[0.1; 9])), (None, None));
    }

    #[test]
    fn shapes_by_hand() {
        // 0, 0, 3: m2 = 2, m3 = 2, so G1 = √6 · 2 / 2^1.5 = √3.
        assert!((skew(&[0.0, 0.0, 3.0]).unwrap() - 3.0_f64.sqrt()).abs() < 1e-14);
        // 1, 2, 3, 4: m4 / m2² = 1.64, so G2 = 3/2 · (5 · (−1.36) + 6) = −1.2.
        assert!((kurtosis(&[1.0, 2.0, 3.0, 4.0]).unwrap() + 1.2).abs() < 1e-14);
    }
}

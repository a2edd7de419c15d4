//! The standard normal law: density, distribution, quantiles.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Density φ(x) of the standard normal law.
pub fn normal_pdf(x: f64) -> f64 {
    libm::exp(-0.5 * x * x) / (2.0 * PI).sqrt()
}

/// Distribution function N(x) of the standard normal law, precise far into both tails.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// Quantile N⁻¹(p) of the standard normal law: −∞ at 0, +∞ at 1, not a number outside 0 … 1.
///
/// For p close to 1 use −N⁻¹(1 − p): a number there cannot hold the distance from 1.
/// Source: M. J. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988); relative error
/// about 1e-16.
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180625 - centred * centred;
        return centred * polynomial(&CENTRE, r) / polynomial(&CENTRE_DIVISOR, r);
    }
    let tail = if centred < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return f64::INFINITY.copysign(centred);
    }
    let depth = (-libm::log(tail)).sqrt();
    let distance = if depth <= 5.0 {
        polynomial(&TAIL, depth - 1.6) / polynomial(&TAIL_DIVISOR, depth - 1.6)
    } else {
        polynomial(&FAR, depth - 5.0) / polynomial(&FAR_DIVISOR, depth - 5.0)
    };
    distance.copysign(centred)
}

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

const CENTRE: [f64; 8] = [
    3.3871328727963665,
    133.14166789178438,
    1971.5909503065513,
    13731.69376550946,
    45921.95393154987,
    67265.7709270087,
    33430.57558358813,
    2509.0809287301227,
];

const CENTRE_DIVISOR: [f64; 8] = [
    1.0,
    42.31333070160091,
    687.1870074920579,
    5394.196021424751,
    21213.794301586597,
    39307.89580009271,
    28729.085735721943,
    5226.495278852854,
];

const TAIL: [f64; 8] = [
    1.4234371107496835,
    4.630337846156546,
    5.769497221460691,
    3.6478483247632045,
    1.2704582524523684,
    0.2417807251774506,
    0.022723844989269184,
    0.0007745450142783414,
];

const TAIL_DIVISOR: [f64; 8] = [
    1.0,
    2.053191626637759,
    1.6763848301838038,
    0.6897673349851,
    0.14810397642748008,
    0.015198666563616457,
    0.0005475938084995345,
    1.0507500716444169e-09,
];

const FAR: [f64; 8] = [
    6.657904643501103,
    5.463784911164114,
    1.7848265399172913,
    0.29656057182850487,
    0.026532189526576124,
    0.0012426609473880784,
    2.7115555687434876e-05,
    2.0103343992922881e-07,
];

const FAR_DIVISOR: [f64; 8] = [
    1.0,
    0.599832206555888,
    0.1369298809227358,
    0.014875361290850615,
    0.0007868691311456133,
    1.8463183175100548e-05,
    1.421511758316446e-07,
    2.0442631033899397e-15,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::{normal_cdf, normal_pdf, normal_quantile};

    #[test]
    fn published_values() {
        // Abramowitz & Stegun, tables 26.1 and 26.5.
        let cases = [
            (0.0, 0.5),
            (1.0, 0.841_344_746_068_543),
            (2.0, 0.977_249_868_051_821),
            (-3.0, 1.349_898_031_630_09e-3),
            (-10.0, 7.619_853_024_160_53e-24),
        ];
        for (x, p) in cases {
            assert!((normal_cdf(x) / p - 1.0).abs() < 1e-14, "{x}");
            assert!((normal_quantile(p) - x).abs() < 1e-13, "{p}");
        }
        assert!((normal_pdf(0.0) - 0.398_942_280_401_432_7).abs() < 1e-16);
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
    }

    #[test]
    fn the_ends_of_the_quantile() {
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert_eq!(normal_quantile(0.5), 0.0);
        for p in [-0.1, 1.1, f64::NAN] {
            assert!(normal_quantile(p).is_nan(), "{p}");
        }
    }

    proptest! {
        #[test]
        fn the_quantile_inverts_the_distribution(exponent in 0.31_f64..300.0) {
            let p = 10.0_f64.powf(-exponent);
            let x = normal_quantile(p);
            // An error of x shows in p multiplied by x·|x|, the slope of ln N.
            prop_assert!((normal_cdf(x) / p - 1.0).abs() < 1e-15 * (4.0 + 4.0 * x * x));
        }

        #[test]
        fn both_sides_mirror(x in -8.0_f64..8.0) {
            prop_assert!((normal_cdf(x) + normal_cdf(-x) - 1.0).abs() < 1e-15);
        }
    }
}

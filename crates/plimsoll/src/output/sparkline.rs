//! A curve in one line of text.

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Draws `values`, oldest first, as at most `width` characters.
///
/// Each character is the mean of its share of the values, on a scale from the lowest to the highest
/// of these means. Values that are not finite are left out; a curve that never moves is drawn at
/// half height, no values are an empty text.
pub fn sparkline(values: &[f64], width: usize) -> String {
    let columns = width.min(values.len());
    let edge = |column: usize| column * values.len() / columns;
    let means: Vec<Option<f64>> =
        (0..columns).map(|column| mean(&values[edge(column)..edge(column + 1)])).collect();
    let known = means.iter().flatten();
    let low = known.clone().copied().fold(f64::INFINITY, f64::min);
    let high = known.copied().fold(f64::NEG_INFINITY, f64::max);
    let level = |mean: f64| {
        if high <= low {
            return LEVELS[3];
        }
        let share = (mean - low) / (high - low);
        LEVELS[((share * LEVELS.len() as f64) as usize).min(LEVELS.len() - 1)]
    };
    means.into_iter().map(|mean| mean.map_or(' ', level)).collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    let finite = values.iter().filter(|value| value.is_finite());
    let (count, sum) = finite.fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn shapes() {
        let ramp: Vec<f64> = (0..800).map(f64::from).collect();
        let nan = f64::NAN;
        let cases: [(&[f64], usize, &str); 7] = [
            (&ramp, 8, "▁▂▃▄▅▆▇█"),
            (&[1.0, 2.0, 1.0], 80, "▁█▁"),
            (&[5.0, 5.0, 5.0], 2, "▄▄"),
            (&[1.0, nan, 2.0], 3, "▁ █"),
            (&[nan], 3, " "),
            (&[], 10, ""),
            (&ramp, 0, ""),
        ];
        for (values, width, expected) in cases {
            assert_eq!(sparkline(values, width), expected);
        }
    }
}

//! The fingerprint of a series, for receipts.

use market::Bars;

/// Values that are turned into bytes at once.
const CHUNK: usize = 2_048;

/// Hashes every bit of every bar: equal bars, equal hash, on every machine.
///
/// BLAKE3 over a tag, the number of bars, and the columns `ts`, `open`, `high`, `low`, `close`,
/// `volume` one after another, each value as eight bytes, the lowest first.
pub fn series_hash(bars: Bars<'_>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"plimsoll bars 1\n");
    hasher.update(&(bars.len() as u64).to_le_bytes());
    column(&mut hasher, bars.ts, i64::to_le_bytes);
    for values in [bars.open, bars.high, bars.low, bars.close, bars.volume] {
        column(&mut hasher, values, f64::to_le_bytes);
    }
    *hasher.finalize().as_bytes()
}

fn column<T: Copy>(hasher: &mut blake3::Hasher, values: &[T], bytes: impl Fn(T) -> [u8; 8]) {
    let mut buffer = [0_u8; CHUNK * 8];
    for chunk in values.chunks(CHUNK) {
        let (places, _) = buffer.as_chunks_mut::<8>();
        for (place, value) in places.iter_mut().zip(chunk) {
            *place = bytes(*value);
        }
        hasher.update(&buffer[..chunk.len() * 8]);
    }
}

#[cfg(test)]
mod tests {
    use market::{Bar, BarSeries};

    use super::series_hash;

    fn series(bars: usize) -> BarSeries {
        let mut series = BarSeries::default();
        for index in 0..bars {
            let price = index as f64 + 0.5;
            let (open, high, low, close) = (price, price + 1.0, price - 0.25, price);
            series.push(Bar { ts: index as i64 * 60, open, high, low, close, volume: 7.0 });
        }
        series
    }

    #[test]
    fn the_encoding_never_changes() {
        // The same bytes built in another way, through the hash function's one-call form.
        let bars = series(3);
        let mut bytes = b"plimsoll bars 1\n".to_vec();
        bytes.extend(3_u64.to_le_bytes());
        bytes.extend(bars.ts.iter().flat_map(|ts| ts.to_le_bytes()));
        for values in [&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume] {
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        assert_eq!(series_hash(bars.bars()), *blake3::hash(&bytes).as_bytes());
    }

    #[test]
    fn every_value_counts() {
        // Longer than one chunk, so that its borders are met.
        let bars = series(2_049);
        let whole = series_hash(bars.bars());
        assert_eq!(whole, series_hash(bars.clone().bars()));
        assert_ne!(whole, series_hash(bars.bars().slice(0..2_048)));
        let changes: [fn(&mut BarSeries); 6] = [
            |bars| bars.ts[2_048] += 1,
            |bars| bars.open[0] = -0.0,
            |bars| bars.high[2_047] += 1e-9,
            |bars| bars.low[2_048] += 1e-9,
            |bars| bars.close[5] += 1e-9,
            |bars| bars.volume[2_048] = 8.0,
        ];
        for change in changes {
            let mut other = bars.clone();
            change(&mut other);
            assert_ne!(series_hash(other.bars()), whole);
        }
    }
}

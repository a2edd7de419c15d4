/** Round values that divide a range into about `count` parts. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => exact((first + i) * step));
}

/** Takes off the dust of binary arithmetic, and the sign of zero. */
function exact(value: number): number {
  return Number(value.toPrecision(12)) || 0;
}

/** Places a value of `[low, high]` on `[from, to]`. */
export function project(
  value: number,
  low: number,
  high: number,
  from: number,
  to: number,
): number {
  return high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from);
}

export interface Bin {
  from: number;
  to: number;
  count: number;
}

/** Counts values in bins of one round width, of which one edge is 0. */
export function bins(values: readonly number[], count: number): Bin[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (values.length === 0) return [];
  const [first = 0, second] = ticks(low, high > low ? high : low + 1, count);
  const width = second === undefined ? Math.max(1, Math.abs(low)) : exact(second - first);
  const start = Math.floor(low / width + 1e-9);
  const end = Math.max(start + 1, Math.ceil(high / width - 1e-9));
  const result = Array.from({ length: end - start }, (_, i) => ({
    from: exact((start + i) * width),
    to: exact((start + i + 1) * width),
    count: 0,
  }));
  for (const value of values) {
    const bin = result[Math.min(result.length - 1, Math.floor(value / width + 1e-9) - start)];
    if (bin) bin.count += 1;
  }
  return result;
}

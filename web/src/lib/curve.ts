import type { EquityPoint } from './api/schema';

export interface MonthlyReturns {
  years: string[];
  /** One row a year: twelve months, null where the curve has none, and the year's own. */
  rows: { months: (number | null)[]; year: number | null }[];
}

/** Returns by calendar month, from each month's last equity to the next one's. */
export function monthlyReturns(points: readonly EquityPoint[]): MonthlyReturns {
  const closes = new Map<string, number>();
  for (const point of points) closes.set(point.timestamp.slice(0, 7), point.equity);
  const years = [...new Set([...closes.keys()].map((month) => month.slice(0, 4)))];
  let previous = points[0]?.equity ?? 1;
  const rows = years.map((year) => {
    const opening = previous;
    const months = Array.from({ length: 12 }, (_, index) => {
      const close = closes.get(`${year}-${String(index + 1).padStart(2, '0')}`);
      if (close === undefined) return null;
      const change = close / previous - 1;
      previous = close;
      return change;
    });
    return { months, year: previous / opening - 1 };
  });
  return { years, rows };
}

/** Each value over its first, as growth of 1. */
export function growth(points: readonly EquityPoint[]): { timestamp: string; value: number }[] {
  const first = points[0]?.equity ?? 1;
  return points.map(({ timestamp, equity }) => ({ timestamp, value: equity / first }));
}

/** What holding would have brought: total return and deepest drawdown; null without a curve. */
export function holdOf(points: readonly EquityPoint[]) {
  const values = points.flatMap(({ buy_and_hold: value }) => (value === null ? [] : [value]));
  const first = values[0];
  const last = values.at(-1);
  if (first === undefined || last === undefined) return null;
  let peak = first;
  let maxDrawdown = 0;
  for (const value of values) {
    peak = Math.max(peak, value);
    maxDrawdown = Math.min(maxDrawdown, value / peak - 1);
  }
  return { totalReturn: last / first - 1, maxDrawdown };
}

/** Years that a total return and its yearly rate imply: the server's own count of periods. */
export function yearsOf(totalReturn: number | null, cagr: number | null): number | null {
  if (totalReturn === null || cagr === null || cagr <= -1 || totalReturn <= -1) return null;
  const years = Math.log1p(totalReturn) / Math.log1p(cagr);
  return Number.isFinite(years) && years > 0 ? years : null;
}

export function yearly(totalReturn: number, years: number): number {
  return (1 + totalReturn) ** (1 / years) - 1;
}

export interface Fall {
  from: string;
  trough: string;
  /** When the old peak was reached again; null while it was not. */
  to: string | null;
  depth: number;
}

/** The deepest drawdowns, each from its peak to its recovery. */
export function worstFalls(points: readonly EquityPoint[], count: number): Fall[] {
  const falls: Fall[] = [];
  let peak = points[0];
  let isUnder = false;
  for (const point of points) {
    if (peak === undefined || point.equity >= peak.equity) {
      const last = falls.at(-1);
      if (isUnder && last) last.to = point.timestamp;
      isUnder = false;
      peak = point;
      continue;
    }
    const depth = point.equity / peak.equity - 1;
    const last = falls.at(-1);
    if (!isUnder || !last)
      falls.push({ from: peak.timestamp, trough: point.timestamp, to: null, depth });
    else if (depth < last.depth) Object.assign(last, { trough: point.timestamp, depth });
    isUnder = true;
  }
  return falls.sort((a, b) => a.depth - b.depth).slice(0, count);
}

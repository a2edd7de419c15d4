import type { Evaluation } from '@/lib/api/schema';

/** Strategies downwards, tickers across. */
export interface Matrix {
  tickers: string[];
  strategies: string[];
  cells: (number | null)[][];
}

/** Lays an evaluation out, strategies with the best mean first. */
export function matrixOf(results: Evaluation, part: 'in_sample' | 'out_of_sample'): Matrix {
  const tickers = Object.keys(results);
  const names = [
    ...new Set(tickers.flatMap((ticker) => Object.keys(results[ticker]?.all_results ?? {}))),
  ];
  const rows = names.map((name) => ({
    name,
    values: tickers.map((ticker) => results[ticker]?.all_results[name]?.[part] ?? null),
  }));
  rows.sort((a, b) => meanOf(b.values) - meanOf(a.values));
  return {
    tickers,
    strategies: rows.map((row) => row.name),
    cells: rows.map((row) => row.values),
  };
}

/** The best strategy of a ticker, with what speaks for and against it. */
export interface BestRow {
  ticker: string;
  strategy: string | null;
  outside: number | null;
  inside: number | null;
  maxDrawdown: number | null;
  trades: number | null;
  /** What buy-and-hold did out of sample. */
  hold: number | null;
  deflated: number | null;
}

export function bestRows(results: Evaluation): BestRow[] {
  return Object.entries(results).map(([ticker, evaluation]) => {
    const best = evaluation.best_strategy
      ? evaluation.all_results[evaluation.best_strategy]
      : undefined;
    return {
      ticker,
      strategy: evaluation.best_strategy,
      outside: best?.out_of_sample ?? null,
      inside: best?.in_sample ?? null,
      maxDrawdown: best?.metrics.max_drawdown ?? null,
      trades: best?.metrics.closed_trades ?? null,
      hold: evaluation.all_results.buy_and_hold?.out_of_sample ?? null,
      deflated: evaluation.statistics?.deflated_sharpe ?? null,
    };
  });
}

function meanOf(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null);
  return known.length === 0
    ? Number.NEGATIVE_INFINITY
    : known.reduce((sum, value) => sum + value, 0) / known.length;
}

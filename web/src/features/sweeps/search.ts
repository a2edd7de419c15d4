import type { GridRequest } from '@/lib/api/schema';

/** How a sweep is looked at, as its URL says. */
export interface SweepSearch {
  metric?: string;
  symbol?: string;
  x?: string;
  y?: string;
  /** Values of the parameters that are neither x nor y: "signal:9,k:2". */
  fixed?: string;
  /** The chosen cell: "20:50" in x and y. */
  at?: string;
  sort?: string;
}

/** The costs and dates of a sweep, for one of its rows run as a backtest. */
export function requestSearch(request: GridRequest) {
  return {
    kind: 'backtest' as const,
    strategy: request.strategy,
    from: request.start_date ?? undefined,
    to: request.end_date ?? undefined,
    timeframe: request.timeframe,
    cash: request.cash,
    fee_bps: request.fee_bps,
    slippage_bps: request.slippage_bps,
    fill: request.fill,
    allow_short: request.allow_short || undefined,
  };
}

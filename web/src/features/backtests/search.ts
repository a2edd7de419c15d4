import type { Params } from '@/lib/api/schema';
import { flag, number, oneOf, type RawSearch, text } from '@/lib/search';

export const RUN_KINDS = ['backtest', 'sweep', 'walk_forward'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export const TIMEFRAMES = ['1d', '1w', '1mo', '4h', '1h', '30m', '15m', '5m', '1m'] as const;

/** What a link to the form may prefill. */
export interface FormSearch {
  kind?: RunKind;
  strategy?: string;
  tickers?: string;
  from?: string;
  to?: string;
  timeframe?: string;
  cash?: number;
  fee_bps?: number;
  slippage_bps?: number;
  fill?: 'next_open' | 'close';
  allow_short?: boolean;
  benchmark?: string;
  params?: Params;
}

export function parseSearch(search: RawSearch): FormSearch {
  return {
    kind: oneOf(search.kind, RUN_KINDS),
    strategy: text(search.strategy),
    tickers: text(search.tickers),
    from: text(search.from),
    to: text(search.to),
    timeframe: oneOf(search.timeframe, TIMEFRAMES),
    cash: number(search.cash),
    fee_bps: number(search.fee_bps),
    slippage_bps: number(search.slippage_bps),
    fill: oneOf(search.fill, ['next_open', 'close']),
    allow_short: flag(search.allow_short),
    benchmark: text(search.benchmark),
    params:
      search.params && typeof search.params === 'object' ? (search.params as Params) : undefined,
  };
}

/** What the list shows, as its URL says. */
export interface ListSearch {
  kind?: RunKind;
  q?: string;
  strategy?: string;
  sort?: string;
}

export function parseListSearch(search: RawSearch): ListSearch {
  return {
    kind: oneOf(search.kind, RUN_KINDS),
    q: text(search.q),
    strategy: text(search.strategy),
    sort: text(search.sort),
  };
}

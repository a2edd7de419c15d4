import type { BacktestReport } from './api/schema';
import { formatNumber } from './format';
import { t } from './strings';

/** One reason for or against a result. `isMet` is null when nobody looked. */
export interface TrustReason {
  id: 'variants' | 'out_of_sample' | 'costs' | 'trades' | 'regimes' | 'lookahead';
  isMet: boolean | null;
  text: string;
}

export interface Trust {
  /** 0 to 5: how many of the five reasons hold. */
  score: number;
  reasons: TrustReason[];
}

export const MAX_TRUST = 5;

/** Fewer closed trades say little. */
const ENOUGH_TRADES = 30;
/** Probability that the Sharpe ratio is above what luck gives among the variants tried. */
const ENOUGH_DEFLATED = 0.95;
/** An out-of-sample Sharpe ratio below this share of the in-sample one has lost its edge. */
const ENOUGH_KEPT = 0.5;
const ENOUGH_CRISES = 2;

/** Falls of the stock market that a strategy should have seen: peak and trough of the S&P 500. */
const CRISES = [
  { name: '1987', from: '1987-08-25', to: '1987-12-04' },
  { name: '2000–02', from: '2000-03-24', to: '2002-10-09' },
  { name: '2008', from: '2007-10-09', to: '2009-03-09' },
  { name: '2020', from: '2020-02-19', to: '2020-03-23' },
  { name: '2022', from: '2022-01-03', to: '2022-10-12' },
];

/**
 * How far a backtest can be believed, never without its reasons.
 *
 * One point for each of five reasons. A failed look-ahead check leaves none; one that was not run
 * leaves at most four.
 */
export function trustOf(report: BacktestReport): Trust {
  const scored = [
    variants(report),
    outOfSample(report),
    costs(report),
    trades(report),
    regimes(report.from, report.to),
  ];
  const lookahead = lookaheadReason(report);
  const met = scored.filter((reason) => reason.isMet).length;
  const limit =
    lookahead.isMet === false ? 0 : lookahead.isMet === null ? MAX_TRUST - 1 : MAX_TRUST;
  return { score: Math.min(met, limit), reasons: [...scored, lookahead] };
}

function variants({ statistics }: BacktestReport): TrustReason {
  const { deflated_sharpe: deflated, trials } = statistics;
  const value = formatNumber(deflated, { decimals: 2 });
  return {
    id: 'variants',
    isMet: deflated === null ? null : deflated >= ENOUGH_DEFLATED,
    text: t('trust.variants', { value, count: trials, enough: ENOUGH_DEFLATED }),
  };
}

function outOfSample({ robustness }: BacktestReport): TrustReason {
  const inside = robustness?.in_sample.sharpe_ratio ?? null;
  const outside = robustness?.out_of_sample.sharpe_ratio ?? null;
  if (inside === null || outside === null) {
    return { id: 'out_of_sample', isMet: null, text: t('trust.outOfSampleMissing') };
  }
  return {
    id: 'out_of_sample',
    isMet: inside > 0 && outside >= inside * ENOUGH_KEPT,
    text: t('trust.outOfSample', {
      inside: formatNumber(inside, { decimals: 2 }),
      outside: formatNumber(outside, { decimals: 2 }),
    }),
  };
}

function costs({ fees, slippage }: BacktestReport): TrustReason {
  const isMet = fees > 0 && slippage > 0;
  return { id: 'costs', isMet, text: isMet ? t('trust.costs') : t('trust.costsMissing') };
}

function trades({ metrics }: BacktestReport): TrustReason {
  const count = metrics.closed_trades ?? 0;
  return {
    id: 'trades',
    isMet: count >= ENOUGH_TRADES,
    text: t('trust.trades', { count, enough: ENOUGH_TRADES }),
  };
}

function regimes(from: string, to: string): TrustReason {
  const seen = CRISES.filter(
    (crisis) => from.slice(0, 10) <= crisis.from && crisis.to <= to.slice(0, 10),
  );
  const names = seen.map((crisis) => crisis.name).join(', ');
  return {
    id: 'regimes',
    isMet: seen.length >= ENOUGH_CRISES,
    text: seen.length > 0 ? t('trust.regimes', { names }) : t('trust.regimesMissing'),
  };
}

function lookaheadReason({ lookahead }: BacktestReport): TrustReason {
  if (!lookahead) return { id: 'lookahead', isMet: null, text: t('trust.lookaheadMissing') };
  const number = formatNumber(lookahead.checked, { decimals: 0 });
  return {
    id: 'lookahead',
    isMet: lookahead.passed,
    text: lookahead.passed ? t('trust.lookahead', { number }) : t('trust.lookaheadFailed'),
  };
}

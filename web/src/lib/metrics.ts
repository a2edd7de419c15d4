import { formatNumber, formatPercent } from './format';
import { t } from './strings';

/** A measure as tables and choices need it. */
export interface Measure {
  key: MeasureKey;
  kind: 'percent' | 'ratio' | 'count' | 'money';
  better?: 'more' | 'less';
}

/** Measures of `quant.md` that pages show, in reading order. */
export const MEASURES = [
  { key: 'total_return', kind: 'percent', better: 'more' },
  { key: 'cagr', kind: 'percent', better: 'more' },
  { key: 'annual_volatility', kind: 'percent', better: 'less' },
  { key: 'sharpe_ratio', kind: 'ratio', better: 'more' },
  { key: 'sortino_ratio', kind: 'ratio', better: 'more' },
  { key: 'calmar_ratio', kind: 'ratio', better: 'more' },
  // Drawdowns are negative: the one nearest to zero is the best.
  { key: 'max_drawdown', kind: 'percent', better: 'more' },
  { key: 'max_drawdown_duration', kind: 'count', better: 'less' },
  { key: 'ulcer_index', kind: 'percent', better: 'less' },
  { key: 'var_95', kind: 'percent' },
  { key: 'cvar_95', kind: 'percent' },
  { key: 'skew', kind: 'ratio' },
  { key: 'kurtosis', kind: 'ratio' },
  { key: 'best', kind: 'percent' },
  { key: 'worst', kind: 'percent' },
  { key: 'closed_trades', kind: 'count' },
  { key: 'win_rate_trades', kind: 'percent', better: 'more' },
  { key: 'profit_factor_trades', kind: 'ratio', better: 'more' },
  { key: 'payoff_ratio_trades', kind: 'ratio', better: 'more' },
  { key: 'average_bars_held_trades', kind: 'ratio' },
  { key: 'exposure', kind: 'percent' },
  { key: 'turnover', kind: 'ratio' },
  { key: 'alpha', kind: 'percent', better: 'more' },
  { key: 'beta', kind: 'ratio' },
  { key: 'correlation', kind: 'ratio' },
  { key: 'information_ratio', kind: 'ratio', better: 'more' },
  { key: 'psr', kind: 'ratio', better: 'more' },
] as const satisfies readonly { key: string; kind: Measure['kind']; better?: 'more' | 'less' }[];

export type MeasureKey = (typeof MEASURES)[number]['key'];

/** Measures that runs are ranked by. */
export const RANKING: readonly MeasureKey[] = [
  'sharpe_ratio',
  'sortino_ratio',
  'calmar_ratio',
  'cagr',
  'total_return',
  'profit_factor_trades',
  'max_drawdown',
];

export function measureOf(key: string): Measure | undefined {
  return MEASURES.find((measure) => measure.key === key);
}

/** A measure's name; one that this app does not know keeps its key. */
export function measureName(key: string): string {
  const measure = measureOf(key);
  return measure ? t(`measure.${measure.key}`) : key;
}

export function formatMeasure(
  key: string,
  value: number | null | undefined,
  signed = false,
): string {
  switch (measureOf(key)?.kind) {
    case 'percent':
      return formatPercent(value, { signed });
    case 'count':
      return formatNumber(value, { decimals: 0, signed });
    default:
      return formatNumber(value, { decimals: 2, signed });
  }
}

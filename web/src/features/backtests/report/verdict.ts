import type { BacktestReport } from '@/lib/api/schema';
import { formatNumber, formatPercent } from '@/lib/format';
import { t } from '@/lib/strings';

/** What a run comes to, for someone who reads nothing else. */
export interface Verdict {
  title: string;
  sentences: string[];
}

/** `holdReturn` is what holding the same instruments brought, null when there is nothing to compare. */
export function verdictOf(
  report: BacktestReport,
  holdReturn: number | null,
  years: number | null,
): Verdict {
  const total = report.metrics.total_return ?? null;
  const trades = report.metrics.closed_trades ?? 0;
  if (report.trades.length === 0) {
    return {
      title: t('verdict.idle'),
      sentences: [t('verdict.idleDetail', { bars: report.bars })],
    };
  }
  const sentences = [result(total, report.metrics.cagr ?? null, years)];
  if (holdReturn !== null && total !== null) {
    sentences.push(t('verdict.hold', { hold: formatPercent(holdReturn, { signed: true }) }));
  }
  sentences.push(...luck(report), ...few(trades));
  return { title: title(report, total, holdReturn), sentences };
}

function title(report: BacktestReport, total: number | null, hold: number | null): string {
  if (total === null) return t('verdict.unknown');
  if (report.lookahead?.passed === false) return t('verdict.lookahead');
  if (total <= 0) return lostTitle(total, hold);
  if (hold === null) return t('verdict.gained');
  return total > hold ? t('verdict.beats') : t('verdict.behind');
}

function lostTitle(total: number, hold: number | null): string {
  if (hold !== null && hold > 0) return t('verdict.lost');
  return hold !== null && total > hold ? t('verdict.lostLess') : t('verdict.lostAlone');
}

function result(total: number | null, cagr: number | null, years: number | null): string {
  return t('verdict.result', {
    total: formatPercent(total, { signed: true }),
    years: formatNumber(years, { decimals: 1 }),
    cagr: formatPercent(cagr, { signed: true }),
  });
}

function luck({ statistics }: BacktestReport): string[] {
  const interval = statistics.bootstrap?.sharpe_ratio;
  if (!interval || interval.lower === null || interval.upper === null) return [];
  const words = {
    level: formatPercent(interval.level, { decimals: 0 }),
    lower: formatNumber(interval.lower, { decimals: 2 }),
    upper: formatNumber(interval.upper, { decimals: 2 }),
  };
  return [
    interval.lower <= 0 && interval.upper >= 0
      ? t('verdict.luck', words)
      : t('verdict.notLuck', words),
  ];
}

function few(trades: number): string[] {
  return trades < 30 ? [t('verdict.few', { count: trades })] : [];
}

import { Delta, Money, Num, Pct } from '@/components/data/num';
import { StatCard, StatStrip } from '@/components/data/stat-card';
import type { BacktestReport } from '@/lib/api/schema';
import type { holdOf } from '@/lib/curve';
import { yearly } from '@/lib/curve';
import { formatNumber, formatPercent } from '@/lib/format';
import { t } from '@/lib/strings';

interface Props {
  report: BacktestReport;
  hold: ReturnType<typeof holdOf>;
  years: number | null;
}

/** The figures that decide, each with what it is measured against. */
export function Headline({ report, hold, years }: Props) {
  const { metrics, statistics } = report;
  const sharpe = statistics.bootstrap?.sharpe_ratio;
  const holdCagr = hold && years ? yearly(hold.totalReturn, years) : null;
  const costs = report.fees + report.slippage + report.financing;
  return (
    <StatStrip>
      <StatCard
        label={t('measure.cagr')}
        formula={t('formula.cagr')}
        note={
          holdCagr !== null && metrics.cagr !== null && metrics.cagr !== undefined ? (
            <>
              <Delta value={metrics.cagr - holdCagr} kind="points" /> {t('report.vsHold')}
            </>
          ) : undefined
        }
      >
        <Pct value={metrics.cagr} signed />
      </StatCard>
      <StatCard
        label={t('measure.sharpe_ratio')}
        formula={t('formula.sharpe_ratio')}
        note={
          sharpe && sharpe.lower !== null
            ? t('report.interval', {
                lower: formatNumber(sharpe.lower, { decimals: 2 }),
                upper: formatNumber(sharpe.upper, { decimals: 2 }),
                level: formatPercent(sharpe.level, { decimals: 0 }),
              })
            : undefined
        }
      >
        <Num value={metrics.sharpe_ratio} decimals={2} />
      </StatCard>
      <StatCard
        label={t('measure.max_drawdown')}
        formula={t('formula.max_drawdown')}
        note={
          hold ? t('report.holdDrawdown', { value: formatPercent(hold.maxDrawdown) }) : undefined
        }
      >
        <Pct value={metrics.max_drawdown} />
      </StatCard>
      <StatCard
        label={t('measure.closed_trades')}
        note={t('report.winRate', {
          value: formatPercent(metrics.win_rate_trades, { decimals: 0 }),
        })}
      >
        <Num value={metrics.closed_trades} decimals={0} />
      </StatCard>
      <StatCard
        label={t('measure.exposure')}
        formula={t('formula.exposure')}
        note={t('report.turnover', { value: formatNumber(metrics.turnover, { decimals: 1 }) })}
      >
        <Pct value={metrics.exposure} decimals={0} />
      </StatCard>
      <StatCard
        label={t('report.costs')}
        note={t('report.costShare', { value: formatPercent(costs / report.cash) })}
      >
        <Money value={costs} compact />
      </StatCard>
      <StatCard
        label={t('report.finalEquity')}
        note={
          <>
            {t('report.from')} <Money value={report.cash} decimals={0} />
          </>
        }
      >
        <Money value={report.final_equity} compact />
      </StatCard>
    </StatStrip>
  );
}

import { useQueries, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { ChartCredit } from '@/components/charts/chart-credit';
import { EmptyState, ErrorPanel, Loading, Skeleton } from '@/components/data/states';
import { type CompareRow, CompareTable } from '@/components/lab/compare-table';
import { TrustBadge } from '@/components/lab/trust-meter';
import { Page, PageHeader } from '@/components/shell/page';
import { buttonStyle, IconButton } from '@/components/ui/button';
import { Select } from '@/components/ui/field';
import { backtestQuery, backtestsQuery, equityQuery } from '@/lib/api/queries';
import type { BacktestReport, EquityPoint } from '@/lib/api/schema';
import { paramsText, useStrategyLabel } from '@/lib/api/use-labels';
import { growth } from '@/lib/curve';
import { formatPercent } from '@/lib/format';
import { formatMeasure, MEASURES, type MeasureKey, measureName } from '@/lib/metrics';
import { t } from '@/lib/strings';
import { MAX_TRUST, trustOf } from '@/lib/trust';

const GrowthChart = lazy(() =>
  import('@/components/charts/lines-chart').then((module) => ({ default: module.GrowthChart })),
);
const UnderwaterChart = lazy(() =>
  import('@/components/charts/lines-chart').then((module) => ({ default: module.UnderwaterChart })),
);

const COMPARED: MeasureKey[] = [
  'total_return',
  'cagr',
  'annual_volatility',
  'sharpe_ratio',
  'sortino_ratio',
  'calmar_ratio',
  'max_drawdown',
  'max_drawdown_duration',
  'closed_trades',
  'win_rate_trades',
  'profit_factor_trades',
  'exposure',
];

interface Compared {
  id: string;
  name: string;
  report: BacktestReport;
  points: readonly EquityPoint[];
}

/** Runs side by side. The URL names them, so the comparison can be sent. */
export function ComparePage({ ids }: { ids: string[] }) {
  const label = useStrategyLabel();
  const runs = useQueries({ queries: ids.map(backtestQuery) });
  const curves = useQueries({ queries: ids.map((id) => equityQuery('backtests', id)) });
  const failed = runs.find((run) => run.isLoadingError);
  const isPending = runs.some((run) => run.isPending) || curves.some((curve) => curve.isPending);
  const compared = ids.flatMap((id, index): Compared[] => {
    const report = runs[index]?.data?.report;
    const points = curves[index]?.data;
    if (!report || !points) return [];
    return [{ id, name: nameOf(report, label), report, points }];
  });
  return (
    <Page>
      <PageHeader
        above={
          <Link to="/backtests" className="hover:underline">
            {t('nav.backtests')}
          </Link>
        }
        title={t('compare.title')}
        below={<span>{t('compare.count', { count: compared.length })}</span>}
        actions={<AddRun ids={ids} />}
      />
      {ids.length === 0 && (
        <div className="card">
          <EmptyState
            title={t('compare.empty')}
            action={
              <Link to="/backtests" className={buttonStyle({ kind: 'primary' })}>
                {t('compare.choose')}
              </Link>
            }
          >
            {t('compare.emptyDetail')}
          </EmptyState>
        </div>
      )}
      {failed && (
        <div className="card">
          <ErrorPanel
            error={failed.error}
            stillTrue={t('compare.othersStand')}
            onRetry={() => failed.refetch()}
          />
        </div>
      )}
      {isPending && (
        <Loading>
          <Skeleton className="h-[380px] w-full rounded-card" />
        </Loading>
      )}
      {!isPending && compared.length > 0 && <Comparison compared={compared} ids={ids} />}
    </Page>
  );
}

function Comparison({ compared, ids }: { compared: Compared[]; ids: string[] }) {
  const navigate = useNavigate({ from: '/backtests/compare' });
  const names = unique(compared.map((run) => run.name));
  const key = compared.map((run) => run.id).join();
  // Reports never change, so their ids say when the lines do.
  const grown = useMemo(
    () => compared.map((run, index) => ({ name: names[index] ?? '', points: growth(run.points) })),
    [key],
  );
  const falls = useMemo(
    () =>
      compared.map((run, index) => ({
        name: names[index] ?? '',
        points: run.points.map(({ timestamp, drawdown: value }) => ({ timestamp, value })),
      })),
    [key],
  );
  const summary = compared
    .map(
      (run, index) =>
        `${names[index]}: ${formatPercent(run.report.metrics.total_return, { signed: true })}`,
    )
    .join(', ');
  const space = <Skeleton className="h-[344px] w-full rounded-card" />;
  return (
    <>
      <Suspense fallback={space}>
        <GrowthChart
          title={t('compare.growth')}
          lines={grown}
          summary={summary}
          fileName="compare-growth"
          isLog
        />
        <UnderwaterChart
          title={t('report.drawdown')}
          lines={falls}
          summary={summary}
          fileName="compare-drawdown"
        />
      </Suspense>
      <section className="card overflow-hidden">
        <CompareTable
          caption={t('compare.measures')}
          columns={compared.map((run, index) => ({
            key: run.id,
            label: (
              <span className="inline-flex items-center gap-1">
                <Link to="/backtests/$id" params={{ id: run.id }} className="hover:underline">
                  {names[index]}
                </Link>
                <IconButton
                  label={t('compare.remove', { name: names[index] ?? '' })}
                  className="no-print size-6!"
                  onClick={() =>
                    navigate({ search: { ids: ids.filter((id) => id !== run.id).join(',') } })
                  }
                >
                  <X className="size-3.5!" />
                </IconButton>
              </span>
            ),
          }))}
          rows={[...COMPARED.map((measure) => rowOf(measure, compared)), trustRow(compared)]}
        />
      </section>
      <dl className="grid gap-3 text-13 sm:grid-cols-2 lg:grid-cols-3">
        {compared.map((run, index) => (
          <div key={run.id} className="card flex flex-col gap-1 p-4">
            <dt className="flex items-center justify-between gap-2 font-medium">
              {names[index]} <TrustBadge trust={trustOf(run.report)} />
            </dt>
            <dd className="text-ink-2">
              {paramsText(run.report.params) || t('backtests.defaults')}
            </dd>
            <dd className="num text-12 text-ink-3">
              {run.report.from.slice(0, 10)} – {run.report.to.slice(0, 10)}
            </dd>
          </div>
        ))}
      </dl>
      <ChartCredit />
    </>
  );
}

/** Adds a finished run that is not compared yet. */
function AddRun({ ids }: { ids: string[] }) {
  const navigate = useNavigate({ from: '/backtests/compare' });
  const label = useStrategyLabel();
  const others = (useQuery(backtestsQuery).data?.backtests ?? []).filter(
    (row) => row.status === 'completed' && !ids.includes(row.task_id),
  );
  if (others.length === 0 || ids.length >= 6) return null;
  return (
    <Select
      aria-label={t('compare.add')}
      className="w-56!"
      value=""
      onValue={(id) => id && navigate({ search: { ids: [...ids, id].join(',') } })}
      options={[
        { value: '', label: t('compare.add') },
        ...others.slice(0, 50).map(({ task_id: value, request }) => ({
          value,
          label: `${label(request.strategy)} · ${request.tickers.join(', ')} · ${paramsText(request.params)}`,
        })),
      ]}
    />
  );
}

function rowOf(key: MeasureKey, compared: Compared[]): CompareRow {
  const measure = MEASURES.find((one) => one.key === key);
  return {
    label: measureName(key),
    values: compared.map((run) => run.report.metrics[key] ?? null),
    format: (value) => formatMeasure(key, value),
    ...(measure && 'better' in measure ? { better: measure.better } : {}),
  };
}

function trustRow(compared: Compared[]): CompareRow {
  return {
    label: t('trust.title'),
    values: compared.map((run) => trustOf(run.report).score),
    format: (value) => `${value}/${MAX_TRUST}`,
    better: 'more',
  };
}

function nameOf(report: BacktestReport, label: (name: string) => string): string {
  return `${label(report.strategy)} · ${report.symbols.join(', ')}`;
}

/** Numbers names that occur twice. */
function unique(names: string[]): string[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length;
    return names.indexOf(name) !== names.lastIndexOf(name) ? `${name} (${before + 1})` : name;
  });
}

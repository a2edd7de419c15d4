import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type Column, DataTable } from '@/components/data/data-table';
import { Num, Pct } from '@/components/data/num';
import { StatCard, StatStrip } from '@/components/data/stat-card';
import { ErrorPanel, Loading, Skeleton } from '@/components/data/states';
import { JobProgress } from '@/components/lab/job-progress';
import { Page, PageHeader } from '@/components/shell/page';
import { buttonStyle } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { useJob } from '@/lib/api/jobs';
import { walkForwardQuery } from '@/lib/api/queries';
import type {
  WalkForward,
  WalkForwardReport,
  WalkForwardResult,
  WalkForwardWindow,
} from '@/lib/api/schema';
import { paramsText, useStrategyLabel } from '@/lib/api/use-labels';
import { formatNumber, formatPercent } from '@/lib/format';
import { formatMeasure, measureName } from '@/lib/metrics';
import { sortOf, sortText } from '@/lib/search';
import { t } from '@/lib/strings';
import { WindowsChart } from './windows-chart';

/** How a walk-forward is looked at, as its URL says. */
export interface WalkForwardSearch {
  symbol?: string;
  sort?: string;
}

interface Props {
  id: string;
  search: WalkForwardSearch;
}

/** One walk-forward: waiting, failed, or its windows. */
export function WalkForwardPage({ id, search }: Props) {
  const query = useQuery(walkForwardQuery(id));
  const label = useStrategyLabel();
  const run = query.data;
  return (
    <Page>
      <PageHeader
        above={
          <Link to="/backtests" search={{ kind: 'walk_forward' }} className="hover:underline">
            {t('backtests.kinds.walk_forward')}
          </Link>
        }
        title={
          run
            ? `${label(run.request.strategy)} · ${run.request.tickers.join(', ')}`
            : t('walkForward.title')
        }
        below={run && <span>{windowText(run)}</span>}
        actions={
          run && (
            <Link
              to="/backtests/new"
              search={{
                kind: 'walk_forward',
                strategy: run.request.strategy,
                tickers: run.request.tickers.join(','),
              }}
              className={buttonStyle()}
            >
              {t('report.rerun')}
            </Link>
          )
        }
      />
      {query.isPending && <Outline />}
      {query.isLoadingError && (
        <div className="card">
          <ErrorPanel error={query.error} onRetry={query.refetch} />
        </div>
      )}
      {run && !run.report && <Waiting run={run} />}
      {run?.report && <Result report={run.report} search={search} />}
    </Page>
  );
}

function Waiting({ run }: { run: WalkForward }) {
  const isRunning = run.status === 'processing';
  const job = useJob(run.task_id, isRunning);
  return (
    <>
      <section aria-label={t('job.kind.walk_forward')} aria-live="polite" className="card p-5">
        <JobProgress task={isRunning ? (job.data ?? run) : run} />
      </section>
      {isRunning && <Outline />}
    </>
  );
}

function Result({ report, search }: { report: WalkForwardReport; search: WalkForwardSearch }) {
  const navigate = useNavigate({ from: '/walk-forwards/$id' });
  const view = (change: Partial<WalkForwardSearch>) =>
    navigate({
      search: (old: WalkForwardSearch) => ({ ...old, ...change }),
      replace: true,
      resetScroll: false,
    });
  const result = report.results.find(({ symbol }) => symbol === search.symbol) ?? report.results[0];
  if (!result) return null;
  return (
    <>
      {report.results.length > 1 && (
        <Segmented
          label={t('form.tickers')}
          className="self-start"
          value={result.symbol}
          options={report.results.map(({ symbol }) => ({ value: symbol, label: symbol }))}
          onValue={(symbol) => view({ symbol })}
        />
      )}
      <Headline result={result} />
      <WindowsChart windows={result.windows} metric={report.metric} symbol={result.symbol} />
      <WindowTable
        result={result}
        metric={report.metric}
        sort={search.sort}
        onSort={(sort) => view({ sort })}
      />
      <section aria-label={t('report.assumptions')} className="card p-4">
        <h2 className="mb-2 text-13 font-semibold">{t('report.assumptions')}</h2>
        <ul className="flex list-disc flex-col gap-1.5 pl-4 text-13 text-ink-2">
          {report.assumptions.map((text) => (
            <li key={text} className="text-pretty">
              {text}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Headline({ result }: { result: WalkForwardResult }) {
  const { out_of_sample: outside, efficiency, windows } = result;
  const interval = result.statistics.bootstrap?.sharpe_ratio;
  const won = windows.filter((one) => (one.out_of_sample_return ?? 0) > 0).length;
  return (
    <StatStrip>
      <StatCard
        label={t('walkForward.sharpe')}
        formula={t('formula.sharpe_ratio')}
        note={
          interval &&
          t('report.interval', {
            lower: formatNumber(interval.lower, { decimals: 2 }),
            upper: formatNumber(interval.upper, { decimals: 2 }),
            level: formatPercent(interval.level, { decimals: 0 }),
          })
        }
      >
        <Num value={outside.sharpe_ratio} decimals={2} />
      </StatCard>
      <StatCard
        label={t('walkForward.efficiency')}
        formula={t('formula.efficiency')}
        note={
          efficiency === null
            ? undefined
            : t(efficiency >= 0.5 ? 'walkForward.kept' : 'walkForward.lost')
        }
      >
        {formatPercent(efficiency, { decimals: 0 })}
      </StatCard>
      <StatCard label={t('measure.cagr')} note={t('walkForward.outside')}>
        <Pct value={outside.cagr} signed />
      </StatCard>
      <StatCard label={t('measure.max_drawdown')} note={t('walkForward.outside')}>
        <Pct value={outside.max_drawdown} />
      </StatCard>
      <StatCard
        label={t('walkForward.windows')}
        note={t('walkForward.won', { count: won, total: windows.length })}
      >
        <Num value={windows.length} decimals={0} />
      </StatCard>
      <StatCard label={t('sweep.tried')} note={t('walkForward.triedNote')}>
        <Num value={result.tried} decimals={0} />
      </StatCard>
    </StatStrip>
  );
}

interface TableProps {
  result: WalkForwardResult;
  metric: string;
  sort: string | undefined;
  onSort: (sort: string) => void;
}

function WindowTable({ result, metric, sort, onSort }: TableProps) {
  const columns: Column<WalkForwardWindow>[] = [
    {
      key: 'train',
      label: t('walkForward.train'),
      isWide: true,
      sortBy: (row) => row.train_from,
      render: (row) => <Span from={row.train_from} to={row.train_to} />,
    },
    {
      key: 'test',
      label: t('walkForward.test'),
      sortBy: (row) => row.test_from,
      render: (row) => <Span from={row.test_from} to={row.test_to} />,
    },
    {
      key: 'params',
      label: t('walkForward.chosen'),
      isWide: true,
      render: (row) => paramsText(row.params),
    },
    {
      key: 'in_sample',
      label: t('robust.inside'),
      title: `${t('robust.inside')}: ${measureName(metric)}`,
      isNumber: true,
      isWide: true,
      sortBy: (row) => row.in_sample,
      render: (row) => formatMeasure(metric, row.in_sample),
    },
    {
      key: 'out_of_sample',
      label: t('robust.outside'),
      title: `${t('robust.outside')}: ${measureName(metric)}`,
      isNumber: true,
      sortBy: (row) => row.out_of_sample,
      render: (row) => (
        <span className="font-medium">{formatMeasure(metric, row.out_of_sample)}</span>
      ),
    },
    {
      key: 'return',
      label: t('walkForward.return'),
      isNumber: true,
      sortBy: (row) => row.out_of_sample_return,
      render: (row) => <Pct value={row.out_of_sample_return} signed />,
    },
    {
      key: 'trades',
      label: t('measureShort.closed_trades'),
      isNumber: true,
      isWide: true,
      sortBy: (row) => row.closed_trades,
      render: (row) => <Num value={row.closed_trades} decimals={0} />,
    },
  ];
  return (
    <section aria-label={t('walkForward.windows')} className="card overflow-hidden">
      <h2 className="px-4 py-3 text-13 font-semibold">{t('walkForward.windows')}</h2>
      <DataTable
        caption={t('walkForward.windows')}
        columns={columns}
        rows={result.windows}
        rowKey={(row) => row.test_from}
        sort={sortOf(sort)}
        onSort={(next) => onSort(sortText(next))}
      />
    </section>
  );
}

function Span({ from, to }: { from: string; to: string }) {
  return (
    <span className="num">
      {from} <span className="text-ink-3">–</span> {to}
    </span>
  );
}

function windowText({ request }: WalkForward): string {
  return t(request.anchored ? 'walkForward.aboutAnchored' : 'walkForward.about', {
    train: request.train ?? 504,
    test: request.test ?? 126,
  });
}

function Outline() {
  return (
    <Loading>
      <div className="flex flex-col gap-5">
        <Skeleton className="h-[86px] w-full rounded-card" />
        <Skeleton className="h-[320px] w-full rounded-card" />
      </div>
    </Loading>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type Column, DataTable } from '@/components/data/data-table';
import { Explain } from '@/components/data/explain';
import { Num } from '@/components/data/num';
import { StatCard, StatStrip } from '@/components/data/stat-card';
import { ErrorPanel, Loading, Skeleton } from '@/components/data/states';
import { JobProgress } from '@/components/lab/job-progress';
import { Page, PageHeader } from '@/components/shell/page';
import { buttonStyle } from '@/components/ui/button';
import { useJob } from '@/lib/api/jobs';
import { surfaceQuery, sweepQuery } from '@/lib/api/queries';
import type { GridRequest, Sweep, SweepReport, SweepRow } from '@/lib/api/schema';
import { paramsText, useStrategyLabel } from '@/lib/api/use-labels';
import { formatNumber, formatPercent } from '@/lib/format';
import { formatMeasure, type MeasureKey, measureName } from '@/lib/metrics';
import { sortOf, sortText } from '@/lib/search';
import { t } from '@/lib/strings';
import { requestSearch, type SweepSearch } from './search';
import { SurfaceSection } from './surface-section';

interface Props {
  id: string;
  search: SweepSearch;
}

/** One sweep: waiting, failed, or its map. */
export function SweepPage({ id, search }: Props) {
  const query = useQuery(sweepQuery(id));
  const label = useStrategyLabel();
  const sweep = query.data;
  const title = sweep
    ? `${label(sweep.request.strategy)} · ${sweep.request.tickers.join(', ')}`
    : t('sweep.title');
  return (
    <Page>
      <PageHeader
        above={
          <Link to="/backtests" search={{ kind: 'sweep' }} className="hover:underline">
            {t('backtests.kinds.sweep')}
          </Link>
        }
        title={title}
        below={sweep && <span>{gridText(sweep.request)}</span>}
        actions={
          sweep && (
            <Link
              to="/backtests/new"
              search={{
                kind: 'sweep',
                strategy: sweep.request.strategy,
                tickers: sweep.request.tickers.join(','),
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
      {sweep && !sweep.report && <Waiting sweep={sweep} />}
      {sweep?.report && (
        <Result id={id} report={sweep.report} request={sweep.request} search={search} />
      )}
    </Page>
  );
}

function Waiting({ sweep }: { sweep: Sweep }) {
  const isRunning = sweep.status === 'processing';
  const job = useJob(sweep.task_id, isRunning);
  return (
    <>
      <section aria-label={t('job.kind.sweep')} aria-live="polite" className="card p-5">
        <JobProgress task={isRunning ? (job.data ?? sweep) : sweep} />
      </section>
      {isRunning && <Outline />}
    </>
  );
}

interface ResultProps extends Props {
  report: SweepReport;
  request: GridRequest;
}

function Result({ id, report, request, search }: ResultProps) {
  const navigate = useNavigate({ from: '/sweeps/$id' });
  const metric = search.metric ?? report.metric;
  const surface = useQuery(surfaceQuery(id, metric));
  const view = (change: Partial<SweepSearch>) =>
    navigate({
      search: (old: SweepSearch) => ({ ...old, ...change }),
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <SweepHeadline report={report} />
      {surface.isPending && <Skeleton className="h-[480px] w-full rounded-card" />}
      {surface.isLoadingError && (
        <div className="card">
          <ErrorPanel
            error={surface.error}
            stillTrue={t('sweep.rowsStand')}
            onRetry={surface.refetch}
          />
        </div>
      )}
      {surface.data && (
        <SurfaceSection
          surface={surface.data}
          isUpdating={surface.isPlaceholderData}
          request={request}
          search={{ ...search, metric }}
          onView={view}
        />
      )}
      <TopRows
        report={report}
        request={request}
        sort={search.sort}
        onSort={(sort) => view({ sort })}
      />
    </>
  );
}

function SweepHeadline({ report }: { report: SweepReport }) {
  const best = report.rows[0];
  const loss =
    report.overfitting?.find((one) => one.symbol === best?.symbol)?.probability_of_oos_loss ?? null;
  return (
    <StatStrip>
      <StatCard label={t('sweep.tried')} note={t('sweep.triedNote')}>
        <Num value={report.tried} decimals={0} />
      </StatCard>
      <StatCard
        label={t('sweep.pbo')}
        formula={t('formula.pbo')}
        note={
          report.pbo === null
            ? undefined
            : t(
                report.pbo > 0.5
                  ? 'sweep.pboBad'
                  : report.pbo > 0.2
                    ? 'sweep.pboFair'
                    : 'sweep.pboGood',
              )
        }
      >
        {formatPercent(report.pbo, { decimals: 0 })}
      </StatCard>
      <StatCard
        label={t('sweep.bestOf', { measure: measureName(report.metric) })}
        note={paramsText(best?.params)}
      >
        {formatMeasure(report.metric, best?.metrics[report.metric])}
      </StatCard>
      <StatCard
        label={t('sweep.deflated')}
        formula={t('formula.deflated')}
        note={t('sweep.deflatedNote', { count: report.tried })}
      >
        <Num value={best?.statistics?.deflated_sharpe} decimals={2} />
      </StatCard>
      <StatCard label={t('sweep.loss')} formula={t('formula.loss')} note={t('sweep.lossNote')}>
        {formatPercent(loss, { decimals: 0 })}
      </StatCard>
    </StatStrip>
  );
}

const SHOWN: MeasureKey[] = [
  'sharpe_ratio',
  'cagr',
  'max_drawdown',
  'closed_trades',
  'profit_factor_trades',
];

interface RowsProps {
  report: SweepReport;
  request: GridRequest;
  sort: string | undefined;
  onSort: (sort: string) => void;
}

function TopRows({ report, request, sort, onSort }: RowsProps) {
  const names = Object.keys(report.rows[0]?.params ?? {});
  const measures = [...new Set([report.metric as MeasureKey, ...SHOWN])];
  const several = new Set(report.rows.map((row) => row.symbol)).size > 1;
  const columns: Column<SweepRow>[] = [
    ...(several
      ? [
          {
            key: 'symbol',
            label: t('form.tickers'),
            sortBy: (row: SweepRow) => row.symbol,
            render: (row: SweepRow) => row.symbol,
          },
        ]
      : []),
    ...names.map(
      (name): Column<SweepRow> => ({
        key: name,
        label: name.replaceAll('_', ' '),
        isNumber: true,
        sortBy: (row) => row.params[name],
        render: (row) => <Num value={row.params[name]} />,
      }),
    ),
    ...measures.map(
      (key, index): Column<SweepRow> => ({
        key,
        label: measureName(key),
        isNumber: true,
        isWide: index > 1,
        sortBy: (row) => row.metrics[key],
        render: (row) => formatMeasure(key, row.metrics[key]),
      }),
    ),
    {
      key: 'run',
      label: '',
      title: t('sweep.openRow'),
      className: 'text-right',
      render: (row) => (
        <Link
          to="/backtests/new"
          search={{ ...requestSearch(request), tickers: row.symbol, params: row.params }}
          className={buttonStyle({ kind: 'quiet', size: 's' })}
        >
          {t('sweep.openRow')}
        </Link>
      ),
    },
  ];
  return (
    <section aria-label={t('sweep.top')} className="card overflow-hidden">
      <h2 className="flex items-center gap-1.5 px-4 py-3 text-13 font-semibold">
        {t('sweep.top')} <Explain term={t('sweep.top')} text={t('sweep.topDetail')} />
      </h2>
      <DataTable
        caption={t('sweep.top')}
        columns={columns}
        rows={report.rows}
        rowKey={(row) => `${row.symbol} ${paramsText(row.params)}`}
        sort={sortOf(sort)}
        onSort={(next) => onSort(sortText(next))}
        maxHeight={460}
      />
    </section>
  );
}

function gridText(request: GridRequest): string {
  return Object.entries(request.grid ?? {})
    .map(([name, grid]) => {
      const range = Array.isArray(grid)
        ? grid.map((value) => formatNumber(value)).join(', ')
        : `${formatNumber(grid.from)}–${formatNumber(grid.to)}`;
      return `${name.replaceAll('_', ' ')} ${range}`;
    })
    .join(' · ');
}

function Outline() {
  return (
    <Loading>
      <div className="flex flex-col gap-5">
        <Skeleton className="h-[86px] w-full rounded-card" />
        <Skeleton className="h-[480px] w-full rounded-card" />
      </div>
    </Loading>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type Column, DataTable } from '@/components/data/data-table';
import { Num, Pct } from '@/components/data/num';
import { EmptyState, ErrorPanel, SkeletonRows, StaleNote } from '@/components/data/states';
import { TimeAgo } from '@/components/data/time-ago';
import { ProgressBar, progressText } from '@/components/lab/job-progress';
import { Page, PageHeader } from '@/components/shell/page';
import { Button, buttonStyle } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { Segmented } from '@/components/ui/segmented';
import { backtestsQuery, LIST_LIMIT, sweepsQuery, walkForwardsQuery } from '@/lib/api/queries';
import type {
  BacktestRow,
  RunRequest,
  SweepRowSummary,
  Task,
  WalkForwardRow,
} from '@/lib/api/schema';
import { paramsText, useStrategyLabel } from '@/lib/api/use-labels';
import { measureName } from '@/lib/metrics';
import { sortOf, sortText } from '@/lib/search';
import { t } from '@/lib/strings';
import { type ListSearch, RUN_KINDS, type RunKind } from './search';

const MAX_COMPARED = 6;

/** Everything that was run, newest first, until sorted otherwise. */
export function BacktestsPage({ search }: { search: ListSearch }) {
  const kind = search.kind ?? 'backtest';
  const navigate = useNavigate({ from: '/backtests/' });
  const setSearch = (change: Partial<ListSearch>) =>
    navigate({ search: (old: ListSearch) => ({ ...old, ...change }), replace: true });
  return (
    <Page>
      <PageHeader
        title={t('nav.backtests')}
        actions={
          <Link to="/backtests/new" search={{ kind }} className={buttonStyle({ kind: 'primary' })}>
            <Plus aria-hidden /> {t(`backtests.newOf.${kind}`)}
          </Link>
        }
      />
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label={t('backtests.kind')}
          value={kind}
          options={RUN_KINDS.map((value) => ({ value, label: t(`backtests.kinds.${value}`) }))}
          onValue={(value) => navigate({ search: { kind: value } })}
        />
        <Filters search={search} onChange={setSearch} />
      </div>
      {kind === 'backtest' && <BacktestList search={search} onChange={setSearch} />}
      {kind === 'sweep' && <SweepList search={search} onChange={setSearch} />}
      {kind === 'walk_forward' && <WalkForwardList search={search} onChange={setSearch} />}
    </Page>
  );
}

interface ListProps {
  search: ListSearch;
  onChange: (change: Partial<ListSearch>) => void;
}

function Filters({ search, onChange }: ListProps) {
  const { data } = useQuery(backtestsQuery);
  const label = useStrategyLabel();
  const names = [...new Set((data?.backtests ?? []).map((row) => row.request.strategy))].sort();
  return (
    <div className="ml-auto flex min-w-0 grow gap-2 md:grow-0">
      <Input
        type="search"
        aria-label={t('backtests.filter')}
        placeholder={t('backtests.filter')}
        className="md:w-40"
        value={search.q ?? ''}
        onChange={(event) => onChange({ q: event.target.value || undefined })}
      />
      {(names.length > 1 || search.strategy) && (
        <Select
          aria-label={t('form.strategy')}
          className="md:w-44"
          value={search.strategy ?? ''}
          onValue={(value) => onChange({ strategy: value || undefined })}
          options={[
            { value: '', label: t('backtests.allStrategies') },
            ...names.map((name) => ({ value: name, label: label(name) })),
          ]}
        />
      )}
    </div>
  );
}

function BacktestList({ search, onChange }: ListProps) {
  const query = useQuery({ ...backtestsQuery, refetchInterval: whileRunning('backtests') });
  const navigate = useNavigate();
  const label = useStrategyLabel();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = (row: BacktestRow) =>
    setSelected((old) => {
      const next = new Set(old);
      if (!next.delete(row.task_id) && next.size < MAX_COMPARED) next.add(row.task_id);
      return next;
    });
  const columns: Column<BacktestRow>[] = [
    {
      key: 'select',
      label: '',
      title: t('backtests.select'),
      className: 'w-8 pr-0!',
      render: (row) => (
        // The whole label can be pressed: a box of 16 px is too small for a thumb.
        <label className="-ml-1 flex size-6 items-center justify-center touch:-ml-3 touch:size-11">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={t('backtests.selectOne', { name: runName(row.request, label) })}
            checked={selected.has(row.task_id)}
            disabled={row.metrics === null}
            onChange={() => toggle(row)}
            className="size-4 accent-[var(--ink)]"
          />
        </label>
      ),
    },
    ...runColumns<BacktestRow>(label, '/backtests/$id'),
    metricColumn('cagr', (row) => row.metrics?.cagr, 'percent'),
    metricColumn('sharpe_ratio', (row) => row.metrics?.sharpe_ratio, 'ratio'),
    {
      ...metricColumn<BacktestRow>('max_drawdown', (row) => row.metrics?.max_drawdown, 'percent'),
      isWide: true,
    },
    {
      ...metricColumn<BacktestRow>('closed_trades', (row) => row.metrics?.closed_trades, 'count'),
      isWide: true,
    },
    whenColumn(),
  ];
  return (
    <ListFrame
      query={query}
      kind="backtest"
      rows={query.data?.backtests}
      total={query.data?.total}
      search={search}
      label={label}
      onChange={onChange}
      columns={columns}
      onOpen={(row) => navigate({ to: '/backtests/$id', params: { id: row.task_id } })}
      selected={selected}
      onSelect={(row) => row.metrics !== null && toggle(row)}
      footer={
        selected.size > 0 && (
          <div className="sticky bottom-20 z-10 mx-auto flex items-center gap-3 rounded-pill border bg-surface py-1.5 pr-1.5 pl-4 text-13 shadow-overlay md:bottom-4">
            <span className="num">{t('backtests.selected', { count: selected.size })}</span>
            <Button size="s" kind="quiet" onClick={() => setSelected(new Set())}>
              {t('backtests.clear')}
            </Button>
            {selected.size > 1 ? (
              <Link
                to="/backtests/compare"
                search={{ ids: [...selected].join(',') }}
                className={buttonStyle({ kind: 'primary', size: 's', className: 'rounded-pill' })}
              >
                {t('backtests.compare')}
              </Link>
            ) : (
              <span className="pr-3 text-12 text-ink-3">{t('backtests.selectMore')}</span>
            )}
          </div>
        )
      }
    />
  );
}

function SweepList({ search, onChange }: ListProps) {
  const query = useQuery({ ...sweepsQuery, refetchInterval: whileRunning('sweeps') });
  const navigate = useNavigate();
  const label = useStrategyLabel();
  const columns: Column<SweepRowSummary>[] = [
    ...runColumns<SweepRowSummary>(label, '/sweeps/$id'),
    metricNumber('tried', t('sweep.tried'), (row) => row.tried, 0),
    metricNumber('pbo', t('sweep.pbo'), (row) => row.pbo, 2),
    {
      key: 'best',
      label: t('sweep.best'),
      isWide: true,
      render: (row) => <span className="text-ink-2">{paramsText(row.best?.params) || '—'}</span>,
    },
    whenColumn(),
  ];
  return (
    <ListFrame
      query={query}
      kind="sweep"
      rows={query.data?.sweeps}
      total={query.data?.total}
      search={search}
      label={label}
      onChange={onChange}
      columns={columns}
      onOpen={(row) => navigate({ to: '/sweeps/$id', params: { id: row.task_id } })}
    />
  );
}

function WalkForwardList({ search, onChange }: ListProps) {
  const query = useQuery({ ...walkForwardsQuery, refetchInterval: whileRunning('walk_forwards') });
  const navigate = useNavigate();
  const label = useStrategyLabel();
  const columns: Column<WalkForwardRow>[] = [
    ...runColumns<WalkForwardRow>(label, '/walk-forwards/$id'),
    metricColumn('sharpe_ratio', (row) => row.metrics?.sharpe_ratio, 'ratio'),
    metricColumn('max_drawdown', (row) => row.metrics?.max_drawdown, 'percent'),
    metricNumber('efficiency', t('walkForward.efficiency'), (row) => row.efficiency, 2),
    whenColumn(),
  ];
  return (
    <ListFrame
      query={query}
      kind="walk_forward"
      rows={query.data?.walk_forwards}
      total={query.data?.total}
      search={search}
      label={label}
      onChange={onChange}
      columns={columns}
      onOpen={(row) => navigate({ to: '/walk-forwards/$id', params: { id: row.task_id } })}
    />
  );
}

type Run = Task & { request: RunRequest };

interface FrameProps<Row extends Run> extends ListProps {
  query: {
    isPending: boolean;
    isLoadingError: boolean;
    isRefetchError: boolean;
    error: unknown;
    dataUpdatedAt: number;
    refetch: () => void;
  };
  kind: RunKind;
  rows: Row[] | undefined;
  total: number | undefined;
  label: (name: string) => string;
  columns: Column<Row>[];
  onOpen: (row: Row) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (row: Row) => void;
  footer?: ReactNode;
}

function ListFrame<Row extends Run>({ query, rows, search, label, ...props }: FrameProps<Row>) {
  if (query.isPending) {
    return (
      <div className="card overflow-hidden">
        <SkeletonRows rows={8} />
      </div>
    );
  }
  if (query.isLoadingError || !rows) {
    return (
      <div className="card">
        <ErrorPanel error={query.error} onRetry={query.refetch} />
      </div>
    );
  }
  if (rows.length === 0) return <FirstRun kind={props.kind} />;
  const shown = rows.filter((row) => isShown(row, search, label));
  return (
    <>
      {query.isRefetchError && <StaleNote since={query.dataUpdatedAt} onRetry={query.refetch} />}
      <div className="card overflow-hidden">
        {shown.length === 0 ? (
          <EmptyState
            title={t('backtests.noHits')}
            action={
              <Button onClick={() => props.onChange({ q: undefined, strategy: undefined })}>
                {t('backtests.dropFilter')}
              </Button>
            }
          >
            {t('backtests.noHitsDetail', {
              filter: [search.q, search.strategy && label(search.strategy)]
                .filter(Boolean)
                .join(', '),
            })}
          </EmptyState>
        ) : (
          <DataTable
            caption={t(`backtests.kinds.${props.kind}`)}
            columns={props.columns}
            rows={shown}
            rowKey={(row) => row.task_id}
            sort={sortOf(search.sort)}
            onSort={(sort) => props.onChange({ sort: sortText(sort) })}
            onOpen={props.onOpen}
            {...(props.selected ? { selected: props.selected } : {})}
            {...(props.onSelect ? { onSelect: props.onSelect } : {})}
          />
        )}
      </div>
      {(props.total ?? 0) > LIST_LIMIT && (
        <p className="text-12 text-ink-3">
          {t('backtests.newest', { count: LIST_LIMIT, total: props.total ?? 0 })}
        </p>
      )}
      {props.footer}
    </>
  );
}

/** What lives here and the shortest way to a first result. */
function FirstRun({ kind }: { kind: RunKind }) {
  return (
    <div className="card">
      <EmptyState
        title={t(`backtests.empty.${kind}`)}
        action={
          <>
            <Link
              to="/backtests/new"
              search={{
                kind,
                strategy: kind === 'backtest' ? 'rsi_mean_reversion' : 'sma_crossover',
                tickers: 'AAPL',
              }}
              className={buttonStyle({ kind: 'primary', size: 'l' })}
            >
              {t(`backtests.try.${kind}`)}
            </Link>
            <Link to="/strategies" className={buttonStyle({ size: 'l' })}>
              {t('backtests.readStrategies')}
            </Link>
          </>
        }
      >
        {t(`backtests.emptyDetail.${kind}`)}
      </EmptyState>
    </div>
  );
}

function runColumns<Row extends Run>(
  label: (name: string) => string,
  to: '/backtests/$id' | '/sweeps/$id' | '/walk-forwards/$id',
): Column<Row>[] {
  return [
    {
      key: 'run',
      label: t('form.strategy'),
      sortBy: (row) => label(row.request.strategy),
      className: 'w-full max-w-0 md:w-auto md:max-w-none',
      render: (row) => (
        <div className="flex min-w-0 flex-col py-1.5">
          <Link
            to={to}
            params={{ id: row.task_id }}
            tabIndex={-1}
            className="truncate font-medium hover:underline"
          >
            {label(row.request.strategy)}
          </Link>
          <span className="truncate text-12 text-ink-3">
            <span className="md:hidden">{row.request.tickers.join(', ')} · </span>
            {row.status === 'completed' ? (
              paramsText(row.request.params) || t('backtests.defaults')
            ) : (
              <Progress task={row} />
            )}
          </span>
        </div>
      ),
    },
    {
      key: 'tickers',
      label: t('form.tickers'),
      isWide: true,
      sortBy: (row) => row.request.tickers.join(),
      render: (row) => row.request.tickers.join(', '),
    },
  ];
}

function Progress({ task }: { task: Task }) {
  if (task.status !== 'processing')
    return (
      <span className={task.status === 'failed' ? 'text-danger' : ''}>{progressText(task)}</span>
    );
  return (
    <span className="flex items-center gap-2">
      <span className="w-20">
        <ProgressBar value={Math.round(task.progress)} label={t(`job.kind.${task.kind}`)} />
      </span>
      {progressText(task)}
    </span>
  );
}

function metricColumn<Row>(
  key: 'cagr' | 'sharpe_ratio' | 'max_drawdown' | 'closed_trades',
  value: (row: Row) => number | null | undefined,
  kind: 'percent' | 'ratio' | 'count',
): Column<Row> {
  return {
    key,
    label: t(`measureShort.${key}`),
    title: measureName(key),
    isNumber: true,
    sortBy: value,
    render: (row) =>
      kind === 'percent' ? (
        <Pct value={value(row)} />
      ) : (
        <Num value={value(row)} decimals={kind === 'count' ? 0 : 2} />
      ),
  };
}

function metricNumber<Row>(
  key: string,
  label: string,
  value: (row: Row) => number | null | undefined,
  decimals: number,
): Column<Row> {
  return {
    key,
    label,
    isNumber: true,
    sortBy: value,
    render: (row) => <Num value={value(row)} decimals={decimals} />,
  };
}

function whenColumn<Row extends Run>(): Column<Row> {
  return {
    key: 'when',
    label: t('backtests.when'),
    isWide: true,
    className: 'text-ink-3',
    isNumber: true,
    sortBy: (row) => row.created_at,
    render: (row) => <TimeAgo time={row.created_at} />,
  };
}

function isShown(row: Run, { q, strategy }: ListSearch, label: (name: string) => string): boolean {
  if (strategy && row.request.strategy !== strategy) return false;
  return !q || runName(row.request, label).toLowerCase().includes(q.toLowerCase());
}

function runName(request: RunRequest, label: (name: string) => string): string {
  return `${label(request.strategy)} ${request.tickers.join(' ')} ${request.strategy}`;
}

/** Looks again soon while some listed run is not over. */
function whileRunning<Key extends 'backtests' | 'sweeps' | 'walk_forwards'>(key: Key) {
  return (query: { state: { data?: { [key in Key]: Task[] } | undefined } }) =>
    query.state.data?.[key].some((row) => row.status === 'processing') ? 2_000 : false;
}

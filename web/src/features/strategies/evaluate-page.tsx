import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { HeatGrid } from '@/components/charts/heat-grid';
import { type Column, DataTable } from '@/components/data/data-table';
import { Num } from '@/components/data/num';
import { EmptyState, ErrorPanel, Loading, Skeleton } from '@/components/data/states';
import { TimeAgo } from '@/components/data/time-ago';
import { JobProgress } from '@/components/lab/job-progress';
import { Page, PageHeader } from '@/components/shell/page';
import { Button, buttonStyle } from '@/components/ui/button';
import { Checkbox, Field, Select } from '@/components/ui/field';
import { Segmented } from '@/components/ui/segmented';
import { newIdempotencyKey } from '@/lib/api/client';
import { useJob } from '@/lib/api/jobs';
import { useWait } from '@/lib/api/limits';
import {
  catalogueQuery,
  evaluationQuery,
  lastEvaluationQuery,
  startEvaluation,
} from '@/lib/api/queries';
import type { Evaluation, EvaluationTask } from '@/lib/api/schema';
import { useStrategyLabel } from '@/lib/api/use-labels';
import { formatMeasure, measureName, RANKING } from '@/lib/metrics';
import { sortOf, sortText } from '@/lib/search';
import { t } from '@/lib/strings';
import { type BestRow, bestRows, matrixOf } from './matrix';

/** Which evaluation is looked at and how, as the URL says. */
export interface EvaluateSearch {
  task?: string;
  part?: 'in_sample' | 'out_of_sample';
  sort?: string;
}

/** Every strategy on every ticker, ranked by what it did out of sample. */
export function EvaluatePage({ search }: { search: EvaluateSearch }) {
  const last = useQuery({ ...lastEvaluationQuery, enabled: !search.task });
  const taskId = search.task ?? last.data?.task_id;
  return (
    <Page>
      <PageHeader title={t('evaluate.title')} below={<span>{t('evaluate.about')}</span>} />
      <EvaluateForm />
      {!taskId && last.isPending && <Outline />}
      {!taskId && last.isLoadingError && (
        <div className="card">
          <ErrorPanel error={last.error} onRetry={last.refetch} />
        </div>
      )}
      {!taskId && last.data === null && (
        <div className="card">
          <EmptyState title={t('evaluate.empty')}>{t('evaluate.emptyDetail')}</EmptyState>
        </div>
      )}
      {taskId && <EvaluationResult key={taskId} taskId={taskId} search={search} />}
    </Page>
  );
}

function EvaluateForm() {
  const navigate = useNavigate({ from: '/strategies/evaluate' });
  const catalogue = useQuery(catalogueQuery);
  const symbols = [...new Set((catalogue.data?.series ?? []).map(({ symbol }) => symbol))];
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [metric, setMetric] = useState<string>('sharpe_ratio');
  const key = useRef(newIdempotencyKey());
  const wait = useWait();
  const tickers = symbols.filter((symbol) => !left.has(symbol));
  const run = useMutation({
    mutationFn: () => startEvaluation({ key: key.current, tickers, metric, lookback_days: null }),
    onSuccess: (task) => {
      key.current = newIdempotencyKey();
      navigate({ search: { task: task.task_id } });
    },
  });
  const toggle = (symbol: string) =>
    setLeft((old) => {
      const next = new Set(old);
      if (!next.delete(symbol)) next.add(symbol);
      key.current = newIdempotencyKey();
      return next;
    });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    run.mutate();
  };
  return (
    <form onSubmit={onSubmit} className="card no-print flex flex-col gap-3 p-4">
      <fieldset>
        <legend className="mb-1.5 text-12 font-medium text-ink-2">{t('evaluate.tickers')}</legend>
        {catalogue.isPending && <Skeleton className="h-6 w-64" />}
        {catalogue.isLoadingError && (
          <p className="text-13 text-danger">{catalogue.error.message}</p>
        )}
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {symbols.map((symbol) => (
            <Checkbox
              key={symbol}
              label={symbol}
              checked={!left.has(symbol)}
              onValue={() => toggle(symbol)}
            />
          ))}
        </div>
      </fieldset>
      <div className="flex flex-wrap items-end gap-3">
        <Field label={t('evaluate.metric')} className="w-52">
          {(ids) => (
            <Select
              {...ids}
              value={metric}
              onValue={(value) => {
                setMetric(value);
                key.current = newIdempotencyKey();
              }}
              options={RANKING.map((value) => ({ value, label: measureName(value) }))}
            />
          )}
        </Field>
        <Button
          type="submit"
          kind="primary"
          disabled={run.isPending || wait > 0 || tickers.length === 0}
        >
          {wait > 0
            ? t('form.wait', { seconds: wait })
            : t('evaluate.run', { count: tickers.length })}
        </Button>
      </div>
      {run.isError && <ErrorPanel error={run.error} stillTrue={t('form.stillThere')} />}
    </form>
  );
}

interface ResultProps {
  taskId: string;
  search: EvaluateSearch;
}

function EvaluationResult({ taskId, search }: ResultProps) {
  const query = useQuery(evaluationQuery(taskId));
  if (query.isPending) return <Outline />;
  if (query.isLoadingError || !query.data) {
    return (
      <div className="card">
        <ErrorPanel error={query.error} onRetry={query.refetch} />
      </div>
    );
  }
  if (!query.data.results) return <Waiting task={query.data} />;
  return <Matrix task={query.data} results={query.data.results} search={search} />;
}

function Waiting({ task }: { task: EvaluationTask }) {
  const isRunning = task.status === 'processing';
  const job = useJob(task.task_id, isRunning);
  return (
    <section aria-label={t('job.kind.evaluation')} aria-live="polite" className="card p-5">
      <JobProgress task={isRunning ? (job.data ?? task) : task} />
    </section>
  );
}

interface MatrixProps {
  task: EvaluationTask;
  results: Evaluation;
  search: EvaluateSearch;
}

function Matrix({ task, results, search }: MatrixProps) {
  const navigate = useNavigate({ from: '/strategies/evaluate' });
  const label = useStrategyLabel();
  const part = search.part ?? 'out_of_sample';
  const metric = task.request.metric;
  const { tickers, strategies, cells } = matrixOf(results, part);
  const values = cells.flat().filter((value) => value !== null);
  const view = (change: Partial<EvaluateSearch>) =>
    navigate({
      search: (old: EvaluateSearch) => ({ ...old, ...change }),
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <BestTable
        rows={bestRows(results)}
        metric={metric}
        task={task}
        sort={search.sort}
        onSort={(sort) => view({ sort })}
      />
      <HeatGrid
        title={t('evaluate.matrix', { measure: measureName(metric) })}
        summary={t('evaluate.matrixSummary', {
          tickers: tickers.length,
          strategies: strategies.length,
          best: formatMeasure(metric, Math.max(...values)),
        })}
        fileName={`evaluation-${metric}-${part}`}
        rowName={t('evaluate.strategy')}
        columnName={t('form.tickers')}
        rows={strategies.map(label)}
        columns={tickers}
        cells={cells.map((row, index) =>
          row.map((value, column) => ({
            value,
            title: `${label(strategies[index] ?? '')}, ${tickers[column]}: ${formatMeasure(metric, value)}`,
          })),
        )}
        format={(value) => formatMeasure(metric, value)}
        scale="diverging"
        onSelect={(row, column) =>
          navigate({
            to: '/backtests/new',
            search: { strategy: strategies[row], tickers: tickers[column] },
          })
        }
        controls={
          <Segmented
            label={t('evaluate.part')}
            value={part}
            options={[
              { value: 'out_of_sample', label: t('robust.outside') },
              { value: 'in_sample', label: t('robust.inside') },
            ]}
            onValue={(value) => view({ part: value })}
          />
        }
        note={t('evaluate.matrixNote')}
      />
    </>
  );
}

interface BestProps {
  rows: BestRow[];
  metric: string;
  task: EvaluationTask;
  sort: string | undefined;
  onSort: (sort: string) => void;
}

function BestTable({ rows, metric, task, sort, onSort }: BestProps) {
  const label = useStrategyLabel();
  const columns: Column<BestRow>[] = [
    {
      key: 'ticker',
      label: t('evaluate.ticker'),
      sortBy: (row) => row.ticker,
      render: (row) => <span className="font-medium">{row.ticker}</span>,
    },
    {
      key: 'best',
      label: t('evaluate.best'),
      sortBy: (row) => row.strategy,
      render: (row) =>
        row.strategy ? (
          <Link to="/strategies/$name" params={{ name: row.strategy }} className="hover:underline">
            {label(row.strategy)}
          </Link>
        ) : (
          '—'
        ),
    },
    {
      key: 'out',
      label: t('robust.outside'),
      isNumber: true,
      sortBy: (row) => row.outside,
      render: (row) => <span className="font-semibold">{formatMeasure(metric, row.outside)}</span>,
    },
    {
      key: 'in',
      label: t('robust.inside'),
      isNumber: true,
      sortBy: (row) => row.inside,
      render: (row) => formatMeasure(metric, row.inside),
    },
    {
      key: 'max_drawdown',
      label: t('measureShort.max_drawdown'),
      isNumber: true,
      isWide: true,
      sortBy: (row) => row.maxDrawdown,
      render: (row) => formatMeasure('max_drawdown', row.maxDrawdown),
    },
    {
      key: 'trades',
      label: t('measureShort.closed_trades'),
      isNumber: true,
      isWide: true,
      sortBy: (row) => row.trades,
      render: (row) => <Num value={row.trades} decimals={0} />,
    },
    {
      key: 'hold',
      label: t('evaluate.hold'),
      title: t('evaluate.holdTitle'),
      isNumber: true,
      isWide: true,
      sortBy: (row) => row.hold,
      render: (row) => formatMeasure(metric, row.hold),
    },
    {
      key: 'deflated',
      label: t('evaluate.deflated'),
      title: t('formula.deflated'),
      isNumber: true,
      isWide: true,
      sortBy: (row) => row.deflated,
      render: (row) => <Num value={row.deflated} decimals={2} />,
    },
    {
      key: 'run',
      label: '',
      title: t('sweep.openRow'),
      className: 'text-right',
      render: (row) => (
        <Link
          to="/backtests/new"
          search={{ strategy: row.strategy ?? undefined, tickers: row.ticker }}
          className={buttonStyle({ kind: 'quiet', size: 's' })}
        >
          {t('sweep.openRow')}
        </Link>
      ),
    },
  ];
  return (
    <section aria-label={t('evaluate.bestPer')} className="card overflow-hidden">
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 pt-3 pb-1">
        <h2 className="text-13 font-semibold">{t('evaluate.bestPer')}</h2>
        <p className="text-12 text-ink-3">
          {t('evaluate.rankedBy', { measure: measureName(metric) })}{' '}
          <TimeAgo time={task.created_at} />
        </p>
      </header>
      <DataTable
        caption={t('evaluate.bestPer')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.ticker}
        sort={sortOf(sort)}
        onSort={(next) => onSort(sortText(next))}
      />
    </section>
  );
}

function Outline() {
  return (
    <Loading>
      <div className="flex flex-col gap-5">
        <Skeleton className="h-48 w-full rounded-card" />
        <Skeleton className="h-96 w-full rounded-card" />
      </div>
    </Loading>
  );
}

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type {
  EvaluateRequest,
  GridRequest,
  ImportReport,
  RunRequest,
  TaskKind,
  WalkForwardRequest,
} from './schema';

/** How many rows a list of runs asks for at once. */
export const LIST_LIMIT = 200;

const page = { limit: LIST_LIMIT };

export const strategiesQuery = queryOptions({
  queryKey: ['strategies'],
  queryFn: ({ signal }) => body(client.GET('/strategies', { signal })),
  select: (answer) => answer.strategies,
  staleTime: Number.POSITIVE_INFINITY,
});

export const backtestsQuery = queryOptions({
  queryKey: ['backtests', 'list'],
  queryFn: ({ signal }) => body(client.GET('/backtests', { params: { query: page }, signal })),
});

export const sweepsQuery = queryOptions({
  queryKey: ['sweeps', 'list'],
  queryFn: ({ signal }) => body(client.GET('/sweeps', { params: { query: page }, signal })),
});

export const walkForwardsQuery = queryOptions({
  queryKey: ['walk-forwards', 'list'],
  queryFn: ({ signal }) => body(client.GET('/walk-forwards', { params: { query: page }, signal })),
});

const byId = (taskId: string) => ({ path: { task_id: taskId } });

export const backtestQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['backtests', taskId],
    queryFn: ({ signal }) =>
      body(client.GET('/backtests/{task_id}', { params: byId(taskId), signal })),
  });

export const equityQuery = (kind: 'backtests' | 'walk-forwards', taskId: string) =>
  queryOptions({
    queryKey: [kind, taskId, 'equity'],
    queryFn: ({ signal }) =>
      body(client.GET(`/${kind}/{task_id}/equity`, { params: byId(taskId), signal })),
    select: (answer) => answer.equity,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const sweepQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['sweeps', taskId],
    queryFn: ({ signal }) =>
      body(client.GET('/sweeps/{task_id}', { params: byId(taskId), signal })),
  });

/** One measure of every combination that was run. */
export const surfaceQuery = (taskId: string, metric: string) =>
  queryOptions({
    queryKey: ['sweeps', taskId, 'surface', metric],
    queryFn: ({ signal }) =>
      body(
        client.GET('/sweeps/{task_id}/surface', {
          params: { ...byId(taskId), query: { metric } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });

export const walkForwardQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['walk-forwards', taskId],
    queryFn: ({ signal }) =>
      body(client.GET('/walk-forwards/{task_id}', { params: byId(taskId), signal })),
  });

export const evaluationQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['evaluations', taskId],
    queryFn: ({ signal }) =>
      body(client.GET('/strategies/evaluate/{task_id}', { params: byId(taskId), signal })),
  });

/** Bars as they look today: past splits are worked in, so that a chart has no cliffs. */
export const barsQuery = (
  ticker: string,
  range: { start_date: string; end_date: string; timeframe: string },
) =>
  queryOptions({
    queryKey: ['bars', ticker, range],
    queryFn: ({ signal }) =>
      body(
        client.GET('/data/tickers/{ticker}', {
          params: { path: { ticker }, query: { ...range, adjustment: 'split' } },
          signal,
        }),
      ),
    select: (answer) => answer.data,
    staleTime: 300_000,
  });

export const catalogueQuery = queryOptions({
  queryKey: ['data', 'catalogue'],
  queryFn: ({ signal }) => body(client.GET('/data/catalogue', { signal })),
});

export const gapsQuery = queryOptions({
  queryKey: ['data', 'gaps'],
  queryFn: ({ signal }) => body(client.GET('/data/gaps', { signal })),
});

/** The evaluation that was started last. */
export const lastEvaluationQuery = queryOptions({
  queryKey: ['evaluations', 'last'],
  queryFn: ({ signal }) =>
    body(client.GET('/jobs', { params: { query: { kind: 'evaluation', limit: 1 } }, signal })),
  select: (answer) => answer.jobs[0] ?? null,
});

/** Jobs of the person, newest first; looked at often only while one is running. */
export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => body(client.GET('/jobs', { params: { query: { limit: 20 } }, signal })),
  refetchInterval: (query) =>
    query.state.data?.jobs.some((job) => job.status === 'processing') ? 2_000 : 20_000,
  placeholderData: keepPreviousData,
});

/** Where a job's result is kept, and under which key it is cached. */
export const PLACES = {
  backtest: 'backtests',
  sweep: 'sweeps',
  walk_forward: 'walk-forwards',
  evaluation: 'evaluations',
} as const satisfies Record<TaskKind, string>;

type Written = { key: string };

/** Starts a backtest. The key makes a second press of the button the same run. */
export const startBacktest = ({ key, ...request }: RunRequest & Written) =>
  body(client.POST('/backtests', { body: request, headers: idempotent(key) }));

export const startSweep = ({ key, ...request }: GridRequest & Written) =>
  body(client.POST('/sweeps', { body: request, headers: idempotent(key) }));

export const startWalkForward = ({ key, ...request }: WalkForwardRequest & Written) =>
  body(client.POST('/walk-forwards', { body: request, headers: idempotent(key) }));

export const startEvaluation = ({ key, ...request }: EvaluateRequest & Written) =>
  body(client.POST('/strategies/evaluate', { body: request, headers: idempotent(key) }));

export const cancelJob = (taskId: string) =>
  body(client.POST('/jobs/{task_id}/cancel', { params: byId(taskId) }));

export const deleteBacktest = (taskId: string) =>
  body(client.DELETE('/backtests/{task_id}', { params: byId(taskId) }));

export interface Upload {
  file: File;
  symbol: string;
  timeframe: string;
  source: string;
  skipBad: boolean;
}

/** Sends a file of bars. With `dryRun` the server reads it, reports and stores nothing. */
export function importFile(upload: Upload, dryRun: boolean): Promise<ImportReport> {
  const form = new FormData();
  form.set('symbol', upload.symbol);
  form.set('timeframe', upload.timeframe);
  form.set('source', upload.source);
  form.set('skip_bad', String(upload.skipBad));
  form.set('dry_run', String(dryRun));
  form.set('file', upload.file);
  return body(client.POST('/data/import', { body: form }));
}

function idempotent(key: string) {
  return { 'idempotency-key': key };
}

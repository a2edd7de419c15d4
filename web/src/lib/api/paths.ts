import type {
  Backtest,
  BacktestRow,
  Bars,
  Catalogue,
  EquityPoint,
  EvaluateRequest,
  EvaluationTask,
  Gaps,
  GridRequest,
  ImportReport,
  Page,
  RunRequest,
  SearchHit,
  Strategy,
  Surface,
  Sweep,
  SweepRowSummary,
  Task,
  TaskKind,
  WalkForward,
  WalkForwardRequest,
  WalkForwardRow,
} from './schema';

/** Endpoints in the form of `openapi-typescript`, which will write this file from the server's. */
export interface paths {
  '/strategies': { get: Get<{ strategies: Strategy[] }> };
  '/strategies/evaluate': { post: Post<EvaluateRequest, Task> };
  '/strategies/evaluate/{task_id}': { get: Get<EvaluationTask, ById> };
  '/backtests': {
    get: Get<Page<'backtests', BacktestRow>, Query<ListQuery>>;
    post: Post<RunRequest, Task>;
  };
  '/backtests/{task_id}': { get: Get<Backtest, ById>; delete: Delete };
  '/backtests/{task_id}/equity': { get: Get<{ equity: EquityPoint[] }, ById> };
  '/sweeps': {
    get: Get<Page<'sweeps', SweepRowSummary>, Query<ListQuery>>;
    post: Post<GridRequest, Task>;
  };
  '/sweeps/{task_id}': { get: Get<Sweep, ById>; delete: Delete };
  '/sweeps/{task_id}/surface': {
    get: Get<Surface, ById & { query?: { metric?: string } }>;
  };
  '/walk-forwards': {
    get: Get<Page<'walk_forwards', WalkForwardRow>, Query<ListQuery>>;
    post: Post<WalkForwardRequest, Task>;
  };
  '/walk-forwards/{task_id}': { get: Get<WalkForward, ById>; delete: Delete };
  '/walk-forwards/{task_id}/equity': { get: Get<{ equity: EquityPoint[] }, ById> };
  '/jobs': { get: Get<Page<'jobs', Task>, Query<ListQuery & { kind?: TaskKind }>> };
  '/jobs/{task_id}': { get: Get<Task, ById> };
  '/jobs/{task_id}/cancel': { post: PostById<Task> };
  '/data/catalogue': { get: Get<Catalogue> };
  '/data/gaps': { get: Get<Gaps> };
  '/data/search': { get: Get<{ results: SearchHit[] }, Query<{ q: string }>> };
  '/data/tickers/{ticker}': {
    get: Get<
      Bars,
      {
        path: { ticker: string };
        query?: {
          start_date?: string;
          end_date?: string;
          timeframe?: string;
          source?: string;
          adjustment?: 'raw' | 'split' | 'all';
        };
      }
    >;
  };
  '/data/import': { post: Post<FormData, ImportReport> };
}

export interface ListQuery {
  limit?: number;
  offset?: number;
}

type ById = { path: { task_id: string } };
type Query<Names> = { query?: Names };
type Json<Body> = { content: { 'application/json': Body } };

interface Get<Answer, Parameters = Record<string, never>> {
  parameters: Parameters;
  responses: { 200: Json<Answer> };
}

interface Post<Request, Answer> {
  parameters: Record<string, never>;
  requestBody: { content: { 'application/json': Request } };
  responses: { 200: Json<Answer> };
}

interface PostById<Answer> {
  parameters: ById;
  responses: { 200: Json<Answer> };
}

interface Delete {
  parameters: ById;
  responses: { 204: { content?: never } };
}

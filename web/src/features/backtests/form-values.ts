import { defaultsOf, type ParamTexts, readParams } from '@/components/lab/param-form';
import type {
  GridRequest,
  Params,
  RunRequest,
  Strategy,
  SweepRange,
  WalkForwardRequest,
} from '@/lib/api/schema';
import { list } from '@/lib/search';
import { t } from '@/lib/strings';
import type { FormSearch, RunKind } from './search';

/** The form as it stands: what is typed stays text until it is sent. */
export interface FormValues {
  strategy: string;
  tickers: string;
  from: string;
  to: string;
  timeframe: string;
  params: ParamTexts;
  /** A range of each parameter, as "from:to:step" or "5, 10, 20". */
  grid: Record<string, string>;
  metric: string;
  train: string;
  test: string;
  anchored: boolean;
  cash: string;
  feeBps: string;
  slippageBps: string;
  fill: 'next_open' | 'close';
  allowShort: boolean;
  benchmark: string;
}

/** Costs of the preset chips, in basis points a side. */
export const COST_PRESETS = {
  usual: { feeBps: '5', slippageBps: '2' },
  dear: { feeBps: '20', slippageBps: '10' },
  none: { feeBps: '0', slippageBps: '0' },
} as const;

/** Rows that a sweep's page lists; its map of all rows is asked for apart. */
const TOP = 50;

const MAX_TICKERS = 100;
const MAX_TICKER_LENGTH = 20;

/** The link that opens the form with a run's own request. */
export function searchOf(request: RunRequest, kind: RunKind): FormSearch {
  return {
    kind,
    strategy: request.strategy,
    tickers: request.tickers.join(','),
    from: request.start_date ?? undefined,
    to: request.end_date ?? undefined,
    timeframe: request.timeframe,
    cash: request.cash,
    fee_bps: request.fee_bps,
    slippage_bps: request.slippage_bps,
    fill: request.fill,
    allow_short: request.allow_short || undefined,
    benchmark: request.benchmark ?? undefined,
    params: request.params,
  };
}

export function initialValues(search: FormSearch): FormValues {
  return {
    strategy: search.strategy ?? 'rsi_mean_reversion',
    tickers: search.tickers ?? 'AAPL',
    from: search.from ?? '',
    to: search.to ?? '',
    timeframe: search.timeframe ?? '1d',
    params: textsOf(search.params),
    grid: {},
    metric: 'sharpe_ratio',
    train: '504',
    test: '126',
    anchored: false,
    cash: String(search.cash ?? 10_000),
    feeBps: String(search.fee_bps ?? COST_PRESETS.usual.feeBps),
    slippageBps: String(search.slippage_bps ?? COST_PRESETS.usual.slippageBps),
    fill: search.fill ?? 'next_open',
    allowShort: search.allow_short ?? false,
    benchmark: search.benchmark ?? '',
  };
}

/** The grid that a strategy's catalogue entry proposes, as text. */
export function gridTexts(strategy: Strategy): Record<string, string> {
  return Object.fromEntries(
    Object.entries(strategy.sweep).map(([name, { from, to, step }]) => [
      name,
      `${from}:${to}:${step}`,
    ]),
  );
}

export type Errors = Record<string, string>;

type Read<Request> = { request: Request; errors: Errors };

/** Reads the form as a backtest. */
export function readBacktest(values: FormValues, strategy: Strategy): Read<RunRequest> {
  const common = readCommon(values, strategy);
  const { params, errors } = readParams(strategy.params_schema, values.params);
  return { request: { ...common.request, params }, errors: { ...common.errors, ...errors } };
}

/** Reads the form as a sweep. */
export function readSweep(values: FormValues, strategy: Strategy): Read<GridRequest> {
  const common = readCommon(values, strategy);
  const errors = { ...common.errors };
  const grid: Record<string, SweepRange | number[]> = {};
  for (const [name, proposal] of Object.entries(gridTexts(strategy))) {
    const read = readGrid(values.grid[name] ?? proposal);
    if (read) grid[name] = read;
    else errors[`grid.${name}`] = t('form.badGrid');
  }
  const request = {
    ...common.request,
    grid,
    where: strategy.params_schema.rule,
    metric: values.metric,
    top: TOP,
  };
  return { request, errors };
}

/** Reads the form as a walk-forward. */
export function readWalkForward(values: FormValues, strategy: Strategy): Read<WalkForwardRequest> {
  const { request, errors } = readSweep(values, strategy);
  const train = positive(values.train, 'train', errors);
  const test = positive(values.test, 'test', errors);
  const { top: _, ...rest } = request;
  return { request: { ...rest, train, test, anchored: values.anchored }, errors };
}

/** Reads "2:100:1" as a range and "5, 10, 20" as values; null for anything else. */
export function readGrid(value: string): SweepRange | number[] | null {
  const parts = value.split(':').map((part) => Number(part.trim() || Number.NaN));
  const [from = 0, to = 0, step = 0] = parts;
  if (parts.length === 3 && parts.every(Number.isFinite) && step > 0 && from <= to) {
    return { from, to, step };
  }
  const values = value.split(',').map((part) => Number(part.trim() || Number.NaN));
  return values.every(Number.isFinite) ? values : null;
}

/** How many values a grid has. */
export function gridSize(grid: SweepRange | number[]): number {
  return Array.isArray(grid)
    ? grid.length
    : Math.floor((grid.to - grid.from) / grid.step + 1e-9) + 1;
}

function readCommon(values: FormValues, strategy: Strategy): Read<RunRequest> {
  const errors: Errors = {};
  const tickers = (list(values.tickers) ?? [])
    .flatMap((part) => part.split(/\s+/))
    .map((ticker) => ticker.trim().toUpperCase())
    .filter(Boolean);
  const wanted = strategy.family === 'pairs' ? 2 : 1;
  if (tickers.length < wanted) errors.tickers = t('form.needTickers', { count: wanted });
  if (tickers.length > MAX_TICKERS) errors.tickers = t('form.manyTickers', { count: MAX_TICKERS });
  const long = tickers.find((ticker) => ticker.length > MAX_TICKER_LENGTH);
  if (long) errors.tickers = t('form.longTicker', { ticker: long });
  if (values.from && values.to && values.from > values.to) errors.to = t('form.dates');
  const request: RunRequest = {
    strategy: strategy.name,
    tickers,
    start_date: values.from || null,
    end_date: values.to || null,
    timeframe: values.timeframe,
    cash: positive(values.cash, 'cash', errors),
    fee_bps: notNegative(values.feeBps, 'feeBps', errors),
    slippage_bps: notNegative(values.slippageBps, 'slippageBps', errors),
    fill: values.fill,
    allow_short: values.allowShort,
    benchmark: values.benchmark.trim().toUpperCase() || null,
  };
  return { request, errors };
}

function positive(value: string, field: string, errors: Errors): number {
  const number = Number(value || Number.NaN);
  if (!(number > 0 && Number.isFinite(number))) errors[field] = t('form.positive');
  return number;
}

function notNegative(value: string, field: string, errors: Errors): number {
  const number = Number(value || Number.NaN);
  if (!(number >= 0 && Number.isFinite(number))) errors[field] = t('form.notNegative');
  return number;
}

function textsOf(params: Params | undefined): ParamTexts {
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? value : String(value),
    ]),
  );
}

/** Whether typed parameters differ from a strategy's defaults. */
export function isChanged(values: ParamTexts, strategy: Strategy): boolean {
  const defaults = defaultsOf(strategy.params_schema);
  return Object.entries(values).some(([name, value]) => String(value) !== String(defaults[name]));
}

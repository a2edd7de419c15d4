/**
 * Shapes of the server's answers, with the names of its contract.
 *
 * Written by hand until `openapi-typescript` makes this file from `/api/v1/openapi.json`: everything
 * else names these types only, so that the change is one file.
 */

/** A number that a measure may lack. */
export type Maybe = number | null;

export type TaskStatus = 'processing' | 'completed' | 'failed' | 'canceled';
export type TaskKind = 'backtest' | 'sweep' | 'walk_forward' | 'evaluation';

/** Long work. */
export interface Task {
  task_id: string;
  kind: TaskKind;
  status: TaskStatus;
  /** 0 to 100. */
  progress: number;
  eta_seconds: Maybe;
  error?: string | null;
  result_url?: string | null;
  created_at?: string | null;
  /** What it is about, such as "RSI on AAPL". */
  title?: string | null;
  message?: string | null;
}

export type Page<Key extends string, Row> = { [key in Key]: Row[] } & {
  total: number;
  limit: number;
  offset: number;
};

// Strategies

export interface SweepRange {
  from: number;
  to: number;
  step: number;
}

export interface ParamProperty {
  type: 'integer' | 'number' | 'boolean';
  default: number | boolean;
  description: string;
  minimum?: number;
  maximum?: number;
  sweep?: SweepRange;
}

export interface ParamsSchema {
  type: 'object';
  properties: Record<string, ParamProperty>;
  /** A comparison that the parameters must satisfy, such as "fast<slow". */
  rule: string | null;
}

export interface Strategy {
  name: string;
  label: string;
  family: string;
  description: string;
  source: string;
  params_schema: ParamsSchema;
  sweep: Record<string, SweepRange>;
  /** The rules in words, a paragraph each. */
  explanation?: string[];
  example?: StrategyExample;
}

/** Bars and the target at each close: 1 long, 0 flat, −1 short, null before there was one. */
export interface StrategyExample {
  symbol: string;
  bars: Bar[];
  targets: Maybe[];
}

export type Params = Record<string, number | boolean>;

// Requests of the lab

/** What every run of the lab says of its data and costs. */
export interface RunRequest {
  strategy: string;
  params?: Params;
  tickers: string[];
  start_date?: string | null;
  end_date?: string | null;
  timeframe?: string;
  cash?: number;
  fee_bps?: number;
  slippage_bps?: number;
  fill?: 'next_open' | 'close';
  allow_short?: boolean;
  benchmark?: string | null;
}

export interface GridRequest extends RunRequest {
  grid?: Record<string, SweepRange | number[]>;
  where?: string | null;
  metric?: string;
  random?: number | null;
  seed?: number;
  top?: number;
}

export interface WalkForwardRequest extends GridRequest {
  train?: number;
  test?: number;
  anchored?: boolean;
}

export interface EvaluateRequest {
  tickers: string[];
  lookback_days?: number | null;
  metric: string;
}

// Reports

export type Metrics = Record<string, Maybe>;

export interface Trade {
  symbol: string;
  side: 'buy' | 'sell';
  quantity: number;
  entry_time: string;
  entry_price: number;
  exit_time: string | null;
  exit_price: Maybe;
  pnl: Maybe;
  fees: number;
  bars_held: number;
  /** Furthest the open position was under and above water, in money. */
  mae: Maybe;
  mfe: Maybe;
}

export interface Interval {
  estimate: Maybe;
  lower: Maybe;
  upper: Maybe;
  level: number;
}

export interface Statistics {
  psr: Maybe;
  deflated_sharpe: Maybe;
  trials: number;
  min_track_record_length: Maybe;
  bootstrap?: Record<string, Interval>;
}

export interface Lookahead {
  passed: boolean;
  checked: number;
  cuts: number;
  first_difference: unknown;
}

export interface ReceiptData {
  symbol: string;
  source: string;
  bars: number;
  hash: string;
}

export interface Receipt {
  engine: string;
  kind: string;
  strategy: string;
  data: ReceiptData[];
  seed: number;
  request: string[];
  result: string;
  [more: string]: unknown;
}

/** The same run on the first part of the sessions and on the rest. */
export interface Robustness {
  /** First session of the out-of-sample part. */
  split_at: string;
  in_sample: Metrics;
  out_of_sample: Metrics;
}

export interface BacktestReport {
  strategy: string;
  params: Params;
  symbols: string[];
  from: string;
  to: string;
  bars: number;
  metrics: Metrics;
  trades: Trade[];
  cash: number;
  final_equity: number;
  fees: number;
  slippage: number;
  financing: number;
  assumptions: string[];
  statistics: Statistics;
  lookahead?: Lookahead;
  robustness?: Robustness;
  receipt: Receipt;
}

export interface SweepRow {
  symbol: string;
  params: Record<string, number>;
  metrics: Metrics;
  statistics?: Statistics;
}

export interface Overfitting {
  symbol: string;
  variants: number;
  pbo: Maybe;
  probability_of_oos_loss: Maybe;
  slope: Maybe;
}

export interface SweepReport {
  strategy: string;
  metric: string;
  rows: SweepRow[];
  tried: number;
  pbo: Maybe;
  overfitting?: Overfitting[];
  assumptions?: string[];
  receipt: Receipt;
}

/** One measure of all rows of a sweep, in columns of equal length: small enough to send whole. */
export interface Surface {
  metric: string;
  symbols: string[];
  params: Record<string, number[]>;
  values: Maybe[];
}

export interface WalkForwardWindow {
  train_from: string;
  train_to: string;
  test_from: string;
  test_to: string;
  params: Record<string, number>;
  in_sample: Maybe;
  out_of_sample: Maybe;
  in_sample_return: Maybe;
  out_of_sample_return: Maybe;
  closed_trades: number;
}

export interface WalkForwardResult {
  symbol: string;
  windows: WalkForwardWindow[];
  out_of_sample: Metrics;
  efficiency: Maybe;
  tried: number;
  final_equity: number;
  statistics: Statistics;
}

export interface WalkForwardReport {
  strategy: string;
  metric: string;
  results: WalkForwardResult[];
  assumptions: string[];
  receipt: Receipt;
}

export interface EvaluatedStrategy {
  params: Params;
  in_sample: Maybe;
  out_of_sample: Maybe;
  metrics: Metrics;
  few_trades?: boolean;
}

export interface TickerEvaluation {
  best_strategy: string | null;
  best_score: Maybe;
  metric: string;
  all_results: Record<string, EvaluatedStrategy>;
  statistics?: Statistics;
  assumptions?: string[];
}

export type Evaluation = Record<string, TickerEvaluation>;

export type Backtest = Task & { request: RunRequest; report: BacktestReport | null };
export type Sweep = Task & { request: GridRequest; report: SweepReport | null };
export type WalkForward = Task & { request: WalkForwardRequest; report: WalkForwardReport | null };
export type EvaluationTask = Task & { request: EvaluateRequest; results: Evaluation | null };

/** What a list shows of a run: its report without curves, trades and statistics. */
export type BacktestRow = Task & { request: RunRequest; metrics: Metrics | null };
export type SweepRowSummary = Task & {
  request: GridRequest;
  tried: Maybe;
  pbo: Maybe;
  best: SweepRow | null;
};
export type WalkForwardRow = Task & {
  request: WalkForwardRequest;
  efficiency: Maybe;
  metrics: Metrics | null;
};

export interface EquityPoint {
  timestamp: string;
  equity: number;
  drawdown: number;
  /** The same cash and costs, bought at the start and held. */
  buy_and_hold: Maybe;
}

// Market data

export interface Bar {
  date: string;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export interface Bars {
  ticker: string;
  timeframe: string;
  source: string;
  data: Bar[];
}

export interface Series {
  symbol: string;
  source: string;
  timeframe: string;
  adjustment: string;
  from: string;
  to: string;
  bars: number;
  bytes: number;
  updated: string | null;
}

export interface Catalogue {
  series: Series[];
  /** What could not be read, in words. */
  damaged: string[];
}

export interface Gap {
  symbol: string;
  source: string;
  timeframe: string;
  from: string;
  to: string;
  /** How many bars are missing. */
  bars: number;
}

export interface Gaps {
  gaps: Gap[];
  /** How many series were looked at. */
  series: number;
}

export interface Refusal {
  file: string;
  line: number;
  reason: string;
}

/** What an import understood. With `dry_run` nothing was stored. */
export interface ImportReport {
  symbol: string;
  timeframe: string;
  source: string;
  adjustment: string;
  rows: number;
  from: string | null;
  to: string | null;
  refused: Refusal[];
  refused_total: number;
  replaced: number;
  bars: number;
  missing_bars: number;
  /** The first and last rows as they were read. */
  sample?: Bar[];
  dry_run?: boolean;
}

export interface SearchHit {
  symbol: string;
  name?: string | null;
  source: string;
}

// Serves the built app with recorded answers, for screenshots and browser checks while the app is
// developed. Not part of the product: nothing in src/ knows of it.
//
//   npm run build && node test/server.mjs [port]
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DIST = join(HERE, '../dist');
const PORT = Number(process.argv[2] ?? 4173);
/** How long a started job takes, in seconds. */
const JOB_SECONDS = 4;

const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; object-src 'none'";

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

const json = (name) => JSON.parse(readFileSync(join(HERE, 'fixtures', name), 'utf8'));
const csv = (name) =>
  gunzipSync(readFileSync(join(HERE, 'fixtures', name)))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

const strategies = json('strategies.json').strategies;
const rsi = json('backtest-rsi.json');
const sma = json('backtest-sma.json');
const sweep = json('sweep.json');
const walkForward = json('walk-forward.json');
const evaluation = json('evaluation.json');

const equityOf = (name) => {
  let peak = 0;
  return csv(name).map(([timestamp, equity, hold]) => {
    peak = Math.max(peak, Number(equity));
    return {
      timestamp,
      equity: Number(equity),
      drawdown: Number(equity) / peak - 1,
      buy_and_hold: Number(hold),
    };
  });
};
const equity = { rsi: equityOf('equity-rsi.csv.gz'), sma: equityOf('equity-sma.csv.gz') };

/** Bars adjusted for the two splits of 2:1 in the recorded years. */
const SPLITS = ['2000-06-21', '2005-02-28'];
const bars = csv('bars-aapl.csv.gz').map(([date, ...row]) => {
  const ratio = 2 ** SPLITS.filter((split) => date < split).length;
  const [open, high, low, close, volume] = row.map(Number);
  return {
    date,
    open: open / ratio,
    high: high / ratio,
    low: low / ratio,
    close: close / ratio,
    volume: volume * ratio,
  };
});

const robust = (inside, outside) => ({
  split_at: '2009-04-06',
  in_sample: inside,
  out_of_sample: outside,
});
rsi.robustness = robust(
  {
    cagr: -0.072,
    sharpe_ratio: -0.24,
    sortino_ratio: -0.31,
    max_drawdown: -0.591,
    annual_volatility: 0.214,
    closed_trades: 6,
    win_rate_trades: 0.5,
  },
  {
    cagr: -0.008,
    sharpe_ratio: 0.02,
    sortino_ratio: 0.03,
    max_drawdown: -0.223,
    annual_volatility: 0.118,
    closed_trades: 2,
    win_rate_trades: 0.5,
  },
);
sma.robustness = robust(
  {
    cagr: 0.094,
    sharpe_ratio: 0.45,
    sortino_ratio: 0.59,
    max_drawdown: -0.779,
    annual_volatility: 0.382,
    closed_trades: 22,
    win_rate_trades: 0.55,
  },
  {
    cagr: 0.36,
    sharpe_ratio: 1.43,
    sortino_ratio: 2.24,
    max_drawdown: -0.165,
    annual_volatility: 0.234,
    closed_trades: 9,
    win_rate_trades: 0.78,
  },
);

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const task = (task_id, kind, minutes, more = {}) => ({
  task_id,
  kind,
  status: 'completed',
  progress: 100,
  eta_seconds: null,
  created_at: ago(minutes),
  ...more,
});
const request = (strategy, params, tickers = ['AAPL']) => ({
  strategy,
  params,
  tickers,
  start_date: null,
  end_date: null,
  timeframe: '1d',
  cash: 10000,
  fee_bps: 5,
  slippage_bps: 2,
  fill: 'next_open',
  allow_short: false,
  benchmark: '^GSPC',
});

const backtests = new Map([
  [
    'b-rsi',
    {
      ...task('b-rsi', 'backtest', 3),
      request: request('rsi_mean_reversion', rsi.params),
      report: rsi,
    },
  ],
  [
    'b-sma',
    {
      ...task('b-sma', 'backtest', 64),
      request: request('sma_crossover', sma.params),
      report: sma,
    },
  ],
  [
    'b-failed',
    {
      ...task('b-failed', 'backtest', 90, {
        status: 'failed',
        progress: 12,
        error: 'no bars of TSLA',
      }),
      request: request('macd', { fast: 12, slow: 26, signal: 9 }, ['TSLA']),
      report: null,
    },
  ],
]);
for (const [index, strategy] of strategies.entries()) {
  const result = evaluation.AAPL.all_results[strategy.name];
  if (!result || ['rsi_mean_reversion', 'sma_crossover'].includes(strategy.name)) continue;
  const id = `b-${strategy.name}`;
  backtests.set(id, {
    ...task(id, 'backtest', 300 * (index + 1)),
    request: request(strategy.name, result.params),
    report: {
      ...sma,
      strategy: strategy.name,
      params: result.params,
      metrics: { ...sma.metrics, ...result.metrics },
    },
  });
}
const sweeps = new Map([
  [
    's-sma',
    {
      ...task('s-sma', 'sweep', 30),
      request: {
        ...request('sma_crossover'),
        grid: { fast: { from: 5, to: 100, step: 5 }, slow: { from: 20, to: 200, step: 20 } },
        where: 'fast<slow',
        metric: 'sharpe_ratio',
      },
      report: { ...sweep, rows: sweep.rows.slice(0, 20) },
    },
  ],
]);
const walkForwards = new Map([
  [
    'w-sma',
    {
      ...task('w-sma', 'walk_forward', 45),
      request: {
        ...request('sma_crossover'),
        train: 504,
        test: 126,
        anchored: false,
        metric: 'sharpe_ratio',
      },
      report: walkForward,
    },
  ],
]);
const evaluations = new Map([
  [
    'e-1',
    {
      ...task('e-1', 'evaluation', 600),
      request: { tickers: Object.keys(evaluation), lookback_days: null, metric: 'sharpe_ratio' },
      results: evaluation,
    },
  ],
]);
const places = {
  backtest: backtests,
  sweep: sweeps,
  walk_forward: walkForwards,
  evaluation: evaluations,
};

/** A started job gets on by the clock; a finished one is as recorded. */
function current(entry) {
  if (!entry.started || entry.status !== 'processing') return entry;
  const share = (Date.now() - entry.started) / 1000 / JOB_SECONDS;
  if (share >= 1) {
    Object.assign(entry, { status: 'completed', progress: 100, eta_seconds: null }, entry.outcome);
  } else {
    Object.assign(entry, {
      progress: Math.floor(share * 100),
      eta_seconds: JOB_SECONDS * (1 - share),
    });
  }
  return entry;
}

const taskOf = ({
  task_id,
  kind,
  status,
  progress,
  eta_seconds,
  error,
  created_at,
  request: asked,
}) => ({
  title: `${strategies.find(({ name }) => name === asked.strategy)?.label ?? 'All'} on ${asked.tickers.join(', ')}`,
  task_id,
  kind,
  status,
  progress,
  eta_seconds,
  error,
  created_at,
});
const everything = () =>
  Object.values(places)
    .flatMap((place) => [...place.values()])
    .map(current)
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
const find = (id) => everything().find((entry) => entry.task_id === id);

let started = 0;
function start(kind, body) {
  started += 1;
  const id = `${kind[0]}-new-${started}`;
  const outcomes = {
    backtest: {
      report: { ...(body.strategy === 'sma_crossover' ? sma : rsi), params: body.params },
    },
    sweep: { report: { ...sweep, rows: sweep.rows.slice(0, 20) } },
    walk_forward: { report: walkForward },
    evaluation: { results: evaluation },
  };
  const entry = {
    ...task(id, kind, 0, { status: 'processing', progress: 0 }),
    request: body,
    report: null,
    results: null,
    started: Date.now(),
    outcome: outcomes[kind],
  };
  places[kind].set(id, entry);
  return entry;
}

const page = (key, rows) => ({ [key]: rows, total: rows.length, limit: 200, offset: 0 });

function surface(metric) {
  const names = Object.keys(sweep.rows[0].params);
  return {
    metric,
    symbols: sweep.rows.map((row) => row.symbol),
    params: Object.fromEntries(
      names.map((name) => [name, sweep.rows.map((row) => row.params[name])]),
    ),
    values: sweep.rows.map((row) => row.metrics[metric] ?? null),
  };
}

const ROUTES = [
  ['GET', /^\/strategies$/, () => ({ strategies })],
  ['POST', /^\/strategies\/evaluate$/, (_, body) => taskOf(start('evaluation', body))],
  ['GET', /^\/strategies\/evaluate\/(.+)$/, ([id]) => current(evaluations.get(id))],
  [
    'GET',
    /^\/backtests$/,
    () =>
      page(
        'backtests',
        [...backtests.values()]
          .map(current)
          .map((one) => ({
            ...taskOf(one),
            request: one.request,
            metrics: one.report?.metrics ?? null,
          }))
          .sort((a, b) => (a.created_at < b.created_at ? 1 : -1)),
      ),
  ],
  ['POST', /^\/backtests$/, (_, body) => taskOf(start('backtest', body))],
  ['GET', /^\/backtests\/([^/]+)$/, ([id]) => backtests.has(id) && current(backtests.get(id))],
  ['DELETE', /^\/backtests\/([^/]+)$/, ([id]) => backtests.delete(id) && {}],
  [
    'GET',
    /^\/backtests\/([^/]+)\/equity$/,
    ([id]) => ({
      equity:
        backtests.get(id)?.report?.strategy === 'rsi_mean_reversion' ? equity.rsi : equity.sma,
    }),
  ],
  [
    'GET',
    /^\/sweeps$/,
    () =>
      page(
        'sweeps',
        [...sweeps.values()].map(current).map((one) => ({
          ...taskOf(one),
          request: one.request,
          tried: one.report?.tried ?? null,
          pbo: one.report?.pbo ?? null,
          best: one.report?.rows[0] ?? null,
        })),
      ),
  ],
  ['POST', /^\/sweeps$/, (_, body) => taskOf(start('sweep', body))],
  ['GET', /^\/sweeps\/([^/]+)$/, ([id]) => current(sweeps.get(id))],
  [
    'GET',
    /^\/sweeps\/([^/]+)\/surface$/,
    (_, __, query) => surface(query.get('metric') ?? 'sharpe_ratio'),
  ],
  [
    'GET',
    /^\/walk-forwards$/,
    () =>
      page(
        'walk_forwards',
        [...walkForwards.values()].map(current).map((one) => ({
          ...taskOf(one),
          request: one.request,
          efficiency: one.report?.results[0].efficiency ?? null,
          metrics: one.report?.results[0].out_of_sample ?? null,
        })),
      ),
  ],
  ['POST', /^\/walk-forwards$/, (_, body) => taskOf(start('walk_forward', body))],
  ['GET', /^\/walk-forwards\/([^/]+)$/, ([id]) => current(walkForwards.get(id))],
  [
    'GET',
    /^\/jobs$/,
    (_, __, query) =>
      page(
        'jobs',
        everything()
          .filter((one) => !query.get('kind') || one.kind === query.get('kind'))
          .slice(0, Number(query.get('limit') ?? 20))
          .map(taskOf),
      ),
  ],
  ['GET', /^\/jobs\/([^/]+)$/, ([id]) => find(id) && taskOf(find(id))],
  [
    'POST',
    /^\/jobs\/([^/]+)\/cancel$/,
    ([id]) => find(id) && taskOf(Object.assign(find(id), { status: 'canceled' })),
  ],
  ['GET', /^\/data\/catalogue$/, () => json('catalogue.json')],
  ['GET', /^\/data\/gaps$/, () => json('gaps.json')],
  [
    'GET',
    /^\/data\/tickers\/([^/]+)$/,
    ([ticker], _, query) => ({
      ticker,
      timeframe: '1d',
      source: 'bundled',
      data: bars.filter(
        ({ date }) =>
          date >= (query.get('start_date') ?? '') && date <= (query.get('end_date') || '9'),
      ),
    }),
  ],
  ['POST', /^\/data\/import$/, () => ({ ...json('import.json'), sample: bars.slice(0, 3) })],
];

const server = createServer((incoming, answer) => {
  const url = new URL(incoming.url, 'http://localhost');
  const chunks = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', () => {
    if (!url.pathname.startsWith('/api/v1')) return serveFile(url.pathname, answer);
    const path = decodeURIComponent(url.pathname.slice('/api/v1'.length));
    const events = /^\/jobs\/([^/]+)\/events$/.exec(path);
    if (events) return serveEvents(events[1], answer);
    const text = Buffer.concat(chunks).toString();
    const isJson = /json/.test(incoming.headers['content-type'] ?? '');
    for (const [method, pattern, respond] of ROUTES) {
      const match = incoming.method === method && pattern.exec(path);
      if (!match) continue;
      const result = respond(
        match.slice(1),
        isJson && text ? JSON.parse(text) : null,
        url.searchParams,
      );
      if (result) return send(answer, method === 'POST' ? 202 : 200, result);
    }
    send(
      answer,
      404,
      {
        title: 'Not found',
        status: 404,
        code: 'not_found',
        detail: `${path} is not here`,
        request_id: 'r-4f1c9a',
      },
      'application/problem+json',
    );
  });
});

function send(answer, status, value, type = 'application/json') {
  answer.writeHead(status, { 'content-type': type, 'x-request-id': 'r-4f1c9a' });
  answer.end(JSON.stringify(value));
}

function serveEvents(id, answer) {
  answer.writeHead(200, { 'content-type': 'text/event-stream' });
  const timer = setInterval(() => {
    const entry = find(id);
    if (entry) answer.write(`data: ${JSON.stringify(taskOf(entry))}\n\n`);
    if (entry?.status !== 'processing') {
      clearInterval(timer);
      answer.end();
    }
  }, 250);
  answer.on('close', () => clearInterval(timer));
}

function serveFile(path, answer) {
  const wanted = join(DIST, normalize(path));
  const isFile = wanted.startsWith(DIST) && existsSync(wanted) && statSync(wanted).isFile();
  const file = isFile ? wanted : join(DIST, 'index.html');
  answer.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': CSP,
  });
  createReadStream(file).pipe(answer);
}

server.listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}`));

import { useEffect, useState } from 'react';
import { EquityChart } from '@/components/charts/equity-chart';
import { HeatGrid } from '@/components/charts/heat-grid';
import { Histogram } from '@/components/charts/histogram';
import { LinePlot } from '@/components/charts/line-plot';
import { GrowthChart, UnderwaterChart } from '@/components/charts/lines-chart';
import { PriceChart } from '@/components/charts/price-chart';
import { Scatter } from '@/components/charts/scatter';
import { Sparkline } from '@/components/charts/sparkline';
import { Badge } from '@/components/data/badge';
import { DataTable, type Sort } from '@/components/data/data-table';
import { Delta, Money, Num, Pct } from '@/components/data/num';
import { StatCard, StatStrip } from '@/components/data/stat-card';
import { EmptyState, ErrorPanel, Loading, Skeleton, StaleNote } from '@/components/data/states';
import { CompareTable } from '@/components/lab/compare-table';
import { JobProgress } from '@/components/lab/job-progress';
import { ParamForm, type ParamTexts } from '@/components/lab/param-form';
import { TrustBadge, TrustMeter } from '@/components/lab/trust-meter';
import { LoadLine } from '@/components/shell/load-line';
import { Logo } from '@/components/shell/logo';
import { Page, PageHeader } from '@/components/shell/page';
import { Button } from '@/components/ui/button';
import { Checkbox, Field, Input, Select } from '@/components/ui/field';
import { Segmented } from '@/components/ui/segmented';
import { ApiError } from '@/lib/api/problem';
import type { Bar, EquityPoint, Task, Trade } from '@/lib/api/schema';
import { formatPercent } from '@/lib/format';
import { setPreferences } from '@/lib/preferences';

const STATES = [
  'ready',
  'loading',
  'empty',
  'stale',
  'error',
  'forbidden',
  'privacy',
  'mobile',
] as const;
type State = (typeof STATES)[number];

/** Every component in one of its eight states. Words here are for developers and not translated. */
export function Gallery() {
  const [state, setState] = useState<State>('ready');
  useEffect(() => {
    setPreferences({ isPrivate: state === 'privacy' });
    return () => setPreferences({ isPrivate: false });
  }, [state]);
  return (
    <Page>
      <PageHeader title="Gallery" below={<span>All components, one state at a time.</span>} />
      <Segmented
        label="State"
        value={state}
        options={STATES.map((value) => ({ value, label: value }))}
        onValue={setState}
        className="self-start flex-wrap"
      />
      <div className={state === 'mobile' ? 'flex w-[360px] flex-col gap-8' : 'flex flex-col gap-8'}>
        {Object.entries(SPECIMENS).map(([name, Specimen]) => (
          <section key={name} aria-label={name} className="flex flex-col gap-2">
            <h2 className="text-12 font-medium text-ink-3">{name}</h2>
            <InState state={state}>
              <Specimen />
            </InState>
          </section>
        ))}
      </div>
    </Page>
  );
}

const FAILURE = new ApiError({
  title: 'The database is locked',
  status: 503,
  code: 'unavailable',
  detail: 'Another process holds it. Nothing was changed.',
  request_id: '01JD8Q3S7M',
});
const FORBIDDEN = new ApiError({
  title: 'Not allowed',
  status: 403,
  code: 'lab.run',
  detail: 'Running jobs needs the permission lab.run. An admin can grant it.',
  request_id: '01JD8Q4TXV',
});

function InState({ state, children }: { state: State; children: React.ReactNode }) {
  const retry = () => {};
  if (state === 'loading') {
    return (
      <Loading>
        <Skeleton className="h-40 w-full rounded-card" />
      </Loading>
    );
  }
  if (state === 'empty') {
    return (
      <div className="card">
        <EmptyState title="Nothing here yet" action={<Button kind="primary">Do the first</Button>}>
          One sentence on what lives here.
        </EmptyState>
      </div>
    );
  }
  if (state === 'error' || state === 'forbidden') {
    return (
      <div className="card">
        <ErrorPanel
          error={state === 'error' ? FAILURE : FORBIDDEN}
          stillTrue="The other panels stand."
          {...(state === 'error' ? { onRetry: retry } : {})}
        />
      </div>
    );
  }
  return (
    <>
      {state === 'stale' && <StaleNote since={Date.now() - 90_000} onRetry={retry} />}
      {children}
    </>
  );
}

/** A repeatable walk: the same pictures on every visit. */
const BARS: Bar[] = Array.from({ length: 400 }, (_, day) => {
  const close = 100 + 18 * Math.sin(day / 31) + 7 * Math.sin(day / 7) + day / 12;
  const open = close - 1.6 * Math.sin(day * 1.7);
  const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
  const [high, low] = [Math.max(open, close) + 1, Math.min(open, close) - 1];
  return { date, open, high, low, close, volume: 1e6 * (1.5 + Math.sin(day / 5)) };
});
const POINTS: EquityPoint[] = BARS.map(({ date, close }, day) => {
  const best = Math.max(...BARS.slice(0, day + 1).map((bar) => bar.close));
  return {
    timestamp: date,
    equity: close * 90,
    drawdown: close / best - 1,
    buy_and_hold: close * 100,
  };
});
const TRADES: Trade[] = [20, 90, 160, 260].map((day, index) => ({
  symbol: 'DEMO',
  side: index === 2 ? 'sell' : 'buy',
  quantity: 40,
  entry_time: BARS[day]?.date ?? '',
  entry_price: BARS[day]?.open ?? 0,
  exit_time: BARS[day + 30]?.date ?? null,
  exit_price: BARS[day + 30]?.open ?? null,
  pnl: (index - 1) * 212.4,
  fees: 3.1,
  bars_held: 30,
  mae: -120,
  mfe: 310,
}));
const TASK: Task = {
  task_id: 'g',
  kind: 'sweep',
  status: 'processing',
  progress: 42,
  eta_seconds: 95,
};
const TRUST = {
  score: 3,
  reasons: [
    { id: 'costs', isMet: true, text: 'Commission and slippage are paid.' },
    { id: 'trades', isMet: false, text: '8 closed trades; 30 say something.' },
    { id: 'lookahead', isMet: null, text: 'Look-ahead was not checked.' },
  ] as const,
};
const GROWTH = [
  { name: 'One', points: POINTS.map((p) => ({ timestamp: p.timestamp, value: p.equity / 9000 })) },
  { name: 'Other', points: POINTS.map((p, i) => ({ timestamp: p.timestamp, value: 1 + i / 500 })) },
];

const SPECIMENS: Record<string, () => React.ReactNode> = {
  'Logo, LoadLine': () => (
    <div className="flex flex-col gap-3">
      <div className="flex items-end gap-4">
        {[72, 40, 24, 16].map((size) => (
          <Logo key={size} size={size} />
        ))}
      </div>
      {(['backtest', 'replay', 'paper', 'live'] as const).map((mode) => (
        <LoadLine key={mode} mode={mode} />
      ))}
    </div>
  ),
  'Button, Badge': () => (
    <div className="flex flex-wrap gap-2">
      <Button kind="primary">Primary</Button>
      <Button>Secondary</Button>
      <Button kind="quiet">Quiet</Button>
      <Button kind="danger">Danger</Button>
      <Button disabled>Disabled</Button>
      <Badge>neutral</Badge>
      <Badge tone="outline">outline</Badge>
      <Badge tone="warn">warn</Badge>
    </div>
  ),
  'Num, Money, Pct, Delta': () => (
    <div className="flex flex-wrap gap-6">
      <Num value="12345678901234567.89" />
      <Num value={null} />
      <Money value={1234.5} currency="USD" />
      <Money value={1_234_567} compact />
      <Pct value={-0.1834} />
      <Delta value={0.012} kind="points" />
      <Delta value={-42.5} kind="money" />
      <Delta value={0} />
      <Sparkline label="Close" values={BARS.map((bar) => bar.close)} />
    </div>
  ),
  Fields: () => (
    <div className="grid gap-3 sm:grid-cols-3">
      <Field label="Ready" hint="A hint">
        {(ids) => <Input {...ids} defaultValue="14" />}
      </Field>
      <Field label="Wrong" error="Enter a whole number.">
        {(ids) => <Input {...ids} defaultValue="1.5" />}
      </Field>
      <Field label="Choice">
        {(ids) => <Select {...ids} onValue={() => {}} options={[{ value: 'a', label: 'Daily' }]} />}
      </Field>
      <Checkbox label="Allow short selling" hint="A hint" onValue={() => {}} />
    </div>
  ),
  StatCard: () => (
    <StatStrip>
      <StatCard label="CAGR" formula="How it is made." note="holding: 12.0%">
        <Pct value={0.112} signed />
      </StatCard>
      <StatCard label="Final equity">
        <Money value={104_220} compact />
      </StatCard>
      <StatCard label="Sharpe ratio">
        <Num value={null} />
      </StatCard>
    </StatStrip>
  ),
  DataTable: TableSpecimen,
  CompareTable: () => (
    <div className="card">
      <CompareTable
        caption="Two runs"
        columns={[
          { key: 'a', label: 'One' },
          { key: 'b', label: 'Other' },
        ]}
        rows={[
          { label: 'CAGR', values: [0.1, 0.2], better: 'more', format: (v) => formatPercent(v) },
          { label: 'Beta', values: [null, 0.5], format: (v) => formatPercent(v) },
        ]}
      />
    </div>
  ),
  'TrustMeter, TrustBadge': () => (
    <div className="flex flex-wrap items-start gap-6">
      <TrustMeter trust={{ ...TRUST, reasons: [...TRUST.reasons] }} />
      <TrustBadge trust={{ ...TRUST, reasons: [...TRUST.reasons] }} />
    </div>
  ),
  JobProgress: () => (
    <div className="card flex flex-col gap-4 p-4">
      <JobProgress task={TASK} />
      <JobProgress task={{ ...TASK, progress: 0 }} />
      <JobProgress task={{ ...TASK, status: 'failed', error: 'no bars of TSLA' }} />
    </div>
  ),
  ParamForm: ParamSpecimen,
  EquityChart: EquitySpecimen,
  PriceChart: () => <PriceChart symbol="DEMO" bars={BARS} trades={TRADES} fileName="demo" />,
  GrowthChart: () => (
    <GrowthChart title="Growth" lines={GROWTH} summary="Two lines." fileName="demo" />
  ),
  UnderwaterChart: () => (
    <UnderwaterChart
      title="Drawdown"
      summary="One line."
      fileName="demo"
      lines={[{ name: 'One', points: UNDERWATER }]}
    />
  ),
  HeatGrid: () => (
    <HeatGrid
      title="Correlation"
      summary="Three by three."
      fileName="demo"
      rowName="row"
      columnName="column"
      rows={['a', 'b', 'c']}
      columns={['a', 'b', 'c']}
      cells={[0, 1, 2].map((row) =>
        [0, 1, 2].map((column) => ({ value: row + column === 4 ? null : row - column / 2 })),
      )}
      format={(value) => value.toFixed(2)}
      scale="diverging"
    />
  ),
  'Histogram, Scatter, LinePlot': () => (
    <div className="grid gap-4 *:min-w-0 lg:grid-cols-3">
      <Histogram
        title="Returns"
        values={BARS.map((bar) => bar.close / bar.open - 1)}
        name="return, %"
        format={(value) => formatPercent(value)}
        fileName="demo"
        summary="A histogram."
      />
      <Scatter
        title="Excursions"
        dots={TRADES.map((trade, i) => ({
          x: -i / 20,
          y: i / 9,
          isGood: i > 1,
          title: trade.symbol,
        }))}
        xName="worst, %"
        yName="best, %"
        format={(value) => formatPercent(value)}
        fileName="demo"
        summary="Four dots."
      />
      <LinePlot
        title="Slice"
        points={[5, 10, 15, 20].map((x) => ({ x, y: x === 15 ? null : x / 20 }))}
        marked={10}
        xName="fast"
        yName="Sharpe ratio"
        format={(value) => value.toFixed(2)}
        fileName="demo"
        summary="Three points."
      />
    </div>
  ),
};

const UNDERWATER = POINTS.map((p) => ({ timestamp: p.timestamp, value: p.drawdown }));

function TableSpecimen() {
  const [sort, setSort] = useState<Sort>({ key: 'date', isDescending: false });
  return (
    <div className="card overflow-hidden">
      <DataTable
        caption="Bars"
        columns={[
          { key: 'date', label: 'Date', sortBy: (bar: Bar) => bar.date, render: (bar) => bar.date },
          {
            key: 'close',
            label: 'Close',
            isNumber: true,
            sortBy: (bar) => bar.close,
            render: (bar) => <Money value={bar.close} />,
          },
        ]}
        rows={BARS}
        rowKey={(bar) => bar.date}
        sort={sort}
        onSort={setSort}
        maxHeight={240}
      />
    </div>
  );
}

function ParamSpecimen() {
  const [values, setValues] = useState<ParamTexts>({});
  return (
    <ParamForm
      schema={{
        type: 'object',
        rule: null,
        properties: {
          period: { type: 'integer', default: 14, description: 'bars of the index' },
          test: { type: 'boolean', default: true, description: 'whether to test' },
        },
      }}
      values={values}
      onChange={setValues}
      errors={{}}
    />
  );
}

function EquitySpecimen() {
  const [isLog, setLog] = useState(true);
  return (
    <EquityChart title="Equity" points={POINTS} fileName="demo" isLog={isLog} onLog={setLog} />
  );
}

import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { ErrorPanel, Loading, Skeleton } from '@/components/data/states';
import { ParamForm, paramLabel } from '@/components/lab/param-form';
import { Page, PageHeader } from '@/components/shell/page';
import { Button } from '@/components/ui/button';
import { Checkbox, Field, Input, Select } from '@/components/ui/field';
import { Segmented } from '@/components/ui/segmented';
import { newIdempotencyKey } from '@/lib/api/client';
import { useWait } from '@/lib/api/limits';
import { ApiError } from '@/lib/api/problem';
import {
  catalogueQuery,
  startBacktest,
  startSweep,
  startWalkForward,
  strategiesQuery,
} from '@/lib/api/queries';
import type { Strategy } from '@/lib/api/schema';
import { cx } from '@/lib/cx';
import { formatNumber } from '@/lib/format';
import { measureName, RANKING } from '@/lib/metrics';
import { t } from '@/lib/strings';
import {
  COST_PRESETS,
  type Errors,
  type FormValues,
  gridSize,
  gridTexts,
  initialValues,
  isChanged,
  readBacktest,
  readGrid,
  readSweep,
  readWalkForward,
} from './form-values';
import { type FormSearch, RUN_KINDS, type RunKind, TIMEFRAMES } from './search';

/** Chooses what to run, on what, at which cost. */
export function NewRunPage({ search }: { search: FormSearch }) {
  const query = useQuery(strategiesQuery);
  return (
    <Page isNarrow>
      <PageHeader
        above={
          <Link to="/backtests" className="hover:underline">
            {t('nav.backtests')}
          </Link>
        }
        title={t(`form.title.${search.kind ?? 'backtest'}`)}
      />
      {query.isPending && (
        <Loading>
          <Skeleton className="h-[560px] w-full rounded-card" />
        </Loading>
      )}
      {query.isLoadingError && (
        <div className="card">
          <ErrorPanel error={query.error} onRetry={query.refetch} />
        </div>
      )}
      {query.data && (
        // Another link to this page is another form.
        <RunForm
          key={JSON.stringify({ ...search, kind: null })}
          search={search}
          strategies={query.data}
        />
      )}
    </Page>
  );
}

interface FormProps {
  search: FormSearch;
  strategies: Strategy[];
}

function RunForm({ search, strategies }: FormProps) {
  const kind = search.kind ?? 'backtest';
  const navigate = useNavigate();
  const [values, setValues] = useState(() => initialValues(search));
  const [errors, setErrors] = useState<Errors>({});
  const key = useRef(newIdempotencyKey());
  const wait = useWait();
  const strategy = strategies.find(({ name }) => name === values.strategy) ?? strategies[0];

  const run = useMutation({
    mutationFn: async () => {
      if (!strategy) return null;
      const sent = { key: key.current };
      if (kind === 'sweep') return startSweep({ ...readSweep(values, strategy).request, ...sent });
      if (kind === 'walk_forward') {
        return startWalkForward({ ...readWalkForward(values, strategy).request, ...sent });
      }
      return startBacktest({ ...readBacktest(values, strategy).request, ...sent });
    },
    onSuccess: (task) => {
      if (!task) return;
      const to = PAGES[kind];
      navigate({ to, params: { id: task.task_id } });
    },
  });
  if (!strategy) return null;

  const set = (change: Partial<FormValues>) => {
    setValues({ ...values, ...change });
    // Another request must not get the answer of the one before.
    key.current = newIdempotencyKey();
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = READERS[kind](values, strategy).errors;
    setErrors(found);
    if (Object.keys(found).length === 0) run.mutate();
    else {
      const form = event.currentTarget;
      requestAnimationFrame(() =>
        form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
      );
    }
  };
  const wire = run.error instanceof ApiError ? run.error : null;
  const errorOf = (field: string, wireField = field) =>
    errors[field] ?? wire?.fieldMessage(wireField);

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <Segmented
        label={t('backtests.kind')}
        className="self-start"
        value={kind}
        options={RUN_KINDS.map((value) => ({ value, label: t(`form.kinds.${value}`) }))}
        onValue={(value) =>
          navigate({ to: '/backtests/new', search: { ...search, kind: value }, replace: true })
        }
      />
      <p className="text-13 text-ink-2 text-pretty">{t(`form.about.${kind}`)}</p>

      <Section title={t('form.what')}>
        <StrategyFields
          strategies={strategies}
          strategy={strategy}
          onStrategy={(name) => set({ strategy: name, params: {}, grid: {} })}
        />
        <MarketFields values={values} set={set} errorOf={errorOf} />
      </Section>

      <Section
        title={kind === 'backtest' ? t('form.params') : t('form.ranges')}
        aside={
          kind === 'backtest' &&
          isChanged(values.params, strategy) && (
            <Button size="s" kind="quiet" onClick={() => set({ params: {} })}>
              {t('form.reset')}
            </Button>
          )
        }
      >
        {kind === 'backtest' ? (
          <ParamForm
            schema={strategy.params_schema}
            values={values.params}
            errors={errors}
            onChange={(params) => set({ params })}
          />
        ) : (
          <GridFields strategy={strategy} values={values} set={set} errors={errors} />
        )}
        {kind !== 'backtest' && (
          <Field label={t('form.metric')} className="sm:max-w-[calc(50%-8px)]">
            {(ids) => (
              <Select
                {...ids}
                value={values.metric}
                onValue={(metric) => set({ metric })}
                options={RANKING.map((value) => ({ value, label: measureName(value) }))}
              />
            )}
          </Field>
        )}
        {kind === 'walk_forward' && <WindowFields values={values} set={set} errorOf={errorOf} />}
      </Section>

      <CostSection values={values} set={set} errorOf={errorOf} />

      {run.isError && !run.isPending && (
        <div className="card">
          <ErrorPanel error={run.error} stillTrue={t('form.stillThere')} />
        </div>
      )}
      <div className="sticky bottom-16 z-10 -mx-4 flex items-center gap-3 border-t bg-bg/95 px-4 py-3 backdrop-blur-sm md:static md:mx-0 md:border-0 md:bg-transparent md:p-0">
        <Button
          type="submit"
          kind="primary"
          size="l"
          disabled={run.isPending || wait > 0}
          className="grow md:grow-0"
        >
          {wait > 0
            ? t('form.wait', { seconds: wait })
            : run.isPending
              ? t('form.starting')
              : t(`form.run.${kind}`)}
        </Button>
        {Object.keys(errors).length > 0 && (
          <p role="alert" className="text-13 text-danger">
            {t('form.hasErrors', { count: Object.keys(errors).length })}
          </p>
        )}
      </div>
    </form>
  );
}

const PAGES = {
  backtest: '/backtests/$id',
  sweep: '/sweeps/$id',
  walk_forward: '/walk-forwards/$id',
} as const satisfies Record<RunKind, string>;

const READERS = { backtest: readBacktest, sweep: readSweep, walk_forward: readWalkForward };

function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <fieldset className="card flex min-w-0 flex-col gap-4 p-4 md:p-5">
      <legend className="sr-only">{title}</legend>
      <div aria-hidden={!aside} className="flex min-h-7 items-center justify-between">
        <span aria-hidden className="text-13 font-semibold">
          {title}
        </span>
        {aside}
      </div>
      {children}
    </fieldset>
  );
}

interface StrategyProps {
  strategies: Strategy[];
  strategy: Strategy;
  onStrategy: (name: string) => void;
}

function StrategyFields({ strategies, strategy, onStrategy }: StrategyProps) {
  return (
    <Field label={t('form.strategy')} hint={strategy.description}>
      {(ids) => (
        <Select
          {...ids}
          value={strategy.name}
          onValue={onStrategy}
          options={strategies.map(({ name, label, family }) => ({
            value: name,
            label: `${label} · ${family}`,
          }))}
        />
      )}
    </Field>
  );
}

interface GroupProps {
  values: FormValues;
  set: (change: Partial<FormValues>) => void;
  errorOf: (field: string, wireField?: string) => string | undefined;
}

function MarketFields({ values, set, errorOf }: GroupProps) {
  const catalogue = useQuery(catalogueQuery);
  const symbols = [...new Set((catalogue.data?.series ?? []).map(({ symbol }) => symbol))];
  const known = catalogue.data?.series.find(
    ({ symbol }) => symbol === values.tickers.trim().toUpperCase(),
  );
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3 md:grid-cols-4">
      <Field
        label={t('form.tickers')}
        hint={
          known
            ? t('form.has', { from: known.from, to: known.to, source: known.source })
            : t('form.tickersHint')
        }
        error={errorOf('tickers')}
        className="col-span-2 md:col-span-4"
      >
        {(ids) => (
          <div className="flex flex-col gap-2">
            <Input
              {...ids}
              value={values.tickers}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              onChange={(event) => set({ tickers: event.target.value })}
            />
            {symbols.length > 0 && (
              <div className="flex flex-wrap gap-1">
                {symbols.slice(0, 12).map((symbol) => (
                  <Chip
                    key={symbol}
                    isOn={values.tickers
                      .toUpperCase()
                      .split(/[\s,]+/)
                      .includes(symbol)}
                    onClick={() => set({ tickers: symbol })}
                  >
                    {symbol}
                  </Chip>
                ))}
              </div>
            )}
          </div>
        )}
      </Field>
      {known && (
        <div className="col-span-2 flex flex-wrap items-center gap-1 md:col-span-4">
          <span className="mr-1 text-12 font-medium text-ink-2">{t('form.span')}</span>
          {SPANS.map((years) => {
            const from = years === null ? '' : yearsBefore(known.to, years);
            return (
              <Chip
                key={years}
                isOn={values.from === from && values.to === ''}
                onClick={() => set({ from, to: '' })}
              >
                {years === null ? t('form.spanAll') : t('form.spanYears', { count: years })}
              </Chip>
            );
          })}
        </div>
      )}
      <Field label={t('form.from')} error={errorOf('from', 'start_date')}>
        {(ids) => (
          <Input
            {...ids}
            type="date"
            value={values.from}
            onChange={(event) => set({ from: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('form.to')} error={errorOf('to', 'end_date')}>
        {(ids) => (
          <Input
            {...ids}
            type="date"
            value={values.to}
            onChange={(event) => set({ to: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('form.timeframe')}>
        {(ids) => (
          <Select
            {...ids}
            value={values.timeframe}
            onValue={(timeframe) => set({ timeframe })}
            options={TIMEFRAMES.map((value) => ({ value, label: t(`timeframe.${value}`) }))}
          />
        )}
      </Field>
      <Field label={t('form.benchmark')} error={errorOf('benchmark')}>
        {(ids) => (
          <Select
            {...ids}
            value={values.benchmark}
            onValue={(benchmark) => set({ benchmark })}
            options={[
              { value: '', label: t('form.noBenchmark') },
              ...symbols.map((value) => ({ value, label: value })),
            ]}
          />
        )}
      </Field>
    </div>
  );
}

/** Years that a press of a chip covers; null is all there is. */
const SPANS = [null, 10, 5, 3] as const;

function yearsBefore(date: string, years: number): string {
  return `${Number(date.slice(0, 4)) - years}${date.slice(4, 10)}`.replace('-02-29', '-02-28');
}

function Chip({
  isOn,
  onClick,
  children,
}: {
  isOn: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={cx(
        'h-6 rounded-pill border px-2.5 text-12 touch:h-11 touch:px-4',
        isOn ? 'border-ink bg-ink text-surface' : 'text-ink-2 hover:bg-raised',
      )}
    >
      {children}
    </button>
  );
}

interface GridProps extends Omit<GroupProps, 'errorOf'> {
  strategy: Strategy;
  errors: Errors;
}

function GridFields({ strategy, values, set, errors }: GridProps) {
  const proposals = gridTexts(strategy);
  const names = Object.keys(proposals);
  if (names.length === 0) return <p className="text-13 text-ink-3">{t('form.noParams')}</p>;
  const sizes = names.map((name) => {
    const grid = readGrid(values.grid[name] ?? proposals[name] ?? '');
    return grid ? gridSize(grid) : 0;
  });
  const count = sizes.reduce((product, size) => product * size, 1);
  return (
    <>
      <div className="grid grid-cols-1 gap-x-4 gap-y-3 sm:grid-cols-2">
        {names.map((name, index) => (
          <Field
            key={name}
            label={paramLabel(name)}
            hint={t('form.gridHint', { count: sizes[index] })}
            error={errors[`grid.${name}`]}
          >
            {(ids) => (
              <Input
                {...ids}
                className="num"
                autoComplete="off"
                value={values.grid[name] ?? proposals[name] ?? ''}
                onChange={(event) => set({ grid: { ...values.grid, [name]: event.target.value } })}
              />
            )}
          </Field>
        ))}
      </div>
      <p className="num text-13 text-ink-2">
        {strategy.params_schema.rule
          ? t('form.combinationsRule', {
              number: formatNumber(count, { decimals: 0 }),
              rule: strategy.params_schema.rule.replace(/([<>=!]+)/, ' $1 '),
            })
          : t('form.combinations', { number: formatNumber(count, { decimals: 0 }) })}
      </p>
    </>
  );
}

function WindowFields({ values, set, errorOf }: GroupProps) {
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3">
      <Field label={t('form.train')} hint={t('form.sessions')} error={errorOf('train')}>
        {(ids) => (
          <Input
            {...ids}
            inputMode="numeric"
            className="num"
            value={values.train}
            onChange={(event) => set({ train: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('form.test')} hint={t('form.sessions')} error={errorOf('test')}>
        {(ids) => (
          <Input
            {...ids}
            inputMode="numeric"
            className="num"
            value={values.test}
            onChange={(event) => set({ test: event.target.value })}
          />
        )}
      </Field>
      <Checkbox
        className="col-span-2"
        label={t('form.anchored')}
        hint={t('form.anchoredHint')}
        checked={values.anchored}
        onValue={(anchored) => set({ anchored })}
      />
    </div>
  );
}

function CostSection({ values, set, errorOf }: GroupProps) {
  const numbers = [
    ['cash', 'cash', t('form.cash'), undefined],
    ['feeBps', 'fee_bps', t('form.fee'), t('form.bps')],
    ['slippageBps', 'slippage_bps', t('form.slippage'), t('form.bps')],
  ] as const;
  return (
    <Section
      title={t('form.costs')}
      aside={
        <div className="flex gap-1">
          {(Object.keys(COST_PRESETS) as (keyof typeof COST_PRESETS)[]).map((name) => (
            <Chip
              key={name}
              isOn={
                values.feeBps === COST_PRESETS[name].feeBps &&
                values.slippageBps === COST_PRESETS[name].slippageBps
              }
              onClick={() => set(COST_PRESETS[name])}
            >
              {t(`form.presets.${name}`)}
            </Chip>
          ))}
        </div>
      }
    >
      <div className="grid grid-cols-2 gap-x-4 gap-y-3 md:grid-cols-4">
        {numbers.map(([field, wireField, label, hint]) => (
          <Field key={field} label={label} hint={hint} error={errorOf(field, wireField)}>
            {(ids) => (
              <Input
                {...ids}
                inputMode="decimal"
                className="num"
                value={values[field]}
                onChange={(event) => set({ [field]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field label={t('form.fill')}>
          {(ids) => (
            <Select
              {...ids}
              value={values.fill}
              onValue={(fill) => set({ fill: fill === 'close' ? 'close' : 'next_open' })}
              options={[
                { value: 'next_open', label: t('form.nextOpen') },
                { value: 'close', label: t('form.close') },
              ]}
            />
          )}
        </Field>
      </div>
      <Checkbox
        label={t('form.short')}
        hint={t('form.shortHint')}
        checked={values.allowShort}
        onValue={(allowShort) => set({ allowShort })}
      />
      {values.feeBps === '0' && values.slippageBps === '0' && (
        <p className="text-12 text-warn">{t('form.freeWarning')}</p>
      )}
    </Section>
  );
}

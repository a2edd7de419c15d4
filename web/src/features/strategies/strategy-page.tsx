import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChartCredit } from '@/components/charts/chart-credit';
import { type Column, DataTable } from '@/components/data/data-table';
import { Num, Pct } from '@/components/data/num';
import { EmptyState, ErrorPanel, Loading, Skeleton } from '@/components/data/states';
import { TimeAgo } from '@/components/data/time-ago';
import { paramLabel } from '@/components/lab/param-form';
import { Page, PageHeader } from '@/components/shell/page';
import { buttonStyle } from '@/components/ui/button';
import { backtestsQuery, strategiesQuery } from '@/lib/api/queries';
import type { BacktestRow, Strategy } from '@/lib/api/schema';
import { paramsText } from '@/lib/api/use-labels';
import { formatNumber } from '@/lib/format';
import { measureName } from '@/lib/metrics';
import { t } from '@/lib/strings';
import { Example } from './example';

/** One strategy: what it does, its parameters, an example, and how its runs went. */
export function StrategyPage({ name }: { name: string }) {
  const query = useQuery(strategiesQuery);
  const strategy = query.data?.find((one) => one.name === name);
  return (
    <Page>
      <PageHeader
        above={
          <Link to="/strategies" className="hover:underline">
            {t('nav.strategies')}
          </Link>
        }
        title={strategy?.label ?? name}
        below={strategy && <span className="first-letter:uppercase">{strategy.family}</span>}
        actions={strategy && <Actions strategy={strategy} />}
      />
      {query.isPending && (
        <Loading>
          <Skeleton className="h-80 w-full rounded-card" />
        </Loading>
      )}
      {query.isLoadingError && (
        <div className="card">
          <ErrorPanel error={query.error} onRetry={query.refetch} />
        </div>
      )}
      {query.data && !strategy && (
        <div className="card">
          <EmptyState title={t('strategies.unknown', { name })}>
            {t('strategies.unknownDetail')}
          </EmptyState>
        </div>
      )}
      {strategy && (
        <>
          <Explanation strategy={strategy} />
          {strategy.example && <Example example={strategy.example} />}
          <Parameters strategy={strategy} />
          <Runs strategy={strategy} />
          {strategy.example && <ChartCredit />}
        </>
      )}
    </Page>
  );
}

function Actions({ strategy }: { strategy: Strategy }) {
  const canSweep = Object.keys(strategy.sweep).length > 0;
  return (
    <>
      <Link
        to="/backtests/new"
        search={{ strategy: strategy.name }}
        className={buttonStyle({ kind: 'primary' })}
      >
        {t('strategies.backtest')}
      </Link>
      {canSweep && (
        <Link
          to="/backtests/new"
          search={{ kind: 'sweep', strategy: strategy.name }}
          className={buttonStyle()}
        >
          {t('strategies.sweep')}
        </Link>
      )}
    </>
  );
}

function Explanation({ strategy }: { strategy: Strategy }) {
  return (
    <section
      aria-label={t('strategies.explanation')}
      className="card flex flex-col gap-3 p-4 md:p-5"
    >
      <p className="max-w-[68ch] text-16 text-pretty">{strategy.description}</p>
      {strategy.explanation?.map((paragraph) => (
        <p key={paragraph} className="max-w-[68ch] text-14 text-ink-2 text-pretty">
          {paragraph}
        </p>
      ))}
      <p className="max-w-[68ch] text-13 text-ink-2 text-pretty">{t('strategies.timing')}</p>
      <p className="text-12 text-ink-3">
        {t('strategies.source')} {strategy.source}
      </p>
    </section>
  );
}

type Parameter = { name: string } & Strategy['params_schema']['properties'][string];

function Parameters({ strategy }: { strategy: Strategy }) {
  const rows = Object.entries(strategy.params_schema.properties).map(([name, property]) => ({
    name,
    ...property,
  }));
  if (rows.length === 0) return null;
  const columns: Column<Parameter>[] = [
    {
      key: 'name',
      label: t('strategies.parameter'),
      render: (row) => <span className="font-medium">{paramLabel(row.name)}</span>,
    },
    {
      key: 'what',
      label: t('strategies.meaning'),
      isWide: true,
      render: (row) => <span className="text-ink-2">{row.description}</span>,
    },
    {
      key: 'default',
      label: t('strategies.default'),
      isNumber: true,
      render: (row) => String(row.default),
    },
    {
      key: 'sweep',
      label: t('strategies.range'),
      isNumber: true,
      render: (row) =>
        row.sweep
          ? `${formatNumber(row.sweep.from)} – ${formatNumber(row.sweep.to)} · ${formatNumber(row.sweep.step)}`
          : '—',
    },
  ];
  return (
    <section aria-label={t('form.params')} className="card overflow-hidden">
      <h2 className="px-4 pt-3 pb-1 text-13 font-semibold">{t('form.params')}</h2>
      <DataTable
        caption={t('form.params')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.name}
      />
      {strategy.params_schema.rule && (
        <p className="border-t px-4 py-2.5 text-12 text-ink-3">
          {t('form.rule', { rule: strategy.params_schema.rule.replace(/([<>=!]+)/, ' $1 ') })}
        </p>
      )}
    </section>
  );
}

/** The last runs of this strategy. */
function Runs({ strategy }: { strategy: Strategy }) {
  const query = useQuery(backtestsQuery);
  const rows = (query.data?.backtests ?? []).filter(
    (row) => row.request.strategy === strategy.name && row.metrics !== null,
  );
  if (rows.length === 0) return null;
  const columns: Column<BacktestRow>[] = [
    {
      key: 'run',
      label: t('form.tickers'),
      render: (row) => (
        <Link
          to="/backtests/$id"
          params={{ id: row.task_id }}
          className="font-medium hover:underline"
        >
          {row.request.tickers.join(', ')}
        </Link>
      ),
    },
    {
      key: 'params',
      label: t('form.params'),
      isWide: true,
      render: (row) => (
        <span className="text-ink-2">
          {paramsText(row.request.params) || t('backtests.defaults')}
        </span>
      ),
    },
    {
      key: 'cagr',
      label: measureName('cagr'),
      isNumber: true,
      render: (row) => <Pct value={row.metrics?.cagr} />,
    },
    {
      key: 'sharpe',
      label: measureName('sharpe_ratio'),
      isNumber: true,
      render: (row) => <Num value={row.metrics?.sharpe_ratio} decimals={2} />,
    },
    {
      key: 'when',
      label: t('backtests.when'),
      isWide: true,
      className: 'text-ink-3',
      isNumber: true,
      render: (row) => <TimeAgo time={row.created_at} />,
    },
  ];
  return (
    <section aria-label={t('strategies.runs')} className="card overflow-hidden">
      <h2 className="px-4 pt-3 pb-1 text-13 font-semibold">{t('strategies.runs')}</h2>
      <DataTable
        caption={t('strategies.runs')}
        columns={columns}
        rows={rows.slice(0, 10)}
        rowKey={(row) => row.task_id}
      />
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Upload, X } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { ChartCredit } from '@/components/charts/chart-credit';
import { Badge } from '@/components/data/badge';
import { type Column, DataTable } from '@/components/data/data-table';
import { Num } from '@/components/data/num';
import {
  EmptyState,
  ErrorPanel,
  Loading,
  Skeleton,
  SkeletonRows,
  StaleNote,
} from '@/components/data/states';
import { TimeAgo } from '@/components/data/time-ago';
import { Page, PageHeader } from '@/components/shell/page';
import { Button, buttonStyle, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { barsQuery, catalogueQuery, gapsQuery } from '@/lib/api/queries';
import type { Gap, Series } from '@/lib/api/schema';
import { formatNumber } from '@/lib/format';
import { sortOf, sortText } from '@/lib/search';
import { t } from '@/lib/strings';
import { UploadSheet } from './upload-sheet';

const PriceChart = lazy(() =>
  import('@/components/charts/price-chart').then((module) => ({ default: module.PriceChart })),
);

/** What of the lake is looked at, as the URL says. */
export interface DataSearch {
  symbol?: string;
  q?: string;
  sort?: string;
  upload?: boolean;
}

/** What is in the lake, what is missing from it, and the way to put more in. */
export function DataPage({ search }: { search: DataSearch }) {
  const query = useQuery(catalogueQuery);
  const navigate = useNavigate({ from: '/data' });
  const view = (change: Partial<DataSearch>) =>
    navigate({
      search: (old: DataSearch) => ({ ...old, ...change }),
      replace: true,
      resetScroll: false,
    });
  const series = query.data?.series ?? [];
  const shown = series.filter(({ symbol }) =>
    symbol.toLowerCase().includes((search.q ?? '').toLowerCase()),
  );
  const chosen = series.find(({ symbol }) => symbol === search.symbol);
  return (
    <Page>
      <PageHeader
        title={t('nav.data')}
        below={<span>{t('data.about')}</span>}
        actions={
          <Button kind="primary" onClick={() => view({ upload: true })}>
            <Upload aria-hidden /> {t('data.upload')}
          </Button>
        }
      />
      {search.symbol && query.data && (
        <ChartOf
          symbol={search.symbol}
          series={chosen}
          onClose={() => view({ symbol: undefined })}
        />
      )}
      {query.isPending && (
        <div className="card overflow-hidden">
          <SkeletonRows rows={8} />
        </div>
      )}
      {query.isLoadingError && (
        <div className="card">
          <ErrorPanel error={query.error} onRetry={query.refetch} />
        </div>
      )}
      {query.isRefetchError && <StaleNote since={query.dataUpdatedAt} onRetry={query.refetch} />}
      {query.data && series.length === 0 && (
        <div className="card">
          <EmptyState
            title={t('data.empty')}
            action={
              <Button kind="primary" onClick={() => view({ upload: true })}>
                {t('data.upload')}
              </Button>
            }
          >
            {t('data.emptyDetail')}
          </EmptyState>
        </div>
      )}
      {series.length > 0 && (
        <section aria-label={t('data.catalogue')} className="card overflow-hidden">
          <header className="flex flex-wrap items-center justify-between gap-2 py-2 pr-2 pl-4">
            <h2 className="num text-13 font-semibold">
              {t('data.series', { count: series.length })}
            </h2>
            <Input
              type="search"
              aria-label={t('data.filter')}
              placeholder={t('data.filter')}
              className="w-40!"
              value={search.q ?? ''}
              onChange={(event) => view({ q: event.target.value || undefined })}
            />
          </header>
          {shown.length === 0 ? (
            <EmptyState
              title={t('backtests.noHits')}
              action={
                <Button onClick={() => view({ q: undefined })}>{t('backtests.dropFilter')}</Button>
              }
            >
              {t('backtests.noHitsDetail', { filter: search.q ?? '' })}
            </EmptyState>
          ) : (
            <DataTable
              caption={t('data.catalogue')}
              columns={COLUMNS()}
              rows={shown}
              rowKey={keyOf}
              sort={sortOf(search.sort)}
              onSort={(sort) => view({ sort: sortText(sort) })}
              onOpen={(row) => view({ symbol: row.symbol })}
              selected={new Set(chosen ? [keyOf(chosen)] : [])}
              maxHeight={520}
            />
          )}
        </section>
      )}
      {query.data && query.data.damaged.length > 0 && <Damaged messages={query.data.damaged} />}
      <Gaps />
      <UploadSheet
        open={search.upload ?? false}
        onOpenChange={(open) => view({ upload: open || undefined })}
        onStored={(symbol) => view({ upload: undefined, symbol })}
      />
    </Page>
  );
}

const COLUMNS = (): Column<Series>[] => [
  {
    key: 'symbol',
    label: t('data.symbol'),
    sortBy: (row) => row.symbol,
    render: (row) => (
      <Link
        to="/data"
        search={{ symbol: row.symbol }}
        tabIndex={-1}
        className="font-medium hover:underline"
      >
        {row.symbol}
      </Link>
    ),
  },
  {
    key: 'timeframe',
    label: t('form.timeframe'),
    sortBy: (row) => row.timeframe,
    render: (row) => row.timeframe,
  },
  {
    key: 'source',
    label: t('data.source'),
    isWide: true,
    sortBy: (row) => row.source,
    render: (row) => <Badge>{row.source}</Badge>,
  },
  {
    key: 'adjustment',
    label: t('data.prices'),
    isWide: true,
    sortBy: (row) => row.adjustment,
    render: (row) => row.adjustment,
  },
  {
    key: 'from',
    label: t('form.from'),
    sortBy: (row) => row.from,
    render: (row) => <span className="num">{row.from.slice(0, 10)}</span>,
  },
  {
    key: 'to',
    label: t('form.to'),
    sortBy: (row) => row.to,
    render: (row) => <span className="num">{row.to.slice(0, 10)}</span>,
  },
  {
    key: 'bars',
    label: t('data.bars'),
    isNumber: true,
    isWide: true,
    sortBy: (row) => row.bars,
    render: (row) => <Num value={row.bars} decimals={0} />,
  },
  {
    key: 'bytes',
    label: t('data.onDisk'),
    isNumber: true,
    isWide: true,
    sortBy: (row) => row.bytes,
    render: (row) => `${formatNumber(row.bytes / 1024, { decimals: 0 })} KB`,
  },
  {
    key: 'updated',
    label: t('data.updated'),
    isWide: true,
    className: 'text-ink-3',
    isNumber: true,
    sortBy: (row) => row.updated,
    render: (row) => (row.updated ? <TimeAgo time={row.updated} /> : t('data.bundled')),
  },
];

interface ChartProps {
  symbol: string;
  series: Series | undefined;
  onClose: () => void;
}

function ChartOf({ symbol, series, onClose }: ChartProps) {
  const query = useQuery({
    ...barsQuery(symbol, {
      start_date: series?.from.slice(0, 10) ?? '',
      end_date: series?.to.slice(0, 10) ?? '',
      timeframe: series?.timeframe ?? '1d',
    }),
    enabled: series !== undefined,
  });
  const space = <Skeleton className="h-[424px] w-full rounded-card" />;
  if (!series) {
    return (
      <div className="card">
        <EmptyState
          title={t('data.unknown', { symbol })}
          action={<Button onClick={onClose}>{t('common.close')}</Button>}
        >
          {t('data.unknownDetail')}
        </EmptyState>
      </div>
    );
  }
  return (
    <section aria-label={symbol} className="flex flex-col gap-2">
      {query.isPending && <Loading>{space}</Loading>}
      {query.isLoadingError && (
        <div className="card">
          <ErrorPanel error={query.error} onRetry={query.refetch} />
        </div>
      )}
      {query.data && (
        <Suspense fallback={space}>
          <PriceChart
            symbol={symbol}
            bars={query.data}
            fileName={symbol}
            note={t('data.chartNote', { source: series.source })}
          />
        </Suspense>
      )}
      <div className="flex gap-2">
        <Link
          to="/backtests/new"
          search={{ tickers: symbol }}
          className={buttonStyle({ size: 's' })}
        >
          {t('data.backtest', { symbol })}
        </Link>
        <IconButton label={t('data.closeChart')} size="s" onClick={onClose}>
          <X />
        </IconButton>
        <span className="ml-auto">
          <ChartCredit />
        </span>
      </div>
    </section>
  );
}

function Damaged({ messages }: { messages: string[] }) {
  return (
    <section aria-label={t('data.damaged')} className="card p-4">
      <h2 className="mb-2 text-13 font-semibold text-warn">{t('data.damaged')}</h2>
      <ul className="flex flex-col gap-1 text-13 text-ink-2">
        {messages.map((message) => (
          <li key={message} className="break-words">
            {message}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Sessions that a calendar expects and a series lacks. */
function Gaps() {
  const query = useQuery(gapsQuery);
  const columns: Column<Gap>[] = [
    {
      key: 'symbol',
      label: t('data.symbol'),
      render: (row) => <span className="font-medium">{row.symbol}</span>,
    },
    { key: 'timeframe', label: t('form.timeframe'), render: (row) => row.timeframe },
    {
      key: 'source',
      label: t('data.source'),
      isWide: true,
      render: (row) => <Badge>{row.source}</Badge>,
    },
    {
      key: 'from',
      label: t('form.from'),
      render: (row) => <span className="num">{row.from}</span>,
    },
    { key: 'to', label: t('form.to'), render: (row) => <span className="num">{row.to}</span> },
    {
      key: 'bars',
      label: t('data.missing'),
      isNumber: true,
      render: (row) => <Num value={row.bars} decimals={0} />,
    },
  ];
  return (
    <section aria-label={t('data.gaps')} className="card overflow-hidden">
      <h2 className="px-4 pt-3 pb-1 text-13 font-semibold">{t('data.gaps')}</h2>
      {query.isPending && <SkeletonRows rows={2} />}
      {query.isLoadingError && <ErrorPanel error={query.error} onRetry={query.refetch} />}
      {query.data?.gaps.length === 0 && (
        <p className="px-4 pb-4 text-13 text-ink-2">
          {t('data.noGaps', { count: query.data.series })}
        </p>
      )}
      {query.data && query.data.gaps.length > 0 && (
        <DataTable
          caption={t('data.gaps')}
          columns={columns}
          rows={query.data.gaps}
          rowKey={(row) => `${keyOf(row)} ${row.from}`}
          maxHeight={360}
        />
      )}
    </section>
  );
}

function keyOf({
  symbol,
  source,
  timeframe,
}: {
  symbol: string;
  source: string;
  timeframe: string;
}) {
  return `${symbol} ${source} ${timeframe}`;
}

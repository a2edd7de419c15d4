import { useQuery } from '@tanstack/react-query';
import { FileDown } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { Histogram } from '@/components/charts/histogram';
import { Scatter } from '@/components/charts/scatter';
import { Badge } from '@/components/data/badge';
import { type Column, DataTable } from '@/components/data/data-table';
import { Delta, Money, Num, Pct } from '@/components/data/num';
import { EmptyState, ErrorPanel, Loading, Skeleton } from '@/components/data/states';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { barsQuery } from '@/lib/api/queries';
import type { BacktestReport, Trade } from '@/lib/api/schema';
import { saveText, toCsv } from '@/lib/export';
import { formatNumber, formatPercent, formatTime, priceDecimals } from '@/lib/format';
import { preferences } from '@/lib/preferences';
import { sortOf, sortText } from '@/lib/search';
import { t } from '@/lib/strings';

const PriceChart = lazy(() =>
  import('@/components/charts/price-chart').then((module) => ({ default: module.PriceChart })),
);

interface Props {
  report: BacktestReport;
  timeframe: string;
  fileName: string;
  /** Number of the trade in view, from 1. */
  trade: number | undefined;
  symbol: string | undefined;
  sort: string | undefined;
  onView: (view: {
    trade?: number | undefined;
    symbol?: string | undefined;
    sort?: string | undefined;
  }) => void;
}

/** A trade with its place and what it returned on what it cost. */
interface Row extends Trade {
  number: number;
  /** P&L over the money that the entry took. */
  share: number | null;
}

const TABLE_PX = 520;

/** Where it bought and sold, each trade, and how their results are spread. */
export function TradesSection({ report, timeframe, fileName, trade, symbol, sort, onView }: Props) {
  const rows = useMemo(() => report.trades.map(rowOf), [report.trades]);
  const closed = rows.filter((row) => row.exit_time !== null);
  const shown = symbol ?? rows[(trade ?? 0) - 1]?.symbol ?? report.symbols[0] ?? '';
  if (rows.length === 0) {
    return (
      <div className="card">
        <EmptyState title={t('trades.none')}>{t('trades.noneDetail')}</EmptyState>
      </div>
    );
  }
  return (
    <>
      {report.symbols.length > 1 && (
        <Segmented
          label={t('form.tickers')}
          className="no-print self-start"
          value={shown}
          options={report.symbols.map((value) => ({ value, label: value }))}
          onValue={(value) => onView({ symbol: value, trade: undefined })}
        />
      )}
      <Prices
        report={report}
        timeframe={timeframe}
        symbol={shown}
        trade={rows[(trade ?? 0) - 1]}
        fileName={fileName}
      />
      <TradeTable rows={rows} fileName={fileName} sort={sort} trade={trade} onView={onView} />
      {closed.length > 1 && (
        <div className="grid min-w-0 gap-5 *:min-w-0 lg:grid-cols-2">
          <Histogram
            title={t('trades.distribution')}
            values={closed.flatMap((row) => (row.share === null ? [] : [row.share]))}
            name={t('trades.returnAxis')}
            format={(value) => formatPercent(value, { decimals: 0 })}
            fileName={`${fileName}-trade-returns`}
            summary={t('trades.distributionSummary', {
              count: closed.length,
              gained: closed.filter((row) => (row.pnl ?? 0) > 0).length,
            })}
          />
          <Excursions rows={closed} fileName={fileName} />
        </div>
      )}
    </>
  );
}

interface PricesProps extends Pick<Props, 'report' | 'timeframe' | 'fileName'> {
  symbol: string;
  trade: Trade | undefined;
}

function Prices({ report, timeframe, symbol, trade, fileName }: PricesProps) {
  const query = useQuery(
    barsQuery(symbol, {
      start_date: report.from.slice(0, 10),
      end_date: report.to.slice(0, 10),
      timeframe,
    }),
  );
  const trades = useMemo(
    () => report.trades.filter((one) => one.symbol === symbol),
    [report.trades, symbol],
  );
  const space = <Skeleton className="h-[424px] w-full rounded-card" />;
  if (query.isPending) return <Loading>{space}</Loading>;
  if (query.isLoadingError || !query.data) {
    return (
      <div className="card no-print">
        <ErrorPanel
          error={query.error}
          stillTrue={t('trades.pricesMissing')}
          onRetry={query.refetch}
        />
      </div>
    );
  }
  return (
    <div className="no-print">
      <Suspense fallback={space}>
        <PriceChart
          symbol={symbol}
          bars={query.data}
          trades={trades}
          focus={trade}
          fileName={`${fileName}-${symbol}-prices`}
          note={t('trades.pricesNote')}
        />
      </Suspense>
    </div>
  );
}

interface TableProps extends Pick<Props, 'fileName' | 'sort' | 'trade' | 'onView'> {
  rows: Row[];
}

function TradeTable({ rows, fileName, sort, trade, onView }: TableProps) {
  const exportCsv = () => {
    const keys = Object.keys(rows[0] ?? {}).filter(
      (key) => key !== 'number' && key !== 'share',
    ) as (keyof Trade)[];
    const money = new Set<keyof Trade>(['pnl', 'fees', 'mae', 'mfe']);
    const { isPrivate } = preferences();
    const cells = rows.map((row) =>
      keys.map((key) => (isPrivate && money.has(key) ? '•••' : row[key])),
    );
    saveText(`${fileName}-trades.csv`, 'text/csv', toCsv(keys, cells));
  };
  return (
    <section aria-label={t('trades.title')} className="card overflow-hidden">
      <header className="flex min-h-11 items-center justify-between py-1.5 pr-2 pl-4">
        <h3 className="num text-13 font-semibold">{t('trades.count', { count: rows.length })}</h3>
        <Button kind="quiet" size="s" className="no-print" onClick={exportCsv}>
          <FileDown aria-hidden /> CSV
        </Button>
      </header>
      <DataTable
        caption={t('trades.title')}
        columns={COLUMNS()}
        rows={rows}
        rowKey={(row) => String(row.number)}
        sort={sortOf(sort)}
        onSort={(next) => onView({ sort: sortText(next) })}
        onOpen={(row) =>
          onView({ trade: row.number === trade ? undefined : row.number, symbol: row.symbol })
        }
        selected={new Set(trade ? [String(trade)] : [])}
        maxHeight={TABLE_PX}
      />
    </section>
  );
}

const COLUMNS = (): Column<Row>[] => [
  {
    key: 'number',
    label: '#',
    isNumber: true,
    sortBy: (row) => row.number,
    render: (row) => <Num value={row.number} decimals={0} className="text-ink-3" />,
    isWide: true,
  },
  {
    key: 'side',
    label: t('trades.side'),
    sortBy: (row) => row.side,
    render: (row) => (
      <span className="inline-flex items-center gap-2">
        {t(`trades.sides.${row.side}`)}
        {row.exit_time === null && <Badge tone="outline">{t('trades.open')}</Badge>}
      </span>
    ),
  },
  {
    key: 'entry',
    label: t('trades.entry'),
    sortBy: (row) => row.entry_time,
    render: (row) => <span className="num">{formatTime(row.entry_time)}</span>,
  },
  {
    key: 'exit',
    label: t('trades.exit'),
    isWide: true,
    sortBy: (row) => row.exit_time,
    render: (row) => <span className="num">{row.exit_time ? formatTime(row.exit_time) : '—'}</span>,
  },
  {
    key: 'quantity',
    label: t('trades.quantity'),
    isNumber: true,
    isWide: true,
    sortBy: (row) => row.quantity,
    render: (row) => <Num value={row.quantity} />,
  },
  {
    key: 'entry_price',
    label: t('trades.entryPrice'),
    isNumber: true,
    isWide: true,
    sortBy: (row) => row.entry_price,
    render: (row) => <Num value={row.entry_price} decimals={priceDecimals(row.entry_price)} />,
  },
  {
    key: 'exit_price',
    label: t('trades.exitPrice'),
    isNumber: true,
    isWide: true,
    sortBy: (row) => row.exit_price,
    render: (row) => <Num value={row.exit_price} decimals={priceDecimals(row.exit_price ?? 1)} />,
  },
  {
    key: 'pnl',
    label: t('trades.pnl'),
    isNumber: true,
    sortBy: (row) => row.pnl,
    render: (row) => <Delta value={row.pnl} kind="money" decimals={0} />,
  },
  {
    key: 'share',
    label: t('trades.return'),
    isNumber: true,
    sortBy: (row) => row.share,
    render: (row) => <Pct value={row.share} signed />,
  },
  {
    key: 'mae',
    label: t('trades.mae'),
    title: t('trades.maeTitle'),
    isNumber: true,
    isWide: true,
    sortBy: (row) => row.mae,
    render: (row) => <Money value={row.mae} decimals={0} />,
  },
  {
    key: 'mfe',
    label: t('trades.mfe'),
    title: t('trades.mfeTitle'),
    isNumber: true,
    isWide: true,
    sortBy: (row) => row.mfe,
    render: (row) => <Money value={row.mfe} decimals={0} />,
  },
  {
    key: 'bars',
    label: t('trades.bars'),
    isNumber: true,
    isWide: true,
    sortBy: (row) => row.bars_held,
    render: (row) => <Num value={row.bars_held} decimals={0} />,
  },
];

/** How far trades went against and for their holder, by what they ended with. */
function Excursions({ rows, fileName }: { rows: Row[]; fileName: string }) {
  const dots = rows.flatMap((row) => {
    const cost = costOf(row);
    if (row.mae === null || row.mfe === null || cost === 0) return [];
    const [x, y] = [row.mae / cost, row.mfe / cost];
    const words = {
      number: row.number,
      mae: formatPercent(x),
      mfe: formatPercent(y),
      share: formatPercent(row.share, { signed: true }),
    };
    return [{ x, y, isGood: (row.pnl ?? 0) > 0, title: t('trades.dot', words) }];
  });
  return (
    <Scatter
      title={t('trades.excursions')}
      dots={dots}
      xName={t('trades.maeAxis')}
      yName={t('trades.mfeAxis')}
      format={(value) => formatPercent(value, { decimals: 0 })}
      fileName={`${fileName}-excursions`}
      summary={t('trades.excursionsSummary', {
        count: dots.length,
        average: formatNumber(dots.length),
      })}
      note={t('trades.excursionsNote')}
    />
  );
}

function rowOf(trade: Trade, index: number): Row {
  const cost = costOf(trade);
  return {
    ...trade,
    number: index + 1,
    share: trade.pnl === null || cost === 0 ? null : trade.pnl / cost,
  };
}

function costOf({ quantity, entry_price: price }: Trade): number {
  return Math.abs(quantity * price);
}

import { lazy, Suspense, useMemo } from 'react';
import { Skeleton } from '@/components/data/states';
import type { StrategyExample, Trade } from '@/lib/api/schema';
import { t } from '@/lib/strings';

const PriceChart = lazy(() =>
  import('@/components/charts/price-chart').then((module) => ({ default: module.PriceChart })),
);

/** The strategy at work on a stretch of bundled history whose decisions the tests hold fast. */
export function Example({ example }: { example: StrategyExample }) {
  const trades = useMemo(() => tradesOf(example), [example]);
  return (
    <Suspense fallback={<Skeleton className="h-[424px] w-full rounded-card" />}>
      <PriceChart
        symbol={example.symbol}
        bars={example.bars}
        trades={trades}
        fileName={`example-${example.symbol}`}
        note={t('strategies.exampleNote', { count: trades.length, symbol: example.symbol })}
      />
    </Suspense>
  );
}

/** Turns targets (1 long, 0 flat, −1 short at each close) into the trades they ask for. */
export function tradesOf({ symbol, bars, targets }: StrategyExample): Trade[] {
  const trades: Trade[] = [];
  let held = 0;
  targets.forEach((target, index) => {
    const bar = bars[index];
    if (!bar || target === null || target === held) return;
    const open = trades.at(-1);
    if (held !== 0 && open) {
      open.exit_time = bar.date;
      open.exit_price = bar.close;
    }
    if (target !== 0) {
      trades.push({
        symbol,
        side: target > 0 ? 'buy' : 'sell',
        quantity: 1,
        entry_time: bar.date,
        entry_price: bar.close,
        exit_time: null,
        exit_price: null,
        pnl: null,
        fees: 0,
        bars_held: 0,
        mae: null,
        mfe: null,
      });
    }
    held = target;
  });
  return trades;
}

import {
  CandlestickSeries,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  PriceScaleMode,
  type SeriesMarker,
  type Time,
} from 'lightweight-charts';
import { useCallback, useEffect, useMemo } from 'react';
import { Num } from '@/components/data/num';
import type { Bar, Trade } from '@/lib/api/schema';
import { formatNumber, formatTime, priceDecimals } from '@/lib/format';
import { t } from '@/lib/strings';
import { token, tokenAt } from '@/lib/tokens';
import { ChartFrame } from './chart-frame';
import { clusterFills, fillsOf } from './fills';
import { chartTime } from './time-chart';
import { TimeChartArea } from './time-chart-area';
import { useTimeChart } from './use-time-chart';

interface Props {
  symbol: string;
  bars: readonly Bar[];
  trades?: readonly Trade[];
  /** A trade to bring into view. */
  focus?: Trade | undefined;
  fileName: string;
  note?: string;
}

/** Marks closer than this many pixels become one. */
const MARK_PX = 16;
/** How many bars of context stand around a trade in view. */
const CONTEXT_BARS = 20;

/** Highest over lowest price from which the scale is logarithmic. */
const WIDE_RATIO = 4;

const NONE: readonly Trade[] = [];

/** Bars, volume and where the strategy bought and sold. */
export function PriceChart({ symbol, bars, trades = NONE, focus, fileName, note }: Props) {
  const indexOf = useMemo(() => {
    const places = new Map(bars.map((bar, index) => [formatTime(bar.date), index]));
    return (time: string) => places.get(formatTime(time)) ?? -1;
  }, [bars]);

  const draw = useCallback(
    (chart: IChartApi) => {
      const series = chart.addSeries(CandlestickSeries, {
        upColor: token('up'),
        downColor: token('down'),
        wickUpColor: token('up'),
        wickDownColor: token('down'),
        borderVisible: false,
        priceLineVisible: false,
        lastValueVisible: false,
      });
      series.setData(bars.map((bar) => ({ ...bar, time: chartTime(bar.date) })));
      const volume = chart.addSeries(HistogramSeries, {
        priceScaleId: 'volume',
        color: tokenAt('ink-3', 0.28),
        priceFormat: { type: 'volume' },
        lastValueVisible: false,
        priceLineVisible: false,
      });
      volume.setData(bars.map((bar) => ({ time: chartTime(bar.date), value: bar.volume })));
      chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
      chart.priceScale('right').applyOptions({
        scaleMargins: { top: 0.1, bottom: 0.2 },
        mode: isWide(bars) ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal,
      });

      const fills = fillsOf(trades).filter((fill) => indexOf(fill.time) >= 0);
      const markers = createSeriesMarkers<Time>(series, []);
      let drawnGap = 0;
      const mark = () => {
        const gap = Math.max(1, Math.ceil(MARK_PX / chart.timeScale().options().barSpacing));
        if (gap === drawnGap) return;
        drawnGap = gap;
        markers.setMarkers(clusterFills(fills, indexOf, gap).map(markerOf));
      };
      chart.timeScale().subscribeVisibleLogicalRangeChange(mark);
      mark();
      return { main: series };
    },
    [bars, trades, indexOf],
  );
  const chart = useTimeChart(draw, bars.length);

  useEffect(() => {
    if (!focus) return;
    const from = indexOf(focus.entry_time);
    const to = focus.exit_time ? indexOf(focus.exit_time) : bars.length - 1;
    if (from < 0) return;
    const margin = Math.max(CONTEXT_BARS, to - from);
    chart.chart.current
      ?.timeScale()
      .setVisibleLogicalRange({ from: from - margin, to: Math.max(from, to) + margin });
  }, [focus, bars, indexOf, chart.chart]);

  const at = bars[chart.index ?? bars.length - 1];
  const summary = t('chart.priceSummary', {
    symbol,
    from: formatTime(bars[0]?.date ?? ''),
    to: formatTime(bars.at(-1)?.date ?? ''),
    fills: fillsOf(trades).length,
  });
  return (
    <ChartFrame
      title={t('chart.price', { symbol })}
      summary={summary}
      fileName={fileName}
      picture={chart.picture}
      note={[note, isWide(bars) && t('chart.logNote')].filter(Boolean).join(' ')}
      table={() => ({
        header: ['date', 'open', 'high', 'low', 'close', 'volume'],
        rows: bars.map((b) => [b.date, b.open, b.high, b.low, b.close, b.volume]),
      })}
    >
      <TimeChartArea
        chart={chart}
        label={summary}
        spoken={chart.index === null || !at ? null : spoken(at)}
        className="h-[300px] md:h-[380px]"
        legend={
          at && (
            <>
              <span className="text-ink-3">{formatTime(at.date)}</span>
              {(['open', 'high', 'low', 'close'] as const).map((key) => (
                <span key={key} className="inline-flex gap-1">
                  <span className="text-ink-3">{t(`chart.${key}`)}</span>
                  <Num value={at[key]} decimals={priceDecimals(at[key])} />
                </span>
              ))}
            </>
          )
        }
      />
    </ChartFrame>
  );
}

/** Whether prices grew or fell so much that a linear scale would flatten the lower ones. */
function isWide(bars: readonly Bar[]): boolean {
  const lows = bars.map((bar) => bar.low).filter((low) => low > 0);
  return lows.length > 0 && Math.max(...lows) / Math.min(...lows) > WIDE_RATIO;
}

function markerOf(fill: { time: string; side: 'buy' | 'sell'; count: number }): SeriesMarker<Time> {
  const isBuy = fill.side === 'buy';
  return {
    time: chartTime(fill.time),
    position: isBuy ? 'belowBar' : 'aboveBar',
    shape: isBuy ? 'arrowUp' : 'arrowDown',
    color: token(isBuy ? 'series-1' : 'ink-2'),
    ...(fill.count > 1 ? { text: String(fill.count) } : {}),
  };
}

function spoken(bar: Bar): string {
  const decimals = priceDecimals(bar.close);
  return t('chart.priceAt', {
    date: formatTime(bar.date),
    open: formatNumber(bar.open, { decimals }),
    high: formatNumber(bar.high, { decimals }),
    low: formatNumber(bar.low, { decimals }),
    close: formatNumber(bar.close, { decimals }),
  });
}

import {
  AreaSeries,
  type IChartApi,
  LineSeries,
  LineStyle,
  PriceScaleMode,
} from 'lightweight-charts';
import { useCallback, useMemo } from 'react';
import { Money, Pct } from '@/components/data/num';
import type { EquityPoint } from '@/lib/api/schema';
import { formatNumber, formatPercent, formatTime, HIDDEN } from '@/lib/format';
import { usePreferences } from '@/lib/preferences';
import { t } from '@/lib/strings';
import { token, tokenAt } from '@/lib/tokens';
import { ChartFrame } from './chart-frame';
import { chartTime, moneyAxis } from './time-chart';
import { LegendItem, TimeChartArea } from './time-chart-area';
import { useTimeChart } from './use-time-chart';

interface Props {
  title: string;
  points: readonly EquityPoint[];
  fileName: string;
  isLog: boolean;
  onLog: (isLog: boolean) => void;
  /** First session of the out-of-sample part, marked on the chart. */
  splitAt?: string | undefined;
}

/** Share of the height that the underwater pane takes. */
const UNDERWATER_STRETCH = 0.32;

/** Equity against buy-and-hold, and under it how far below its peak the account was. */
export function EquityChart({ title, points, fileName, isLog, onLog, splitAt }: Props) {
  const { isPrivate } = usePreferences();
  const hasHold = points.some((point) => point.buy_and_hold !== null);

  const draw = useCallback(
    (chart: IChartApi) => {
      const priceFormat = moneyAxis(isPrivate);
      const hold = chart.addSeries(LineSeries, {
        color: token('ink-3'),
        lineWidth: 1,
        lineStyle: LineStyle.Dashed,
        priceLineVisible: false,
        lastValueVisible: false,
        crosshairMarkerVisible: false,
        priceFormat,
      });
      const equity = chart.addSeries(LineSeries, {
        color: token('series-1'),
        lineWidth: 2,
        priceLineVisible: false,
        lastValueVisible: false,
        priceFormat,
      });
      const underwater = chart.addSeries(
        AreaSeries,
        {
          lineColor: token('down'),
          lineWidth: 1,
          topColor: tokenAt('down', 0.04),
          bottomColor: tokenAt('down', 0.3),
          invertFilledArea: true,
          priceLineVisible: false,
          lastValueVisible: false,
          priceFormat: {
            type: 'custom',
            minMove: 0.001,
            formatter: (value: number) => formatPercent(value, { decimals: 0 }),
          },
        },
        1,
      );
      hold.setData(
        points.flatMap(({ timestamp, buy_and_hold: value }) =>
          value === null ? [] : [{ time: chartTime(timestamp), value }],
        ),
      );
      equity.setData(
        points.map((point) => ({ time: chartTime(point.timestamp), value: point.equity })),
      );
      underwater.setData(
        points.map((point) => ({ time: chartTime(point.timestamp), value: point.drawdown })),
      );
      chart.panes()[1]?.setStretchFactor(UNDERWATER_STRETCH);
      chart.priceScale('right', 0).applyOptions({
        mode: isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal,
      });
      return { main: equity };
    },
    [points, isLog, isPrivate],
  );
  const chart = useTimeChart(draw, points.length);
  const at = points[chart.index ?? points.length - 1] ?? points.at(-1);
  const summary = useMemo(() => summaryOf(points), [points]);

  return (
    <ChartFrame
      title={title}
      summary={summary}
      fileName={fileName}
      picture={chart.picture}
      table={() => ({
        header: ['timestamp', 'equity', 'drawdown', 'buy_and_hold'],
        rows: points.map((p) => [p.timestamp, p.equity, p.drawdown, p.buy_and_hold]),
        money: [1, 3],
      })}
      controls={
        <button
          type="button"
          aria-pressed={isLog}
          onClick={() => onLog(!isLog)}
          className="h-7 rounded-control px-2 text-12 font-medium text-ink-2 hover:bg-raised aria-pressed:bg-raised aria-pressed:text-ink touch:h-11"
        >
          {t('chart.log')}
        </button>
      }
      note={splitAt ? t('chart.splitAt', { date: formatTime(splitAt) }) : undefined}
    >
      <TimeChartArea
        chart={chart}
        label={summary}
        spoken={chart.index === null ? null : spoken(at, isPrivate)}
        className="h-[300px] md:h-[400px] print:h-[260px]"
        legend={
          at && (
            <>
              <span className="text-ink-3">{formatTime(at.timestamp)}</span>
              <LegendItem token="series-1" label={t('report.strategy')}>
                <Money value={at.equity} decimals={0} />
              </LegendItem>
              {hasHold && (
                <LegendItem token="ink-3" isDashed label={t('report.buyAndHold')}>
                  <Money value={at.buy_and_hold} decimals={0} />
                </LegendItem>
              )}
              <LegendItem token="down" label={t('report.drawdown')}>
                <Pct value={at.drawdown} />
              </LegendItem>
            </>
          )
        }
      />
    </ChartFrame>
  );
}

function summaryOf(points: readonly EquityPoint[]): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return t('chart.nothing');
  const worst = points.reduce((low, point) => (point.drawdown < low.drawdown ? point : low), first);
  return t('chart.equitySummary', {
    from: formatTime(first.timestamp),
    to: formatTime(last.timestamp),
    change: formatPercent(last.equity / first.equity - 1, { signed: true }),
    hold: formatPercent(
      last.buy_and_hold !== null && first.buy_and_hold
        ? last.buy_and_hold / first.buy_and_hold - 1
        : null,
      { signed: true },
    ),
    drawdown: formatPercent(worst.drawdown),
    trough: formatTime(worst.timestamp),
  });
}

function spoken(point: EquityPoint | undefined, isPrivate: boolean): string {
  if (!point) return '';
  return t('chart.equityAt', {
    date: formatTime(point.timestamp),
    equity: isPrivate ? HIDDEN : formatNumber(point.equity, { decimals: 0 }),
    drawdown: formatPercent(point.drawdown),
  });
}

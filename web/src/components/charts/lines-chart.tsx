import {
  AreaSeries,
  type IChartApi,
  LineSeries,
  LineStyle,
  PriceScaleMode,
} from 'lightweight-charts';
import { useCallback } from 'react';
import { Pct } from '@/components/data/num';
import { formatPercent, formatTime } from '@/lib/format';
import { token, tokenAt } from '@/lib/tokens';
import { ChartFrame } from './chart-frame';
import { chartTime, lineOf } from './time-chart';
import { LegendItem, TimeChartArea } from './time-chart-area';
import { useTimeChart } from './use-time-chart';

export interface Line {
  name: string;
  points: readonly { timestamp: string; value: number }[];
}

interface Props {
  title: string;
  lines: readonly Line[];
  fileName: string;
  summary: string;
  isLog?: boolean;
  className?: string;
}

/** Growth of several runs from one common start, so that their sizes do not matter. */
export function GrowthChart(props: Props) {
  return <LinesChart {...props} shape="line" />;
}

/** How far each run was below its own peak. */
export function UnderwaterChart(props: Props) {
  return <LinesChart {...props} shape="area" />;
}

function LinesChart({
  title,
  lines,
  fileName,
  summary,
  isLog,
  className,
  shape,
}: Props & {
  shape: 'line' | 'area';
}) {
  const draw = useCallback(
    (chart: IChartApi) => {
      const priceFormat = {
        type: 'custom' as const,
        minMove: 0.0001,
        formatter: (value: number) =>
          formatPercent(shape === 'line' ? value - 1 : value, {
            decimals: 0,
            signed: shape === 'line',
          }),
      };
      const drawn = lines.map((line, index) => {
        const { token: name, style } = lineOf(index);
        const common = {
          lineStyle: style,
          priceLineVisible: false,
          lastValueVisible: false,
          priceFormat,
        };
        const isOnlyArea = shape === 'area' && lines.length === 1;
        const series = isOnlyArea
          ? chart.addSeries(AreaSeries, {
              ...common,
              lineWidth: 1,
              lineColor: token('down'),
              topColor: tokenAt('down', 0.04),
              bottomColor: tokenAt('down', 0.3),
              invertFilledArea: true,
              lineStyle: LineStyle.Solid,
            })
          : chart.addSeries(LineSeries, { ...common, lineWidth: 2, color: token(name) });
        series.setData(line.points.map((p) => ({ time: chartTime(p.timestamp), value: p.value })));
        return series;
      });
      chart.priceScale('right').applyOptions({
        mode: isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal,
      });
      const main = drawn[0] ?? chart.addSeries(LineSeries);
      return { main };
    },
    [lines, isLog, shape],
  );
  const points = lines[0]?.points ?? [];
  const chart = useTimeChart(draw, points.length);
  const at = points[chart.index ?? points.length - 1];
  const time = at?.timestamp;
  const valueAt = (line: Line) =>
    (time === undefined || chart.index === null
      ? line.points.at(-1)
      : line.points.findLast((point) => point.timestamp <= time)
    )?.value;
  const shown = (value: number | undefined) =>
    value === undefined ? null : shape === 'line' ? value - 1 : value;

  return (
    <ChartFrame
      title={title}
      summary={summary}
      fileName={fileName}
      picture={chart.picture}
      {...(className ? { className } : {})}
      table={() => ({
        header: ['timestamp', ...lines.map((line) => line.name)],
        rows: joined(lines),
      })}
    >
      <TimeChartArea
        chart={chart}
        label={summary}
        spoken={
          chart.index === null || !time
            ? null
            : `${formatTime(time)}: ${lines
                .map((line) => `${line.name} ${formatPercent(shown(valueAt(line)))}`)
                .join(', ')}`
        }
        className="h-[220px] md:h-[300px]"
        legend={
          <>
            {time && <span className="text-ink-3">{formatTime(time)}</span>}
            {lines.map((line, index) => (
              <LegendItem
                key={line.name}
                token={shape === 'area' && lines.length === 1 ? 'down' : lineOf(index).token}
                isDashed={lineOf(index).style !== LineStyle.Solid}
                label={line.name}
              >
                <Pct value={shown(valueAt(line))} signed={shape === 'line'} />
              </LegendItem>
            ))}
          </>
        }
      />
    </ChartFrame>
  );
}

/** One row a time, one column a line; empty where a line has no point. */
function joined(lines: readonly Line[]): (string | number | null)[][] {
  const columns = lines.map((line) => new Map(line.points.map((p) => [p.timestamp, p.value])));
  const times = [...new Set(lines.flatMap((line) => line.points.map((p) => p.timestamp)))].sort();
  return times.map((time) => [time, ...columns.map((column) => column.get(time) ?? null)]);
}

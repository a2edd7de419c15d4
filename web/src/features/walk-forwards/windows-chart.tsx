import { AXIS, AxisNames, LeftAxis, SvgFrame } from '@/components/charts/svg-frame';
import type { WalkForwardWindow } from '@/lib/api/schema';
import { formatMeasure, measureName } from '@/lib/metrics';
import { project, ticks } from '@/lib/scale';
import { t } from '@/lib/strings';

interface Props {
  windows: readonly WalkForwardWindow[];
  metric: string;
  symbol: string;
}

/** For each window what was promised in sample and what came out of sample, joined by a line. */
export function WindowsChart({ windows, metric, symbol }: Props) {
  const values = windows.flatMap((one) => [one.in_sample ?? 0, one.out_of_sample ?? 0]);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const format = (value: number) => formatMeasure(metric, value);
  const worse = windows.filter((one) => (one.out_of_sample ?? 0) < (one.in_sample ?? 0)).length;
  return (
    <SvgFrame
      title={t('walkForward.chart', { measure: measureName(metric) })}
      summary={t('walkForward.chartSummary', { worse, total: windows.length })}
      fileName={`walk-forward-${symbol}`}
      table={() => ({
        header: ['test_from', 'test_to', 'in_sample', 'out_of_sample'],
        rows: windows.map((one) => [one.test_from, one.test_to, one.in_sample, one.out_of_sample]),
      })}
      note={
        <span className="inline-flex flex-wrap items-center gap-x-4">
          <span className="inline-flex items-center gap-1.5">
            <span
              aria-hidden
              className="swatch size-2.5 rounded-pill border-2 border-line-strong"
            />
            {t('walkForward.inside')}
          </span>
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="swatch size-2.5 rounded-pill bg-ink" />
            {t('walkForward.outsideLegend')}
          </span>
        </span>
      }
    >
      {(box) => {
        const x = (index: number) =>
          project(index + 0.5, 0, windows.length, AXIS.left, box.width - AXIS.right);
        const y = (value: number) =>
          project(value, low, high || 1, box.height - AXIS.bottom, AXIS.top);
        const axis = { width: box.width, height: box.height };
        const every = Math.max(1, Math.ceil(windows.length / (box.width / 72)));
        return (
          <>
            <LeftAxis {...axis} ticks={ticks(low, high || 1, 4)} place={y} format={format} />
            <line x1={AXIS.left} x2={box.width} y1={y(0)} y2={y(0)} stroke="var(--line-strong)" />
            {windows.map((one, index) => (
              <g key={one.test_from}>
                <title>
                  {`${one.test_from} – ${one.test_to}: ${formatMeasure(metric, one.in_sample)} → ${formatMeasure(metric, one.out_of_sample)}`}
                </title>
                {one.in_sample !== null && one.out_of_sample !== null && (
                  <line
                    x1={x(index)}
                    x2={x(index)}
                    y1={y(one.in_sample)}
                    y2={y(one.out_of_sample)}
                    stroke={one.out_of_sample < one.in_sample ? 'var(--down)' : 'var(--up)'}
                    strokeWidth={2}
                    opacity={0.55}
                  />
                )}
                {one.in_sample !== null && (
                  <circle
                    cx={x(index)}
                    cy={y(one.in_sample)}
                    r={4}
                    fill="var(--surface)"
                    stroke="var(--line-strong)"
                    strokeWidth={2}
                  />
                )}
                {one.out_of_sample !== null && (
                  <circle cx={x(index)} cy={y(one.out_of_sample)} r={4.5} fill="var(--ink)" />
                )}
                {index % every === 0 && (
                  <text x={x(index)} y={box.height - 20} textAnchor="middle" fill="var(--ink-3)">
                    {one.test_from.slice(0, 7)}
                  </text>
                )}
              </g>
            ))}
            <AxisNames {...axis} x={t('walkForward.testFrom')} y={measureName(metric)} />
          </>
        );
      }}
    </SvgFrame>
  );
}

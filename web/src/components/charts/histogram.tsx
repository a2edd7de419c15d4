import { bins, project, ticks } from '@/lib/scale';
import { t } from '@/lib/strings';
import { AXIS, AxisNames, BottomAxis, LeftAxis, SvgFrame } from './svg-frame';

interface Props {
  title: string;
  values: readonly number[];
  /** What a value is, with its unit. */
  name: string;
  format: (value: number) => string;
  fileName: string;
  summary: string;
}

/** How often values fall where; bins never straddle 0. */
export function Histogram({ title, values, name, format, fileName, summary }: Props) {
  const counted = bins(values, 12);
  const low = counted[0]?.from ?? 0;
  const high = counted.at(-1)?.to ?? 1;
  const most = Math.max(1, ...counted.map((bin) => bin.count));
  return (
    <SvgFrame
      title={title}
      summary={summary}
      fileName={fileName}
      table={() => ({
        header: ['from', 'to', 'count'],
        rows: counted.map((bin) => [bin.from, bin.to, bin.count]),
      })}
    >
      {(box) => {
        const x = (value: number) => project(value, low, high, AXIS.left, box.width - AXIS.right);
        const y = (value: number) => project(value, 0, most, box.height - AXIS.bottom, AXIS.top);
        const axis = { width: box.width, height: box.height };
        const counts = ticks(0, most, 4).filter(Number.isInteger);
        return (
          <>
            <LeftAxis {...axis} ticks={counts} place={y} format={String} />
            <BottomAxis {...axis} ticks={ticks(low, high, 5)} place={x} format={format} />
            {counted.map((bin) => (
              <rect
                key={bin.from}
                x={x(bin.from) + 1}
                y={y(bin.count)}
                width={Math.max(1, x(bin.to) - x(bin.from) - 2)}
                height={y(0) - y(bin.count)}
                rx={2}
                fill={bin.to <= 1e-9 ? 'var(--down)' : 'var(--up)'}
              >
                <title>{`${format(bin.from)} – ${format(bin.to)}: ${bin.count}`}</title>
              </rect>
            ))}
            <AxisNames {...axis} x={name} y={t('chart.count')} />
          </>
        );
      }}
    </SvgFrame>
  );
}

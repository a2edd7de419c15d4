import { project, ticks } from '@/lib/scale';
import { AXIS, AxisNames, BottomAxis, LeftAxis, SvgFrame } from './svg-frame';

interface Props {
  title: string;
  points: readonly { x: number; y: number | null }[];
  /** The x that is chosen elsewhere on the page. */
  marked?: number | undefined;
  xName: string;
  yName: string;
  format: (value: number) => string;
  fileName: string;
  summary: string;
}

/** One measure over one parameter; gaps where there is no value. */
export function LinePlot({
  title,
  points,
  marked,
  xName,
  yName,
  format,
  fileName,
  summary,
}: Props) {
  const known = points.filter((point): point is { x: number; y: number } => point.y !== null);
  const xs = known.map((point) => point.x);
  const ys = known.map((point) => point.y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(0, ...ys), Math.max(0, ...ys)];
  return (
    <SvgFrame
      title={title}
      summary={summary}
      fileName={fileName}
      table={() => ({ header: [xName, yName], rows: points.map((point) => [point.x, point.y]) })}
    >
      {(box) => {
        const x = (value: number) =>
          project(value, left, right, AXIS.left + 8, box.width - AXIS.right - 8);
        const y = (value: number) =>
          project(value, low, high || 1, box.height - AXIS.bottom, AXIS.top);
        const axis = { width: box.width, height: box.height };
        const at = known.find((point) => point.x === marked);
        return (
          <>
            <LeftAxis {...axis} ticks={ticks(low, high || 1, 4)} place={y} format={format} />
            <BottomAxis {...axis} ticks={ticks(left, right, 6)} place={x} format={String} />
            <polyline
              points={known.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')}
              fill="none"
              stroke="var(--series-1)"
              strokeWidth={2}
              strokeLinejoin="round"
            />
            {known.length < 40 &&
              known.map((point) => (
                <circle
                  key={point.x}
                  cx={x(point.x)}
                  cy={y(point.y)}
                  r={2.5}
                  fill="var(--series-1)"
                >
                  <title>{`${point.x}: ${format(point.y)}`}</title>
                </circle>
              ))}
            {at && (
              <circle
                cx={x(at.x)}
                cy={y(at.y)}
                r={5}
                fill="var(--surface)"
                stroke="var(--ink)"
                strokeWidth={2}
              />
            )}
            <AxisNames {...axis} x={xName} y={yName} />
          </>
        );
      }}
    </SvgFrame>
  );
}

import { project, ticks } from '@/lib/scale';
import { AXIS, AxisNames, BottomAxis, LeftAxis, SvgFrame } from './svg-frame';

export interface Dot {
  x: number;
  y: number;
  /** Up or down decides colour and shape. */
  isGood: boolean;
  title: string;
}

interface Props {
  title: string;
  dots: readonly Dot[];
  xName: string;
  yName: string;
  format: (value: number) => string;
  fileName: string;
  summary: string;
  note?: string;
}

/** Two measures of each thing. Good ones are discs, others crosses: colour does not speak alone. */
export function Scatter({ title, dots, xName, yName, format, fileName, summary, note }: Props) {
  const xs = range(dots.map((dot) => dot.x));
  const ys = range(dots.map((dot) => dot.y));
  return (
    <SvgFrame
      title={title}
      summary={summary}
      fileName={fileName}
      note={note}
      table={() => ({ header: [xName, yName], rows: dots.map((dot) => [dot.x, dot.y]) })}
    >
      {(box) => {
        const x = (value: number) => project(value, ...xs, AXIS.left, box.width - AXIS.right);
        const y = (value: number) => project(value, ...ys, box.height - AXIS.bottom, AXIS.top);
        const axis = { width: box.width, height: box.height, format };
        return (
          <>
            <LeftAxis {...axis} ticks={ticks(...ys, 4)} place={y} />
            <BottomAxis {...axis} ticks={ticks(...xs, 5)} place={x} />
            {dots.map((dot, index) => (
              <g key={index} transform={`translate(${x(dot.x)} ${y(dot.y)})`}>
                <title>{dot.title}</title>
                {dot.isGood ? (
                  <circle r={4} fill="var(--up)" opacity={0.85} />
                ) : (
                  <path
                    d="M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5"
                    stroke="var(--down)"
                    strokeWidth={2}
                  />
                )}
              </g>
            ))}
            <AxisNames {...axis} x={xName} y={yName} />
          </>
        );
      }}
    </SvgFrame>
  );
}

/** The values' range with a little air, always with 0 in it. */
function range(values: readonly number[]): [number, number] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const air = (high - low || 1) * 0.05;
  return [low < 0 ? low - air : 0, high > 0 ? high + air : 0];
}

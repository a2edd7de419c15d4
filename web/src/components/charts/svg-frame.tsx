import { type ReactNode, useRef, useSyncExternalStore } from 'react';
import { drawSvg } from '@/lib/export';
import { token } from '@/lib/tokens';
import { ChartFrame, type ChartTable } from './chart-frame';

interface Props {
  title: string;
  summary: string;
  fileName: string;
  table: () => ChartTable;
  note?: ReactNode;
  className?: string;
  /** Draws into a box of the given size; text keeps its size at any width. */
  children: (box: { width: number; height: number }) => ReactNode;
}

const HEIGHT = 220;

/** A small drawing of our own, redrawn when its width changes. */
export function SvgFrame({ children, ...frame }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const width = useWidth(svg);
  return (
    <ChartFrame
      {...frame}
      picture={async () => (svg.current ? drawSvg(svg.current, token('surface')) : null)}
    >
      <div className="px-4 pb-3">
        <svg
          ref={svg}
          role="img"
          aria-label={frame.summary}
          height={HEIGHT}
          className="num block w-full overflow-visible text-[11px]"
        >
          {width > 0 && children({ width, height: HEIGHT })}
        </svg>
      </div>
    </ChartFrame>
  );
}

function useWidth(svg: React.RefObject<SVGSVGElement | null>): number {
  return useSyncExternalStore(
    (changed) => {
      const observer = new ResizeObserver(changed);
      if (svg.current) observer.observe(svg.current);
      return () => observer.disconnect();
    },
    () => Math.round(svg.current?.getBoundingClientRect().width ?? 0),
    () => 0,
  );
}

interface AxisProps {
  ticks: readonly number[];
  place: (value: number) => number;
  format: (value: number) => string;
  width: number;
  height: number;
}

/** Values at the left, with hairlines across. */
export function LeftAxis({ ticks, place, format, width }: AxisProps) {
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={AXIS.left} x2={width} y1={place(tick)} y2={place(tick)} stroke="var(--line)" />
          <text x={AXIS.left - 6} y={place(tick) + 4} textAnchor="end" fill="var(--ink-3)">
            {format(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Values along the bottom. */
export function BottomAxis({ ticks, place, format, height }: AxisProps) {
  return (
    <g>
      {ticks.map((tick) => (
        <text key={tick} x={place(tick)} y={height - 20} textAnchor="middle" fill="var(--ink-3)">
          {format(tick)}
        </text>
      ))}
    </g>
  );
}

/** What the axes measure, with its unit. */
export function AxisNames({
  x,
  y,
  width,
  height,
}: {
  x: string;
  y: string;
  width: number;
  height: number;
}) {
  return (
    <g fill="var(--ink-3)">
      <text x={AXIS.left} y={8}>
        {y}
      </text>
      <text x={width} y={height - 4} textAnchor="end">
        {x}
      </text>
    </g>
  );
}

/** Room for the axes, in pixels. */
export const AXIS = { left: 48, bottom: 36, top: 18, right: 8 };

import type { IChartApi, ISeriesApi, MouseEventParams, SeriesType } from 'lightweight-charts';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { usePaint } from '@/lib/preferences';
import { newTimeChart } from './time-chart';

/** What the crosshair needs to walk over a chart by keyboard. */
export interface Drawn {
  /** The series along whose points the crosshair walks. */
  main: ISeriesApi<SeriesType>;
  cleanUp?: () => void;
}

/** A mounted chart: where it goes, which point the crosshair is at, and its picture. */
export interface TimeChart {
  container: RefObject<HTMLDivElement | null>;
  chart: RefObject<IChartApi | null>;
  /** Index of the point under the crosshair; null while it is away. */
  index: number | null;
  onKeyDown: (event: KeyboardEvent) => void;
  onBlur: () => void;
  picture: () => Promise<HTMLCanvasElement | null>;
}

/**
 * Draws a chart and draws it again when its data, its options or the colours change.
 *
 * `draw` must be stable (`useCallback`), since it says by its identity that something changed.
 */
export function useTimeChart(draw: (chart: IChartApi) => Drawn, length: number): TimeChart {
  const paint = usePaint();
  const container = useRef<HTMLDivElement>(null);
  const chart = useRef<IChartApi | null>(null);
  const main = useRef<ISeriesApi<SeriesType> | null>(null);
  const [index, setIndex] = useState<number | null>(null);

  // `paint` stands among the dependencies because new colours need a new drawing.
  useEffect(() => {
    if (!container.current) return;
    const made = newTimeChart(container.current);
    const drawn = draw(made);
    chart.current = made;
    main.current = drawn.main;
    const onMove = (event: MouseEventParams) => {
      const at = event.logical;
      setIndex(at === undefined || event.time === undefined ? null : Math.round(at));
    };
    made.subscribeCrosshairMove(onMove);
    made.timeScale().fitContent();
    return () => {
      chart.current = null;
      drawn.cleanUp?.();
      made.remove();
    };
  }, [draw, paint]);

  const show = (next: number) => {
    const point = main.current?.dataByIndex(next);
    if (!point || !chart.current || !main.current) return;
    const value = 'value' in point ? point.value : 'close' in point ? point.close : undefined;
    if (value === undefined) return;
    chart.current.setCrosshairPosition(value as number, point.time, main.current);
    setIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? Math.max(1, Math.round(length / 50)) : 1;
    const from = index ?? length - 1;
    const next = {
      ArrowLeft: from - step,
      ArrowRight: from + step,
      Home: 0,
      End: length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    show(Math.max(0, Math.min(length - 1, next)));
  };
  return {
    container,
    chart,
    index,
    onKeyDown,
    onBlur: () => {
      chart.current?.clearCrosshairPosition();
      setIndex(null);
    },
    picture: async () => chart.current?.takeScreenshot() ?? null,
  };
}

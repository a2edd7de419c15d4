import {
  ColorType,
  CrosshairMode,
  createChart,
  type IChartApi,
  LineStyle,
  type Time,
} from 'lightweight-charts';
import { formatNumber, HIDDEN } from '@/lib/format';
import { token, tokenAt } from '@/lib/tokens';

/** A bar's time as the chart takes it: a date for daily bars, seconds for shorter ones. */
export function chartTime(timestamp: string): Time {
  if (/^\d{4}-\d{2}-\d{2}(T00:00:00(\.0+)?(Z|\+00:00))?$/.test(timestamp)) {
    return timestamp.slice(0, 10);
  }
  return (Date.parse(timestamp) / 1000) as Time;
}

/** Colours and dashes of several lines in one chart: told apart without colour too. */
export const LINES = [
  { token: 'series-1', style: LineStyle.Solid },
  { token: 'series-2', style: LineStyle.Dashed },
  { token: 'series-3', style: LineStyle.Solid },
  { token: 'series-4', style: LineStyle.Dotted },
  { token: 'series-5', style: LineStyle.LargeDashed },
  { token: 'series-6', style: LineStyle.SparseDotted },
] as const;

export function lineOf(index: number) {
  return LINES[index % LINES.length] ?? LINES[0];
}

/** A chart in the app's colours. The caller removes it. */
export function newTimeChart(container: HTMLElement): IChartApi {
  return createChart(container, {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: token('surface') },
      textColor: token('ink-3'),
      fontFamily: 'Inter, system-ui, sans-serif',
      fontSize: 11,
      attributionLogo: false,
      panes: { separatorColor: token('line'), separatorHoverColor: token('raised') },
    },
    grid: {
      vertLines: { visible: false },
      horzLines: { color: tokenAt('line', 0.55) },
    },
    crosshair: {
      mode: CrosshairMode.Magnet,
      vertLine: { color: token('line-strong'), width: 1, labelBackgroundColor: token('ink-2') },
      horzLine: { color: token('line-strong'), width: 1, labelBackgroundColor: token('ink-2') },
    },
    rightPriceScale: {
      borderVisible: false,
      entireTextOnly: true,
      scaleMargins: { top: 0.08, bottom: 0.06 },
    },
    timeScale: {
      borderVisible: false,
      enableConflation: true,
      minBarSpacing: 0.001,
      fixLeftEdge: true,
      fixRightEdge: true,
    },
    // The page scrolls by finger and wheel; a chart takes only sideways moves and pinches.
    handleScroll: { vertTouchDrag: false, mouseWheel: false },
    handleScale: { mouseWheel: false, axisPressedMouseMove: { time: true, price: false } },
  });
}

/** Axis labels of money; dots while privacy is on. */
export function moneyAxis(isPrivate: boolean) {
  const digits = (value: number) => (Math.abs(value) < 100 ? 2 : 0);
  return {
    type: 'custom' as const,
    minMove: 0.01,
    formatter: (value: number) =>
      isPrivate ? HIDDEN : formatNumber(value, { decimals: digits(value) }),
  };
}

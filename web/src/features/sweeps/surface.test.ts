import { expect, it } from 'vitest';
import type { Surface } from '@/lib/api/schema';
import { groundOf, neighbourhood, peakOf, planeOf, valuesOf } from './surface';

/** Fast 1 to 3, slow 1 to 3, of which fast < slow was run, for two values of k. */
const surface: Surface = {
  metric: 'sharpe_ratio',
  symbols: ['A', 'A', 'A', 'A', 'A', 'B'],
  params: { fast: [1, 1, 2, 1, 2, 1], slow: [3, 2, 3, 2, 3, 2], k: [0, 0, 0, 1, 1, 0] },
  values: [0.9, 0.8, null, 0.1, 0.2, 5],
};

it('lays a slice out in order, empty where nothing was run', () => {
  const plane = planeOf(surface, 'fast', 'slow', { symbol: 'A', fixed: { k: 0 } });
  expect(plane).toEqual({
    xs: [1, 2],
    ys: [2, 3],
    values: [
      [0.8, null],
      [0.9, null],
    ],
  });
  expect(valuesOf(surface, 'k')).toEqual([0, 1]);
  const other = planeOf(surface, 'fast', 'slow', { symbol: 'A', fixed: { k: 1 } });
  expect(other.values).toEqual([
    [0.1, null],
    [null, 0.2],
  ]);
});

const plane = (values: (number | null)[][]) => ({
  xs: values[0]?.map((_, x) => x) ?? [],
  ys: values.map((_, y) => y),
  values,
});

it('tells a plateau from a spike by the ground around the peak', () => {
  const flat = plane([
    [0.9, 0.95, 0.9],
    [0.95, 1, 0.9],
    [0.9, 0.95, null],
  ]);
  const lone = plane([
    [0, 0.1, 0],
    [0.1, 1, 0.2],
    [0, -0.1, 0],
  ]);
  const ground = (of: ReturnType<typeof plane>) => {
    const peak = peakOf(of);
    const around = peak && neighbourhood(of, peak);
    return around && groundOf(around);
  };
  expect(peakOf(flat)).toEqual({ row: 1, column: 1 });
  expect(ground(flat)).toBe('plateau');
  expect(ground(lone)).toBe('spike');
});

it('has nothing to say of an empty plane, a lone point or a losing peak', () => {
  expect(peakOf(plane([[null]]))).toBeNull();
  expect(neighbourhood(plane([[1, null]]), { row: 0, column: 0 })).toBeNull();
  const losing = neighbourhood(plane([[-1, -2]]), { row: 0, column: 0 });
  expect(losing && groundOf(losing)).toBeNull();
});

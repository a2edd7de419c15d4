import { expect, it } from 'vitest';
import { bins, project, ticks } from './scale';

it('divides at round values', () => {
  expect(ticks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(ticks(-0.13, 0.31, 4).map((tick) => tick.toFixed(3))).toEqual(['0.000', '0.200']);
  expect(ticks(3, 3, 5)).toEqual([3]);
});

it('places values, and one alone in the middle', () => {
  expect(project(5, 0, 10, 100, 200)).toBe(150);
  expect(project(4, 4, 4, 0, 10)).toBe(5);
});

it('counts every value once, with an edge at 0', () => {
  const values = [-0.31, -0.02, 0, 0.01, 0.19, 0.6];
  const counted = bins(values, 8);
  expect(counted.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
  expect(counted.some((bin) => bin.from === 0)).toBe(true);
  for (const bin of counted) {
    const inside = values.filter((value) => value >= bin.from - 1e-9 && value < bin.to - 1e-9);
    const last = bin === counted.at(-1) ? values.filter((value) => value === bin.to).length : 0;
    expect(bin.count).toBe(inside.length + last);
  }
});

it('counts one value, equal values and none', () => {
  expect(bins([0.5], 8).map((bin) => bin.count)).toContain(1);
  expect(bins([2, 2, 2], 8).reduce((sum, bin) => sum + bin.count, 0)).toBe(3);
  expect(bins([], 8)).toEqual([]);
});

import { expect, it } from 'vitest';
import { windowOf } from './use-window';

it('draws what shows and a little around it', () => {
  expect(windowOf(0, 360, 1000, 36)).toEqual([0, 22]);
  expect(windowOf(3600, 360, 1000, 36)).toEqual([88, 122]);
  expect(windowOf(35_640, 360, 1000, 36)).toEqual([978, 1000]);
});

it('survives a list that became shorter than the scroll position', () => {
  expect(windowOf(9_000, 360, 10, 36)).toEqual([10, 10]);
});

import { expect, it } from 'vitest';
import { satisfies } from './rule';

it.each([
  ['fast<slow', { fast: 5, slow: 20 }, true],
  ['fast<slow', { fast: 20, slow: 20 }, false],
  ['fast <= slow', { fast: 20, slow: 20 }, true],
  ['fast>=10', { fast: 9 }, false],
  ['k!=2', { k: 2 }, false],
  [null, {}, true],
  ['fast<slow and more', { fast: 9, slow: 1 }, true],
  ['fast<unknown', { fast: 9 }, true],
])('%s with %o: %s', (rule, params, expected) => {
  expect(satisfies(rule, params)).toBe(expected);
});

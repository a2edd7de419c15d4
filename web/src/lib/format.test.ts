import { describe, expect, it } from 'vitest';
import {
  decimalsOfTick,
  formatAgo,
  formatCompact,
  formatDuration,
  formatNumber,
  formatPercent,
  formatPoints,
  formatTime,
  MISSING,
} from './format';

const locale = 'en-US';

describe('formatNumber', () => {
  it.each([
    [1234567.891, { decimals: 2 }, '1,234,567.89'],
    [-5, { decimals: 0 }, '−5'],
    [5, { decimals: 1, signed: true }, '+5.0'],
    [0.04, { decimals: 1, signed: true }, '0.0'],
    [-0.04, { decimals: 1 }, '0.0'],
    ['0.1', {}, '0.1'],
    ['12345678901234567.89', { decimals: 2 }, '12,345,678,901,234,567.89'],
    [null, {}, MISSING],
    [Number.NaN, {}, MISSING],
  ])('writes %s with %o as %s', (value, style, text) => {
    expect(formatNumber(value, { locale, ...style })).toBe(text);
  });

  it('groups by the locale', () => {
    expect(formatNumber(1234.5, { decimals: 2, locale: 'de-DE' })).toBe('1.234,50');
  });
});

it('tells percent from percentage points', () => {
  expect(formatPercent(-0.1834, { locale })).toBe('−18.3%');
  expect(formatPoints(0.012, { locale })).toBe('+1.2 pp');
  expect(formatPercent(undefined)).toBe(MISSING);
});

it('shortens on cards', () => {
  expect(formatCompact(9999, { locale })).toBe('9,999');
  expect(formatCompact(104_220, { locale })).toBe('104k');
  expect(formatCompact(-1_234_567, { locale })).toBe('−1.2M');
});

it('takes decimals from the tick', () => {
  expect(['0.01', '0.25', '1', '0.0010'].map(decimalsOfTick)).toEqual([2, 2, 0, 3]);
});

it('shows sessions as dates and shorter bars with their minute', () => {
  expect(formatTime('2015-03-02')).toBe('2015-03-02');
  expect(formatTime('2015-03-02T00:00:00Z')).toBe('2015-03-02');
  expect(formatTime('2015-03-02T14:30:00Z')).toBe('2015-03-02 14:30');
});

it('names ages and durations', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  expect(formatAgo('2026-11-21T11:57:00Z', now, locale)).toBe('3 minutes ago');
  expect(formatAgo('2026-11-21T11:59:40Z', now, locale)).toBe('just now');
  expect(formatAgo('never', now, locale)).toBe(MISSING);
  expect([0.2, 59, 150, 3900].map(formatDuration)).toEqual(['1 s', '59 s', '3 min', '1 h 5 min']);
});

import { expect, it } from 'vitest';
import { toCsv } from './export';

it('writes fields that any reader takes back', () => {
  const text = toCsv(
    ['symbol', 'pnl', 'note'],
    [
      ['AAPL', -3213.5, 'a "b", c'],
      ['^GSPC', null, ''],
    ],
  );
  expect(text).toBe('symbol,pnl,note\r\nAAPL,-3213.5,"a ""b"", c"\r\n^GSPC,,\r\n');
});

it('keeps a spreadsheet from running a text', () => {
  expect(toCsv(['x'], [['=1+1'], ['-cmd'], ['-5.5']])).toBe("x\r\n'=1+1\r\n'-cmd\r\n-5.5\r\n");
});

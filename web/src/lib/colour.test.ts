import { expect, it } from 'vitest';
import { contrast, diverging, parseHex, READABLE, sequential, shade } from './colour';

const PALETTES = [
  ['#b8202c', '#f2f4f7', '#00795c'],
  ['#f2545b', '#18233a', '#34e5a4'],
  ['#b24a00', '#f2f4f7', '#0b62c4'],
  ['#ff9f45', '#18233a', '#5aa9ff'],
  ['#5a6a85', '#f2f4f7', '#0e1a2e'],
  ['#8a99b1', '#18233a', '#e8eef7'],
].map(([down, centre, up]) => ({
  down: parseHex(down ?? ''),
  centre: parseHex(centre ?? ''),
  up: parseHex(up ?? ''),
}));

const STEPS = Array.from({ length: 201 }, (_, step) => step / 100 - 1);

it.each(PALETTES)('prints readable text on every signed shade %#', (ends) => {
  for (const share of STEPS) {
    const { ground, text } = shade(diverging(share, ends));
    expect(contrast(parseHex(ground), parseHex(text))).toBeGreaterThanOrEqual(READABLE);
  }
});

it('prints readable text on every magnitude', () => {
  for (const share of STEPS) {
    const { ground, text } = shade(sequential((share + 1) / 2));
    expect(contrast(parseHex(ground), parseHex(text))).toBeGreaterThanOrEqual(READABLE);
  }
});

it('gets lighter with the magnitude', () => {
  const black = parseHex('#000000');
  const lightness = STEPS.map((share) => contrast(sequential((share + 1) / 2), black));
  expect(lightness).toEqual([...lightness].sort((a, b) => a - b));
});

it('is neutral at zero and takes what lies outside to the ends', () => {
  const ends = PALETTES[0];
  if (!ends) throw new Error('no palette');
  expect(diverging(0, ends)).toEqual(ends.centre);
  expect(diverging(-7, ends)).toEqual(ends.down);
  expect(sequential(2)).toEqual(parseHex('#f5f3a8'));
});

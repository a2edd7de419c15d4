import { type DivergingEnds, parseHex } from './colour';

/** The value that a token has now, as a hex colour. */
export function token(name: string): string {
  return (
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || '#888888'
  );
}

/** A token with an opacity between 0 and 1. */
export function tokenAt(name: string, opacity: number): string {
  const alpha = Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0');
  return token(name) + alpha;
}

export function divergingEnds(): DivergingEnds {
  return {
    down: parseHex(token('down')),
    centre: parseHex(token('heat-centre')),
    up: parseHex(token('up')),
  };
}

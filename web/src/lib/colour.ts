/** Red, green, blue, each 0 to 255. */
export type Rgb = [number, number, number];

const INK: Rgb = [11, 18, 32];
const WHITE: Rgb = [255, 255, 255];

/** Contrast that text needs (WCAG 2.2 AA). */
export const READABLE = 4.5;

/** Magnitudes, dark to light: lightness only rises, also under deuteranopia. */
const SEQUENTIAL = ['#1b2a49', '#1f4e79', '#18779a', '#1fa2a3', '#5cc89a', '#b5e48c', '#f5f3a8'];

export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.trim().slice(1, 7), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function toHex(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((part, i) => part + ((to[i] ?? part) - part) * share) as Rgb;
}

/** WCAG contrast ratio, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** A cell's ground and the text that can be read on it. */
export interface Shade {
  ground: string;
  text: string;
}

/** Picks ink or white for a ground; a ground on which neither reads is lightened until ink does. */
export function shade(ground: Rgb): Shade {
  let colour = rounded(ground);
  while (Math.max(contrast(colour, INK), contrast(colour, WHITE)) < READABLE) {
    colour = rounded(mix(colour, WHITE, 0.04));
  }
  const text = contrast(colour, INK) >= contrast(colour, WHITE) ? INK : WHITE;
  return { ground: toHex(colour), text: toHex(text) };
}

/** The colour that a screen shows: contrast is measured on this one. */
function rounded(colour: Rgb): Rgb {
  return parseHex(toHex(colour));
}

/** The colour of a magnitude; `share` runs from 0 (least) to 1 (most). */
export function sequential(share: number): Rgb {
  const at = clamp(share, 0, 1) * (SEQUENTIAL.length - 1);
  const index = Math.min(Math.floor(at), SEQUENTIAL.length - 2);
  const [from, to] = [SEQUENTIAL[index], SEQUENTIAL[index + 1]] as [string, string];
  return mix(parseHex(from), parseHex(to), at - index);
}

/** The colours of a signed scale, from the active palette. */
export interface DivergingEnds {
  down: Rgb;
  centre: Rgb;
  up: Rgb;
}

/** The colour of a signed value; `share` runs from −1 to 1, 0 is neutral. */
export function diverging(share: number, { down, centre, up }: DivergingEnds): Rgb {
  const strength = Math.abs(clamp(share, -1, 1));
  return mix(centre, share < 0 ? down : up, strength);
}

function clamp(value: number, low: number, high: number) {
  return Math.min(high, Math.max(low, value));
}

import type { Surface } from '@/lib/api/schema';

/** A sweep's rows laid out over two of its parameters. */
export interface Plane {
  xs: number[];
  ys: number[];
  /** values[y][x]; null where no combination was run. */
  values: (number | null)[][];
}

/** Which rows of the surface take part: one symbol, and one value of every other parameter. */
export interface Slice {
  symbol: string;
  fixed: Record<string, number>;
}

/** Values that a parameter takes, in order. */
export function valuesOf(surface: Surface, param: string): number[] {
  return [...new Set(surface.params[param] ?? [])].sort((a, b) => a - b);
}

/** Lays the rows of a slice out over two parameters. */
export function planeOf(surface: Surface, x: string, y: string, slice: Slice): Plane {
  const xs = valuesOf(surface, x);
  const ys = valuesOf(surface, y);
  const places = (all: number[]) => new Map(all.map((value, index) => [value, index]));
  const [xAt, yAt] = [places(xs), places(ys)];
  const values: (number | null)[][] = ys.map(() => xs.map(() => null));
  surface.values.forEach((value, row) => {
    if (!isInSlice(surface, row, slice)) return;
    const at = [
      yAt.get(surface.params[y]?.[row] ?? Number.NaN),
      xAt.get(surface.params[x]?.[row] ?? Number.NaN),
    ];
    const line = values[at[0] ?? -1];
    if (line && at[1] !== undefined) line[at[1]] = value;
  });
  return { xs, ys, values };
}

export interface Place {
  row: number;
  column: number;
}

/** Where the highest value stands; null on an empty plane. */
export function peakOf(plane: Plane): Place | null {
  let best: Place | null = null;
  let most = Number.NEGATIVE_INFINITY;
  plane.values.forEach((line, row) => {
    line.forEach((value, column) => {
      if (value !== null && value > most) {
        most = value;
        best = { row, column };
      }
    });
  });
  return best;
}

/** How a value compares with the up to eight around it. */
export interface Neighbourhood {
  value: number;
  /** Mean of the neighbours. */
  around: number;
  /** Share of the value that the neighbours keep; 1 is a plateau, 0 a spike. */
  kept: number | null;
  count: number;
}

/** Looks at the ground around a place: a good value among bad ones is luck. */
export function neighbourhood(plane: Plane, { row, column }: Place): Neighbourhood | null {
  const value = plane.values[row]?.[column] ?? null;
  if (value === null) return null;
  const others: number[] = [];
  for (let dy = -1; dy <= 1; dy += 1) {
    for (let dx = -1; dx <= 1; dx += 1) {
      const other = dx === 0 && dy === 0 ? null : (plane.values[row + dy]?.[column + dx] ?? null);
      if (other !== null) others.push(other);
    }
  }
  if (others.length === 0) return null;
  const around = others.reduce((sum, other) => sum + other, 0) / others.length;
  return {
    value,
    around,
    kept: value > 0 ? Math.max(0, around / value) : null,
    count: others.length,
  };
}

/** From this share on the best value stands on a plateau; below the other it is a spike. */
export const PLATEAU = 0.85;
export const SPIKE = 0.6;

export type Ground = 'plateau' | 'slope' | 'spike';

export function groundOf({ kept }: Neighbourhood): Ground | null {
  if (kept === null) return null;
  return kept >= PLATEAU ? 'plateau' : kept >= SPIKE ? 'slope' : 'spike';
}

function isInSlice(surface: Surface, row: number, { symbol, fixed }: Slice): boolean {
  if (surface.symbols[row] !== symbol) return false;
  return Object.entries(fixed).every(([name, value]) => surface.params[name]?.[row] === value);
}

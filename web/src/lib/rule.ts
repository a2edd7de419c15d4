import type { Params } from './api/schema';

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '!=': (a, b) => a !== b,
};

/**
 * Whether parameters satisfy a comparison such as "fast<slow" or "fast<=50".
 *
 * No rule is satisfied by all. A rule that cannot be read here is left to the server.
 */
export function satisfies(rule: string | null | undefined, params: Params): boolean {
  const [, left, operator, right] =
    /^\s*([\w.]+)\s*(<=|>=|!=|<|>)\s*([\w.]+)\s*$/.exec(rule ?? '') ?? [];
  if (left === undefined || operator === undefined || right === undefined) return true;
  const a = termValue(left, params);
  const b = termValue(right, params);
  return a === null || b === null || (COMPARE[operator]?.(a, b) ?? true);
}

function termValue(term: string, params: Params): number | null {
  const value = term in params ? Number(params[term]) : Number(term);
  return Number.isFinite(value) ? value : null;
}

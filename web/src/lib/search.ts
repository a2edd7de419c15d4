/** What a URL says after its question mark, before anyone has looked at it. */
export type RawSearch = Record<string, unknown>;

/** A text, or undefined for anything else. Numbers in a URL are texts too. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function oneOf<Value extends string>(
  value: unknown,
  allowed: readonly Value[],
): Value | undefined {
  return allowed.find((option) => option === value);
}

export function number(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : undefined;
}

export function flag(value: unknown): boolean | undefined {
  return value === true || value === 'true' || value === 1 ? true : undefined;
}

/** Texts parted by commas. */
export function list(value: unknown): string[] | undefined {
  const parts = (text(value) ?? '').split(',').filter((part) => part !== '');
  return parts.length > 0 ? parts : undefined;
}

/** A sort such as "pnl" or "-pnl". */
export function sortOf(value: string | undefined) {
  return value ? { key: value.replace(/^-/, ''), isDescending: value.startsWith('-') } : undefined;
}

export function sortText({ key, isDescending }: { key: string; isDescending: boolean }): string {
  return isDescending ? `-${key}` : key;
}

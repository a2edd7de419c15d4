/** What stands where a value is missing: never 0. */
export const MISSING = '—';
export const HIDDEN = '•••';

const MINUS = '\u2212';

export type Amount = number | string;

interface NumberStyle {
  /** Digits after the point; without it as many as the value has, at most 6. */
  decimals?: number | undefined;
  /** Writes + before positive values: for differences. */
  signed?: boolean | undefined;
  locale?: string | undefined;
}

/**
 * A number as the app prints it: grouped by locale, true minus, em dash for what is missing.
 *
 * Decimal strings keep all their digits: they never pass through a float.
 */
export function formatNumber(value: Amount | null | undefined, style: NumberStyle = {}): string {
  if (value === null || value === undefined || !Number.isFinite(Number(value))) return MISSING;
  const format = formatter(style.locale, style.decimals, style.signed === true);
  return format.format(value as Intl.StringNumericLiteral).replaceAll('-', MINUS);
}

/** A fraction as percent: 0.0123 is 1.2 %. */
export function formatPercent(
  fraction: number | null | undefined,
  { decimals = 1, ...style }: NumberStyle = {},
): string {
  if (!isNumber(fraction)) return MISSING;
  return `${formatNumber(fraction * 100, { decimals, ...style })}%`;
}

/** A difference of two fractions, in percentage points. */
export function formatPoints(fraction: number | null | undefined, style: NumberStyle = {}): string {
  if (!isNumber(fraction)) return MISSING;
  return `${formatNumber(fraction * 100, { decimals: 1, signed: true, ...style })} pp`;
}

/** 1,234,567 as 1.23M: for cards only, where the full value shows on hover, focus and copy. */
export function formatCompact(value: number | null | undefined, style: NumberStyle = {}): string {
  if (!isNumber(value)) return MISSING;
  const size = Math.abs(value);
  if (size < 10_000) return formatNumber(value, { decimals: size < 100 ? 2 : 0, ...style });
  const [unit, suffix] = size < 1e6 ? [1e3, 'k'] : size < 1e9 ? [1e6, 'M'] : [1e9, 'bn'];
  const scaled = value / unit;
  const decimals = Math.abs(scaled) < 100 ? 1 : 0;
  return `${formatNumber(scaled, { decimals, ...style })}${suffix}`;
}

/** How many decimals a tick such as "0.01" or "0.25" asks for. */
export function decimalsOfTick(tick: string): number {
  const [, fraction = ''] = tick.split('.');
  return fraction.replace(/0+$/, '').length;
}

/** Decimals of a price without a known tick: cents above 1, four places below. */
export function priceDecimals(price: number): number {
  return Math.abs(price) >= 1 ? 2 : 4;
}

/** The session of a daily bar, or the instant of a shorter one: "2015-03-02", "2015-03-02 14:30". */
export function formatTime(time: string): string {
  return time.length > 10 && !/T00:00(:00(\.0+)?)?(Z|\+00:00)$/.test(time)
    ? time.slice(0, 16).replace('T', ' ')
    : time.slice(0, 10);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 minutes ago"; below a minute "just now". */
export function formatAgo(time: string, now: number, locale?: string): string {
  const seconds = (Date.parse(time) - now) / 1000;
  if (!Number.isFinite(seconds)) return MISSING;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(0, 'second') === 'now' ? 'just now' : words.format(0, 'second');
}

/** Seconds as "4 s", "2 min", "1 h 5 min". */
export function formatDuration(seconds: number | null | undefined): string {
  if (!isNumber(seconds)) return MISSING;
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: string | undefined, decimals: number | undefined, signed: boolean) {
  const key = `${locale} ${decimals} ${signed}`;
  let format = formatters.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals ?? 0,
      maximumFractionDigits: decimals ?? 6,
      // A difference that rounds to nothing has no direction.
      signDisplay: signed ? 'exceptZero' : 'negative',
    });
    formatters.set(key, format);
  }
  return format;
}

import { ArrowDown, ArrowUp } from 'lucide-react';
import { cx } from '@/lib/cx';
import {
  type Amount,
  formatCompact,
  formatNumber,
  formatPercent,
  formatPoints,
  HIDDEN,
} from '@/lib/format';
import { usePreferences } from '@/lib/preferences';
import { t } from '@/lib/strings';

interface NumProps {
  value: Amount | null | undefined;
  decimals?: number | undefined;
  signed?: boolean;
  className?: string;
}

/** A plain number. */
export function Num({ value, decimals, signed, className }: NumProps) {
  return <Figure text={formatNumber(value, { decimals, signed })} className={className} />;
}

interface PctProps {
  /** A fraction: 0.01 is 1 %. */
  value: number | null | undefined;
  decimals?: number | undefined;
  signed?: boolean;
  className?: string;
}

export function Pct({ value, decimals, signed, className }: PctProps) {
  return <Figure text={formatPercent(value, { decimals, signed })} className={className} />;
}

interface MoneyProps extends NumProps {
  /** Named only where a view mixes currencies. */
  currency?: string;
  /** On cards: 1.2M, with the full amount on hover, focus and copy. */
  compact?: boolean;
}

/** An amount of money; dots while privacy is on. */
export function Money({ value, decimals = 2, signed, currency, compact, className }: MoneyProps) {
  const { isPrivate } = usePreferences();
  if (isPrivate) return <Figure text={HIDDEN} label={t('format.hidden')} className={className} />;
  const full = formatNumber(value, { decimals, signed });
  const text = compact ? formatCompact(Number(value ?? Number.NaN), { signed }) : full;
  const unit = currency ? ` ${currency}` : '';
  return (
    <Figure
      text={text + unit}
      title={text === full ? undefined : full + unit}
      className={className}
    />
  );
}

type DeltaProps = {
  value: number | null | undefined;
  kind?: 'number' | 'percent' | 'points' | 'money';
  decimals?: number;
  /** True where less is better, as for costs: the colour turns, sign and arrow stay. */
  isCost?: boolean;
  className?: string;
};

/** A difference: sign, arrow and colour, so that none of them speaks alone. */
export function Delta({ value, kind = 'number', decimals, isCost, className }: DeltaProps) {
  const { isPrivate } = usePreferences();
  const text = isPrivate && kind === 'money' ? HIDDEN : deltaText(value, kind, decimals);
  const sign = /[1-9]/.test(text) || isPrivate ? Math.sign(value ?? 0) : 0;
  const good = isCost ? -sign : sign;
  const Arrow = sign > 0 ? ArrowUp : ArrowDown;
  return (
    <span
      className={cx(
        'num inline-flex items-center justify-end gap-0.5 whitespace-nowrap',
        good > 0 && 'text-up',
        good < 0 && 'text-down',
        className,
      )}
    >
      {sign !== 0 && <Arrow aria-hidden className="size-3 shrink-0" strokeWidth={2.5} />}
      {text}
    </span>
  );
}

function deltaText(
  value: number | null | undefined,
  kind: NonNullable<DeltaProps['kind']>,
  decimals: number | undefined,
): string {
  const style = { signed: true, ...(decimals === undefined ? {} : { decimals }) };
  if (kind === 'percent') return formatPercent(value, style);
  if (kind === 'points') return formatPoints(value, style);
  return formatNumber(value, kind === 'money' ? { decimals: 2, ...style } : style);
}

interface FigureProps {
  text: string;
  title?: string | undefined;
  label?: string;
  className?: string | undefined;
}

function Figure({ text, title, label, className }: FigureProps) {
  return (
    <span
      className={cx('num whitespace-nowrap', className)}
      title={title}
      // The full value must be reachable by keyboard where the text is shortened.
      {...(title ? { tabIndex: 0, role: 'text', 'aria-label': title } : {})}
      {...(label ? { role: 'text', 'aria-label': label } : {})}
    >
      {text}
    </span>
  );
}

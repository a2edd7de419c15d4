import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { Explain } from './explain';

interface Props {
  label: string;
  children: ReactNode;
  /** A second, quieter line: a comparison, a period, a source. */
  note?: ReactNode;
  /** How the figure is made. */
  formula?: string;
  className?: string;
}

/** One figure, with what it is called and what it is measured against. */
export function StatCard({ label, children, note, formula, className }: Props) {
  return (
    <div className={cx('flex min-w-0 flex-col gap-0.5 px-4 py-3', className)}>
      <dt className="flex items-center gap-1 text-12 text-ink-2">
        <span className="truncate">{label}</span>
        {formula && <Explain term={label} text={formula} />}
      </dt>
      <dd className="num truncate text-20 font-semibold tracking-[-0.01em]">{children}</dd>
      {note && <dd className="truncate text-12 text-ink-3">{note}</dd>}
    </div>
  );
}

/** Stat cards side by side, parted by hairlines. */
export function StatStrip({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <dl
      className={cx(
        'card flex flex-wrap gap-px overflow-hidden bg-line! *:min-w-[42%] *:grow *:basis-0 *:bg-surface sm:*:min-w-36',
        className,
      )}
    >
      {children}
    </dl>
  );
}

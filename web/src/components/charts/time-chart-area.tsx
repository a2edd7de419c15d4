import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { t } from '@/lib/strings';
import type { TimeChart } from './use-time-chart';

interface Props {
  chart: TimeChart;
  label: string;
  /** The values under the crosshair, in words. */
  spoken: string | null;
  legend?: ReactNode;
  className?: string;
}

/** The drawing itself: reached by Tab, read by arrow keys, spoken by a screen reader. */
export function TimeChartArea({ chart, label, spoken, legend, className }: Props) {
  return (
    <div className="relative min-w-0">
      {legend && (
        <div className="num flex flex-wrap gap-x-4 gap-y-0.5 px-4 pb-1 text-12 text-ink-2">
          {legend}
        </div>
      )}
      <div
        role="group"
        aria-roledescription={t('chart.role')}
        aria-label={`${label}. ${t('chart.keys')}`}
        tabIndex={0}
        ref={chart.container}
        onKeyDown={chart.onKeyDown}
        onBlur={chart.onBlur}
        className={cx('w-full', className)}
      />
      <p aria-live="polite" className="sr-only">
        {spoken}
      </p>
    </div>
  );
}

/** One line's name with the dash and colour that it has in the chart. */
export function LegendItem({
  token,
  isDashed,
  label,
  children,
}: {
  token: string;
  isDashed?: boolean;
  label: string;
  children?: ReactNode;
}) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span
        aria-hidden
        className="swatch w-5 border-t-2"
        style={{ borderColor: `var(--${token})`, borderStyle: isDashed ? 'dashed' : 'solid' }}
      />
      {label}
      {children && <span className="text-ink">{children}</span>}
    </span>
  );
}

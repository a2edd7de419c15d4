import { Pct } from '@/components/data/num';
import { cx } from '@/lib/cx';
import { formatNumber } from '@/lib/format';
import { t } from '@/lib/strings';
import type { Verdict } from './verdict';

interface Props {
  verdict: Verdict;
  /** Total returns as fractions. */
  strategy: number | null;
  hold: number | null;
  params: string;
}

/** What the run comes to, and beside it what one unit of money became either way. */
export function VerdictCard({ verdict, strategy, hold, params }: Props) {
  const most = Math.max(1, 1 + (strategy ?? 0), 1 + (hold ?? 0));
  return (
    <section
      aria-label={t('verdict.title')}
      className="card flex min-w-0 flex-col gap-3 p-4 md:p-5"
    >
      <h2 className="text-20 font-semibold tracking-[-0.01em] text-balance">{verdict.title}</h2>
      <p className="max-w-[72ch] text-14 text-ink-2 text-pretty md:leading-[22px]">
        {verdict.sentences.join(' ')}
      </p>
      {strategy !== null && hold !== null && (
        <dl className="num mt-auto grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-2 pt-2 text-13">
          <Growth name={t('report.strategy')} value={strategy} most={most} isMain />
          <Growth name={t('report.buyAndHold')} value={hold} most={most} />
        </dl>
      )}
      {params && <p className="num border-t pt-3 text-12 text-ink-3">{params}</p>}
    </section>
  );
}

interface GrowthProps {
  name: string;
  value: number;
  most: number;
  isMain?: boolean;
}

function Growth({ name, value, most, isMain }: GrowthProps) {
  return (
    <>
      <dt className="text-ink-2">{name}</dt>
      <dd aria-hidden>
        <div
          className={cx(
            'bar-fill h-2.5 min-w-0.5 rounded-[3px]',
            isMain ? 'bg-series-1' : 'bg-ink-3/50',
          )}
          style={{ width: `${((1 + value) / most) * 100}%` }}
        />
      </dd>
      <dd className="text-right whitespace-nowrap">
        <span className="font-medium">×{formatNumber(1 + value, { decimals: 2 })}</span>{' '}
        <span className="inline-block min-w-18 text-right text-ink-3">
          <Pct value={value} signed />
        </span>
      </dd>
    </>
  );
}

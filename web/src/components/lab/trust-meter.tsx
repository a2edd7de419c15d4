import { Check, Minus, X } from 'lucide-react';
import { Popover } from '@/components/ui/popover';
import { cx } from '@/lib/cx';
import { t } from '@/lib/strings';
import { MAX_TRUST, type Trust, type TrustReason } from '@/lib/trust';

/** The score with all of its reasons. */
export function TrustMeter({ trust }: { trust: Trust }) {
  return (
    <section aria-label={t('trust.title')} className="card flex flex-col gap-3 p-4">
      <header className="flex items-baseline justify-between gap-3">
        <h2 className="text-13 font-semibold">{t('trust.title')}</h2>
        <Score trust={trust} />
      </header>
      <Reasons reasons={trust.reasons} />
    </section>
  );
}

/** The score alone, for rows; its reasons open on press. */
export function TrustBadge({ trust }: { trust: Trust }) {
  return (
    <Popover
      label={t('trust.title')}
      className="max-w-80 p-4 font-normal"
      trigger={(props) => (
        <button
          type="button"
          {...props}
          aria-label={t('trust.label', { score: trust.score, max: MAX_TRUST })}
          className="inline-flex min-h-6 items-center rounded-control"
        >
          <Score trust={trust} />
        </button>
      )}
    >
      <Reasons reasons={trust.reasons} />
    </Popover>
  );
}

function Score({ trust }: { trust: Trust }) {
  return (
    <span className="num inline-flex items-center gap-2 text-13 font-semibold">
      <span aria-hidden className="flex gap-0.5">
        {Array.from({ length: MAX_TRUST }, (_, index) => (
          <span
            key={index}
            className={cx(
              'bar-fill h-2.5 w-1.5 rounded-[2px]',
              index < trust.score ? 'bg-ink' : 'bg-line',
            )}
          />
        ))}
      </span>
      {trust.score}/{MAX_TRUST}
    </span>
  );
}

function Reasons({ reasons }: { reasons: TrustReason[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {reasons.map((reason) => (
        <li key={reason.id} className="flex gap-2 text-13 text-ink-2">
          <Mark isMet={reason.isMet} />
          <span className="min-w-0 text-pretty">{reason.text}</span>
        </li>
      ))}
    </ul>
  );
}

function Mark({ isMet }: { isMet: boolean | null }) {
  const Icon = isMet ? Check : isMet === null ? Minus : X;
  const words = isMet ? t('trust.met') : isMet === null ? t('trust.unknown') : t('trust.unmet');
  return (
    <span
      className={cx(
        'mt-0.5 shrink-0',
        isMet ? 'text-ink' : isMet === null ? 'text-ink-3' : 'text-warn',
      )}
    >
      <Icon aria-hidden className="size-4" strokeWidth={2.25} />
      <span className="sr-only">{words}</span>
    </span>
  );
}

import { CircleHelp } from 'lucide-react';
import { Popover } from '@/components/ui/popover';
import { t } from '@/lib/strings';

/** A small question mark that tells how a figure is made. */
export function Explain({ term, text }: { term: string; text: string }) {
  return (
    <Popover
      label={term}
      className="max-w-72 p-3 text-13 font-normal text-ink-2"
      trigger={(props) => (
        <button
          type="button"
          {...props}
          aria-label={t('common.explain', { term })}
          className="no-print -m-1 inline-flex size-6 touch:-m-3.5 touch:size-11 items-center justify-center rounded-pill text-ink-3 hover:text-ink"
        >
          <CircleHelp aria-hidden className="size-3.5" />
        </button>
      )}
    >
      <strong className="mb-1 block font-semibold text-ink">{term}</strong>
      {text}
    </Popover>
  );
}

import { t } from '@/lib/strings';

/** What stands at risk on a page: nothing in the lab, play money on paper, real money live. */
export type Mode = 'backtest' | 'replay' | 'paper' | 'live';

/** The strip on top of the shell that tells the modes apart without colour or words. */
export function LoadLine({ mode }: { mode: Mode }) {
  return (
    <section aria-label={t('mode.label')} className="load-line no-print" data-mode={mode}>
      <span className="sr-only">{t(`mode.${mode}`)}</span>
    </section>
  );
}

import { t } from '@/lib/strings';

/** Names the makers of the time charts, as their licence asks on pages that show them. */
export function ChartCredit() {
  return (
    <p className="text-12 text-ink-3">
      {t('chart.credit')}{' '}
      <a href="https://www.tradingview.com" className="underline" rel="noreferrer" target="_blank">
        TradingView
      </a>
    </p>
  );
}

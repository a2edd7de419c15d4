import { Copy } from 'lucide-react';
import { Button } from '@/components/ui/button';
import type { BacktestReport } from '@/lib/api/schema';
import { formatNumber } from '@/lib/format';
import { formatMeasure, MEASURES, measureName } from '@/lib/metrics';
import { t } from '@/lib/strings';

/** Every measure of the run, in columns. */
export function MeasureTable({ report }: { report: BacktestReport }) {
  const known = MEASURES.filter(
    ({ key }) => report.metrics[key] !== null && report.metrics[key] !== undefined,
  );
  return (
    <section aria-label={t('report.measures')} className="card p-4">
      <h3 className="mb-2 text-13 font-semibold">{t('report.measures')}</h3>
      <dl className="num columns-1 gap-8 text-13 sm:columns-2 xl:columns-2">
        {known.map(({ key }) => (
          <div key={key} className="flex break-inside-avoid justify-between gap-3 border-b py-1.5">
            <dt className="truncate text-ink-2">{measureName(key)}</dt>
            <dd>{formatMeasure(key, report.metrics[key])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What the result takes for granted, in words. */
export function Assumptions({ assumptions }: { assumptions: readonly string[] }) {
  return (
    <section aria-label={t('report.assumptions')} className="card p-4">
      <h3 className="mb-2 text-13 font-semibold">{t('report.assumptions')}</h3>
      <ul className="flex list-disc flex-col gap-1.5 pl-4 text-13 text-ink-2 marker:text-ink-3">
        {assumptions.map((assumption) => (
          <li key={assumption} className="text-pretty">
            {assumption}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What made the result, down to hashes, so that anyone can make it again. */
export function ReceiptCard({ receipt }: { receipt: BacktestReport['receipt'] }) {
  const command = ['plimsoll', ...receipt.request].map(quoted).join(' ');
  return (
    <section aria-label={t('receipt.title')} className="card min-w-0 p-4">
      <h3 className="mb-2 text-13 font-semibold">{t('receipt.title')}</h3>
      <dl className="flex flex-col gap-2 text-13">
        {receipt.data.map((data) => (
          <Line
            key={`${data.symbol}-${data.hash}`}
            name={t('receipt.data', { symbol: data.symbol })}
          >
            {t('receipt.bars', {
              bars: formatNumber(data.bars, { decimals: 0 }),
              source: data.source,
            })}{' '}
            <Hash value={data.hash} />
          </Line>
        ))}
        <Line name={t('receipt.engine')}>
          <Hash value={receipt.engine} />
        </Line>
        <Line name={t('receipt.seed')}>
          <span className="num">{receipt.seed}</span>
        </Line>
        <Line name={t('receipt.result')}>
          <Hash value={receipt.result} />
        </Line>
      </dl>
      <p className="mt-3 mb-1 text-12 text-ink-3">{t('receipt.again')}</p>
      <div className="flex items-start gap-2 rounded-control bg-raised p-2.5">
        <code className="min-w-0 grow font-mono text-12 break-words">{command}</code>
        <Button
          kind="quiet"
          size="s"
          className="no-print"
          aria-label={t('receipt.copy')}
          title={t('receipt.copy')}
          onClick={() => navigator.clipboard.writeText(command)}
        >
          <Copy />
        </Button>
      </div>
    </section>
  );
}

function Line({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4">
      <dt className="text-ink-2">{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}

function Hash({ value }: { value: string }) {
  return (
    <code className="font-mono text-12 text-ink-3" title={value}>
      {value.slice(0, 12)}
    </code>
  );
}

function quoted(word: string): string {
  return /^[\w.,:=/^-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

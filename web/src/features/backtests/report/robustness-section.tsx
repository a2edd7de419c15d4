import { Link } from '@tanstack/react-router';
import { Explain } from '@/components/data/explain';
import { EmptyState } from '@/components/data/states';
import { buttonStyle } from '@/components/ui/button';
import type { BacktestReport, Interval, Robustness, RunRequest } from '@/lib/api/schema';
import { formatTime } from '@/lib/format';
import { formatMeasure, type MeasureKey, measureName } from '@/lib/metrics';
import { project } from '@/lib/scale';
import { t } from '@/lib/strings';
import { searchOf } from '../form-values';

const COMPARED: MeasureKey[] = [
  'cagr',
  'sharpe_ratio',
  'sortino_ratio',
  'max_drawdown',
  'annual_volatility',
  'closed_trades',
  'win_rate_trades',
];

interface Props {
  report: BacktestReport;
  request: RunRequest;
}

/** Whether the result holds outside the years it looks best in, and how much of it may be chance. */
export function RobustnessSection({ report, request }: Props) {
  return (
    <div className="grid min-w-0 gap-5 *:min-w-0 lg:grid-cols-2">
      <section aria-label={t('robust.split')} className="card overflow-hidden">
        {report.robustness ? (
          <SplitTable robustness={report.robustness} />
        ) : (
          <EmptyState
            title={t('robust.missing')}
            action={
              <Link
                to="/backtests/new"
                search={searchOf(request, 'walk_forward')}
                className={buttonStyle({ kind: 'secondary' })}
              >
                {t('robust.walkForward')}
              </Link>
            }
          >
            {t('robust.missingDetail')}
          </EmptyState>
        )}
      </section>
      <section aria-label={t('robust.intervals')} className="card p-4">
        <h3 className="mb-1 text-13 font-semibold">{t('robust.intervals')}</h3>
        <p className="mb-4 text-12 text-ink-3 text-pretty">{t('robust.intervalsDetail')}</p>
        <div className="flex flex-col gap-4">
          {Object.entries(report.statistics.bootstrap ?? {}).map(([key, interval]) => (
            <IntervalBar key={key} measure={key} interval={interval} />
          ))}
        </div>
        <Facts report={report} />
      </section>
    </div>
  );
}

function SplitTable({ robustness }: { robustness: Robustness }) {
  const { in_sample: inside, out_of_sample: outside, split_at: splitAt } = robustness;
  return (
    <>
      <h3 className="px-4 pt-4 text-13 font-semibold">{t('robust.split')}</h3>
      <p className="px-4 pb-2 text-12 text-ink-3">
        {t('robust.splitDetail', { date: formatTime(splitAt) })}
      </p>
      <table className="num w-full text-13">
        <thead>
          <tr className="border-b text-12 text-ink-3">
            <th scope="col" className="h-9 px-4 text-left font-medium">
              {t('compare.measure')}
            </th>
            <th scope="col" className="px-4 text-right font-medium">
              {t('robust.inside')}
            </th>
            <th scope="col" className="px-4 text-right font-medium">
              {t('robust.outside')}
            </th>
          </tr>
        </thead>
        <tbody>
          {COMPARED.map((key) => (
            <tr key={key} className="h-(--row) border-b last:border-b-0">
              <th scope="row" className="px-4 text-left font-normal text-ink-2">
                {measureName(key)}
              </th>
              <td className="px-4 text-right">{formatMeasure(key, inside[key])}</td>
              <td className="px-4 text-right font-medium">{formatMeasure(key, outside[key])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** An estimate with its interval, on a line that always shows zero. */
function IntervalBar({ measure, interval }: { measure: string; interval: Interval }) {
  const { estimate, lower, upper } = interval;
  if (estimate === null || lower === null || upper === null) return null;
  const low = Math.min(0, lower);
  const high = Math.max(0, upper);
  const at = (value: number) => project(value, low, high, 0, 100);
  return (
    <div className="num">
      <div className="flex justify-between gap-4 text-13">
        <span className="text-ink-2">{measureName(measure)}</span>
        <span>
          <span className="font-medium">{formatMeasure(measure, estimate)}</span>
          <span className="text-ink-3">
            {' '}
            {t('robust.range', {
              lower: formatMeasure(measure, lower),
              upper: formatMeasure(measure, upper),
            })}
          </span>
        </span>
      </div>
      <div aria-hidden className="relative mt-1.5 h-3">
        <div className="absolute inset-x-0 top-1/2 h-px bg-line" />
        <div
          className="bar-fill absolute top-1/2 h-1 -translate-y-1/2 rounded-pill bg-ink-3/60"
          style={{ left: `${at(lower)}%`, width: `${at(upper) - at(lower)}%` }}
        />
        <div className="absolute top-0 h-3 w-px bg-line-strong" style={{ left: `${at(0)}%` }} />
        <div
          className="bar-fill absolute top-1/2 size-2.5 -translate-1/2 rounded-pill border-2 border-surface bg-ink"
          style={{ left: `${at(estimate)}%` }}
        />
      </div>
    </div>
  );
}

function Facts({ report }: { report: BacktestReport }) {
  const {
    psr,
    deflated_sharpe: deflated,
    trials,
    min_track_record_length: needed,
  } = report.statistics;
  const facts = [
    [t('measure.psr'), formatMeasure('psr', psr), t('formula.psr')],
    [
      t('robust.deflated', { count: trials }),
      formatMeasure('psr', deflated),
      t('formula.deflated'),
    ],
    [t('robust.needed'), formatMeasure('closed_trades', needed), t('formula.needed')],
  ] as const;
  return (
    <dl className="num mt-5 flex flex-col gap-1.5 border-t pt-3 text-13">
      {facts.map(([name, value, formula]) => (
        <div key={name} className="flex justify-between gap-4">
          <dt className="flex items-center gap-1.5 text-ink-2">
            {name} <Explain term={name} text={formula} />
          </dt>
          <dd className="font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

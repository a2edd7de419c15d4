import { Money, Num, Pct } from '@/components/data/num';
import type { BacktestReport } from '@/lib/api/schema';
import { t } from '@/lib/strings';

/** What trading itself took away, and what the result would have been without it. */
export function CostsSection({ report, years }: { report: BacktestReport; years: number | null }) {
  const { fees, slippage, financing, cash, final_equity: end } = report;
  const all = fees + slippage + financing;
  const gross = end - cash + all;
  const lines = [
    ['commission', fees],
    ['slippage', slippage],
    ['financing', financing],
  ] as const;
  const most = Math.max(...lines.map(([, value]) => Math.abs(value)), 1e-9);
  return (
    <section aria-label={t('report.costs')} className="card overflow-hidden">
      <table className="num w-full text-13">
        <caption className="sr-only">{t('report.costs')}</caption>
        <thead>
          <tr className="border-b text-12 text-ink-3">
            <th scope="col" className="h-9 px-4 text-left font-medium">
              {t('costs.what')}
            </th>
            <th scope="col" className="hidden w-2/5 sm:table-cell" aria-hidden />
            <th scope="col" className="px-4 text-right font-medium">
              {t('costs.amount')}
            </th>
            <th scope="col" className="px-4 text-right font-medium">
              {t('costs.ofCash')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(([name, value]) => (
            <tr key={name} className="h-(--row) border-b">
              <th scope="row" className="px-4 text-left font-normal text-ink-2">
                {t(`costs.${name}`)}
              </th>
              <td className="hidden sm:table-cell" aria-hidden>
                <div
                  className="bar-fill h-2 rounded-[2px] bg-ink-3"
                  style={{ width: `${(Math.abs(value) / most) * 100}%` }}
                />
              </td>
              <td className="px-4 text-right">
                <Money value={value} />
              </td>
              <td className="px-4 text-right">
                <Pct value={value / cash} decimals={2} />
              </td>
            </tr>
          ))}
          <tr className="h-(--row) font-semibold">
            <th scope="row" className="px-4 text-left font-semibold">
              {t('costs.all')}
            </th>
            <td className="hidden sm:table-cell" />
            <td className="px-4 text-right">
              <Money value={all} />
            </td>
            <td className="px-4 text-right">
              <Pct value={all / cash} decimals={2} />
            </td>
          </tr>
        </tbody>
      </table>
      <dl className="num grid gap-x-8 gap-y-2 border-t p-4 text-13 sm:grid-cols-3">
        <Fact name={t('costs.gross')}>
          <Money value={gross} signed decimals={0} />
        </Fact>
        <Fact name={t('costs.net')}>
          <Money value={end - cash} signed decimals={0} />
        </Fact>
        <Fact name={t('costs.perYear')}>
          {years ? <Pct value={all / cash / years} decimals={2} /> : <Num value={null} />}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex justify-between gap-3 sm:flex-col sm:gap-0.5">
      <dt className="text-ink-2">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

import { Pct } from '@/components/data/num';
import type { EquityPoint } from '@/lib/api/schema';
import { worstFalls } from '@/lib/curve';
import { formatTime } from '@/lib/format';
import { t } from '@/lib/strings';

const SHOWN = 8;

/** The deepest drawdowns and how long each lasted. */
export function FallsTable({ points }: { points: readonly EquityPoint[] }) {
  const falls = worstFalls(points, SHOWN);
  return (
    <section className="card min-w-0 overflow-hidden">
      <h3 className="px-4 pt-4 pb-1 text-13 font-semibold">{t('falls.title')}</h3>
      {falls.length === 0 ? (
        <p className="px-4 pb-4 text-13 text-ink-2">{t('falls.none')}</p>
      ) : (
        <div
          role="region"
          aria-label={t('falls.title')}
          tabIndex={0}
          className="relative overflow-x-auto"
        >
          <table className="num w-full text-13">
            <thead>
              <tr className="border-b text-12 text-ink-3">
                {(['depth', 'from', 'trough', 'to'] as const).map((key) => (
                  <th
                    key={key}
                    scope="col"
                    className="h-9 px-2 text-left font-medium first:pl-4 last:pr-4"
                  >
                    {t(`falls.${key}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {falls.map((fall) => (
                <tr key={fall.from} className="h-(--row) border-b last:border-b-0">
                  <td className="pl-4 font-medium">
                    <Pct value={fall.depth} />
                  </td>
                  <td className="px-2 whitespace-nowrap">{formatTime(fall.from)}</td>
                  <td className="px-2 whitespace-nowrap">{formatTime(fall.trough)}</td>
                  <td className="px-2 pr-4 whitespace-nowrap">
                    {fall.to ? formatTime(fall.to) : t('falls.open')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

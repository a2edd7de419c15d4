import { cx } from '@/lib/cx';
import { t } from '@/lib/strings';

export interface CompareRow {
  label: string;
  /** One value a column, to find the best of; null is no candidate. */
  values: (number | null)[];
  format: (value: number | null) => string;
  /** Which end is better; without it no cell is marked. */
  better?: 'more' | 'less';
}

interface Props {
  caption: string;
  columns: readonly { key: string; label: React.ReactNode }[];
  rows: readonly CompareRow[];
}

/** Runs side by side; the best of each row bears a mark besides its weight. */
export function CompareTable({ caption, columns, rows }: Props) {
  return (
    <div role="region" aria-label={caption} tabIndex={0} className="relative overflow-x-auto">
      <table className="num w-full text-13">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b">
            <th scope="col" className="h-9 px-4 text-left text-12 font-medium text-ink-3">
              {t('compare.measure')}
            </th>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className="h-9 px-4 text-right text-12 font-medium text-ink-2"
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const best = bestOf(row);
            return (
              <tr key={row.label} className="h-(--row) border-b last:border-b-0">
                <th scope="row" className="px-4 text-left font-normal text-ink-2">
                  {row.label}
                </th>
                {row.values.map((value, index) => (
                  <td
                    key={columns[index]?.key}
                    className={cx(
                      'whitespace-nowrap px-4 text-right',
                      index === best && 'font-semibold',
                    )}
                  >
                    {index === best && (
                      <span className="mr-1.5 text-12 text-ink-3">{t('compare.best')}</span>
                    )}
                    {row.format(value)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Index of a row's best value; null when it has none or all are equal. */
export function bestOf({ values, better }: CompareRow): number | null {
  const known = values.filter((value) => value !== null);
  if (!better || known.length < 2 || new Set(known).size === 1) return null;
  const best = better === 'more' ? Math.max(...known) : Math.min(...known);
  return values.indexOf(best);
}

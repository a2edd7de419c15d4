import { HeatGrid } from '@/components/charts/heat-grid';
import type { EquityPoint } from '@/lib/api/schema';
import { monthlyReturns } from '@/lib/curve';
import { formatNumber, formatPercent } from '@/lib/format';
import { t } from '@/lib/strings';

const MONTHS = Array.from({ length: 12 }, (_, month) =>
  new Intl.DateTimeFormat(undefined, { month: 'short', timeZone: 'UTC' }).format(
    Date.UTC(2024, month, 1),
  ),
);

/** A month that moved this much has the full colour; a year's own cell may move more. */
const FULL_COLOUR = 0.15;

/** Returns of every month, years downwards. */
export function MonthlyHeat({
  points,
  fileName,
}: {
  points: readonly EquityPoint[];
  fileName: string;
}) {
  const { years, rows } = monthlyReturns(points);
  const values = rows.flatMap((row) => row.months).filter((value) => value !== null);
  const gained = values.filter((value) => value > 0).length;
  const cells = rows.map(({ months, year }, row) =>
    [...months, year].map((value, column) => ({
      value,
      title:
        `${MONTHS[column] ?? ''} ${years[row]}: ${formatPercent(value, { decimals: 2, signed: true })}`.trim(),
    })),
  );
  return (
    <HeatGrid
      title={t('report.monthly')}
      summary={t('report.monthlySummary', {
        gained,
        total: values.length,
        best: formatPercent(Math.max(...values), { signed: true }),
        worst: formatPercent(Math.min(...values), { signed: true }),
      })}
      fileName={fileName}
      rowName={t('report.year')}
      columnName=""
      rows={years}
      columns={[...MONTHS, t('report.yearTotal')]}
      cells={cells}
      format={(value) => (value === 0 ? '0' : formatNumber(value * 100, { decimals: 1 }))}
      scale="diverging"
      limit={FULL_COLOUR}
      totalColumn={12}
      note={t('report.monthlyNote')}
    />
  );
}

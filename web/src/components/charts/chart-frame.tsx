import { Ellipsis, FileDown, ImageDown, Table2 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { Menu, MenuItem } from '@/components/ui/menu';
import { cx } from '@/lib/cx';
import { type Cell, savePng, saveText, toCsv } from '@/lib/export';
import { HIDDEN } from '@/lib/format';
import { preferences } from '@/lib/preferences';
import { t } from '@/lib/strings';

/** What a chart shows, as rows: for those who cannot see it, and for spreadsheets. */
export interface ChartTable {
  header: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** Columns of money, which privacy hides. */
  money?: readonly number[];
}

interface Props {
  title: string;
  /** What the chart says, in one or two sentences. */
  summary: string;
  table: () => ChartTable;
  /** Draws the chart for a picture; null while there is nothing to draw. */
  picture: () => Promise<HTMLCanvasElement | null>;
  fileName: string;
  controls?: ReactNode;
  note?: ReactNode;
  isUpdating?: boolean;
  className?: string;
  children: ReactNode;
}

/** How many rows the table view lists; the CSV has all. */
const LISTED = 500;

/** A chart in its card: title, spoken summary, table view, PNG and CSV. */
export function ChartFrame(props: Props) {
  const { title, summary, fileName, children } = props;
  const [isTable, setTable] = useState(false);
  const summaryId = useId();
  const rows = () => hidden(props.table());

  const exportCsv = () => {
    const { header, rows: all } = rows();
    saveText(`${fileName}.csv`, 'text/csv', toCsv(header, all));
  };
  const exportPng = async () => {
    const canvas = await props.picture();
    if (canvas) savePng(`${fileName}.png`, canvas);
  };

  return (
    <section
      aria-label={title}
      aria-describedby={summaryId}
      className={cx('card flex min-w-0 flex-col', props.className)}
    >
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 py-1.5 pr-2 pl-4">
        <h2 className="text-13 font-semibold">{title}</h2>
        {props.isUpdating && <span className="text-12 text-ink-3">{t('common.updating')}</span>}
        <div className="no-print ml-auto flex flex-wrap items-center gap-1">
          {props.controls}
          <Menu label={t('chart.menu', { title })} icon={<Ellipsis />}>
            <MenuItem onSelect={() => setTable(!isTable)}>
              <Table2 /> {isTable ? t('chart.asChart') : t('chart.asTable')}
            </MenuItem>
            <MenuItem onSelect={exportCsv}>
              <FileDown /> {t('chart.csv')}
            </MenuItem>
            <MenuItem onSelect={exportPng} disabled={isTable}>
              <ImageDown /> {t('chart.png')}
            </MenuItem>
          </Menu>
        </div>
      </header>
      <p id={summaryId} className="sr-only">
        {summary}
      </p>
      <div className={cx('min-w-0 transition-opacity', props.isUpdating && 'opacity-50')}>
        {isTable ? <TableView title={title} {...rows()} /> : children}
      </div>
      {props.note && <p className="px-4 pt-1 pb-3 text-12 text-ink-3 text-pretty">{props.note}</p>}
    </section>
  );
}

function TableView({ title, header, rows }: ChartTable & { title: string }) {
  return (
    <div className="max-h-80 overflow-auto" tabIndex={0} role="region" aria-label={title}>
      <table className="num w-full text-12">
        <thead className="sticky top-0 bg-surface text-ink-3">
          <tr>
            {header.map((name) => (
              <th
                key={name}
                scope="col"
                className="px-4 py-1.5 text-right font-medium first:text-left"
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, LISTED).map((row, index) => (
            <tr key={index} className="border-t">
              {row.map((cell, column) => (
                <td key={column} className="px-4 py-1 text-right first:text-left">
                  {typeof cell === 'number'
                    ? Number(cell.toPrecision(8)).toLocaleString()
                    : (cell ?? '—')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > LISTED && (
        <p className="px-4 py-2 text-12 text-ink-3">
          {t('chart.more', { count: rows.length - LISTED })}
        </p>
      )}
    </div>
  );
}

function hidden(table: ChartTable): ChartTable {
  const money = table.money ?? [];
  if (!preferences().isPrivate || money.length === 0) return table;
  const rows = table.rows.map((row) =>
    row.map((cell, column) => (money.includes(column) ? HIDDEN : cell)),
  );
  return { ...table, rows };
}

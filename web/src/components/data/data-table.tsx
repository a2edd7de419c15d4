import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { cx } from '@/lib/cx';
import { t } from '@/lib/strings';
import { useWindow } from '@/lib/use-window';

export interface Column<Row> {
  key: string;
  label: string;
  /** What a screen reader and a tooltip call it where the label is short. */
  title?: string;
  render: (row: Row) => ReactNode;
  /** What rows are ordered by; a column without it cannot be sorted. */
  sortBy?: (row: Row) => number | string | null | undefined;
  /** Numbers stand at the right. */
  isNumber?: boolean;
  /** Hidden below 768 px, where a row has room for little. */
  isWide?: boolean;
  className?: string;
}

export interface Sort {
  key: string;
  isDescending: boolean;
}

interface Props<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  onOpen?: (row: Row) => void;
  /** Rows that `x` has marked. */
  selected?: ReadonlySet<string>;
  onSelect?: (row: Row) => void;
  /** Height in pixels beyond which the table scrolls inside itself and draws only what shows. */
  maxHeight?: number;
}

const ROW_PX = { s: 28, m: 36, l: 44 };
/** Below this every row is drawn: a browser's own search and print then find all of them. */
const VIRTUAL_FROM = 120;

/**
 * A real table: sortable, with one row in the tab order that `j`, `k` and the arrows move,
 * `Enter` opens and `x` selects.
 */
export function DataTable<Row>(props: Props<Row>) {
  const { columns, rowKey, sort, selected } = props;
  const rows = useMemo(() => sorted(props.rows, columns, sort), [props.rows, columns, sort]);
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const isVirtual = props.maxHeight !== undefined && rows.length > VIRTUAL_FROM;
  const rowPx = rowHeight();
  const [first, end] = useWindow({ scroller, count: rows.length, rowPx, isEnabled: isVirtual });
  const shown = rows.slice(first, end);
  const above = first * rowPx;
  const below = (rows.length - end) * rowPx;
  const current = Math.min(active, rows.length - 1);

  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    if (isVirtual && (next < first || next >= end))
      scroller.current?.scrollTo({ top: next * rowPx });
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus(),
    );
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    const row = rows[current];
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      j: current + 1,
      ArrowUp: current - 1,
      k: current - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: current + 10,
      PageUp: current - 10,
    };
    const to = moves[event.key];
    if (to !== undefined) move(to);
    else if (event.key === 'Enter' && row !== undefined && props.onOpen) props.onOpen(row);
    else if (event.key === 'x' && row !== undefined && props.onSelect) props.onSelect(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={scroller}
      className="relative overflow-auto print:max-h-none! print:overflow-visible"
      style={props.maxHeight ? { maxHeight: props.maxHeight } : undefined}
    >
      <table className="w-full border-collapse text-13" aria-rowcount={rows.length + 1}>
        <caption className="sr-only">{props.caption}</caption>
        <thead className="sticky top-0 z-[1] bg-surface">
          <tr className="shadow-[inset_0_-1px_var(--line)]">
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Spacer height={above} columns={columns.length} />}
          {shown.map((row, offset) => {
            const index = first + offset;
            const key = rowKey(row);
            return (
              <tr
                key={key}
                data-row={index}
                aria-rowindex={index + 2}
                aria-selected={selected?.has(key) || undefined}
                tabIndex={index === current ? 0 : -1}
                onFocus={(event) => event.target === event.currentTarget && setActive(index)}
                onKeyDown={onKeyDown}
                onClick={(event) => {
                  if (props.onOpen && !isControl(event.target)) props.onOpen(row);
                }}
                className={cx(
                  'h-(--row) border-b last:border-b-0 aria-selected:bg-raised',
                  'focus-visible:outline-offset-[-2px]',
                  props.onOpen && 'cursor-pointer hover:bg-raised/60',
                )}
              >
                {columns.map((column) => (
                  <td key={column.key} className={cellStyle(column)}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {below > 0 && <Spacer height={below} columns={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

interface HeaderProps<Row> {
  column: Column<Row>;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}

function HeaderCell<Row>({ column, sort, onSort }: HeaderProps<Row>) {
  const isSorted = sort?.key === column.key;
  const Arrow = isSorted && sort.isDescending ? ArrowDown : ArrowUp;
  const order = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined;
  return (
    <th
      scope="col"
      aria-sort={order}
      title={column.title}
      className={cx(cellStyle(column), 'h-9 text-12 font-medium text-ink-3')}
    >
      {column.sortBy && onSort ? (
        <button
          type="button"
          aria-label={t('table.sort', { column: column.label })}
          onClick={() =>
            onSort({
              key: column.key,
              isDescending: isSorted ? !sort.isDescending : column.isNumber === true,
            })
          }
          className={cx(
            'inline-flex min-h-6 items-center gap-1 hover:text-ink touch:min-h-11',
            column.isNumber && 'flex-row-reverse',
            isSorted && 'text-ink',
          )}
        >
          {column.label}
          <Arrow aria-hidden className={cx('size-3', !isSorted && 'invisible')} />
        </button>
      ) : (
        column.label || <span className="sr-only">{column.title}</span>
      )}
    </th>
  );
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  );
}

function cellStyle<Row>(column: Column<Row>) {
  return cx(
    'whitespace-nowrap px-3 first:pl-4 last:pr-4',
    column.isNumber ? 'num text-right' : 'text-left',
    column.isWide && 'hidden md:table-cell',
    column.className,
  );
}

/** Orders rows by a column; rows without a value come last in both directions. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | undefined,
): readonly Row[] {
  const sortBy = columns.find((column) => column.key === sort?.key)?.sortBy;
  if (!sort || !sortBy) return rows;
  const direction = sort.isDescending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const a = sortBy(one);
    const b = sortBy(other);
    if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
    return (a < b ? -1 : a > b ? 1 : 0) * direction;
  });
}

function isMissing(value: number | string | null | undefined): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value);
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label') !== null;
}

function rowHeight(): number {
  if (matchMedia('(pointer: coarse)').matches) return ROW_PX.l;
  return ROW_PX[(document.documentElement.dataset.density ?? 'm') as keyof typeof ROW_PX];
}

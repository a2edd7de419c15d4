import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { diverging, type Shade, sequential, shade, toHex } from '@/lib/colour';
import { cx } from '@/lib/cx';
import { usePaint } from '@/lib/preferences';
import { divergingEnds, token } from '@/lib/tokens';
import { ChartFrame } from './chart-frame';

export interface HeatCell {
  value: number | null;
  /** Spoken and shown on hover, where the printed value is too short. */
  title?: string;
}

interface Props {
  title: string;
  summary: string;
  fileName: string;
  /** What the rows and the columns are. */
  rowName: string;
  columnName: string;
  rows: readonly string[];
  columns: readonly string[];
  cells: readonly (readonly HeatCell[])[];
  format: (value: number) => string;
  /** Sequential for magnitudes, diverging at 0 for signed values. */
  scale: 'sequential' | 'diverging';
  /** The value at the end of the colours; without it the largest there is. */
  limit?: number;
  selected?: { row: number; column: number } | undefined;
  onSelect?: (row: number, column: number) => void;
  controls?: ReactNode;
  note?: ReactNode;
  className?: string;
  /** Index of a column that sums up its row, set apart. */
  totalColumn?: number;
}

/** A table whose cells are coloured by value and print it. Arrow keys walk over it. */
export function HeatGrid(props: Props) {
  const { rows, columns, cells, format, selected, onSelect } = props;
  const paint = usePaint();
  const table = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState(selected ?? { row: 0, column: 0 });
  // `paint` stands among the dependencies because new colours need new shades.
  const shades = useMemo(
    () => shadesOf(cells, props.scale, props.limit),
    [cells, props.scale, props.limit, paint],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const { row, column } = active;
    const to = {
      ArrowUp: { row: row - 1, column },
      ArrowDown: { row: row + 1, column },
      ArrowLeft: { row, column: column - 1 },
      ArrowRight: { row, column: column + 1 },
      Home: { row, column: 0 },
      End: { row, column: columns.length - 1 },
    }[event.key];
    if (to) {
      event.preventDefault();
      const next = {
        row: Math.max(0, Math.min(rows.length - 1, to.row)),
        column: Math.max(0, Math.min(columns.length - 1, to.column)),
      };
      setActive(next);
      const cell = `[data-cell="${next.row}-${next.column}"]`;
      table.current?.querySelector<HTMLElement>(cell)?.focus();
    } else if (onSelect && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      onSelect(row, column);
    }
  };

  return (
    <ChartFrame
      title={props.title}
      summary={props.summary}
      fileName={props.fileName}
      controls={props.controls}
      note={props.note}
      {...(props.className ? { className: props.className } : {})}
      picture={async () => drawGrid(props, shades)}
      table={() => ({
        header: [`${props.rowName} \\ ${props.columnName}`, ...columns],
        rows: rows.map((name, row) => [name, ...(cells[row] ?? []).map((cell) => cell.value)]),
      })}
    >
      <div className="relative overflow-x-auto px-4 pb-3">
        <table
          ref={table}
          role="grid"
          aria-label={props.title}
          className="num w-full border-separate border-spacing-[2px] text-12"
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr>
              <th
                scope="col"
                className="sticky left-0 bg-surface whitespace-nowrap pr-4 text-left font-medium text-ink-3"
              >
                {props.rowName}
                {props.columnName && <span aria-hidden> \ {props.columnName}</span>}
              </th>
              {columns.map((name, column) => (
                <th
                  key={name}
                  scope="col"
                  className={cx(
                    'h-6 min-w-9 px-1 text-center font-medium text-ink-3',
                    column === props.totalColumn && 'pl-3',
                  )}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((name, row) => (
              <tr key={name}>
                <th
                  scope="row"
                  className="sticky left-0 w-px whitespace-nowrap bg-surface pr-4 text-left font-medium text-ink-2"
                >
                  {name}
                </th>
                {columns.map((columnName, column) => {
                  const cell = cells[row]?.[column];
                  const value = cell?.value ?? null;
                  const isSelected = selected?.row === row && selected.column === column;
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears Enter for all its cells
                    <td
                      key={columnName}
                      data-cell={`${row}-${column}`}
                      role="gridcell"
                      tabIndex={active.row === row && active.column === column ? 0 : -1}
                      title={cell?.title}
                      aria-selected={onSelect ? isSelected : undefined}
                      onFocus={() => setActive({ row, column })}
                      onClick={onSelect && value !== null ? () => onSelect(row, column) : undefined}
                      style={colours(shades[row]?.[column])}
                      className={cx(
                        'swatch h-7 rounded-[3px] px-1 text-center',
                        value === null && 'text-ink-3',
                        onSelect && 'touch:h-11 touch:min-w-11',
                        onSelect && value !== null && 'cursor-pointer',
                        isSelected && 'outline-2 outline-offset-1 outline-ink',
                        column === props.totalColumn && 'font-semibold',
                      )}
                    >
                      {value === null ? '' : format(value)}
                      {value === null && <span className="sr-only">—</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </ChartFrame>
  );
}

function colours(cell: Shade | null | undefined) {
  return cell ? { backgroundColor: cell.ground, color: cell.text } : undefined;
}

function shadesOf(
  cells: readonly (readonly HeatCell[])[],
  scale: Props['scale'],
  limit: number | undefined,
): (Shade | null)[][] {
  const values = cells.flat().flatMap(({ value }) => (value === null ? [] : [value]));
  const ends = divergingEnds();
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const reach = limit ?? Math.max(Math.abs(low), Math.abs(high));
  const colour = (value: number) =>
    scale === 'diverging'
      ? diverging(reach === 0 ? 0 : value / reach, ends)
      : sequential(high === low ? 0.5 : (value - low) / (high - low));
  return cells.map((row) => row.map(({ value }) => (value === null ? null : shade(colour(value)))));
}

const CELL = { width: 56, height: 26, label: 110 };

/** The grid as a picture, with the same colours. */
function drawGrid(props: Props, shades: (Shade | null)[][]): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = 2 * (CELL.label + props.columns.length * CELL.width + 12);
  canvas.height = 2 * ((props.rows.length + 1) * CELL.height + 40);
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  context.scale(2, 2);
  context.fillStyle = token('surface');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = token('ink');
  context.font = '600 13px Inter, sans-serif';
  context.fillText(props.title, 12, 22);
  context.font = '12px Inter, sans-serif';
  context.textAlign = 'center';
  const left = (column: number) => CELL.label + column * CELL.width;
  const top = (row: number) => 34 + (row + 1) * CELL.height;
  props.columns.forEach((name, column) => {
    context.fillText(name, left(column) + CELL.width / 2, top(-1) + 17);
  });
  props.rows.forEach((name, row) => {
    context.fillStyle = token('ink');
    context.textAlign = 'left';
    context.fillText(name, 12, top(row) + 17, CELL.label - 16);
    context.textAlign = 'center';
    props.columns.forEach((_, column) => {
      const value = props.cells[row]?.[column]?.value ?? null;
      const cell = shades[row]?.[column];
      if (value === null || !cell) return;
      context.fillStyle = cell.ground;
      context.fillRect(left(column) + 1, top(row) + 1, CELL.width - 2, CELL.height - 2);
      context.fillStyle = cell.text;
      context.fillText(props.format(value), left(column) + CELL.width / 2, top(row) + 17);
    });
  });
  return canvas;
}

/** The scale's colours from one end to the other. */
export function HeatLegend({
  scale,
  low,
  high,
}: {
  scale: Props['scale'];
  low: string;
  high: string;
}) {
  usePaint();
  const ends = divergingEnds();
  const at = (share: number) =>
    scale === 'diverging' ? diverging(share * 2 - 1, ends) : sequential(share);
  const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => toHex(at(share)));
  return (
    <span className="num inline-flex items-center gap-1.5 text-12 text-ink-3">
      {low}
      <span
        aria-hidden
        className="swatch h-2 w-24 rounded-pill"
        style={{ background: `linear-gradient(90deg, ${stops.join(', ')})` }}
      />
      {high}
    </span>
  );
}

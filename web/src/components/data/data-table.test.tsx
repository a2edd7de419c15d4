import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { type Column, DataTable, type Sort } from './data-table';

interface Row {
  id: string;
  pnl: number | null;
}

const ROWS: Row[] = [
  { id: 'a', pnl: 2 },
  { id: 'b', pnl: null },
  { id: 'c', pnl: 10 },
];
const COLUMNS: Column<Row>[] = [
  { key: 'id', label: 'Run', render: (row) => row.id },
  { key: 'pnl', label: 'P&L', isNumber: true, sortBy: (row) => row.pnl, render: (row) => row.pnl },
];

function Table(props: { onOpen?: (row: Row) => void; onSelect?: (row: Row) => void }) {
  const [sort, setSort] = useState<Sort>();
  return (
    <DataTable
      caption="Runs"
      columns={COLUMNS}
      rows={ROWS}
      rowKey={(row) => row.id}
      sort={sort}
      onSort={setSort}
      {...props}
    />
  );
}

const order = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent?.[0]);

it('sorts both ways, says so, and keeps missing values last', async () => {
  render(<Table />);
  const header = screen.getByRole('columnheader', { name: /P&L/ });
  expect(header.getAttribute('aria-sort')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: /P&L/ }));
  expect(header.getAttribute('aria-sort')).toBe('descending');
  expect(order()).toEqual(['c', 'a', 'b']);
  await userEvent.click(screen.getByRole('button', { name: /P&L/ }));
  expect(header.getAttribute('aria-sort')).toBe('ascending');
  expect(order()).toEqual(['a', 'c', 'b']);
});

it('is walked, opened and selected by keys, with one row in the tab order', async () => {
  const onOpen = vi.fn();
  const onSelect = vi.fn();
  render(<Table onOpen={onOpen} onSelect={onSelect} />);
  const rows = screen.getAllByRole('row').slice(1);
  expect(rows.map((row) => row.tabIndex)).toEqual([0, -1, -1]);
  rows[0]?.focus();
  await userEvent.keyboard('j');
  await waitFor(() => expect(document.activeElement).toBe(rows[1]));
  await userEvent.keyboard('x');
  expect(onSelect).toHaveBeenCalledWith(ROWS[1]);
  await userEvent.keyboard('{End}');
  await waitFor(() => expect(document.activeElement).toBe(rows[2]));
  await userEvent.keyboard('{Enter}');
  expect(onOpen).toHaveBeenCalledWith(ROWS[2]);
});

it('draws of a long list only what shows', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => ({ id: `r${index}`, pnl: index }));
  render(
    <DataTable
      caption="Many"
      columns={COLUMNS}
      rows={many}
      rowKey={(row) => row.id}
      maxHeight={300}
    />,
  );
  expect(screen.getAllByRole('row').length).toBeLessThan(100);
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('5001');
});

import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { HeatGrid } from './heat-grid';

const props = {
  title: 'Sharpe ratio',
  summary: 'From −1 to 3.',
  fileName: 'x',
  rowName: 'slow',
  columnName: 'fast',
  rows: ['10', '20'],
  columns: ['1', '2'],
  cells: [
    [{ value: -1 }, { value: 2 }],
    [{ value: 3 }, { value: null }],
  ],
  format: String,
  scale: 'diverging' as const,
};

it('prints values, leaves gaps, and says what it shows', () => {
  render(<HeatGrid {...props} />);
  const cells = screen.getAllByRole('gridcell');
  expect(cells.map((cell) => cell.textContent)).toEqual(['-1', '2', '3', '—']);
  expect(cells[0]?.style.backgroundColor).not.toBe('');
  expect(cells[3]?.style.backgroundColor).toBe('');
  expect(screen.getByText('From −1 to 3.')).toBeTruthy();
});

it('is walked by arrow keys inside its edges and chosen by Enter', async () => {
  const onSelect = vi.fn();
  render(<HeatGrid {...props} onSelect={onSelect} />);
  const cells = screen.getAllByRole('gridcell');
  cells[0]?.focus();
  await userEvent.keyboard('{ArrowUp}{ArrowRight}{ArrowRight}');
  expect(document.activeElement).toBe(cells[1]);
  await userEvent.keyboard('{ArrowDown}{ArrowLeft}{Enter}');
  expect(onSelect).toHaveBeenCalledWith(1, 0);
  expect(cells.filter((cell) => cell.tabIndex === 0)).toHaveLength(1);
});

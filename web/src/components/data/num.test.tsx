import { render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { setPreferences } from '@/lib/preferences';
import { Delta, Money, Num, Pct } from './num';

afterEach(() => setPreferences({ isPrivate: false }));

it('writes an em dash where a value is missing, never 0', () => {
  const { container } = render(<Num value={null} />);
  expect(container.textContent).toBe('—');
});

it('keeps the full amount behind a short one', () => {
  render(<Money value={1_234_567.5} compact />);
  const shown = screen.getByText(/M$/);
  expect(shown.getAttribute('title')).toContain('567.50');
  expect(shown.tabIndex).toBe(0);
});

it('gives a difference a sign and an arrow besides its colour', () => {
  const { container } = render(<Delta value={-0.02} kind="points" />);
  expect(container.textContent).toBe('−2.0 pp');
  expect(container.querySelector('svg')).not.toBeNull();
  expect(container.querySelector('.text-down')).not.toBeNull();
});

it('gives what rounds to nothing neither sign nor colour', () => {
  const { container } = render(<Delta value={0.0001} kind="percent" decimals={1} />);
  expect(container.textContent).toBe('0.0%');
  expect(container.querySelector('svg')).toBeNull();
});

it('turns the colour, not the sign, where less is better', () => {
  const { container } = render(<Delta value={3} isCost />);
  expect(container.textContent).toBe('+3');
  expect(container.querySelector('.text-down')).not.toBeNull();
});

it('hides money and shows percentages in privacy', () => {
  setPreferences({ isPrivate: true });
  const { container } = render(
    <>
      <Money value={1234.5} />
      <Delta value={99} kind="money" />
      <Pct value={0.5} />
    </>,
  );
  expect(container.textContent).not.toMatch(/1|2|3|4|9/);
  expect(container.textContent).toContain('50.0%');
});

import { Database, FlaskConical, Grid3x3, LineChart } from 'lucide-react';

/** Places that exist. A destination is added here when its page is. */
export const DESTINATIONS = [
  { key: 'backtests', to: '/backtests', icon: LineChart, shortcut: 'b' },
  { key: 'strategies', to: '/strategies', icon: FlaskConical, shortcut: 's' },
  { key: 'evaluate', to: '/strategies/evaluate', icon: Grid3x3, shortcut: null },
  { key: 'data', to: '/data', icon: Database, shortcut: null },
] as const;

/** Whether a path lies at a destination: sweeps and walk-forwards belong to the backtests. */
export function isAt(path: string, to: string): boolean {
  if (to === '/backtests') return /^\/(backtests|sweeps|walk-forwards)(\/|$)/.test(path);
  if (to === '/strategies') return /^\/strategies(?!\/evaluate)(\/|$)/.test(path);
  return path === to || path.startsWith(`${to}/`);
}

import type { Strategy } from '@/lib/api/schema';

/** A run that a sentence such as "backtest sma aapl 5y" asks for. */
export interface RunSentence {
  kind: 'backtest' | 'sweep' | 'walk_forward';
  strategy: string;
  tickers: string[];
  /** First date, when the sentence names a span of years. */
  from?: string;
}

const VERBS: Record<string, RunSentence['kind']> = {
  backtest: 'backtest',
  test: 'backtest',
  sweep: 'sweep',
  optimise: 'sweep',
  optimize: 'sweep',
  'walk-forward': 'walk_forward',
  walkforward: 'walk_forward',
};

/**
 * Reads a command. The words after the verb may stand in any order; `today` anchors spans.
 *
 * Null while the sentence lacks a verb, a strategy or a ticker.
 */
export function readSentence(
  sentence: string,
  strategies: readonly Strategy[],
  today: string,
): RunSentence | null {
  const [verb = '', ...words] = sentence.trim().toLowerCase().split(/\s+/);
  const kind = VERBS[verb];
  if (!kind) return null;
  let strategy: string | undefined;
  let from: string | undefined;
  const tickers: string[] = [];
  for (const word of words) {
    const years = /^(\d{1,2})y$/.exec(word)?.[1];
    const found = strategy ? undefined : strategyOf(word, strategies);
    if (years) from = yearsBefore(today, Number(years));
    else if (found) strategy = found.name;
    else if (/^[\^a-z0-9.\-/=]{1,20}$/.test(word)) tickers.push(word.toUpperCase());
  }
  if (!strategy || tickers.length === 0) return null;
  return { kind, strategy, tickers, ...(from ? { from } : {}) };
}

function strategyOf(word: string, strategies: readonly Strategy[]): Strategy | undefined {
  if (word.length < 3) return undefined;
  return (
    strategies.find(({ name, label }) => name === word || label.toLowerCase() === word) ??
    strategies.find(
      ({ name, label }) => name.startsWith(word) || label.toLowerCase().startsWith(word),
    )
  );
}

function yearsBefore(today: string, years: number): string {
  const date = new Date(`${today}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() - years);
  return date.toISOString().slice(0, 10);
}

import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { DESTINATIONS } from '@/app/shell/destinations';
import { backtestsQuery, catalogueQuery, strategiesQuery } from '@/lib/api/queries';
import { formatTime } from '@/lib/format';
import { t } from '@/lib/strings';
import { rankOf, remember } from './recent';
import { readSentence } from './verbs';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

interface Entry {
  id: string;
  label: string;
  hint?: string;
  keys?: string;
  run: () => void;
}

/** How many of a kind are listed before anything is typed. */
const LISTED = 6;

/** Goes anywhere and starts anything, by its name. */
export default function CommandPalette({ open, onOpenChange }: Props) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const strategies = useQuery(strategiesQuery).data ?? [];
  const series = useQuery(catalogueQuery).data?.series ?? [];
  const backtests = useQuery(backtestsQuery).data?.backtests ?? [];

  const sentence = readSentence(text, strategies, new Date().toISOString().slice(0, 10));
  const commands: Entry[] = sentence
    ? [
        {
          id: 'sentence',
          label: t('palette.run', {
            kind: t(`job.kind.${sentence.kind}`),
            strategy: strategies.find(({ name }) => name === sentence.strategy)?.label ?? '',
            tickers: sentence.tickers.join(', '),
          }),
          hint: sentence.from ? t('palette.since', { date: sentence.from }) : '',
          run: () =>
            navigate({
              to: '/backtests/new',
              search: { ...sentence, tickers: sentence.tickers.join(',') },
            }),
        },
      ]
    : [
        {
          id: 'new',
          label: t('backtests.new'),
          run: () => navigate({ to: '/backtests/new' }),
        },
      ];
  const groups: { heading: string; entries: Entry[] }[] = [
    { heading: t('palette.actions'), entries: commands },
    {
      heading: t('palette.places'),
      entries: DESTINATIONS.map(({ key, to, shortcut }) => ({
        id: to,
        label: t(`nav.${key}`),
        ...(shortcut ? { keys: `g ${shortcut}` } : {}),
        run: () => navigate({ to }),
      })),
    },
    {
      heading: t('nav.strategies'),
      entries: strategies.map(({ name, label, family }) => ({
        id: `strategy ${name}`,
        label,
        hint: family,
        run: () => navigate({ to: '/strategies/$name', params: { name } }),
      })),
    },
    {
      heading: t('palette.symbols'),
      entries: [...new Set(series.map(({ symbol }) => symbol))].map((symbol) => ({
        id: `symbol ${symbol}`,
        label: symbol,
        hint: t('palette.chart'),
        run: () => navigate({ to: '/data', search: { symbol } }),
      })),
    },
    {
      heading: t('nav.backtests'),
      entries: backtests.slice(0, 50).map(({ task_id: id, request, created_at: at }) => ({
        id: `backtest ${id}`,
        label: `${strategies.find(({ name }) => name === request.strategy)?.label ?? request.strategy} · ${request.tickers.join(', ')}`,
        hint: at ? formatTime(at) : '',
        run: () => navigate({ to: '/backtests/$id', params: { id } }),
      })),
    },
  ];

  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="card fixed inset-x-3 top-[10vh] z-50 mx-auto max-w-xl animate-rise overflow-hidden shadow-overlay"
        >
          <Dialog.Title className="sr-only">{t('shell.search')}</Dialog.Title>
          <Command loop filter={matches}>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder={t('palette.placeholder')}
              className="h-12 w-full border-b bg-transparent px-4 text-16 outline-none placeholder:text-ink-3"
            />
            <Command.List className="max-h-[60vh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-13 text-ink-2">
                {t('palette.empty')}
              </Command.Empty>
              {groups.map(({ heading, entries }) => (
                <Command.Group
                  key={heading}
                  heading={heading}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-ink-3"
                >
                  {(text ? entries : byUse(entries).slice(0, LISTED)).map((entry) => (
                    <Command.Item
                      key={entry.id}
                      value={entry.id}
                      keywords={[
                        entry.label,
                        entry.hint ?? '',
                        ...(entry.id === 'sentence' ? [text] : []),
                      ]}
                      onSelect={() => {
                        remember(entry.id);
                        onOpenChange(false);
                        entry.run();
                      }}
                      className="flex h-9 cursor-pointer items-center gap-2 rounded-control px-2.5 text-13 data-[selected=true]:bg-raised touch:h-11"
                    >
                      <span className="truncate">{entry.label}</span>
                      {entry.hint && (
                        <span className="truncate text-12 text-ink-3">{entry.hint}</span>
                      )}
                      {entry.keys && (
                        <kbd className="ml-auto font-sans text-12 text-ink-3">{entry.keys}</kbd>
                      )}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Every typed word must begin some word of the entry. */
function matches(value: string, search: string, keywords: string[] = []): number {
  if (value === 'sentence') return 2;
  const words = `${value} ${keywords.join(' ')}`.toLowerCase().split(/[\s_·,]+/);
  const typed = search.toLowerCase().trim().split(/\s+/);
  const isHit = typed.every((part) => words.some((word) => word.startsWith(part)));
  return isHit ? 1 + Math.min(0.9, rankOf(value) / 10) : 0;
}

function byUse(entries: Entry[]): Entry[] {
  return [...entries].sort((a, b) => rankOf(b.id) - rankOf(a.id));
}

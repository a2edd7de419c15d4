import { useEffect, useRef } from 'react';
import { preferences } from '@/lib/preferences';
import { DESTINATIONS } from './destinations';

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How the modifier key is written on this machine. */
export const MOD = isApple ? '⌘' : 'Ctrl ';

/** How long `g` waits for the letter of a destination. */
const SEQUENCE_MS = 1_200;

interface Actions {
  palette: () => void;
  sheet: () => void;
  rail: () => void;
  privacy: () => void;
  go: (to: (typeof DESTINATIONS)[number]['to']) => void;
}

/** Listens for the app's own keys. Single letters rest while something is typed or open. */
export function useShortcuts(actions: Actions) {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    let leaderAt = Number.NEGATIVE_INFINITY;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey) {
        const action = { k: latest.current.palette, '\\': latest.current.rail }[event.key];
        if (action) {
          event.preventDefault();
          action();
        }
        return;
      }
      if (!preferences().hasShortcuts || event.altKey || isTyping(event.target)) return;
      const isSequence = event.timeStamp - leaderAt < SEQUENCE_MS;
      leaderAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const place = DESTINATIONS.find(({ shortcut }) => shortcut === event.key);
      if (isSequence && place) latest.current.go(place.to);
      else if (event.key === '?') latest.current.sheet();
      else if (event.key === 'p') latest.current.privacy();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !==
      null
  );
}

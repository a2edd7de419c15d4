import { useEffect, useState, useSyncExternalStore } from 'react';
import { ApiError } from './problem';

/** What to wait before a refused request that names no time. */
const DEFAULT_WAIT_SECONDS = 5;

let until = 0;
const listeners = new Set<() => void>();

/** Remembers that the server asked for patience; later answers only prolong it. */
export function noteLimit(error: unknown) {
  const seconds = waitSeconds(error);
  if (seconds === null) return;
  until = Math.max(until, Date.now() + seconds * 1000);
  for (const listener of listeners) listener();
}

/** Seconds that an error asks to wait, or null when it is about something else. */
export function waitSeconds(error: unknown): number | null {
  if (!(error instanceof ApiError) || error.status !== 429) return null;
  return error.retryAfterSeconds ?? DEFAULT_WAIT_SECONDS;
}

/** Seconds until requests are welcome again, counting down; 0 when they are. */
export function useWait(): number {
  const end = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => until,
  );
  const [now, setNow] = useState(Date.now);
  const isWaiting = end > now;
  useEffect(() => {
    if (end <= Date.now()) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [end]);
  return isWaiting ? Math.ceil((end - now) / 1000) : 0;
}

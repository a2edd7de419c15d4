import { useSyncExternalStore } from 'react';
import { formatAgo } from '@/lib/format';

/** How long ago something was, kept current; the exact time on hover. */
export function TimeAgo({ time }: { time: string | null | undefined }) {
  const now = useSyncExternalStore(everyHalfMinute, halfMinute, halfMinute);
  if (!time) return <span>—</span>;
  return (
    <time dateTime={time} title={new Date(time).toLocaleString()} className="whitespace-nowrap">
      {formatAgo(time, Math.max(now, Date.parse(time)))}
    </time>
  );
}

const STEP_MS = 30_000;

function halfMinute() {
  return Math.floor(Date.now() / STEP_MS) * STEP_MS;
}

function everyHalfMinute(changed: () => void) {
  const timer = setInterval(changed, STEP_MS);
  return () => clearInterval(timer);
}

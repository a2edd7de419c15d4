import { useSyncExternalStore } from 'react';
import { useWait } from '@/lib/api/limits';
import { t } from '@/lib/strings';

/** What concerns every page: no network, or the server asking for patience. */
export function Banner() {
  const isOnline = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  const wait = useWait();
  if (isOnline && wait === 0) return null;
  return (
    <p role="status" className="no-print border-b bg-raised px-4 py-2 text-13 text-warn md:px-8">
      {isOnline ? t('shell.wait', { seconds: wait }) : t('shell.offline')}
    </p>
  );
}

function subscribe(changed: () => void) {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

import { useSyncExternalStore } from 'react';

let isWanted = false;
const listeners = new Set<() => void>();

/** Whether anything was ever noted: until then there is no need of the library that shows notes. */
export function useToaster(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isWanted,
  );
}

function showToaster() {
  isWanted = true;
  for (const listener of listeners) listener();
}

interface Options {
  action?: { label: string; onClick: () => void };
  isError?: boolean;
  durationMs?: number;
}

/** A note that something happened elsewhere. The library comes when the first note does. */
export async function notify(title: string, { action, isError, durationMs }: Options = {}) {
  showToaster();
  const { toast } = await import('sonner');
  const show = isError ? toast.error : toast;
  show(title, {
    ...(action ? { action } : {}),
    // What failed waits until it was seen.
    ...(isError ? { duration: Number.POSITIVE_INFINITY, closeButton: true } : {}),
    ...(durationMs ? { duration: durationMs } : {}),
  });
}

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { noteLimit, waitSeconds } from './limits';
import { ApiError, UNREACHABLE } from './problem';

/** Reads that a limit refused resume by themselves; writes wait for the person. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: noteLimit }),
    mutationCache: new MutationCache({ onError: noteLimit }),
    defaultOptions: {
      queries: { staleTime: 30_000, retry: isWorthRetrying, retryDelay: delayMs },
      mutations: { retry: false },
    },
  });
}

/** A refused or unanswered read is tried again; one that the server understood is not. */
export function isWorthRetrying(failures: number, error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.status === 429) {
    noteLimit(error);
    return failures < 5;
  }
  return failures < 2 && (error.status === UNREACHABLE || [502, 503, 504].includes(error.status));
}

export function delayMs(failures: number, error: unknown): number {
  const seconds = error instanceof ApiError ? error.retryAfterSeconds : null;
  return (waitSeconds(error) ?? seconds ?? Math.min(8, 0.5 * 2 ** failures)) * 1000;
}

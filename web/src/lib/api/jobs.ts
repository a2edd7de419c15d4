import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { BASE, body, client } from './client';
import { readEvents } from './events';
import { errorOf } from './problem';
import { PLACES } from './queries';
import type { Task } from './schema';

/** How often a job is asked for while its stream is not to be had. */
const POLL_MS = 1_000;

export const jobQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['jobs', taskId],
    queryFn: ({ signal }) =>
      body(client.GET('/jobs/{task_id}', { params: { path: { task_id: taskId } }, signal })),
  });

export function isOver(task: Task): boolean {
  return task.status !== 'processing';
}

/** A job as it goes: pushed by the server, asked for where pushing fails. */
export function useJob(taskId: string, isRunning = true) {
  const queryClient = useQueryClient();
  const query = useQuery({
    ...jobQuery(taskId),
    enabled: isRunning,
    // The stream writes into the same cache entry and keeps it fresh; polling fills its silences.
    refetchInterval: ({ state }) => {
      if (state.data && isOver(state.data)) return false;
      return Date.now() - state.dataUpdatedAt < 2 * POLL_MS ? 2 * POLL_MS : POLL_MS;
    },
  });
  useEffect(() => {
    if (!isRunning) return;
    const stop = new AbortController();
    followJob(queryClient, taskId, stop.signal).catch(() => {
      // Polling goes on without the stream.
    });
    return () => stop.abort();
  }, [queryClient, taskId, isRunning]);
  const isFinished = query.data ? isOver(query.data) : false;
  useEffect(() => {
    if (isRunning && isFinished && query.data) refreshResults(queryClient, query.data);
  }, [queryClient, isRunning, isFinished, query.data]);
  return query;
}

/** Writes a job's progress into the cache until it is over or the signal aborts. */
export async function followJob(queryClient: QueryClient, taskId: string, signal: AbortSignal) {
  const response = await fetch(`${BASE}/jobs/${encodeURIComponent(taskId)}/events`, {
    headers: { accept: 'text/event-stream' },
    signal,
  });
  if (!response.ok || !response.body) throw await errorOf(response);
  for await (const { data } of readEvents(response.body)) {
    const task = JSON.parse(data) as Task;
    queryClient.setQueryData(jobQuery(taskId).queryKey, task);
    if (isOver(task)) return;
  }
}

/** Has everything that shows a finished job read it again. */
export function refreshResults(queryClient: QueryClient, task: Task) {
  queryClient.invalidateQueries({ queryKey: [PLACES[task.kind]] });
  queryClient.invalidateQueries({ queryKey: ['jobs'], exact: true });
}

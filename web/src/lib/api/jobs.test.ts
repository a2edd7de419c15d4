import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { followJob, jobQuery } from './jobs';
import { ApiError } from './problem';
import { delayMs, isWorthRetrying } from './query-client';

afterEach(() => vi.unstubAllGlobals());

const event = (progress: number, status: string) =>
  `data: ${JSON.stringify({ task_id: 'b1', kind: 'backtest', status, progress })}\n\n`;

it('keeps a job current until it is over', async () => {
  const text = event(10, 'processing') + event(100, 'completed') + event(0, 'processing');
  vi.stubGlobal('fetch', async () => new Response(text));
  const cache = new QueryClient();
  await followJob(cache, 'b1', new AbortController().signal);
  expect(cache.getQueryData(jobQuery('b1').queryKey)).toMatchObject({
    status: 'completed',
    progress: 100,
  });
});

it('says when there is no stream, so that polling goes on alone', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  const follow = followJob(new QueryClient(), 'b1', new AbortController().signal);
  await expect(follow).rejects.toBeInstanceOf(ApiError);
});

it('tries again what was refused or lost, not what was wrong', () => {
  const failure = (status: number, wait: number | null = null) =>
    new ApiError({ title: '', status, code: '' }, wait);
  expect(isWorthRetrying(0, failure(0))).toBe(true);
  expect(isWorthRetrying(4, failure(429))).toBe(true);
  expect(isWorthRetrying(0, failure(422))).toBe(false);
  expect(isWorthRetrying(0, new TypeError())).toBe(false);
  expect(delayMs(0, failure(429, 3))).toBe(3000);
  expect(delayMs(1, failure(503))).toBe(1000);
});

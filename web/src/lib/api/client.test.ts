import { afterEach, expect, it, vi } from 'vitest';
import { body, client } from './client';
import { ApiError } from './problem';
import { startBacktest } from './queries';

afterEach(() => vi.unstubAllGlobals());

function answer(respond: (request: Request) => Response) {
  const seen: Request[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push(request);
    return respond(request);
  });
  return seen;
}

const json = (value: unknown, status = 200) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json' },
  });

it('sends one key with one press, and leaves it out of the body', async () => {
  const seen = answer(() => json({ task_id: 'b1' }, 202));
  await startBacktest({ key: 'k1', strategy: 'macd', tickers: ['AAPL'] });
  expect(seen[0]?.headers.get('idempotency-key')).toBe('k1');
  expect(await seen[0]?.json()).toEqual({ strategy: 'macd', tickers: ['AAPL'] });
});

it('makes a key for other writes and none for reads', async () => {
  const seen = answer(() => json({}));
  await body(client.POST('/jobs/{task_id}/cancel', { params: { path: { task_id: 'a/b' } } }));
  await body(client.GET('/data/catalogue'));
  expect(seen[0]?.url).toContain('/api/v1/jobs/a%2Fb/cancel');
  expect(seen[0]?.headers.get('idempotency-key')).toMatch(/.{20}/);
  expect(seen[1]?.headers.has('idempotency-key')).toBe(false);
});

it('throws what the server refused and what never arrived', async () => {
  answer(() => json({ title: 'Not found', status: 404, code: 'not_found' }, 404));
  await expect(body(client.GET('/data/gaps'))).rejects.toMatchObject({ status: 404 });
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('failed to fetch');
  });
  await expect(body(client.GET('/data/gaps'))).rejects.toBeInstanceOf(ApiError);
});

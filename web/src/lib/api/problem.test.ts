import { expect, it } from 'vitest';
import { errorOf, retryAfterSeconds } from './problem';

it('reads what the server says', async () => {
  const body = {
    title: 'Unprocessable',
    status: 422,
    code: 'invalid',
    request_id: 'r-1',
    errors: [{ field: 'tickers', message: 'at least one', code: 'length' }],
  };
  const error = await errorOf(
    new Response(JSON.stringify(body), {
      status: 422,
      headers: { 'content-type': 'application/problem+json' },
    }),
  );
  expect(error.status).toBe(422);
  expect(error.problem.request_id).toBe('r-1');
  expect(error.fieldMessage('tickers')).toBe('at least one');
  expect(error.fieldMessage('cash')).toBeUndefined();
});

it('makes a problem of a page that a proxy sent', async () => {
  const error = await errorOf(
    new Response('<h1>Bad gateway</h1>', {
      status: 502,
      statusText: 'Bad Gateway',
      headers: { 'content-type': 'text/html', 'x-request-id': 'r-2' },
    }),
  );
  expect(error.problem).toMatchObject({ title: 'Bad Gateway', status: 502, request_id: 'r-2' });
});

it('reads Retry-After as seconds and as a date', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  expect(retryAfterSeconds('3', now)).toBe(3);
  expect(retryAfterSeconds('Sat, 21 Nov 2026 12:00:05 GMT', now)).toBe(5);
  expect(retryAfterSeconds('Sat, 21 Nov 2026 11:00:00 GMT', now)).toBe(0);
  expect(retryAfterSeconds('soon', now)).toBeNull();
  expect(retryAfterSeconds(null, now)).toBeNull();
});

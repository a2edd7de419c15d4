import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './paths';
import { ApiError, errorOf, UNREACHABLE } from './problem';

/** Where the API stands: beside the page. */
export const BASE = '/api/v1';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Marks a write, so that sending it twice does it once. */
export function newIdempotencyKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  // Beyond loopback without TLS a page has no randomUUID, but random bytes.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const keyed: Middleware = {
  onRequest({ request }) {
    if (WRITES.has(request.method) && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', newIdempotencyKey());
    }
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await errorOf(response);
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    if (error instanceof ApiError) return;
    return new ApiError({ title: String(error), status: UNREACHABLE, code: 'unreachable' });
  },
};

export const client = createClient<paths>({ baseUrl: BASE, fetch: (request) => fetch(request) });
client.use(keyed);

/** The body of an answer; failures have been thrown by then. */
export async function body<Body>(answer: Promise<{ data?: Body }>): Promise<Body> {
  const { data } = await answer;
  return data as Body;
}

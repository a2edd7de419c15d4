import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { newQueryClient } from '@/lib/api/query-client';
import catalogue from '../../test/fixtures/catalogue.json';
import imported from '../../test/fixtures/import.json';
import strategies from '../../test/fixtures/strategies.json';
import { newRouter } from './router';

afterEach(() => vi.unstubAllGlobals());

type Answers = Record<string, unknown>;

const EMPTY: Answers = {
  'GET /strategies': strategies,
  'GET /data/catalogue': catalogue,
  'GET /data/gaps': { gaps: [], series: 7 },
  'GET /jobs': { jobs: [], total: 0, limit: 20, offset: 0 },
  'GET /backtests': { backtests: [], total: 0, limit: 200, offset: 0 },
};

/** Opens a page of the whole app over recorded answers; what is not recorded is not found. */
function open(path: string, answers: Answers) {
  const sent: { key: string; body: unknown }[] = [];
  vi.stubGlobal('scrollTo', () => {});
  vi.stubGlobal('fetch', async (request: Request | string) => {
    if (typeof request === 'string') return new Response(null, { status: 404 });
    const key = `${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')}`;
    const isForm = request.headers.get('content-type')?.startsWith('multipart');
    if (request.method !== 'GET') sent.push({ key, body: isForm ? null : await request.json() });
    const found = answers[key] ?? {
      title: 'Not found',
      status: 404,
      code: 'not_found',
      request_id: 'r-9',
    };
    return new Response(JSON.stringify(found), {
      status: key in answers ? 200 : 404,
      headers: { 'content-type': 'application/json' },
    });
  });
  const queryClient = newQueryClient();
  const router = newRouter(queryClient);
  router.update({
    ...router.options,
    context: { queryClient },
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { router, sent };
}

it('leads from the front door to a first backtest', async () => {
  const { router } = open('/', EMPTY);
  await userEvent.click(await screen.findByRole('link', { name: 'Test RSI on AAPL' }));
  await screen.findByRole('heading', { level: 1, name: 'New backtest' });
  expect(router.state.location.search).toMatchObject({
    strategy: 'rsi_mean_reversion',
    tickers: 'AAPL',
  });
});

it('sends the form once and shows the job as it goes', async () => {
  const task = {
    task_id: 'b1',
    kind: 'backtest',
    status: 'processing',
    progress: 30,
    eta_seconds: 4,
  };
  const request = { strategy: 'rsi_mean_reversion', tickers: ['AAPL'], params: {} };
  const { router, sent } = open('/backtests/new', {
    ...EMPTY,
    'POST /backtests': task,
    'GET /backtests/b1': { ...task, request, report: null },
    'GET /jobs/b1': task,
  });
  const period = await screen.findByLabelText('Period');
  await userEvent.clear(period);
  await userEvent.click(screen.getByRole('button', { name: 'Run backtest' }));
  expect(period.getAttribute('aria-invalid')).toBe('true');
  expect(sent).toEqual([]);

  await userEvent.type(period, '9');
  await userEvent.click(screen.getByRole('button', { name: 'Run backtest' }));
  await screen.findByText('30 %, about 4 s left');
  expect(router.state.location.pathname).toBe('/backtests/b1');
  expect(sent).toHaveLength(1);
  expect(sent[0]?.body).toMatchObject({ tickers: ['AAPL'], params: { period: 9, oversold: 30 } });
});

it('keeps an error in its panel, with the request to quote', async () => {
  const { 'GET /data/gaps': _, ...answers } = EMPTY;
  open('/data', answers);
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Not found');
  expect(alert.textContent).toContain('r-9');
  expect(await screen.findByRole('table', { name: 'Catalogue' })).toBeTruthy();
});

it('shows what a file was understood as and what was refused before it stores anything', async () => {
  const { sent } = open('/data?upload=true', { ...EMPTY, 'POST /data/import': imported });
  const file = new File(['date,open\n'], 'acme_1d.csv', { type: 'text/csv' });
  await userEvent.upload(await screen.findByLabelText(/Choose a file/), file);
  await screen.findByText('2 rows refused');
  expect(screen.getByText('high 8 is below low 9')).toBeTruthy();
  const store = screen.getByRole('button', { name: 'Store 2 rows' });
  expect((store as HTMLButtonElement).disabled).toBe(true);
  await userEvent.click(screen.getByRole('checkbox', { name: /Leave out the 2 refused rows/ }));
  expect((store as HTMLButtonElement).disabled).toBe(false);
  expect(sent).toHaveLength(1);
});

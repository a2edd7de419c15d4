import type { QueryClient } from '@tanstack/react-query';
import { createRouter, Link } from '@tanstack/react-router';
import { EmptyState, ErrorPanel } from '@/components/data/states';
import { Page, PageHeader } from '@/components/shell/page';
import { buttonStyle } from '@/components/ui/button';
import { t } from '@/lib/strings';
import { routeTree } from './route-tree.gen';

export interface RouterContext {
  queryClient: QueryClient;
}

export function newRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => (
      <Page>
        <PageHeader title={t('error.page')} />
        <div className="card">
          <ErrorPanel error={error} onRetry={reset} />
        </div>
      </Page>
    ),
    defaultNotFoundComponent: NotFound,
  });
}

function NotFound() {
  return (
    <Page>
      <PageHeader title={t('error.notFound')} />
      <div className="card">
        <EmptyState
          title={t('error.notFoundTitle')}
          action={
            <Link to="/backtests" className={buttonStyle({ kind: 'primary' })}>
              {t('error.toBacktests')}
            </Link>
          }
        >
          {t('error.notFoundDetail')}
        </EmptyState>
      </div>
    </Page>
  );
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}

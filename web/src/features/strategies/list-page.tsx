import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge } from '@/components/data/badge';
import { EmptyState, ErrorPanel, Loading, Skeleton } from '@/components/data/states';
import { defaultsOf } from '@/components/lab/param-form';
import { Page, PageHeader } from '@/components/shell/page';
import { buttonStyle } from '@/components/ui/button';
import { strategiesQuery } from '@/lib/api/queries';
import type { Strategy } from '@/lib/api/schema';
import { paramsText } from '@/lib/api/use-labels';
import { t } from '@/lib/strings';

/** What can be run, in the catalogue's order, which keeps families together. */
export function StrategiesPage() {
  const query = useQuery(strategiesQuery);
  return (
    <Page>
      <PageHeader
        title={t('nav.strategies')}
        below={<span>{t('strategies.about')}</span>}
        actions={
          <Link to="/strategies/evaluate" className={buttonStyle()}>
            {t('evaluate.all')}
          </Link>
        }
      />
      {query.isPending && (
        <Loading>
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {Array.from({ length: 9 }, (_, card) => (
              <Skeleton key={card} className="h-36 rounded-card" />
            ))}
          </div>
        </Loading>
      )}
      {query.isLoadingError && (
        <div className="card">
          <ErrorPanel error={query.error} onRetry={query.refetch} />
        </div>
      )}
      {query.data?.length === 0 && (
        <div className="card">
          <EmptyState title={t('strategies.none')} />
        </div>
      )}
      {query.data && (
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {query.data.map((strategy) => (
            <li key={strategy.name} className="flex min-w-0">
              <StrategyCard strategy={strategy} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

function StrategyCard({ strategy }: { strategy: Strategy }) {
  return (
    <article className="card relative flex grow flex-col gap-2 p-4 transition-colors hover:border-line-strong">
      <header className="flex items-start justify-between gap-3">
        <h2 className="text-14 font-semibold">
          <Link
            to="/strategies/$name"
            params={{ name: strategy.name }}
            className="after:absolute after:inset-0 after:rounded-card"
          >
            {strategy.label}
          </Link>
        </h2>
        <Badge>{strategy.family}</Badge>
      </header>
      <p className="text-13 text-ink-2 text-pretty">{strategy.description}</p>
      <p className="num mt-auto truncate pt-2 text-12 text-ink-3">
        {paramsText(defaultsOf(strategy.params_schema)) || t('form.noParams')}
      </p>
    </article>
  );
}

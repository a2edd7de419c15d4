import { createFileRoute } from '@tanstack/react-router';
import { ComparePage } from '@/features/backtests/compare-page';
import { list, type RawSearch, text } from '@/lib/search';

export const Route = createFileRoute('/backtests/compare')({
  validateSearch: (search: RawSearch): { ids?: string } => ({ ids: text(search.ids) }),
  component: function CompareRoute() {
    const { ids } = Route.useSearch();
    return <ComparePage ids={list(ids) ?? []} />;
  },
});

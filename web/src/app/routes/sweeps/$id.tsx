import { createFileRoute } from '@tanstack/react-router';
import type { SweepSearch } from '@/features/sweeps/search';
import { SweepPage } from '@/features/sweeps/sweep-page';
import { type RawSearch, text } from '@/lib/search';

export const Route = createFileRoute('/sweeps/$id')({
  validateSearch: (search: RawSearch): SweepSearch => ({
    metric: text(search.metric),
    symbol: text(search.symbol),
    x: text(search.x),
    y: text(search.y),
    fixed: text(search.fixed),
    at: text(search.at),
    sort: text(search.sort),
  }),
  component: function SweepRoute() {
    const { id } = Route.useParams();
    return <SweepPage id={id} search={Route.useSearch()} />;
  },
});

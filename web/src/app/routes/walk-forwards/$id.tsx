import { createFileRoute } from '@tanstack/react-router';
import {
  WalkForwardPage,
  type WalkForwardSearch,
} from '@/features/walk-forwards/walk-forward-page';
import { type RawSearch, text } from '@/lib/search';

export const Route = createFileRoute('/walk-forwards/$id')({
  validateSearch: (search: RawSearch): WalkForwardSearch => ({
    symbol: text(search.symbol),
    sort: text(search.sort),
  }),
  component: function WalkForwardRoute() {
    const { id } = Route.useParams();
    return <WalkForwardPage id={id} search={Route.useSearch()} />;
  },
});

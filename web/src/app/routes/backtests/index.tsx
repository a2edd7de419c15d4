import { createFileRoute } from '@tanstack/react-router';
import { BacktestsPage } from '@/features/backtests/list-page';
import { parseListSearch } from '@/features/backtests/search';

export const Route = createFileRoute('/backtests/')({
  validateSearch: parseListSearch,
  component: function BacktestsRoute() {
    return <BacktestsPage search={Route.useSearch()} />;
  },
});

import { createFileRoute } from '@tanstack/react-router';
import { NewRunPage } from '@/features/backtests/new-page';
import { parseSearch } from '@/features/backtests/search';

export const Route = createFileRoute('/backtests/new')({
  validateSearch: parseSearch,
  component: function NewRunRoute() {
    return <NewRunPage search={Route.useSearch()} />;
  },
});

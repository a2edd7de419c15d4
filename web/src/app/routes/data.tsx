import { createFileRoute } from '@tanstack/react-router';
import { DataPage, type DataSearch } from '@/features/data/data-page';
import { flag, type RawSearch, text } from '@/lib/search';

export const Route = createFileRoute('/data')({
  validateSearch: (search: RawSearch): DataSearch => ({
    symbol: text(search.symbol),
    q: text(search.q),
    sort: text(search.sort),
    upload: flag(search.upload),
  }),
  component: function DataRoute() {
    return <DataPage search={Route.useSearch()} />;
  },
});

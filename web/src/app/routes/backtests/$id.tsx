import { createFileRoute } from '@tanstack/react-router';
import { ReportPage, type ReportSearch } from '@/features/backtests/report-page';
import { flag, number, type RawSearch, text } from '@/lib/search';

export const Route = createFileRoute('/backtests/$id')({
  validateSearch: (search: RawSearch): ReportSearch => ({
    linear: flag(search.linear),
    trade: number(search.trade),
    symbol: text(search.symbol),
    sort: text(search.sort),
  }),
  component: function ReportRoute() {
    const { id } = Route.useParams();
    return <ReportPage id={id} search={Route.useSearch()} />;
  },
});

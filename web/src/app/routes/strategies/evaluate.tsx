import { createFileRoute } from '@tanstack/react-router';
import { EvaluatePage, type EvaluateSearch } from '@/features/strategies/evaluate-page';
import { oneOf, type RawSearch, text } from '@/lib/search';

export const Route = createFileRoute('/strategies/evaluate')({
  validateSearch: (search: RawSearch): EvaluateSearch => ({
    task: text(search.task),
    part: oneOf(search.part, ['in_sample', 'out_of_sample']),
    sort: text(search.sort),
  }),
  component: function EvaluateRoute() {
    return <EvaluatePage search={Route.useSearch()} />;
  },
});

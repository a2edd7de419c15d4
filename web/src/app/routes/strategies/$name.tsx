import { createFileRoute } from '@tanstack/react-router';
import { StrategyPage } from '@/features/strategies/strategy-page';

export const Route = createFileRoute('/strategies/$name')({
  component: function StrategyRoute() {
    const { name } = Route.useParams();
    return <StrategyPage name={name} />;
  },
});

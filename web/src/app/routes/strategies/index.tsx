import { createFileRoute } from '@tanstack/react-router';
import { StrategiesPage } from '@/features/strategies/list-page';

export const Route = createFileRoute('/strategies/')({ component: StrategiesPage });

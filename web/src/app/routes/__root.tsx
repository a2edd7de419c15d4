import { createRootRouteWithContext } from '@tanstack/react-router';
import type { RouterContext } from '@/app/router';
import { AppShell } from '@/app/shell/app-shell';

export const Route = createRootRouteWithContext<RouterContext>()({ component: AppShell });

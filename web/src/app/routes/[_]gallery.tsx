import { createFileRoute, lazyRouteComponent, notFound } from '@tanstack/react-router';

/** Every component in its eight states, while developing; a built app has neither page nor code. */
export const Route = createFileRoute('/_gallery')({
  beforeLoad: () => {
    if (!import.meta.env.DEV) throw notFound();
  },
  component: import.meta.env.DEV
    ? lazyRouteComponent(() => import('@/app/gallery'), 'Gallery')
    : () => null,
});

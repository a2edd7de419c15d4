import { createFileRoute, redirect } from '@tanstack/react-router';

/** Until there is a conversation, the front door leads to the lab. */
export const Route = createFileRoute('/')({
  beforeLoad: () => {
    throw redirect({ to: '/backtests', replace: true });
  },
});

import type { QueryClient } from '@tanstack/react-query';
import { backtestsQuery, deleteBacktest } from '@/lib/api/queries';
import { notify } from '@/lib/notify';
import { t } from '@/lib/strings';

/** How long a deletion can be taken back. */
const UNDO_MS = 8_000;

/** Takes a run off the list at once and deletes it when nobody has objected. */
export function deleteLater(queryClient: QueryClient, taskId: string) {
  const { queryKey } = backtestsQuery;
  queryClient.setQueryData(queryKey, (old) =>
    old ? { ...old, backtests: old.backtests.filter((row) => row.task_id !== taskId) } : old,
  );
  const refresh = () => queryClient.invalidateQueries({ queryKey });
  const timer = setTimeout(async () => {
    try {
      await deleteBacktest(taskId);
    } catch (error) {
      notify(t('report.deleteFailed', { reason: String(error) }), { isError: true });
    }
    refresh();
  }, UNDO_MS);
  const undo = () => {
    clearTimeout(timer);
    refresh();
  };
  notify(t('report.deleted'), {
    durationMs: UNDO_MS,
    action: { label: t('common.undo'), onClick: undo },
  });
}

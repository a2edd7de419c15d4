import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { isOver, jobQuery } from '@/lib/api/jobs';
import { cancelJob, jobsQuery } from '@/lib/api/queries';
import type { Task } from '@/lib/api/schema';
import { cx } from '@/lib/cx';
import { formatDuration } from '@/lib/format';
import { t } from '@/lib/strings';

/** How far a job is, how long it will take, and the way to stop it. */
export function JobProgress({ task, className }: { task: Task; className?: string }) {
  const queryClient = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelJob(task.task_id),
    onSuccess: (answer) => {
      queryClient.setQueryData(jobQuery(task.task_id).queryKey, answer);
      queryClient.invalidateQueries({ queryKey: jobsQuery.queryKey });
    },
  });
  const progress = Math.round(task.progress);
  return (
    <div className={cx('flex flex-col gap-2', className)}>
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <p className="num text-13 text-ink-2">{progressText(task)}</p>
        {!isOver(task) && (
          <Button
            size="s"
            kind="secondary"
            disabled={cancel.isPending || cancel.isSuccess}
            onClick={() => cancel.mutate()}
          >
            {cancel.isPending || cancel.isSuccess ? t('job.canceling') : t('job.cancel')}
          </Button>
        )}
      </div>
      {!isOver(task) && <ProgressBar value={progress} label={t(`job.kind.${task.kind}`)} />}
      {cancel.isError && (
        <p role="alert" className="text-12 text-danger">
          {t('job.cancelFailed', { reason: cancel.error.message })}
        </p>
      )}
    </div>
  );
}

export function ProgressBar({ value, label }: { value: number; label: string }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      className="h-1.5 overflow-hidden rounded-pill bg-raised"
    >
      <div
        className={cx('bar-fill h-full rounded-pill bg-ink', value === 0 && 'animate-slide')}
        style={{ width: value === 0 ? '30%' : `${value}%` }}
      />
    </div>
  );
}

/** A job's state in words: "63 %, about 12 s left". */
export function progressText(task: Task): string {
  if (task.status === 'failed') return t('job.failed', { reason: task.error ?? t('job.noReason') });
  if (task.status !== 'processing') return t(`job.status.${task.status}`);
  if (task.progress === 0) return t('job.waiting');
  const progress = Math.round(task.progress);
  return task.eta_seconds === null
    ? t('job.progress', { progress })
    : t('job.progressEta', { progress, left: formatDuration(task.eta_seconds) });
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { ListTodo } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { describe } from '@/components/data/states';
import { TimeAgo } from '@/components/data/time-ago';
import { JobProgress } from '@/components/lab/job-progress';
import { IconButton } from '@/components/ui/button';
import { Popover } from '@/components/ui/popover';
import { isOver, refreshResults } from '@/lib/api/jobs';
import { jobsQuery } from '@/lib/api/queries';
import type { Task } from '@/lib/api/schema';
import { notify } from '@/lib/notify';
import { t } from '@/lib/strings';

/** Long work wherever one is in the app: it survives navigation and reloading. */
export default function JobsTray() {
  const query = useQuery(jobsQuery);
  const jobs = query.data?.jobs ?? [];
  const running = jobs.filter((job) => !isOver(job)).length;
  useFinishedJobs(query.data?.jobs);
  return (
    <Popover
      label={t('jobs.heading')}
      className="flex w-[min(360px,calc(100vw-16px))] flex-col overflow-y-auto not-open:hidden"
      trigger={(props) => (
        <IconButton label={t('jobs.title', { count: running })} className="relative" {...props}>
          <ListTodo />
          {running > 0 && (
            <span className="num absolute top-0 right-0 min-w-4 rounded-pill bg-ink px-1 text-center text-[10px] leading-4 font-semibold text-surface">
              {running}
            </span>
          )}
        </IconButton>
      )}
    >
      {(close) => (
        <>
          <h2 className="border-b px-4 py-2.5 text-13 font-semibold">{t('jobs.heading')}</h2>
          {query.isLoadingError && (
            <p className="p-4 text-13 text-ink-2">{describe(query.error).title}</p>
          )}
          {query.data && jobs.length === 0 && (
            <p className="p-4 text-13 text-ink-2">{t('jobs.empty')}</p>
          )}
          <ul>
            {jobs.map((job) => (
              <li key={job.task_id} className="border-b px-4 py-3 last:border-b-0">
                <div className="mb-1 flex items-baseline justify-between gap-2">
                  <Link
                    {...placeOf(job)}
                    onClick={() => close()}
                    className="font-medium hover:underline"
                  >
                    {t(`job.kind.${job.kind}`)}
                    {job.title && <span className="font-normal text-ink-2"> · {job.title}</span>}
                  </Link>
                  <span className="text-12 text-ink-3">
                    <TimeAgo time={job.created_at} />
                  </span>
                </div>
                <JobProgress task={job} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Popover>
  );
}

/** Where a job's result is shown. */
function placeOf({ kind, task_id: id }: Task) {
  if (kind === 'backtest') return { to: '/backtests/$id', params: { id } } as const;
  if (kind === 'sweep') return { to: '/sweeps/$id', params: { id } } as const;
  if (kind === 'walk_forward') return { to: '/walk-forwards/$id', params: { id } } as const;
  return { to: '/strategies/evaluate', search: { task: id } } as const;
}

/** Tells of jobs that ended while the person looked at another page. */
function useFinishedJobs(jobs: Task[] | undefined) {
  const running = useRef(new Set<string>());
  const queryClient = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    for (const job of jobs ?? []) {
      if (!isOver(job)) {
        running.current.add(job.task_id);
      } else if (running.current.delete(job.task_id)) {
        refreshResults(queryClient, job);
        const isHere = router.state.location.href.includes(job.task_id);
        if (isHere || job.status === 'canceled') continue;
        notify(
          t(`jobs.ended.${job.status === 'failed' ? 'failed' : 'completed'}`, {
            kind: t(`job.kind.${job.kind}`),
          }),
          {
            isError: job.status === 'failed',
            action: { label: t('jobs.open'), onClick: () => router.navigate(placeOf(job)) },
          },
        );
      }
    }
  }, [jobs, queryClient, router]);
}

import { Copy, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { ApiError, UNREACHABLE } from '@/lib/api/problem';
import { cx } from '@/lib/cx';
import { t } from '@/lib/strings';
import { TimeAgo } from './time-ago';

/** The place of something that is on its way, with its final height. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx('skeleton', className)} />;
}

/** A panel that is on its way: nothing for 150 ms, then its outline. */
export function Loading({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <div role="status" aria-label={label ?? t('common.loading')} className="late">
      {children}
    </div>
  );
}

export function SkeletonRows({ rows }: { rows: number }) {
  return (
    <Loading>
      <div className="flex flex-col gap-px">
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className="flex h-(--row) items-center gap-4 px-3">
            <Skeleton className="h-3 w-1/4" />
            <Skeleton className="h-3 w-1/6" />
            <Skeleton className="ml-auto h-3 w-1/5" />
          </div>
        ))}
      </div>
    </Loading>
  );
}

interface EmptyProps {
  title: string;
  /** One sentence on what lives here. */
  children?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      <h2 className="text-16 font-semibold text-balance">{title}</h2>
      {children && <p className="max-w-md text-13 text-ink-2 text-pretty">{children}</p>}
      {action && <div className="mt-1 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

interface ErrorProps {
  error: unknown;
  /** What still holds although this failed. */
  stillTrue?: string;
  onRetry?: () => void;
}

/** What failed, what is still true, and the way on. Only this panel is affected. */
export function ErrorPanel({ error, stillTrue, onRetry }: ErrorProps) {
  const { title, detail, requestId } = describe(error);
  return (
    <div role="alert" className="flex flex-col items-start gap-2 p-4">
      <h2 className="text-14 font-semibold text-danger">{title}</h2>
      {detail && <p className="text-13 text-ink-2 text-pretty">{detail}</p>}
      {stillTrue && <p className="text-13 text-ink-2">{stillTrue}</p>}
      <div className="flex flex-wrap items-center gap-2">
        {onRetry && (
          <Button size="s" onClick={onRetry}>
            <RotateCcw /> {t('common.retry')}
          </Button>
        )}
        {requestId && (
          <Button
            size="s"
            kind="quiet"
            title={t('error.copyRequest')}
            onClick={() => navigator.clipboard.writeText(requestId)}
          >
            <Copy />
            <code className="font-mono text-12">{requestId}</code>
          </Button>
        )}
      </div>
    </div>
  );
}

/** An error's face in words: title, detail and the request's id. */
export function describe(error: unknown): {
  title: string;
  detail: string | undefined;
  requestId: string | undefined;
} {
  if (!(error instanceof ApiError)) {
    return { title: t('error.app'), detail: String(error), requestId: undefined };
  }
  const { problem } = error;
  if (problem.status === UNREACHABLE) {
    return {
      title: t('error.unreachable'),
      detail: t('error.unreachableDetail'),
      requestId: undefined,
    };
  }
  return {
    title: problem.title,
    detail: problem.detail ?? undefined,
    requestId: problem.request_id ?? undefined,
  };
}

/** Says that a panel's data could not be refreshed and how old it is. The data stays in sight. */
export function StaleNote({ since, onRetry }: { since: number; onRetry: () => void }) {
  return (
    <p className="no-print flex flex-wrap items-center gap-2 text-12 text-warn">
      <span>
        {t('common.stale')} <TimeAgo time={new Date(since).toISOString()} />.
      </span>
      <Button size="s" kind="quiet" onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </p>
  );
}

import { type ReactNode, useEffect, useRef } from 'react';
import { cx } from '@/lib/cx';
import { requestRouteFocus, takeRouteFocus } from '@/lib/route-focus';
import { t } from '@/lib/strings';

interface Props {
  title: string;
  /** What stands before the title: where the page belongs. */
  above?: ReactNode;
  /** Facts about the page's object, one quiet line. */
  below?: ReactNode;
  actions?: ReactNode;
}

/** A page's head: its one h1, which takes the focus when the route changes. */
export function PageHeader({ title, above, below, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const element = heading.current;
    if (takeRouteFocus()) element?.focus({ preventScroll: true });
    return () => {
      // A skeleton's heading hands its focus to the heading that replaces it.
      if (element === document.activeElement) requestRouteFocus();
    };
  }, []);
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <title>{`${title} · ${t('app.name')}`}</title>
      <div className="min-w-0">
        {above && <div className="mb-1 text-12 text-ink-3">{above}</div>}
        <h1
          ref={heading}
          tabIndex={-1}
          className="text-20 font-semibold tracking-[-0.012em] text-balance outline-none md:text-28"
        >
          {title}
        </h1>
        {below && (
          <div className="num mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-13 text-ink-2">
            {below}
          </div>
        )}
      </div>
      {actions && <div className="no-print flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

/** The room of a page: one column with the page's gutters. */
export function Page({ children, isNarrow }: { children: ReactNode; isNarrow?: boolean }) {
  return (
    <div
      className={cx(
        'mx-auto flex w-full flex-col gap-5 px-4 py-5 md:px-8 md:py-8 print:p-0',
        isNarrow ? 'max-w-[920px]' : 'max-w-[1320px]',
      )}
    >
      {children}
    </div>
  );
}

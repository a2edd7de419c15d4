import { Link } from '@tanstack/react-router';
import { PanelLeft } from 'lucide-react';
import { Logo } from '@/components/shell/logo';
import { IconButton } from '@/components/ui/button';
import { cx } from '@/lib/cx';
import { setPreferences } from '@/lib/preferences';
import { t } from '@/lib/strings';
import { DESTINATIONS, isAt } from './destinations';

/** Destinations at the left, from 768 px up. */
export function NavRail({ path, isCollapsed }: { path: string; isCollapsed: boolean }) {
  return (
    <nav
      aria-label={t('shell.navigation')}
      className={cx(
        'no-print sticky top-0 hidden h-dvh shrink-0 flex-col border-r bg-bg md:flex',
        isCollapsed ? 'w-14' : 'w-56',
      )}
    >
      <Link
        to="/backtests"
        aria-label={t('app.name')}
        className="flex h-14 items-center gap-2.5 px-3.5 text-16 font-semibold tracking-[-0.01em]"
      >
        <Logo size={28} />
        {!isCollapsed && t('app.name')}
      </Link>
      <ul className="flex grow flex-col gap-0.5 px-2 pt-2">
        {DESTINATIONS.map(({ key, to, icon: Icon }) => {
          const isCurrent = isAt(path, to);
          return (
            <li key={key}>
              <Link
                to={to}
                aria-current={isCurrent ? 'page' : undefined}
                title={isCollapsed ? t(`nav.${key}`) : undefined}
                className={cx(
                  'flex h-8 items-center gap-2.5 rounded-control px-2.5 text-13 touch:h-11',
                  isCurrent
                    ? 'bg-raised font-medium text-ink'
                    : 'text-ink-2 hover:bg-raised/70 hover:text-ink',
                )}
              >
                <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
                <span className={isCollapsed ? 'sr-only' : ''}>{t(`nav.${key}`)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      <div className="p-2">
        <IconButton
          label={isCollapsed ? t('shell.expand') : t('shell.collapse')}
          onClick={() => setPreferences({ isRailCollapsed: !isCollapsed })}
        >
          <PanelLeft />
        </IconButton>
      </div>
    </nav>
  );
}

/** Destinations within a thumb's reach, below 768 px. */
export function BottomBar({ path }: { path: string }) {
  return (
    <nav
      aria-label={t('shell.navigation')}
      className="no-print fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="flex">
        {DESTINATIONS.map(({ key, to, icon: Icon }) => {
          const isCurrent = isAt(path, to);
          return (
            <li key={key} className="grow basis-0">
              <Link
                to={to}
                aria-current={isCurrent ? 'page' : undefined}
                className={cx(
                  'flex h-14 flex-col items-center justify-center gap-0.5 text-12',
                  isCurrent ? 'font-medium text-ink' : 'text-ink-3',
                )}
              >
                <Icon aria-hidden className="size-5" strokeWidth={isCurrent ? 2 : 1.5} />
                {t(`nav.${key}`)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

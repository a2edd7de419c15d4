import { Link } from '@tanstack/react-router';
import { EyeOff, ListTodo, Search, SunMoon } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Logo } from '@/components/shell/logo';
import { IconButton } from '@/components/ui/button';
import { setPreferences, usePreferences } from '@/lib/preferences';
import { t } from '@/lib/strings';
import { MOD } from './shortcuts';

// Menus that open on press come after the page; until then their buttons hold the place.
const JobsTray = lazy(() => import('./jobs-tray'));
const AppearanceMenu = lazy(() => import('./appearance-menu'));

interface Props {
  onSearch: () => void;
  onShortcuts: () => void;
}

export function TopBar({ onSearch, onShortcuts }: Props) {
  const { isPrivate } = usePreferences();
  return (
    <header className="no-print sticky top-0 z-20 flex h-14 items-center gap-1 border-b bg-bg/95 px-2 backdrop-blur-sm md:border-b-0 md:px-8">
      <Link
        to="/backtests"
        aria-label={t('app.name')}
        className="flex size-11 items-center justify-center md:hidden"
      >
        <Logo size={26} />
      </Link>
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 min-w-0 grow items-center gap-2 rounded-control border bg-surface px-2.5 text-13 text-ink-3 hover:border-line-strong md:max-w-72 touch:h-11"
      >
        <Search aria-hidden className="size-4" />
        <span className="truncate">{t('shell.search')}</span>
        <kbd className="ml-auto hidden font-sans text-12 md:inline">{MOD}K</kbd>
      </button>
      <div className="ml-auto flex items-center gap-0.5">
        {isPrivate && (
          <IconButton
            label={t('shell.privacyOff')}
            onClick={() => setPreferences({ isPrivate: false })}
          >
            <EyeOff />
          </IconButton>
        )}
        <Suspense
          fallback={
            <IconButton label={t('jobs.heading')} disabled>
              <ListTodo />
            </IconButton>
          }
        >
          <JobsTray />
        </Suspense>
        <Suspense
          fallback={
            <IconButton label={t('appearance.title')} disabled>
              <SunMoon />
            </IconButton>
          }
        >
          <AppearanceMenu onShortcuts={onShortcuts} />
        </Suspense>
      </div>
    </header>
  );
}

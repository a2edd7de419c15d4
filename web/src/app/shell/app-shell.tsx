import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { LoadLine } from '@/components/shell/load-line';
import { useToaster } from '@/lib/notify';
import { setPreferences, usePreferences } from '@/lib/preferences';
import { requestRouteFocus } from '@/lib/route-focus';
import { t } from '@/lib/strings';
import { Banner } from './banner';
import { BottomBar, NavRail } from './navigation';
import { useShortcuts } from './shortcuts';
import { TopBar } from './top-bar';

const CommandPalette = lazy(() => import('@/app/palette/command-palette'));
const ShortcutSheet = lazy(() => import('./shortcut-sheet'));
const Toaster = lazy(() => import('./toaster'));

type Overlay = 'palette' | 'shortcuts' | null;

/** Everything around a page. */
export function AppShell() {
  const [overlay, setOverlay] = useState<Overlay>(null);
  const { isRailCollapsed, isPrivate } = usePreferences();
  const path = useLocation({ select: (location) => location.pathname });
  const router = useRouter();
  const hasNotes = useToaster();

  useEffect(
    () =>
      router.subscribe('onBeforeLoad', ({ pathChanged, fromLocation }) => {
        if (pathChanged && fromLocation) requestRouteFocus();
      }),
    [router],
  );
  useShortcuts({
    palette: () => setOverlay('palette'),
    sheet: () => setOverlay('shortcuts'),
    rail: () => setPreferences({ isRailCollapsed: !isRailCollapsed }),
    privacy: () => setPreferences({ isPrivate: !isPrivate }),
    go: (to) => router.navigate({ to }),
  });
  const close = (open: boolean) => setOverlay((current) => (open ? current : null));

  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-ink focus:px-3 focus:py-2 focus:text-surface"
      >
        {t('shell.skip')}
      </a>
      <LoadLine mode="backtest" />
      <div className="flex grow">
        <NavRail path={path} isCollapsed={isRailCollapsed} />
        <div className="flex min-w-0 grow flex-col">
          <TopBar
            onSearch={() => setOverlay('palette')}
            onShortcuts={() => setOverlay('shortcuts')}
          />
          <Banner />
          <main id="main" tabIndex={-1} className="grow pb-20 md:pb-0">
            <Outlet />
          </main>
        </div>
      </div>
      <BottomBar path={path} />
      <Suspense>
        {overlay === 'palette' && <CommandPalette open onOpenChange={close} />}
        {overlay === 'shortcuts' && <ShortcutSheet open onOpenChange={close} />}
        {hasNotes && <Toaster />}
      </Suspense>
    </div>
  );
}

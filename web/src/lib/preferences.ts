import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';
export type Palette = 'classic' | 'cvd' | 'red-up' | 'mono';
export type Density = 's' | 'm' | 'l';

/** How this browser shows things. Nothing here changes what is measured. */
export interface Preferences {
  theme: Theme;
  palette: Palette;
  density: Density;
  isRailCollapsed: boolean;
  hasShortcuts: boolean;
  /** Amounts of money render as dots; percentages stay. */
  isPrivate: boolean;
}

const KEY = 'plimsoll.preferences';

const DEFAULTS: Preferences = {
  theme: 'system',
  palette: 'classic',
  density: 'm',
  isRailCollapsed: false,
  hasShortcuts: true,
  isPrivate: false,
};

let current: Preferences = { ...DEFAULTS, ...saved() };
let isForcedLight = false;
const listeners = new Set<() => void>();

export function preferences(): Preferences {
  return current;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences, preferences);
}

/** Changes some preferences, keeps them for the next visit and repaints. */
export function setPreferences(change: Partial<Preferences>) {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Storage is blocked: they hold until the page is left.
  }
  applyPreferences();
  for (const listener of listeners) listener();
}

/** Writes theme, palette and density on the root element, where the tokens read them. */
export function applyPreferences() {
  const root = document.documentElement;
  root.classList.toggle('dark', isDark());
  root.dataset.palette = current.palette;
  root.dataset.density = current.density;
}

/** Shows the page light without changing what is preferred. */
export function forceLight(isForced: boolean) {
  isForcedLight = isForced;
  applyPreferences();
  for (const listener of listeners) listener();
}

export function isDark(): boolean {
  if (isForcedLight) return false;
  return (
    current.theme === 'dark' ||
    (current.theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  );
}

/** A key that changes whenever a drawn chart has to read its tokens again. */
export function usePaint(): string {
  const { palette } = usePreferences();
  const dark = useSyncExternalStore(subscribe, isDark, () => false);
  return `${dark ? 'dark' : 'light'}-${palette}`;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function saved(): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
  } catch {
    return {};
  }
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  applyPreferences();
  for (const listener of listeners) listener();
});

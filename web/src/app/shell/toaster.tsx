import { Toaster as Sonner } from 'sonner';
import { isDark } from '@/lib/preferences';
import { t } from '@/lib/strings';

/** At most three notes, bottom right; on a phone at the top, away from the thumb. */
export default function Toaster() {
  const isPhone = matchMedia('(max-width: 767px)').matches;
  return (
    <Sonner
      position={isPhone ? 'top-center' : 'bottom-right'}
      visibleToasts={3}
      duration={5_000}
      theme={isDark() ? 'dark' : 'light'}
      containerAriaLabel={t('shell.notes')}
      toastOptions={{
        classNames: {
          toast: 'bg-surface! text-ink! border-line! rounded-card! shadow-overlay! font-sans!',
          description: 'text-ink-2!',
          actionButton: 'bg-ink! text-surface!',
        },
      }}
    />
  );
}

import { registerSW } from 'virtual:pwa-register';
import { notify } from '@/lib/notify';
import { t } from '@/lib/strings';

const GUARD = 'plimsoll.reloaded';

/** Makes the shell work offline, and asks before a new version takes over. */
export function watchForUpdates() {
  const update = registerSW({
    onNeedRefresh: () =>
      notify(t('shell.update'), {
        action: { label: t('shell.reload'), onClick: () => update(true) },
      }),
  });
  // A page that is older than the server asks for files that are gone. One reload mends that; a
  // second would only loop.
  window.addEventListener('vite:preloadError', (event) => {
    if (sessionStorage.getItem(GUARD)) return;
    event.preventDefault();
    sessionStorage.setItem(GUARD, '1');
    location.reload();
  });
}

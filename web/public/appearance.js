// Runs before the first paint, so that a dark page is never white first. Kept out of the bundle,
// because a module would run too late, and out of the page, because scripts in it are forbidden.
(() => {
  let saved = {};
  try {
    saved = JSON.parse(localStorage.getItem('plimsoll.preferences') || '{}');
  } catch {
    // Storage is blocked or broken: the defaults serve.
  }
  const root = document.documentElement;
  const dark =
    saved.theme === 'dark' ||
    (saved.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.classList.toggle('dark', dark);
  root.dataset.palette = saved.palette || 'classic';
  root.dataset.density = saved.density || 'm';
})();

// Fails the build when the app has grown heavier than a phone should carry (gzip, in kB of 1,000).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

const LIMITS = { 'initial JS': 170, CSS: 25, fonts: 60, 'chart route JS': 260 };

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8'));

/** A chunk and everything that it imports before it can run. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

function kilobytes(files, isZipped = true) {
  const bytes = [...new Set(files)].map((file) => {
    const content = readFileSync(join(DIST, file));
    return isZipped ? gzipSync(content, { level: 9 }).length : content.length;
  });
  return bytes.reduce((sum, size) => sum + size, 0) / 1000;
}

const keys = Object.keys(manifest);
const entry = keys.find((key) => manifest[key].isEntry);
const initial = closure(entry);
const filesOf = (chunks) => [...chunks].map((key) => manifest[key].file);

/** Chunks of the report: the page's own, both charts that it shows, and what the shell adds. */
const chartRoute = new Set(initial);
for (const part of [
  'routes/backtests/$id.tsx',
  'equity-chart.tsx',
  'price-chart.tsx',
  'jobs-tray.tsx',
  'appearance-menu.tsx',
]) {
  const found = keys.filter((key) => key.includes(part));
  if (found.length === 0)
    throw new Error(`no chunk of ${part}: the budget must learn its new name`);
  for (const key of found) for (const chunk of closure(key)) chartRoute.add(chunk);
}

const assets = readdirSync(join(DIST, 'assets')).map((name) => join('assets', name));
const sizes = {
  'initial JS': kilobytes([...filesOf(initial), 'appearance.js']),
  CSS: kilobytes(assets.filter((name) => name.endsWith('.css'))),
  fonts: kilobytes(
    assets.filter((name) => name.endsWith('.woff2')),
    false,
  ),
  'chart route JS': kilobytes(filesOf(chartRoute)),
};

let isOver = false;
for (const [name, limit] of Object.entries(LIMITS)) {
  const size = sizes[name];
  isOver ||= size > limit;
  const verdict = size > limit ? 'TOO HEAVY' : 'ok';
  console.log(`${name.padEnd(15)} ${size.toFixed(1).padStart(6)} of ${limit} kB  ${verdict}`);
}
process.exitCode = isOver ? 1 : 0;

// Takes pictures of every page at two widths in both themes, and has axe look at each.
//
//   node test/server.mjs & node test/shots.mjs OUT_FOLDER [part of a name]
//   THEMES=dark WIDTHS=390,320 narrow it further.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const BASE = process.env.BASE ?? 'http://127.0.0.1:4173';
const OUT = process.argv[2] ?? 'shots';
const ONLY = process.argv[3] ?? '';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PAGES = {
  backtests: '/backtests',
  new: '/backtests/new',
  'new-sweep': '/backtests/new?kind=sweep&strategy=sma_crossover',
  report: '/backtests/b-rsi',
  'report-sma': '/backtests/b-sma?trade=3',
  failed: '/backtests/b-failed',
  missing: '/backtests/none',
  compare: '/backtests/compare?ids=b-rsi,b-sma',
  sweeps: '/backtests?kind=sweep',
  sweep: '/sweeps/s-sma',
  'walk-forward': '/walk-forwards/w-sma',
  strategies: '/strategies',
  strategy: '/strategies/rsi_mean_reversion',
  evaluate: '/strategies/evaluate',
  data: '/data?symbol=AAPL',
  upload: '/data?upload=true',
};

mkdirSync(OUT, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
let faults = 0;
for (const theme of (process.env.THEMES ?? 'light,dark').split(',')) {
  for (const width of (process.env.WIDTHS ?? '1440,390').split(',').map(Number)) {
    const context = await browser.newContext({
      viewport: { width, height: width < 500 ? 844 : 900 },
      colorScheme: theme,
      hasTouch: width < 500,
      isMobile: width < 500,
      deviceScaleFactor: 1,
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      bypassCSP: true,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    page.on('console', (message) => {
      if (message.type() === 'error' && !/404/.test(message.text())) {
        faults += 1;
        console.log(`console: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => {
      faults += 1;
      console.log(`page error: ${error.message}`);
    });
    for (const [name, path] of Object.entries(PAGES)) {
      if (!name.includes(ONLY)) continue;
      await page.goto(BASE + path, { waitUntil: 'networkidle' });
      await page.waitForFunction(
        () => document.querySelector('h1') && !document.querySelector('.skeleton'),
      );
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) console.log(`${name} ${width} ${theme}: ${overflow} px too wide`);
      await page.screenshot({ path: `${OUT}/${name}-${width}-${theme}.png`, fullPage: true });
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run());
      for (const { id, impact, nodes } of violations) {
        faults += 1;
        const where = nodes.slice(0, 3).map((node) => node.html.slice(0, 140));
        console.log(`${name} ${width} ${theme}: ${impact} ${id}\n    ${where.join('\n    ')}`);
      }
    }
    await context.close();
  }
}
await browser.close();
console.log(faults === 0 ? 'no faults' : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

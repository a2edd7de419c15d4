import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  Download,
  FileJson,
  FileSpreadsheet,
  Printer,
  SlidersHorizontal,
  Trash2,
} from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { ChartCredit } from '@/components/charts/chart-credit';
import { ErrorPanel, Loading, Skeleton, StaleNote } from '@/components/data/states';
import { TimeAgo } from '@/components/data/time-ago';
import { JobProgress } from '@/components/lab/job-progress';
import { TrustMeter } from '@/components/lab/trust-meter';
import { Page, PageHeader } from '@/components/shell/page';
import { buttonStyle } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { useJob } from '@/lib/api/jobs';
import { backtestQuery, equityQuery } from '@/lib/api/queries';
import type { Backtest, BacktestReport } from '@/lib/api/schema';
import { paramsText, useStrategyLabel } from '@/lib/api/use-labels';
import { holdOf, yearsOf } from '@/lib/curve';
import { saveText, toCsv } from '@/lib/export';
import { formatNumber, formatTime } from '@/lib/format';
import { preferences } from '@/lib/preferences';
import { printPage } from '@/lib/print';
import { t } from '@/lib/strings';
import { trustOf } from '@/lib/trust';
import { deleteLater } from './delete-later';
import { searchOf } from './form-values';
import { CostsSection } from './report/costs-section';
import { Assumptions, MeasureTable, ReceiptCard } from './report/facts-section';
import { FallsTable } from './report/falls-table';
import { Headline } from './report/headline';
import { MonthlyHeat } from './report/monthly-heat';
import { RobustnessSection } from './report/robustness-section';
import { TradesSection } from './report/trades-section';
import { verdictOf } from './report/verdict';
import { VerdictCard } from './report/verdict-card';

const EquityChart = lazy(() =>
  import('@/components/charts/equity-chart').then((module) => ({ default: module.EquityChart })),
);

/** How the report is looked at, as its URL says. */
export interface ReportSearch {
  /** Equity on a linear scale; otherwise equal changes have equal heights. */
  linear?: boolean;
  trade?: number;
  symbol?: string;
  sort?: string;
}

interface Props {
  id: string;
  search: ReportSearch;
}

/** One backtest: waiting, failed, or its report. */
export function ReportPage({ id, search }: Props) {
  const query = useQuery(backtestQuery(id));
  const label = useStrategyLabel();
  if (query.isPending) return <ReportSkeleton />;
  if (query.isLoadingError || !query.data) {
    return (
      <Page>
        <PageHeader above={<Trail />} title={t('report.title')} />
        <div className="card">
          <ErrorPanel error={query.error} onRetry={query.refetch} />
        </div>
      </Page>
    );
  }
  const backtest = query.data;
  const title = `${label(backtest.request.strategy)} · ${backtest.request.tickers.join(', ')}`;
  if (!backtest.report) return <Waiting backtest={backtest} title={title} />;
  return (
    <Report
      id={id}
      title={title}
      backtest={backtest}
      report={backtest.report}
      search={search}
      stale={
        query.isRefetchError && <StaleNote since={query.dataUpdatedAt} onRetry={query.refetch} />
      }
    />
  );
}

function Trail() {
  return (
    <Link to="/backtests" className="hover:underline">
      {t('nav.backtests')}
    </Link>
  );
}

/** A run that has no report yet, or never will. */
function Waiting({ backtest, title }: { backtest: Backtest; title: string }) {
  const job = useJob(backtest.task_id, backtest.status === 'processing');
  const task = backtest.status === 'processing' ? (job.data ?? backtest) : backtest;
  return (
    <Page>
      <PageHeader
        above={<Trail />}
        title={title}
        below={<span>{paramsText(backtest.request.params)}</span>}
        actions={<RerunLink backtest={backtest} isPrimary={task.status !== 'processing'} />}
      />
      <section aria-label={t('job.kind.backtest')} aria-live="polite" className="card p-5">
        <JobProgress task={task} />
      </section>
      {task.status === 'processing' && <ReportOutline />}
    </Page>
  );
}

interface ReportProps extends Props {
  title: string;
  backtest: Backtest;
  report: BacktestReport;
  stale: ReactNode;
}

function Report({ id, title, backtest, report, search, stale }: ReportProps) {
  const navigate = useNavigate({ from: '/backtests/$id' });
  const equity = useQuery(equityQuery('backtests', id));
  const points = equity.data ?? [];
  const hold = equity.data ? holdOf(points) : null;
  const years = yearsOf(report.metrics.total_return ?? null, report.metrics.cagr ?? null);
  const verdict = verdictOf(report, hold?.totalReturn ?? null, years);
  const fileName = fileNameOf(report);
  const timeframe = backtest.request.timeframe ?? '1d';
  const view = (change: Partial<ReportSearch>) =>
    navigate({
      search: (old: ReportSearch) => ({ ...old, ...change }),
      replace: true,
      resetScroll: false,
    });

  return (
    <Page>
      <PageHeader
        above={<Trail />}
        title={title}
        below={
          <>
            <span>{t(`timeframe.${timeframe as '1d'}`)}</span>
            <span>
              {formatTime(report.from)} – {formatTime(report.to)}
            </span>
            <span>{t('report.bars', { bars: formatNumber(report.bars, { decimals: 0 }) })}</span>
            {backtest.created_at && <TimeAgo time={backtest.created_at} />}
          </>
        }
        actions={<Actions id={id} backtest={backtest} report={report} fileName={fileName} />}
      />
      {stale}
      <div className="grid min-w-0 gap-5 *:min-w-0 lg:grid-cols-[1fr_360px]">
        <VerdictCard
          verdict={verdict}
          strategy={report.metrics.total_return ?? null}
          hold={hold?.totalReturn ?? null}
          params={paramsText(report.params)}
        />
        <TrustMeter trust={trustOf(report)} />
      </div>
      <Headline report={report} hold={hold} years={years} />
      <SectionLinks />

      <Section id="overview" title={t('report.overview')} isFirst>
        {equity.isPending && (
          <Loading>
            <Skeleton className="h-[468px] w-full rounded-card" />
          </Loading>
        )}
        {equity.isLoadingError && (
          <div className="card">
            <ErrorPanel
              error={equity.error}
              stillTrue={t('report.equityMissing')}
              onRetry={equity.refetch}
            />
          </div>
        )}
        {points.length > 0 && (
          <>
            <Suspense fallback={<Skeleton className="h-[468px] w-full rounded-card" />}>
              <EquityChart
                title={t('report.equity')}
                points={points}
                fileName={`${fileName}-equity`}
                isLog={!search.linear}
                onLog={(log) => view({ linear: !log || undefined })}
                splitAt={report.robustness?.split_at}
              />
            </Suspense>
            <MonthlyHeat points={points} fileName={`${fileName}-months`} />
          </>
        )}
        <div className="grid min-w-0 gap-5 *:min-w-0 lg:grid-cols-[1fr_440px]">
          <MeasureTable report={report} />
          <FallsTable points={points} />
        </div>
      </Section>
      <Section id="trades" title={t('trades.title')}>
        <TradesSection
          report={report}
          timeframe={timeframe}
          fileName={fileName}
          trade={search.trade}
          symbol={search.symbol}
          sort={search.sort}
          onView={view}
        />
      </Section>
      <Section id="costs" title={t('report.costs')}>
        <CostsSection report={report} years={years} />
      </Section>
      <Section id="robustness" title={t('robust.title')}>
        <RobustnessSection report={report} request={backtest.request} />
      </Section>
      <Section id="receipt" title={t('report.howMade')}>
        <div className="grid min-w-0 gap-5 *:min-w-0 lg:grid-cols-2">
          <Assumptions assumptions={report.assumptions} />
          <ReceiptCard receipt={report.receipt} />
        </div>
      </Section>
      <ChartCredit />
    </Page>
  );
}

interface ActionsProps {
  id: string;
  backtest: Backtest;
  report: BacktestReport;
  fileName: string;
}

function Actions({ id, backtest, report, fileName }: ActionsProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = () => {
    deleteLater(queryClient, id);
    navigate({ to: '/backtests' });
  };
  const exportEquity = async () => {
    const answer = await queryClient.ensureQueryData(equityQuery('backtests', id));
    const points = 'equity' in answer ? answer.equity : answer;
    const { isPrivate } = preferences();
    const rows = points.map((p) => [
      p.timestamp,
      isPrivate ? '•••' : p.equity,
      p.drawdown,
      isPrivate ? '•••' : p.buy_and_hold,
    ]);
    saveText(
      `${fileName}-equity.csv`,
      'text/csv',
      toCsv(['timestamp', 'equity', 'drawdown', 'buy_and_hold'], rows),
    );
  };
  return (
    <>
      <RerunLink backtest={backtest} isPrimary />
      <Link to="/backtests/compare" search={{ ids: id }} className={buttonStyle()}>
        {t('backtests.compare')}
      </Link>
      <Menu label={t('report.more')} icon={<Download />} kind="secondary">
        <MenuItem onSelect={exportEquity}>
          <FileSpreadsheet /> {t('report.exportEquity')}
        </MenuItem>
        <MenuItem
          onSelect={() =>
            saveText(`${fileName}.json`, 'application/json', JSON.stringify(report, null, 2))
          }
        >
          <FileJson /> {t('report.exportJson')}
        </MenuItem>
        <MenuItem onSelect={printPage}>
          <Printer /> {t('report.print')}
        </MenuItem>
        <MenuItem onSelect={remove}>
          <Trash2 /> {t('report.delete')}
        </MenuItem>
      </Menu>
    </>
  );
}

function RerunLink({ backtest, isPrimary }: { backtest: Backtest; isPrimary: boolean }) {
  return (
    <Link
      to="/backtests/new"
      search={searchOf(backtest.request, 'backtest')}
      className={buttonStyle({ kind: isPrimary ? 'primary' : 'secondary' })}
    >
      <SlidersHorizontal aria-hidden /> {t('report.rerun')}
    </Link>
  );
}

const SECTIONS = ['overview', 'trades', 'costs', 'robustness', 'receipt'] as const;

/** Jumps to the parts of the report, which is one page so that it can be read and printed through. */
function SectionLinks() {
  return (
    <nav
      aria-label={t('report.parts')}
      className="no-print sticky top-14 z-10 -mx-4 flex gap-1 overflow-x-auto border-b bg-bg/95 px-4 py-2 backdrop-blur-sm md:-mx-8 md:px-8"
    >
      {SECTIONS.map((id) => (
        <a
          key={id}
          href={`#${id}`}
          className="rounded-control px-2.5 py-1 text-13 whitespace-nowrap text-ink-2 hover:bg-raised hover:text-ink touch:py-3"
        >
          {t(`report.section.${id}`)}
        </a>
      ))}
    </nav>
  );
}

function Section({
  id,
  title,
  isFirst,
  children,
}: {
  id: string;
  title: string;
  isFirst?: boolean;
  children: ReactNode;
}) {
  return (
    <div id={id} className="flex min-w-0 scroll-mt-28 flex-col gap-5">
      <h2 className={isFirst ? 'sr-only' : 'pt-3 text-16 font-semibold'}>{title}</h2>
      {children}
    </div>
  );
}

function ReportOutline() {
  return (
    <Loading>
      <div className="flex flex-col gap-5">
        <Skeleton className="h-24 w-full rounded-card" />
        <Skeleton className="h-[468px] w-full rounded-card" />
      </div>
    </Loading>
  );
}

function ReportSkeleton() {
  return (
    <Page>
      <PageHeader above={<Trail />} title={t('report.title')} />
      <ReportOutline />
    </Page>
  );
}

function fileNameOf(report: BacktestReport): string {
  return [report.strategy, ...report.symbols.slice(0, 3)].join('-').replace(/[^\w.-]/g, '');
}

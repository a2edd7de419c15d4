import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import { ErrorPanel } from '@/components/data/states';
import { Button } from '@/components/ui/button';
import { Checkbox, Field, Input, Select } from '@/components/ui/field';
import { Sheet } from '@/components/ui/sheet';
import { importFile, type Upload } from '@/lib/api/queries';
import type { ImportReport } from '@/lib/api/schema';
import { cx } from '@/lib/cx';
import { formatNumber, formatTime } from '@/lib/format';
import { notify } from '@/lib/notify';
import { t } from '@/lib/strings';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onStored: (symbol: string) => void;
}

const TIMEFRAMES = ['1d', '1w', '1mo', '4h', '1h', '30m', '15m', '5m', '1m'] as const;

/** Reads a file on the server, shows what was understood and what was refused, then stores it. */
export function UploadSheet({ open, onOpenChange, onStored }: Props) {
  return (
    <Sheet title={t('upload.title')} open={open} onOpenChange={onOpenChange} shape="drawer">
      <UploadForm onStored={onStored} />
    </Sheet>
  );
}

function UploadForm({ onStored }: { onStored: (symbol: string) => void }) {
  const queryClient = useQueryClient();
  const [upload, setUpload] = useState<Upload | null>(null);
  const preview = useMutation({ mutationFn: (file: Upload) => importFile(file, true) });
  const store = useMutation({
    mutationFn: (file: Upload) => importFile(file, false),
    onSuccess: (report) => {
      queryClient.invalidateQueries({ queryKey: ['data'] });
      queryClient.invalidateQueries({ queryKey: ['bars', report.symbol] });
      notify(t('upload.stored', { symbol: report.symbol, rows: formatNumber(report.rows) }));
      onStored(report.symbol);
    },
  });

  const look = (next: Upload) => {
    setUpload(next);
    store.reset();
    preview.mutate(next);
  };
  const choose = (file: File | undefined) => {
    if (!file) return;
    look({
      file,
      symbol: symbolOf(file.name),
      timeframe: '',
      source: 'import',
      skipBad: upload?.skipBad ?? false,
    });
  };
  const change = (next: Partial<Upload>) => {
    if (!upload) return;
    // What was shown belonged to other answers.
    preview.reset();
    setUpload({ ...upload, ...next });
  };
  const report = preview.data;
  const canStore = report && report.rows > 0 && (report.refused_total === 0 || upload?.skipBad);

  return (
    <div className="flex flex-col gap-4">
      <DropZone file={upload?.file} onFile={choose} />
      {upload && (
        <>
          <div className="grid grid-cols-2 gap-3">
            <Field label={t('data.symbol')} hint={t('upload.symbolHint')}>
              {(ids) => (
                <Input
                  {...ids}
                  value={upload.symbol}
                  onChange={(event) => change({ symbol: event.target.value.toUpperCase() })}
                />
              )}
            </Field>
            <Field label={t('form.timeframe')}>
              {(ids) => (
                <Select
                  {...ids}
                  value={upload.timeframe}
                  onValue={(timeframe) => change({ timeframe })}
                  options={[
                    { value: '', label: t('upload.detect') },
                    ...TIMEFRAMES.map((value) => ({ value, label: t(`timeframe.${value}`) })),
                  ]}
                />
              )}
            </Field>
          </div>
          {preview.isError && (
            <ErrorPanel error={preview.error} stillTrue={t('upload.nothingStored')} />
          )}
          {report && <Understood report={report} />}
          {report && report.refused_total > 0 && (
            <>
              <Refused report={report} />
              <Checkbox
                label={t('upload.skipBad', { count: report.refused_total })}
                hint={t('upload.skipBadHint')}
                checked={upload.skipBad}
                onValue={(skipBad) => setUpload({ ...upload, skipBad })}
              />
            </>
          )}
          {store.isError && (
            <ErrorPanel error={store.error} stillTrue={t('upload.nothingStored')} />
          )}
          <div className="flex gap-2">
            {preview.isSuccess ? (
              <Button
                kind="primary"
                disabled={!canStore || store.isPending}
                onClick={() => store.mutate(upload)}
              >
                {store.isPending
                  ? t('upload.storing')
                  : t('upload.store', { rows: formatNumber(report?.rows) })}
              </Button>
            ) : (
              <Button
                kind="primary"
                disabled={preview.isPending || upload.symbol === ''}
                onClick={() => look(upload)}
              >
                {preview.isPending ? t('upload.reading') : t('upload.preview')}
              </Button>
            )}
          </div>
        </>
      )}
    </div>
  );
}

function DropZone({
  file,
  onFile,
}: {
  file: File | undefined;
  onFile: (file: File | undefined) => void;
}) {
  const [isOver, setOver] = useState(false);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <label
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={cx(
        'flex flex-col items-center gap-1.5 rounded-card border border-dashed px-4 py-6 text-center text-13 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent',
        isOver ? 'border-ink bg-raised' : 'border-line-strong hover:bg-raised/60',
      )}
    >
      <FileUp aria-hidden className="size-5 text-ink-3" />
      <span className="font-medium">{file?.name ?? t('upload.choose')}</span>
      <span className="text-12 text-ink-3 text-pretty">
        {file
          ? t('upload.size', { size: formatNumber(file.size / 1024, { decimals: 0 }) })
          : t('upload.formats')}
      </span>
      <input
        type="file"
        accept=".csv,.parquet,.txt"
        className="sr-only"
        onChange={(event) => onFile(event.target.files?.[0])}
      />
    </label>
  );
}

/** What the server made of the file. */
function Understood({ report }: { report: ImportReport }) {
  const facts = [
    [t('upload.rows'), formatNumber(report.rows, { decimals: 0 })],
    [t('form.timeframe'), report.timeframe],
    [
      t('upload.span'),
      report.from && report.to ? `${formatTime(report.from)} – ${formatTime(report.to)}` : '—',
    ],
    [t('upload.replaced'), formatNumber(report.replaced, { decimals: 0 })],
    [t('upload.missing'), formatNumber(report.missing_bars, { decimals: 0 })],
  ];
  return (
    <section aria-label={t('upload.understood')} className="rounded-card border">
      <h3 className="px-3 pt-2.5 text-13 font-semibold">{t('upload.understood')}</h3>
      <dl className="num flex flex-col gap-1 px-3 py-2 text-13">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-3">
            <dt className="text-ink-2">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {report.sample && report.sample.length > 0 && (
        <div
          role="region"
          aria-label={t('upload.sample')}
          tabIndex={0}
          className="relative overflow-x-auto border-t"
        >
          <table className="num w-full text-12">
            <thead className="text-ink-3">
              <tr>
                {['date', 'open', 'high', 'low', 'close', 'volume'].map((name) => (
                  <th
                    key={name}
                    scope="col"
                    className="px-3 py-1 text-right font-medium first:text-left"
                  >
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {report.sample.map((bar) => (
                <tr key={bar.date} className="border-t">
                  <td className="px-3 py-1 whitespace-nowrap">{formatTime(bar.date)}</td>
                  {[bar.open, bar.high, bar.low, bar.close, bar.volume].map((value, column) => (
                    <td key={column} className="px-3 py-1 text-right">
                      {formatNumber(value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Which lines were refused, each with its reason. */
function Refused({ report }: { report: ImportReport }) {
  return (
    <section
      aria-label={t('upload.refused', { count: report.refused_total })}
      className="rounded-card border border-warn/50"
    >
      <h3 className="px-3 pt-2.5 text-13 font-semibold text-warn">
        {t('upload.refused', { count: report.refused_total })}
      </h3>
      <ul className="max-h-48 overflow-y-auto px-3 py-2 text-13" tabIndex={0}>
        {report.refused.map((refusal) => (
          <li key={`${refusal.line} ${refusal.reason}`} className="flex gap-3 py-0.5">
            <span className="num shrink-0 text-ink-3">
              {t('upload.line', { line: refusal.line })}
            </span>
            <span className="text-ink-2">{refusal.reason}</span>
          </li>
        ))}
      </ul>
      {report.refused_total > report.refused.length && (
        <p className="px-3 pb-2 text-12 text-ink-3">
          {t('upload.moreRefused', { count: report.refused_total - report.refused.length })}
        </p>
      )}
    </section>
  );
}

/** The symbol that a file's name suggests: "aapl_1d.csv" is AAPL. */
export function symbolOf(fileName: string): string {
  const stem = fileName.replace(/\.[^.]*$/, '');
  return (stem.split(/[_ ]/)[0] ?? stem).toUpperCase().slice(0, 20);
}

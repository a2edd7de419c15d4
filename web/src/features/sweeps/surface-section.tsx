import { Link } from '@tanstack/react-router';
import { HeatGrid, HeatLegend } from '@/components/charts/heat-grid';
import { LinePlot } from '@/components/charts/line-plot';
import { buttonStyle } from '@/components/ui/button';
import { Field, Select } from '@/components/ui/field';
import type { GridRequest, Surface } from '@/lib/api/schema';
import { formatMeasure, measureName, measureOf, RANKING } from '@/lib/metrics';
import { t } from '@/lib/strings';
import { requestSearch, type SweepSearch } from './search';
import {
  groundOf,
  neighbourhood,
  type Place,
  type Plane,
  peakOf,
  planeOf,
  valuesOf,
} from './surface';

interface Props {
  surface: Surface;
  isUpdating: boolean;
  request: GridRequest;
  search: SweepSearch & { metric: string };
  onView: (change: Partial<SweepSearch>) => void;
}

/** A sweep as a landscape: the map over two parameters, cuts through the chosen cell, its ground. */
export function SurfaceSection({ surface, isUpdating, request, search, onView }: Props) {
  const params = Object.keys(surface.params).filter((name) => valuesOf(surface, name).length > 1);
  const symbols = [...new Set(surface.symbols)];
  const symbol = symbols.find((one) => one === search.symbol) ?? symbols[0] ?? '';
  const x = params.find((name) => name === search.x) ?? params[0] ?? '';
  const y =
    params.find((name) => name === search.y && name !== x) ??
    params.find((name) => name !== x) ??
    x;
  const others = Object.keys(surface.params).filter((name) => name !== x && name !== y);
  const fixed = fixedOf(surface, others, search.fixed, symbol);
  const plane = planeOf(surface, x, y, { symbol, fixed });
  const peak = peakOf(plane);
  const chosen = placeOf(plane, search.at) ?? peak;
  const format = (value: number) => formatMeasure(search.metric, value);
  const kind = measureOf(search.metric)?.kind;
  const short = (value: number) =>
    kind === 'percent' ? (value * 100).toFixed(0).replace('-', '−') : format(value);
  const isSigned = plane.values.flat().some((value) => value !== null && value < 0);
  const cellTitle = (row: number, column: number, value: number | null) =>
    `${x} ${plane.xs[column]}, ${y} ${plane.ys[row]}: ${value === null ? '—' : format(value)}`;
  const values = plane.values.flat().filter((value) => value !== null);
  const range = [Math.min(...values), Math.max(...values)] as const;
  const choose = (place: Place) =>
    onView({ at: `${plane.xs[place.column]}:${plane.ys[place.row]}` });

  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <Choice
          label={t('sweep.measure')}
          value={search.metric}
          onValue={(metric) => onView({ metric })}
          options={RANKING.map((value) => ({ value, label: measureName(value) }))}
        />
        {symbols.length > 1 && (
          <Choice
            label={t('form.tickers')}
            value={symbol}
            onValue={(value) => onView({ symbol: value, at: undefined })}
            options={symbols.map(option)}
          />
        )}
        {params.length > 2 && (
          <>
            <Choice
              label={t('sweep.across')}
              value={x}
              onValue={(value) => onView({ x: value, at: undefined })}
              options={params.map(option)}
            />
            <Choice
              label={t('sweep.down')}
              value={y}
              onValue={(value) => onView({ y: value, at: undefined })}
              options={params.filter((name) => name !== x).map(option)}
            />
            {others
              .filter((name) => params.includes(name))
              .map((name) => (
                <Choice
                  key={name}
                  label={name.replaceAll('_', ' ')}
                  value={String(fixed[name])}
                  onValue={(value) =>
                    onView({ fixed: fixedText({ ...fixed, [name]: Number(value) }) })
                  }
                  options={valuesOf(surface, name).map((value) => option(String(value)))}
                />
              ))}
          </>
        )}
      </div>
      <div className="grid min-w-0 gap-5 *:min-w-0 xl:grid-cols-[1fr_340px]">
        <HeatGrid
          title={t('sweep.map', { measure: measureName(search.metric) })}
          summary={t('sweep.mapSummary', {
            x,
            y,
            low: format(range[0]),
            high: format(range[1]),
            count: values.length,
          })}
          fileName={`sweep-${request.strategy}-${search.metric}`}
          rowName={y.replaceAll('_', ' ')}
          columnName={x.replaceAll('_', ' ')}
          rows={plane.ys.map(String)}
          columns={plane.xs.map(String)}
          cells={plane.values.map((line, row) =>
            line.map((value, column) => ({ value, title: cellTitle(row, column, value) })),
          )}
          format={short}
          scale={isSigned ? 'diverging' : 'sequential'}
          selected={chosen ?? undefined}
          onSelect={(row, column) => choose({ row, column })}
          className={isUpdating ? 'opacity-60' : 'min-w-0'}
          controls={
            <HeatLegend
              scale={isSigned ? 'diverging' : 'sequential'}
              low={format(isSigned ? -Math.max(Math.abs(range[0]), Math.abs(range[1])) : range[0])}
              high={format(isSigned ? Math.max(Math.abs(range[0]), Math.abs(range[1])) : range[1])}
            />
          }
        />
        {chosen && (
          <Chosen
            plane={plane}
            place={chosen}
            peak={peak}
            names={{ x, y }}
            fixed={fixed}
            symbol={symbol}
            metric={search.metric}
            request={request}
          />
        )}
      </div>
      {chosen && x !== y && (
        <div className="grid min-w-0 gap-5 *:min-w-0 lg:grid-cols-2">
          <LinePlot
            title={t('sweep.slice', {
              name: x.replaceAll('_', ' '),
              other: y.replaceAll('_', ' '),
              value: plane.ys[chosen.row] ?? '',
            })}
            points={plane.xs.map((value, column) => ({
              x: value,
              y: plane.values[chosen.row]?.[column] ?? null,
            }))}
            marked={plane.xs[chosen.column]}
            xName={x.replaceAll('_', ' ')}
            yName={measureName(search.metric)}
            format={format}
            fileName={`slice-${x}`}
            summary={sliceSummary(plane.xs, plane.values[chosen.row] ?? [], x, format)}
          />
          <LinePlot
            title={t('sweep.slice', {
              name: y.replaceAll('_', ' '),
              other: x.replaceAll('_', ' '),
              value: plane.xs[chosen.column] ?? '',
            })}
            points={plane.ys.map((value, row) => ({
              x: value,
              y: plane.values[row]?.[chosen.column] ?? null,
            }))}
            marked={plane.ys[chosen.row]}
            xName={y.replaceAll('_', ' ')}
            yName={measureName(search.metric)}
            format={format}
            fileName={`slice-${y}`}
            summary={sliceSummary(
              plane.ys,
              plane.values.map((line) => line[chosen.column] ?? null),
              y,
              format,
            )}
          />
        </div>
      )}
    </>
  );
}

interface ChosenProps {
  plane: Plane;
  place: Place;
  peak: Place | null;
  names: { x: string; y: string };
  fixed: Record<string, number>;
  symbol: string;
  metric: string;
  request: GridRequest;
}

/** The chosen cell: its value, and whether the ground around it holds. */
function Chosen({ plane, place, peak, names, fixed, symbol, metric, request }: ChosenProps) {
  const value = plane.values[place.row]?.[place.column] ?? null;
  const around = neighbourhood(plane, place);
  const ground = around && groundOf(around);
  const isPeak = peak?.row === place.row && peak.column === place.column;
  const params = {
    ...fixed,
    [names.x]: plane.xs[place.column] ?? 0,
    [names.y]: plane.ys[place.row] ?? 0,
  };
  return (
    <section
      aria-label={t('sweep.chosen')}
      aria-live="polite"
      className="card flex flex-col gap-3 p-4"
    >
      <h2 className="text-13 font-semibold">{isPeak ? t('sweep.peak') : t('sweep.chosen')}</h2>
      <p className="num text-28 font-semibold tracking-[-0.01em]">
        {formatMeasure(metric, value)}{' '}
        <span className="text-13 font-normal text-ink-3">{measureName(metric)}</span>
      </p>
      <dl className="num flex flex-col gap-1 text-13">
        {Object.entries(params).map(([name, chosen]) => (
          <div key={name} className="flex justify-between">
            <dt className="text-ink-2">{name.replaceAll('_', ' ')}</dt>
            <dd className="font-medium">{chosen}</dd>
          </div>
        ))}
      </dl>
      {around && <CutBars plane={plane} place={place} metric={metric} />}
      {around && (
        <p className="text-13 text-ink-2 text-pretty">
          {ground && (
            <strong className="font-semibold text-ink">{t(`sweep.ground.${ground}`)} </strong>
          )}
          {t('sweep.around', {
            around: formatMeasure(metric, around.around),
            count: around.count,
          })}{' '}
          {ground && t(`sweep.groundDetail.${ground}`)}
        </p>
      )}
      <Link
        to="/backtests/new"
        search={{ ...requestSearch(request), tickers: symbol, params }}
        className={buttonStyle({ kind: 'primary', className: 'mt-auto' })}
      >
        {t('sweep.run')}
      </Link>
    </section>
  );
}

/** The chosen cell as a bar among its neighbours' bars: a plateau is level, a spike stands alone. */
function CutBars({ plane, place, metric }: { plane: Plane; place: Place; metric: string }) {
  const reach = 4;
  const cut = Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const column = place.column - reach + i;
    return { column, value: plane.values[place.row]?.[column] ?? null };
  });
  const most = Math.max(...cut.map(({ value }) => Math.abs(value ?? 0)), 1e-9);
  return (
    <div aria-hidden className="flex h-14 items-end gap-1">
      {cut.map(({ column, value }) => (
        <div
          key={column}
          title={
            value === null ? undefined : `${plane.xs[column]}: ${formatMeasure(metric, value)}`
          }
          className={`bar-fill grow rounded-t-[3px] ${column === place.column ? 'bg-ink' : 'bg-ink-3/40'}`}
          style={{
            height: value === null ? 1 : `${Math.max(3, (Math.max(0, value) / most) * 100)}%`,
          }}
        />
      ))}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onValue: (value: string) => void;
}

function Choice({ label, value, options, onValue }: ChoiceProps) {
  return (
    <Field label={label} className="min-w-28">
      {(ids) => <Select {...ids} value={value} onValue={onValue} options={options} />}
    </Field>
  );
}

function option(value: string) {
  return { value, label: value.replaceAll('_', ' ') };
}

/** Values of the parameters outside the map: as the URL says, else those of the best row. */
function fixedOf(surface: Surface, names: string[], text: string | undefined, symbol: string) {
  const said = Object.fromEntries((text ?? '').split(',').map((part) => part.split(':')));
  let best = -1;
  surface.values.forEach((value, row) => {
    if (value === null || surface.symbols[row] !== symbol) return;
    if (best < 0 || value > (surface.values[best] ?? Number.NEGATIVE_INFINITY)) best = row;
  });
  return Object.fromEntries(
    names.map((name) => {
      const wanted = Number(said[name] || Number.NaN);
      const all = valuesOf(surface, name);
      const fallback = surface.params[name]?.[Math.max(0, best)] ?? all[0] ?? 0;
      return [name, all.includes(wanted) ? wanted : fallback];
    }),
  );
}

function fixedText(fixed: Record<string, number>): string {
  return Object.entries(fixed)
    .map(([name, value]) => `${name}:${value}`)
    .join(',');
}

function placeOf(plane: Plane, at: string | undefined): Place | null {
  const [x, y] = (at ?? '').split(':').map(Number);
  const place = {
    row: plane.ys.indexOf(y ?? Number.NaN),
    column: plane.xs.indexOf(x ?? Number.NaN),
  };
  return place.row < 0 || place.column < 0 ? null : place;
}

function sliceSummary(
  xs: readonly number[],
  values: readonly (number | null)[],
  name: string,
  format: (value: number) => string,
): string {
  const known = values.filter((value) => value !== null);
  const best = Math.max(...known);
  return t('sweep.sliceSummary', {
    name,
    best: format(best),
    at: xs[values.indexOf(best)] ?? '',
    worst: format(Math.min(...known)),
  });
}

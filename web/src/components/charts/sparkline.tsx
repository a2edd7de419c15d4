import { project } from '@/lib/scale';

interface Props {
  values: readonly number[];
  label: string;
  width?: number;
  height?: number;
}

/** The shape of a series, without axes: for rows of a table. */
export function Sparkline({ values, label, width = 80, height = 20 }: Props) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const points = values.map((value, index) => {
    const x = project(index, 0, Math.max(1, values.length - 1), 1, width - 1);
    return `${x.toFixed(1)},${project(value, low, high, height - 2, 2).toFixed(1)}`;
  });
  return (
    <svg role="img" aria-label={label} width={width} height={height} className="block">
      <polyline points={points.join(' ')} fill="none" stroke="var(--series-1)" strokeWidth={1.5} />
    </svg>
  );
}

import { cva, type VariantProps } from 'class-variance-authority';
import type { ReactNode } from 'react';

const badgeStyle = cva(
  'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-pill px-2 text-12 font-medium',
  {
    variants: {
      tone: {
        neutral: 'bg-raised text-ink-2',
        outline: 'border text-ink-2',
        warn: 'border border-warn/50 text-warn',
        danger: 'border border-danger/50 text-danger',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

export function Badge({
  tone,
  children,
}: VariantProps<typeof badgeStyle> & { children: ReactNode }) {
  return <span className={badgeStyle({ tone })}>{children}</span>;
}

import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cx } from '@/lib/cx';

/** The look of buttons and of links that act like them. */
export const buttonStyle = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control font-medium transition-colors duration-[120ms] disabled:opacity-50 aria-disabled:opacity-50 touch:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      kind: {
        primary: 'bg-ink text-surface hover:bg-ink/88 dark:text-bg',
        secondary: 'border border-line bg-surface text-ink hover:bg-raised',
        quiet: 'text-ink-2 hover:bg-raised hover:text-ink',
        danger: 'border border-line bg-surface text-danger hover:bg-raised',
      },
      size: {
        s: 'h-7 px-2 text-12 touch:px-3',
        m: 'h-8 px-3 text-13',
        l: 'h-10 px-4 text-14',
        icon: 'size-8 touch:size-11',
      },
    },
    defaultVariants: { kind: 'secondary', size: 'm' },
  },
);

export type ButtonStyle = VariantProps<typeof buttonStyle>;

type Props = ComponentProps<'button'> & ButtonStyle;

export function Button({ kind, size, className, type = 'button', ...rest }: Props) {
  return <button type={type} className={cx(buttonStyle({ kind, size }), className)} {...rest} />;
}

/** A button that shows only a picture; its name is read aloud and shown as a tooltip. */
export function IconButton({ label, ...rest }: Props & { label: string }) {
  return <Button kind="quiet" size="icon" aria-label={label} title={label} {...rest} />;
}

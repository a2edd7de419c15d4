import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from '@/lib/cx';

export const inputStyle =
  'h-8 w-full min-w-0 rounded-control border border-line-strong/60 bg-surface px-2.5 text-13 text-ink placeholder:text-ink-3 hover:border-line-strong disabled:opacity-50 aria-invalid:border-danger touch:h-11 touch:text-16';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  /** Gets the ids that tie the control to its label, hint and error. */
  children: (ids: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
  }) => ReactNode;
}

/** A label, a control, and under it a hint or what is wrong. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-12 font-medium text-ink-2">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': note ? noteId : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {note && (
        <p id={noteId} className={cx('text-12', error ? 'text-danger' : 'text-ink-3')}>
          {note}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cx(inputStyle, className)} {...rest} />;
}

interface Option {
  value: string;
  label: string;
}

type SelectProps = Omit<ComponentProps<'select'>, 'onChange'> & {
  options: readonly Option[];
  onValue: (value: string) => void;
};

/** The system's own list: it works with every keyboard, screen reader and thumb. */
export function Select({ options, onValue, className, ...rest }: SelectProps) {
  return (
    <span className={cx('relative inline-flex w-full min-w-0', className)}>
      <select
        className={cx(inputStyle, 'appearance-none truncate pr-8')}
        onChange={(event) => onValue(event.target.value)}
        {...rest}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}

type CheckboxProps = Omit<ComponentProps<'input'>, 'onChange' | 'type'> & {
  label: ReactNode;
  hint?: string;
  onValue: (checked: boolean) => void;
};

export function Checkbox({ label, hint, onValue, className, ...rest }: CheckboxProps) {
  return (
    <label className={cx('flex min-h-6 items-start gap-2 text-13 touch:min-h-11', className)}>
      <input
        type="checkbox"
        className="mt-0.5 size-4 accent-[var(--ink)]"
        onChange={(event) => onValue(event.target.checked)}
        {...rest}
      />
      <span>
        {label}
        {hint && <span className="block text-12 text-ink-3">{hint}</span>}
      </span>
    </label>
  );
}

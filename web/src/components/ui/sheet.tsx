import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { t } from '@/lib/strings';
import { IconButton } from './button';

interface Props {
  title: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
  /** A centred window, or a drawer at the right edge. Both fill a phone's width. */
  shape?: 'window' | 'drawer';
}

/** What lies above the page until it is closed by Escape, the cross or a click beside it. */
export function Sheet({ title, open, onOpenChange, children, shape = 'window' }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className={cx(
            'card fixed z-50 flex animate-rise flex-col shadow-overlay focus:outline-none',
            shape === 'window'
              ? 'inset-x-4 top-[12vh] mx-auto max-h-[76vh] max-w-xl'
              : 'inset-y-2 right-2 w-[min(440px,calc(100vw-16px))]',
          )}
        >
          <header className="flex items-center justify-between border-b px-4 py-2">
            <Dialog.Title className="text-14 font-semibold">{title}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton label={t('common.close')}>
                <X />
              </IconButton>
            </Dialog.Close>
          </header>
          <div className="overflow-y-auto p-4">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

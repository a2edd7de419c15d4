import {
  type ReactNode,
  type RefObject,
  type ToggleEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { cx } from '@/lib/cx';

/** What a button needs to open a popover. The browser does the rest: Escape, clicks beside, focus. */
export interface TriggerProps {
  ref: RefObject<HTMLButtonElement | null>;
  popoverTarget: string;
  'aria-expanded': boolean;
}

interface Props {
  trigger: (props: TriggerProps) => ReactNode;
  children: ReactNode | ((close: () => void) => ReactNode);
  label: string;
  role?: 'dialog' | 'menu';
  className?: string;
  onOpen?: (panel: HTMLElement) => void;
}

/** Distance from the trigger and from the window's edge, in pixels. */
const GAP = 4;
const MARGIN = 8;

/** A panel beside its button, in the browser's top layer. Its content exists only while it is open. */
export function Popover({ trigger, children, label, role = 'dialog', className, onOpen }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => panel.current?.hidePopover();

  useEffect(() => {
    if (!isOpen || !panel.current || !button.current) return;
    place(panel.current, button.current);
    onOpen?.(panel.current);
    // It hangs on its button; when that moves away, it closes.
    const onScroll = (event: Event) => {
      if (!(event.target instanceof Node && panel.current?.contains(event.target))) close();
    };
    window.addEventListener('scroll', onScroll, { capture: true, passive: true });
    return () => window.removeEventListener('scroll', onScroll, { capture: true });
  }, [isOpen]);

  return (
    <>
      {trigger({ ref: button, popoverTarget: id, 'aria-expanded': isOpen })}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is a dialog's or a menu's */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        role={role}
        aria-label={label}
        onToggle={(event: ToggleEvent) => setOpen(event.newState === 'open')}
        className={cx('card fixed inset-auto m-0 text-left text-ink shadow-overlay', className)}
      >
        {isOpen && (typeof children === 'function' ? children(close) : children)}
      </div>
    </>
  );
}

/** Puts a panel under its button, above where there is no room, and inside the window. */
function place(panel: HTMLElement, button: HTMLElement) {
  const anchor = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - height;
  const fits = below + height <= innerHeight - MARGIN;
  const left = anchor.left + width <= innerWidth - MARGIN ? anchor.left : anchor.right - width;
  panel.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - MARGIN - width))}px`;
  panel.style.top = `${fits || above < MARGIN ? below : above}px`;
  const room = innerHeight - MARGIN - (fits || above < MARGIN ? below : above);
  panel.style.maxHeight = `min(70vh, ${room}px)`;
}

import { Check } from 'lucide-react';
import { createContext, type KeyboardEvent, type ReactNode, useContext } from 'react';
import { type ButtonStyle, IconButton } from './button';
import { Popover } from './popover';

const CloseMenu = createContext<() => void>(() => {});

const ITEMS = '[role^="menuitem"]:not(:disabled)';

const itemStyle =
  'flex h-8 w-full select-none items-center gap-2 rounded-[5px] px-2 text-13 text-ink outline-none disabled:opacity-50 hover:bg-raised focus-visible:bg-raised touch:h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3';

interface Props extends ButtonStyle {
  label: string;
  icon: ReactNode;
  children: ReactNode;
}

/** A list of actions behind a button. Arrow keys walk it, Enter chooses. */
export function Menu({ label, icon, children, ...style }: Props) {
  return (
    <Popover
      role="menu"
      label={label}
      className="min-w-44 overflow-y-auto p-1"
      onOpen={(panel) => panel.querySelector<HTMLElement>(ITEMS)?.focus()}
      trigger={(props) => (
        <IconButton label={label} aria-haspopup="menu" {...style} {...props}>
          {icon}
        </IconButton>
      )}
    >
      {(close) => (
        <CloseMenu value={close}>
          <div role="none" onKeyDown={walk}>
            {children}
          </div>
        </CloseMenu>
      )}
    </Popover>
  );
}

interface ItemProps {
  onSelect: () => void;
  children: ReactNode;
  disabled?: boolean;
}

export function MenuItem({ onSelect, children, disabled }: ItemProps) {
  const close = useContext(CloseMenu);
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      disabled={disabled}
      className={itemStyle}
      onClick={() => {
        close();
        onSelect();
      }}
    >
      {children}
    </button>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onValue: (value: Value) => void;
}

/** Options of which one holds. The menu stays open, so that they can be tried. */
export function MenuChoice<Value extends string>(props: ChoiceProps<Value>) {
  return (
    <div role="group" aria-label={props.label}>
      <p aria-hidden className="px-2 pt-2 pb-1 text-12 text-ink-3">
        {props.label}
      </p>
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="menuitemradio"
          aria-checked={option.value === props.value}
          tabIndex={-1}
          className={itemStyle}
          onClick={() => props.onValue(option.value)}
        >
          {option.label}
          {option.value === props.value && <Check aria-hidden className="ml-auto" />}
        </button>
      ))}
    </div>
  );
}

export function MenuSeparator() {
  return <hr className="my-1 border-t" />;
}

function walk(event: KeyboardEvent<HTMLElement>) {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items[to]?.focus();
}

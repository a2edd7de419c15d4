import { type RefObject, useEffect, useState } from 'react';

/** Rows drawn beyond what shows, on either side. */
const OVERSCAN = 12;

interface Options {
  scroller: RefObject<HTMLElement | null>;
  count: number;
  rowPx: number;
  isEnabled: boolean;
}

/** Which of many equally high rows have to be drawn: `[first, end)`. All of them when disabled. */
export function useWindow({ scroller, count, rowPx, isEnabled }: Options): [number, number] {
  const [view, setView] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const element = scroller.current;
    if (!isEnabled || !element) return;
    const read = () => setView({ top: element.scrollTop, height: element.clientHeight });
    read();
    element.addEventListener('scroll', read, { passive: true });
    return () => element.removeEventListener('scroll', read);
  }, [scroller, isEnabled]);
  return isEnabled ? windowOf(view.top, view.height, count, rowPx) : [0, count];
}

export function windowOf(
  top: number,
  height: number,
  count: number,
  rowPx: number,
): [number, number] {
  const first = Math.max(0, Math.floor(top / rowPx) - OVERSCAN);
  const end = Math.min(count, Math.ceil((top + height) / rowPx) + OVERSCAN);
  return [Math.min(first, end), end];
}

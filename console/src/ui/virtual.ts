/** Which rows of a long list are in view.
 *
 * Browsers end an element at some 33 million pixels, so a list that would be longer is laid into a
 * shorter one and scrolled proportionally: every row can be reached, whatever their number. */

import { type RefObject, useCallback, useEffect, useState } from "react";

const TALLEST = 12_000_000;

export interface Window {
  first: number;
  last: number;
  /** Height of what scrolls, in pixels. */
  height: number;
  /** Where the row stands inside what scrolls, in pixels. */
  at: (row: number) => number;
}

/** The rows in view of `count` rows of one height, with some before and after. */
export function windowOf(
  count: number,
  row: number,
  view: { top: number; height: number },
  spare = 6,
): Window {
  const full = count * row;
  const height = Math.min(full, TALLEST);
  const most = Math.max(1, height - view.height);
  const offset = full > height ? (view.top / most) * (full - view.height) : view.top;
  const first = Math.max(0, Math.floor(offset / row) - spare);
  const last = Math.min(count, Math.ceil((offset + view.height) / row) + spare);
  return { first, last, height, at: (place) => place * row - offset + view.top };
}

export function useWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  row: number,
): Window & { reveal: (place: number) => void } {
  const [view, setView] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight || 800 });
    look();
    element.addEventListener("scroll", look, { passive: true });
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      watch.disconnect();
    };
  }, [scroller]);
  const reveal = useCallback(
    (place: number) => {
      const element = scroller.current;
      if (!element) return;
      const full = count * row;
      const height = Math.min(full, TALLEST);
      const scale =
        full > height ? (height - element.clientHeight) / (full - element.clientHeight) : 1;
      const top = element.scrollTop / scale;
      const space = element.clientHeight - row;
      if (place * row < top) element.scrollTop = place * row * scale;
      else if (place * row > top + space) element.scrollTop = (place * row - space) * scale;
    },
    [scroller, count, row],
  );
  return { ...windowOf(count, row, view), reveal };
}

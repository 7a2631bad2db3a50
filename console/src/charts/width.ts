import { type RefObject, useLayoutEffect, useState } from "react";

/** The width of an element in pixels, followed. */
export function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(480);
  // Before anything is painted: a phone would show the page wider than itself for a moment.
  useLayoutEffect(() => {
    const element = of.current;
    if (!element) return;
    const look = () => setWidth(element.clientWidth || 480);
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => watch.disconnect();
  }, [of]);
  return width;
}

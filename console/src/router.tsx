/** Addresses of the console, and moving between them without loading the page again. */

import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

const MOVED = "hotfit:moved";

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(MOVED, listener);
  };
}

/** Go to an address of the console. */
export function go(to: string, how: { replace?: boolean } = {}): void {
  if (to === location.pathname + location.search) return;
  history[how.replace ? "replaceState" : "pushState"](null, "", to);
  window.dispatchEvent(new Event(MOVED));
}

/** The parts of the path, decoded: `/functions/sms/data` is `["functions", "sms", "data"]`. */
export function usePath(): string[] {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return path.split("/").filter(Boolean).map(decoded);
}

export function useQuery(): URLSearchParams {
  return new URLSearchParams(useSyncExternalStore(subscribe, () => location.search));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a broken escape in an address somebody typed
  }
}

export function functionPath(id: string, page = "", query: Record<string, string> = {}): string {
  const words = new URLSearchParams(query).toString();
  const path = `/functions/${encodeURIComponent(id)}${page ? `/${page}` : ""}`;
  return words ? `${path}?${words}` : path;
}

export interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
}

/** A link inside the console; with a modifier key it opens as browsers open links. */
export function Link({ onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(rest.href);
    window.scrollTo(0, 0);
  };
  return <a {...rest} onClick={follow} />;
}

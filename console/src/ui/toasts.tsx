/** Short words at the foot of the page about what was just done, with a way to undo it. */

import { useEffect, useSyncExternalStore } from "react";

interface Toast {
  id: number;
  text: string;
  undo?: (() => void) | undefined;
}

let shown: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(toasts: readonly Toast[]): void {
  shown = toasts;
  for (const listener of listeners) listener();
}

/** Say something; `undo` adds a button, and the key `z` presses it. */
export function say(text: string, undo?: () => void): void {
  last += 1;
  const id = last;
  set([...shown.slice(-1), { id, text, undo }]);
  setTimeout(() => set(shown.filter((one) => one.id !== id)), 6000);
}

/** Undo the newest thing that can be undone; false where there is none. */
export function undoLast(): boolean {
  const found = shown.findLast((one) => one.undo);
  if (!found) return false;
  set(shown.filter((one) => one !== found));
  found.undo?.();
  return true;
}

export function Toasts() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  useEffect(() => () => set([]), []);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((one) => (
        <div key={one.id} className="toast">
          <span className="wrap" dir="auto">
            {one.text}
          </span>
          {one.undo && (
            <button type="button" onClick={() => undoLast()}>
              Undo <kbd>z</kbd>
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

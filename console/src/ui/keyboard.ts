/** Keys that work on a page while nobody is typing. */

import { useEffect, useRef } from "react";

export type Keys = Record<string, (event: KeyboardEvent) => void>;

/** Whether keys go into a field now. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "submit"].includes(target.type);
  }
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Whether the key presses what has the focus: then that is what is meant. */
function isPressing(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" && event.key !== " ") return false;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  const pressed = target.closest("button, a, summary, input");
  return pressed !== null && pressed.getAttribute("aria-pressed") !== "true";
}

/** Call what a key stands for: "a", "?", "ArrowDown", "Escape". */
export function useKeys(keys: Keys, active = true): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    if (!active) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isPressing(event) || isTyping(event.target) || document.querySelector("dialog[open]"))
        return;
      const found = current.current[event.key];
      if (!found) return;
      event.preventDefault();
      found(event);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [active]);
}

/** Light, dark, or as the system says; kept in this browser. */

export type Theme = "light" | "dark" | "system";

const NAME = "hotfit.theme";

export function theme(): Theme {
  const kept = document.documentElement.dataset.theme;
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function isDark(): boolean {
  const kept = theme();
  return kept === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : kept === "dark";
}

export function setTheme(wanted: Theme): void {
  if (wanted === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
  try {
    if (wanted === "system") localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, wanted);
  } catch {
    // a browser that keeps nothing forgets this too
  }
  window.dispatchEvent(new Event("hotfit:theme"));
}

/** Numbers, times and kinds in the words people read. */

const WHOLE = new Intl.NumberFormat("en");

export const count = (value: number): string => WHOLE.format(value);

/** A share as people say it: 0.833 is "83.3 %". */
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

/** A confidence, never rounded to a certainty that nobody has. */
export function confidence(value: number): string {
  if (value > 0.995 && value < 1) return "> 99 %";
  return `${Math.round(100 * value)} %`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function ago(time: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 30 * 86_400) return `${plural(Math.round(seconds / 86_400), "day")} ago`;
  return new Date(time).toLocaleDateString("en", { dateStyle: "medium" });
}

export function milliseconds(value: number): string {
  return value < 10
    ? `${value.toFixed(1)} ms`
    : value < 1000
      ? `${Math.round(value)} ms`
      : `${(value / 1000).toFixed(1)} s`;
}

/** "suspect_label" is "suspect label". */
export const words = (name: string): string => name.replaceAll("_", " ");

/** With a capital at its beginning and a stop at its end. */
export const sentence = (text: string): string =>
  /[.!?…]$/.test(text) ? capital(text) : `${capital(text)}.`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

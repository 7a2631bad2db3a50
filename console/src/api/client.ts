/** The one client of the API: every call of the console goes through `call`. */

export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export interface Answer<T> {
  body: T;
  /** The address of the next page of a list, where there is one. */
  next: string | null;
  headers: Headers;
}

export interface Asked {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  query?: Record<string, string | number | boolean | readonly string[] | null | undefined>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as a multipart form; takes the place of `json`. */
  form?: FormData;
  signal?: AbortSignal;
}

/** Tells the page that nobody is signed in any more. */
let onSignedOut: () => void = () => {};

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export function address(path: string, query: Asked["query"] = {}): string {
  const found = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) found.append(name, String(one));
  }
  const text = found.toString();
  return text ? `${path}?${text}` : path;
}

/** A path from parts, each escaped: `path("functions", id)` is `/v1/functions/...`. */
export function path(...parts: string[]): string {
  return `/v1/${parts.map(encodeURIComponent).join("/")}`;
}

export async function call<T>(to: string, asked: Asked = {}): Promise<Answer<T>> {
  const method = asked.method ?? (asked.json === undefined && !asked.form ? "GET" : "POST");
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["Hotfit-Console"] = "1";
  if (asked.json !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (asked.form) init.body = asked.form;
  else if (asked.json !== undefined) init.body = JSON.stringify(asked.json);
  if (asked.signal) init.signal = asked.signal;
  const response = await send(address(to, asked.query), init);
  if (!response.ok) throw await refused(response);
  const text = await response.text();
  return {
    body: (text ? JSON.parse(text) : null) as T,
    next: nextPage(response.headers.get("Link")),
    headers: response.headers,
  };
}

/** What `call` answers, without the rest. */
export async function read<T>(to: string, asked: Asked = {}): Promise<T> {
  return (await call<T>(to, asked)).body;
}

const turns = new Map<string, Promise<void>>();

/** Write about some things once earlier writes about them have ended: no undo overtakes those. */
export function inTurn<T>(things: readonly string[], write: () => Promise<T>): Promise<T> {
  const before = things.map((one) => turns.get(one)).filter((one) => one !== undefined);
  const made = before.length > 0 ? Promise.all(before).then(write) : write();
  const over = () => {
    for (const one of things) if (turns.get(one) === ended) turns.delete(one);
  };
  const ended = made.then(over, over);
  for (const one of things) turns.set(one, ended);
  return made;
}

async function send(to: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(to, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("The server does not answer. Is it still running?", 0);
  }
}

async function refused(response: Response): Promise<ApiError> {
  if (response.status === 401 && !response.url.endsWith("/connect/session")) onSignedOut();
  let said = "";
  try {
    const body: unknown = await response.json();
    if (body && typeof body === "object" && "message" in body) said = String(body.message);
  } catch {
    // what is no JSON was not said by hotfit, but by something in between
  }
  return new ApiError(said ? sentence(said) : fallback(response.status), response.status);
}

function fallback(status: number): string {
  if (status === 404) return "This is not here, or no longer.";
  if (status === 403) return "Your key may not do this.";
  if (status === 413) return "This is larger than the server accepts.";
  if (status >= 500) return `The server had a fault (${status}); its log tells more.`;
  return `The server refused this (${status}).`;
}

function sentence(said: string): string {
  const first = said.charAt(0).toUpperCase() + said.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function nextPage(link: string | null): string | null {
  return link ? (/<([^>]+)>;\s*rel="next"/.exec(link)?.[1] ?? null) : null;
}

/** Any error as a sentence for people. */
export function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A server that answers from a table, and a page around what is tested. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import type { Sample } from "@/api/types";

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}

type Answers = Record<string, unknown | ((call: Call) => unknown)>;

export class Refused {
  constructor(
    readonly status: number,
    readonly message: string,
  ) {}
}

/** Answers calls by "METHOD /path" or by path; what is not in the table is 404. Returns the calls. */
export function serve(answers: Answers): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (to: string, init: RequestInit = {}) => {
    const url = new URL(to, "http://here");
    const method = init.method ?? "GET";
    const body = typeof init.body === "string" ? JSON.parse(init.body) : init.body;
    const call = { method, path: url.pathname, query: url.searchParams, body };
    calls.push(call);
    const found = answers[`${method} ${url.pathname}`] ?? answers[url.pathname];
    const said = typeof found === "function" ? found(call) : found;
    if (said === undefined) return answer(404, { message: "nothing is here" });
    return said instanceof Refused
      ? answer(said.status, { message: said.message })
      : answer(200, said);
  });
  return calls;
}

const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

export function show(
  page: ReactNode,
  session: unknown = { id: "key_1", role: "admin", functions: null },
) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  queries.setQueryData(["session"], session);
  return render(<QueryClientProvider client={queries}>{page}</QueryClientProvider>);
}

export function fakeSample(number: number, more: Partial<Sample> = {}): Sample {
  return { id: `sample_${number}`, data: `text number ${number}`, ...more };
}

export const LABELS = [
  { id: "label_1", name: "bug" },
  { id: "label_2", name: "praise" },
];

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { call, path, read } from "@/api/client";
import type {
  FieldShown,
  Forecast,
  FunctionShown,
  LabelShown,
  Progress,
  Statistics,
  Summary,
  Verdict,
} from "@/api/types";

/** Every page of a list; 10,000 labels are ten pages. */
export async function all<T>(to: string, signal?: AbortSignal): Promise<T[]> {
  const found: T[] = [];
  let next: string | null = to;
  while (next) {
    const page: { body: T[]; next: string | null } = await call<T[]>(next, { signal });
    found.push(...page.body);
    next = page.next;
  }
  return found;
}

/** The key of what is known about a part of a function. */
export const about = (id: string, name: string, ...rest: unknown[]) => [
  "function",
  id,
  name,
  ...rest,
];

function useAbout<T>(id: string, name: string, to: string[], query?: Record<string, number>) {
  return useQuery({
    queryKey: query ? about(id, name, query) : about(id, name),
    queryFn: ({ signal }) => read<T>(path("functions", id, ...to), { signal, query }),
  });
}

export function useFunctions() {
  return useQuery({
    queryKey: ["functions"],
    queryFn: ({ signal }) => all<FunctionShown>(path("functions"), signal),
  });
}

export const useFunction = (id: string) => useAbout<FunctionShown>(id, "function", []);
export const useVerdict = (id: string) => useAbout<Verdict>(id, "verdict", ["verdict"]);
export const useProgress = (id: string) => useAbout<Progress>(id, "progress", ["progress"]);
export const useSummary = (id: string) => useAbout<Summary>(id, "summary", ["summary"]);
export const useStatistics = (id: string) => useAbout<Statistics>(id, "statistics", ["statistics"]);
export const useForecast = (id: string, target?: number) =>
  useAbout<Forecast>(id, "forecast", ["forecast"], target ? { target } : undefined);

export function useLabels(id: string) {
  return useQuery({
    queryKey: about(id, "labels"),
    queryFn: ({ signal }) => all<LabelShown>(path("functions", id, "labels"), signal),
    staleTime: 60_000,
  });
}

/** The fields of a function that reads rows. */
export function useFields(id: string) {
  const tabular = useFunction(id).data?.input === "Tabular";
  return useQuery({
    queryKey: about(id, "fields"),
    queryFn: ({ signal }) => all<FieldShown>(path("functions", id, "fields"), signal),
    enabled: tabular,
    staleTime: 60_000,
  });
}

/** Names of the labels by their identifiers. */
export function useLabelNames(id: string): ReadonlyMap<string, string> {
  const { data } = useLabels(id);
  return useMemo(() => new Map((data ?? []).map((one) => [one.id, one.name])), [data]);
}

export function useMakeLabel(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      read<LabelShown>(path("functions", id, "labels"), { json: { name } }),
    onSuccess: (made) =>
      queries.setQueryData<LabelShown[]>(about(id, "labels"), (now) => [...(now ?? []), made]),
  });
}

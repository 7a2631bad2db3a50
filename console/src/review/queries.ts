import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { inTurn, path, read } from "@/api/client";
import type { Capture, Finding, FindingKind, Queue, Sample } from "@/api/types";
import { about } from "@/functions/queries";

/** Findings fetched at once. */
export const PAGE = 200;

/** Findings of a kind of which it is said how many are wrong. */
const AT_A_SITTING = 50;

export function useKinds(id: string) {
  return useQuery({
    queryKey: about(id, "kinds"),
    queryFn: ({ signal }) =>
      read<FindingKind[]>(path("functions", id, "findings", "summary"), {
        signal,
        query: { first: AT_A_SITTING },
      }),
  });
}

export function useFindings(id: string, kind: string) {
  return useQuery({
    queryKey: about(id, "findings", kind),
    queryFn: ({ signal }) =>
      read<Finding[]>(path("functions", id, "findings"), {
        signal,
        query: { kind, status: "open", count: PAGE },
      }),
    placeholderData: keepPreviousData,
  });
}

export function settle(
  id: string,
  finding: string,
  how: "accept" | "dismiss" | "undo",
  label?: string,
): Promise<Finding> {
  const to = path("functions", id, "findings", finding, how);
  return inTurn([finding], () =>
    read<Finding>(to, label ? { json: { labelId: label } } : { method: "POST" }),
  );
}

export function useQueue(id: string) {
  return useQuery({
    queryKey: about(id, "queue"),
    queryFn: ({ signal }) =>
      read<Queue>(path("functions", id, "queue"), { signal, query: { count: 30 } }),
    staleTime: 300_000,
  });
}

export function useCaptures(id: string) {
  return useQuery({
    queryKey: about(id, "captures"),
    queryFn: ({ signal }) =>
      read<Capture[]>(path("functions", id, "captures"), { signal, query: { count: 50 } }),
    staleTime: 60_000,
  });
}

/** Have the samples of what comes next at hand before they are needed. */
export function useAhead(id: string, samples: readonly string[]): void {
  const queries = useQueryClient();
  const wanted = samples.join();
  useEffect(() => {
    for (const sample of wanted.split(",").filter(Boolean)) {
      void queries.prefetchQuery({
        queryKey: about(id, "sample", sample),
        queryFn: ({ signal }) => read<Sample>(path("functions", id, "samples", sample), { signal }),
        staleTime: 60_000,
      });
    }
  }, [id, queries, wanted]);
}

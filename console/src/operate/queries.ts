import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { path, read } from "@/api/client";
import { about } from "@/functions/queries";

export interface Latency {
  p50: number;
  p95: number;
  p99: number;
}

export interface Happened {
  calls: number;
  samples: number;
  errors: number;
  latency: Latency | null;
}

export interface Activity {
  since: string;
  seconds: number;
  buckets: (Happened & { at: string })[];
  total: Happened;
  errorsByStatus: Record<string, number>;
  confidence: { low: number; high: number; count: number }[];
  labels: { labelId?: string; labelName?: string; count: number }[];
}

/** What the function did lately, looked at every few seconds while somebody looks. */
export function useActivity(id: string, minutes: number) {
  return useQuery({
    queryKey: about(id, "activity", minutes),
    queryFn: ({ signal }) =>
      read<Activity>(path("functions", id, "activity"), { signal, query: { minutes } }),
    refetchInterval: 5_000,
    placeholderData: keepPreviousData,
  });
}

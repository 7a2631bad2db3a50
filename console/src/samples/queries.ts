/** Pages of samples: any page of all of them at once, or page after page of those that are filtered. */

import {
  keepPreviousData,
  useInfiniteQuery,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { call, path, read } from "@/api/client";
import type { MapPoint, Sample, SampleFound, SetShown } from "@/api/types";
import { useRested } from "@/asking/queries";
import { about, all, useFunction, useSummary } from "@/functions/queries";
import { asQuery, type Filters, isFiltered } from "./filters";

export const PAGE = 100;

export interface Rows {
  count: number;
  /** Whether `count` is final. */
  known: boolean;
  at: (place: number) => Sample | undefined;
  error: unknown;
  loading: boolean;
  /** How many there are in all, where that is known before they are read. */
  total: number | null;
}

/** Images come by themselves, small, so lists leave them out. */
function useIncludesData(id: string): boolean | null {
  const input = useFunction(id).data?.input;
  return input === "Image" ? false : null;
}

/** All samples, any page of which is fetched when it comes into view. */
function useAllRows(id: string, first: number, last: number, on: boolean): Rows {
  const includeData = useIncludesData(id);
  const summary = useSummary(id);
  const total = summary.data?.sampleCount ?? 0;
  const from = useRested(Math.floor(first / PAGE), 60);
  const to = useRested(Math.floor(Math.max(first, last - 1) / PAGE), 60);
  const pages =
    on && total > 0
      ? Array.from({ length: Math.min(to - from + 1, 6) }, (_, one) => from + one)
      : [];
  const found = useQueries({
    queries: pages.map((page) => ({
      queryKey: about(id, "samples", "all", page),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        read<Sample[]>(path("functions", id, "samples"), {
          signal,
          query: { startIndex: page * PAGE, count: PAGE, includeData },
        }),
      staleTime: 5_000,
    })),
  });
  const byPage = new Map(pages.map((page, place) => [page, found[place]?.data]));
  return {
    count: total,
    known: true,
    at: (place) => byPage.get(Math.floor(place / PAGE))?.[place % PAGE],
    error: summary.error ?? found.find((one) => one.error)?.error,
    loading: summary.isLoading,
    total,
  };
}

function useFilteredRows(id: string, filters: Filters, last: number, on: boolean): Rows {
  const includeData = useIncludesData(id);
  const wanted = asQuery(filters);
  const query = { ...wanted, includeData };
  const total = useCount(id, wanted, on).data;
  const found = useInfiniteQuery({
    queryKey: about(id, "samples", "some", query),
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? call<Sample[]>(pageParam, { signal })
        : call<Sample[]>(path("functions", id, "samples"), {
            signal,
            query: { ...query, count: PAGE },
          }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    enabled: on,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const rows = useMemo(() => (found.data?.pages ?? []).flatMap((page) => page.body), [found.data]);
  const { hasNextPage, isFetching, fetchNextPage } = found;
  useEffect(() => {
    if (on && hasNextPage && !isFetching && last + PAGE / 2 > rows.length) void fetchNextPage();
  }, [on, hasNextPage, isFetching, fetchNextPage, last, rows.length]);
  return {
    count: rows.length + (hasNextPage ? 20 : 0),
    known: !hasNextPage && found.data !== undefined,
    at: (place) => rows[place],
    error: found.error,
    loading: found.isLoading,
    total: total?.exact ? total.count : null,
  };
}

export function useRows(id: string, filters: Filters, first: number, last: number): Rows {
  const filtered = isFiltered(filters);
  const every = useAllRows(id, first, last, !filtered);
  const some = useFilteredRows(id, filters, last, filtered);
  return filtered ? some : every;
}

/** How many samples a filter leaves; `exact` is false where to look at all would take long. */
function useCount(id: string, query: ReturnType<typeof asQuery>, on: boolean) {
  const { sortBy: _, sortOrder: __, ...wanted } = query;
  return useQuery({
    queryKey: about(id, "count", wanted),
    queryFn: ({ signal }) =>
      read<{ count: number; exact: boolean }>(path("functions", id, "samples", "count"), {
        signal,
        query: wanted,
      }),
    enabled: on,
    staleTime: 10_000,
  });
}

export function useSets(id: string) {
  return useQuery({
    queryKey: about(id, "sets"),
    queryFn: ({ signal }) => all<SetShown>(path("functions", id, "sample-sets"), signal),
  });
}

export function useSample(id: string, sample: string | null) {
  return useQuery({
    queryKey: about(id, "sample", sample),
    queryFn: ({ signal }) =>
      read<Sample>(path("functions", id, "samples", sample ?? ""), { signal }),
    enabled: sample !== null,
  });
}

export function useSimilar(id: string, sample: string | null) {
  return useQuery({
    queryKey: about(id, "similar", sample),
    queryFn: ({ signal }) =>
      read<{ searchSamples: SampleFound[] }>(path("functions", id, "search"), {
        signal,
        json: { sampleId: sample },
        query: { sampleCount: 13, includeData: true },
      }),
    select: (data) => data.searchSamples.filter((one) => one.sampleId !== sample).slice(0, 12),
    enabled: sample !== null,
  });
}

export function useMap(id: string) {
  return useQuery({
    queryKey: about(id, "map"),
    queryFn: async ({ signal }) => {
      const found: MapPoint[] = [];
      let next: string | null = `${path("functions", id, "map")}?count=20000`;
      while (next) {
        const page: { body: { points: MapPoint[] }; next: string | null } = await call(next, {
          signal,
        });
        found.push(...page.body.points);
        next = page.next;
      }
      return found;
    },
    staleTime: 300_000,
  });
}

/** Change a sample wherever it is shown, before the server has answered. */
export function usePatch(id: string) {
  const queries = useQueryClient();
  return (samples: ReadonlySet<string>, change: (sample: Sample) => Sample) => {
    const patch = (list: Sample[]) =>
      list.some((one) => samples.has(one.id))
        ? list.map((one) => (samples.has(one.id) ? change(one) : one))
        : list;
    queries.setQueriesData<Sample[]>(
      { queryKey: about(id, "samples", "all") },
      (now) => now && patch(now),
    );
    queries.setQueriesData<{ pages: { body: Sample[] }[] }>(
      { queryKey: about(id, "samples", "some") },
      (now) =>
        now && { ...now, pages: now.pages.map((page) => ({ ...page, body: patch(page.body) })) },
    );
    queries.setQueriesData<Sample>(
      { queryKey: about(id, "sample") },
      (now) => now && patch([now])[0],
    );
  };
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { path, read } from "@/api/client";
import type { Diff, VersionShown } from "@/api/types";
import { about } from "@/functions/queries";

export function useVersions(id: string) {
  return useQuery({
    queryKey: about(id, "versions"),
    queryFn: ({ signal }) =>
      read<VersionShown[]>(path("functions", id, "versions"), { signal, query: { count: 200 } }),
  });
}

/** What changed from one version to another. */
export function useDiff(
  id: string,
  from: string | null | undefined,
  to: string | null | undefined,
) {
  return useQuery({
    queryKey: about(id, "diff", from, to),
    queryFn: ({ signal }) =>
      read<Diff>(path("functions", id, "versions", from ?? "", "diff", to ?? ""), { signal }),
    enabled: Boolean(from && to && from !== to),
    staleTime: 600_000,
  });
}

export function usePromote(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (version: string | null) =>
      version === null
        ? read(path("functions", id, "versions", "pin"), { method: "DELETE" })
        : read(path("functions", id, "versions", version, "promote"), { method: "POST" }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["function", id] }),
  });
}

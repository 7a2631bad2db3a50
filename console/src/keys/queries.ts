import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { path, read } from "@/api/client";
import type { KeyShown } from "@/api/types";
import { all } from "@/functions/queries";

export function useKeyList() {
  return useQuery({
    queryKey: ["keys"],
    queryFn: ({ signal }) => all<KeyShown>(path("keys"), signal),
  });
}

export interface KeyWanted {
  role: string;
  functions: string[] | null;
  limit: number | null;
}

export function useMakeKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: KeyWanted) =>
      read<KeyShown & { secret: string }>(path("keys"), {
        json: Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null)),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
}

export function useRevoke() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: string) => read(path("keys", key), { method: "DELETE" }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
}

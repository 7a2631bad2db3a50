import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { path, read } from "@/api/client";
import type { FunctionShown, Imported } from "@/api/types";

/** How a file would be read. */
export interface Seen {
  name: string;
  format: string;
  input: string;
  output: string;
  target: string | null;
  inputs: string[];
  columns: {
    name: string;
    kind: string;
    role: "target" | "input" | "id" | "split" | "ignored";
    reason?: string | null;
    filled: number;
    distinct: number;
  }[];
  labels: { name: string; count: number }[];
  labelCount: number;
  rowsSeen: number;
  rows: { row: number; cells: Record<string, unknown>; image?: string | null }[];
  notes: string[];
  problem: string | null;
}

export type Started = FunctionShown & { imported: Imported };

export interface Choices {
  target?: string | null;
  input?: string[];
  output?: string | null;
  labelLater?: boolean;
}

function formOf(file: File): FormData {
  const form = new FormData();
  form.append("file", file, file.name);
  return form;
}

/** The beginning of a large table, in whole lines: enough to guess from, and sent at once. */
const GLANCE = 4 << 20;

async function beginning(file: File): Promise<File> {
  if (file.size <= GLANCE || !/\.(csv|tsv|jsonl|txt)$/i.test(file.name)) return file;
  const text = await file.slice(0, GLANCE).text();
  return new File([text.slice(0, text.lastIndexOf("\n") + 1)], file.name);
}

/** How a file would be read, with what was chosen so far. */
export function usePreview(file: File | null, choices: Choices) {
  return useQuery({
    queryKey: ["preview", file?.name, file?.size, file?.lastModified, choices],
    queryFn: async ({ signal }) =>
      read<Seen>("/v1/preview", {
        signal,
        form: formOf(await beginning(file as File)),
        query: { fileName: file?.name, ...choices },
      }),
    enabled: file !== null,
    placeholderData: (before, query) => (query?.queryKey[1] === file?.name ? before : undefined),
    staleTime: 60_000,
    retry: false,
  });
}

export function useStart() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ file, name, choices }: { file: File; name: string; choices: Choices }) =>
      read<Started>(path("functions", "from-file"), {
        form: formOf(file),
        query: { name: name || null, fileName: file.name, ...choices },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["functions"] }),
  });
}
